"""The timetable as it was held in the last four school weeks and is planned for the week ahead; and the holidays."""

import duckdb

from .exports import Export, backwards, impossible_day, text_for_number, twice, unplaced, wrong_word
from .loading import run

_STUDY_DAY = "Naam = 'Studiedag'"  # a mistake in a whole holiday would change what counts as a school week

_ROOSTER = (
    twice("Les"),
    wrong_word("Status", "onbekend"),
    unplaced("Docent", "99999"),
    unplaced("Klas", "Z9z"),
    text_for_number("Minuten", "lesuur", action="drop row", rule="integer"),
    impossible_day("Datum", dutch=True),
    wrong_word("Begin", "25:10", action="drop value", rule="time"),
)
_VAKANTIES = (
    wrong_word("Vakantieregio", "oost", _STUDY_DAY),
    impossible_day("Einde", _STUDY_DAY, dutch=True),
    backwards("Einde", "nl_date(strptime(\"Begin\", '%d-%m-%Y')::DATE - 7)", _STUDY_DAY),
)

EXPORTS = (
    Export("rooster", "rooster", _ROOSTER, encoding="utf-8-sig"),
    Export("vakanties", "vakanties", _VAKANTIES),
)


def draw(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table slot, in the order of the file."""
    run(con, "lessons_held")
