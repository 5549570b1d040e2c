"""Figures of several school years side by side, made long: each row of the file becomes a row for each school year.

`GESLAAGDEN SCHOOLJAAR 2024-2025 - TOTAAL` is the column `GESLAAGDEN SCHOOLJAAR - TOTAAL` of the row of 2024-2025. So
the same file of a later year, in which each year has moved up, is read by the same names. A column that names no school
year stays a column of each row, and a finding names the header as it stands in the file.
"""

import re
from collections.abc import Sequence
from datetime import date

from schakel.connectors.headings import is_school_year
from schakel.connectors.made_rows import Made, Row
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

PER = "school_year"  # how a mapping calls it
YEAR = "Schooljaar uit de kolomkop"
_AUGUST = 8
_YEARS = re.compile(r"\b(20[0-9]{2})\s?[-/]\s?(20[0-9]{2})\b")


def long(cells: Sequence[Row], lines: Sequence[int], at: int, name: str = "", form: str = "%Y-%m-%d") -> Made:
    """The rows below the header, one for each school year in which there is anything; its first day as `form` says.

    Raises Unreadable where no column names a school year, and where two say the same of the same year.
    """
    header = [cell.strip().strip('"') for cell in cells[at]]
    years = _years(header, name)
    measures = tuple(dict.fromkeys(measure for told in years.values() for measure in told))
    of_a_year = {place for told in years.values() for place in told.values()}
    kept = [place for place in range(len(header)) if place not in of_a_year]
    result = Made((*(header[place] for place in kept), YEAR, *measures))
    result.heads = {column: [] for column in (YEAR, *measures)}
    first_days = {year: date(int(year[:4]), _AUGUST, 1).strftime(form) for year in years}
    for row, line in zip(cells[at + 1 :], lines[at + 1 :], strict=True):
        if any(cell.strip() for cell in row[len(header) :]):
            result.ragged.append(line)
            continue
        cell = [each.strip() for each in row] + [""] * (len(header) - len(row))
        for year, told in years.items():
            values = [cell[told[measure]] if measure in told else "" for measure in measures]
            if not any(values):
                continue
            result.rows.append((*(cell[place] for place in kept), first_days[year], *values))
            result.lines.append(line)
            for column, place in {YEAR: next(iter(told.values())), **told}.items():
                result.heads[column].append(header[place])
            for column in result.heads.keys() - told.keys() - {YEAR}:
                result.heads[column].append(column)
    return result


def names_year(text: str) -> bool:
    """Whether a header names a school year."""
    return any(is_school_year(f"{named[1]}-{named[2]}") for named in _YEARS.finditer(text))


def _years(header: Sequence[str], name: str) -> dict[str, dict[str, int]]:
    """School year -> what is told of it -> the place of its column, in the order of the file."""
    found = dict[str, dict[str, int]]()
    for place, text in enumerate(header):
        for named in _YEARS.finditer(text):
            year = f"{named[1]}-{named[2]}"
            if not is_school_year(year):
                continue
            measure = " ".join(f"{text[: named.start()]} {text[named.end() :]}".split())
            if measure in found.setdefault(year, {}):
                message = _("De kolomkop «%(head)s» staat er twee keer: welke van de twee telt, is niet te zeggen.")
                raise Unreadable(message % {"head": text}, where=name)
            found[year][measure] = place
            break
    if not found:
        message = _("Geen enkele kolomkop noemt een schooljaar. Is het de goede regel met kolomkoppen?")
        raise Unreadable(message, where=name)
    return found
