"""Absence with a rhythm: Mondays and Fridays, winter influenza, truancy in bouts, latecomers; and the reports to DUO.

Spells are drawn per pupil and school year, then spread over school days: parts of the day in primary
schools, lessons in secondary. To reach a number of rows the rates are scaled; a pupil can be away only once at a time,
so that takes two steps.
"""

import duckdb

from .exports import Export, Flaw, empty, impossible_day, stranger, text_for_number, unplaced, wrong_word
from .loading import run

_CLOSE_ENOUGH = 0.02


def _ending_in(low: str, high: str) -> str:
    return f"right(Leerlingnummer, 1) BETWEEN '{low}' AND '{high}'"


_VERZUIM = (
    impossible_day("Datum", _ending_in("0", "2"), dutch=True, apart="Leerlingnummer"),
    Flaw("Datum", "date in another notation", "strftime(strptime(Datum, '%d-%m-%Y'), '%Y/%m/%d')", "date",
         _ending_in("3", "5"), apart="Leerlingnummer"),
    empty("Datum", _ending_in("6", "9"), apart="Leerlingnummer"),
    empty("Leerlingnummer", apart="Datum, Lesuur, Soort"),
    stranger("Leerlingnummer"),
    unplaced("Vestiging", "98ZZ00"),
    wrong_word("Soort", "X", action="drop value"),
    wrong_word("Reden", "vakantie", action="drop value"),
    text_for_number("Klokuren", "hele dag"),
    text_for_number("Lesuren", "een"),
)  # fmt: skip
_MELDINGEN = (
    wrong_word("Meldingsoort", "spijbelen"),
    stranger("Leerlingnummer"),
    impossible_day("Datum melding", dutch=True, apart="Leerlingnummer"),
)

EXPORTS = (
    Export("verzuim", "verzuim", _VERZUIM, encoding="cp1252"),
    Export("meldingen", "meldingen", _MELDINGEN, encoding="cp1252"),
)


def draw(con: duckdb.DuckDBPyConnection, facts: int | None) -> int:
    """Make the tables absence, absence_row and report_row; returns the rows of absence: about `facts`, if given."""
    run(con, "absence_kinds")
    factor = 1.0
    made = _spread(con, factor)
    for _ in range(2):
        if facts is None or not made or abs(made - facts) <= facts * _CLOSE_ENOUGH:
            break
        factor *= facts / made
        made = _spread(con, factor)
    run(con, "synthetic_bsn", "absence_file", "absence_reports")
    return made


def _spread(con: duckdb.DuckDBPyConnection, factor: float) -> int:
    run(con, "absence_spells", "absence_rows", factor=factor)
    row = con.execute("SELECT count(*) FROM absence").fetchone()
    return int(row[0]) if row else 0
