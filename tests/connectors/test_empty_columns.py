"""A column that is empty in the file that a mapping is made with: proposed by its name, and read once it is filled."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schakel.connectors import own_mappings
from schakel.connectors.column_kinds import columns
from schakel.connectors.proposals import Choices
from schakel.lib.errors import Unreadable
from tests.connectors.test_own_mappings import file, landed, made, rows
from tests.connectors.test_proposed import dropped, known
from tests.connectors.test_proposed_by_values import proposed

SICK = "Personeelsnummer;Verzuimgeval;Verzuimsoort;Verzuimpercentage;Eerste verzuimdag;Hersteldatum\n"
ILL = f"{SICK}1;L1;ziek;100;13-10-2026;\n2;L2;ziek;100;14-10-2026;\n"
NEEDED = frozenset({"spell", "start_date", "end_date"})


def recovered(folder: Path, text: str) -> Any:
    told = made(file(folder, ILL, "ziek.csv"), "personeel-sick_leave")
    return landed(folder, file(folder, text, "ziek.csv"), told, "sick_leave", NEEDED)


def test_a_day_of_recovery_that_is_filled_later_is_read(tmp_path: Path) -> None:
    found = recovered(tmp_path, ILL.replace("13-10-2026;", "13-10-2026;03-11-2026"))
    assert rows(found, "sick_leave", "spell", "end_date") == [("L1", date(2026, 11, 3)), ("L2", None)]
    assert {f.rule for f in found.report.findings if f.severity == "error"} == set()


def test_other_things_in_it_are_told_before_anything_is_kept(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Hersteldatum was leeg en heeft nu iets anders dan datums") as caught:
        recovered(tmp_path, ILL.replace("-2026;\n", "-2026;beter\n"))
    assert caught.value.code == "drift"
    with pytest.raises(Unreadable, match="De datums staan er nu als MM/DD/JJJJ, en eerst als DD-MM-JJJJ"):
        recovered(tmp_path, ILL.replace("-2026;\n", "-2026;11/23/2026\n"))


@pytest.mark.parametrize(
    ("key", "head", "row", "there"),
    [
        ("verzuim-absence", "Stamnr;Opmerkingen", "1;", {"pupil_number", "remark"}),  # a synonym will do
        ("verzuim-absence", "Stamnr;Opmerkings", "1;", {"pupil_number"}),  # but not a name that is alike
        ("verzuim-absence", "Stamnr;Vestiging;Datum", "1;;", {"pupil_number"}),  # every row needs it: asked now
        ("verzuim-absence", "Stamnr;Soort;Geoorloofd", "1;ziek;", {"pupil_number", "kind"}),
        ("toetsen-result", "Stamnr;Vestiging;Schoolnaam", "1;;De Kiem", {"pupil_number", "site_identifier"}),
    ],
)
def test_an_empty_column_is_proposed_by_its_name_where_a_row_can_be_without(
    key: str, head: str, row: str, there: set[str]
) -> None:
    headers, _values = proposed(key, dropped(head, row), {"dekiem": "98AF00"})
    assert headers.keys() == there
    assert headers.get("site_identifier") in {None, "Schoolnaam"}


def test_a_filled_column_wins_from_an_empty_one() -> None:
    found = dropped("Personeelsnummer;Einddatum;Hersteldatum", "1;03-11-2026;")
    assert proposed("personeel-sick_leave", found)[0]["end_date"] == "Einddatum"


def mistakes(text: str, *chosen: str) -> dict[str, str]:
    """What must be answered about these fields of a file, each read from the column at its place."""
    found = dropped(*text.splitlines())
    shape = replace(found.form, date="", decimal=",")
    at = {name: place for place, name in enumerate(chosen)}
    return own_mappings.mistakes(known("personeel-sick_leave"), shape, columns(found), Choices(at))


def test_dates_that_cannot_be_read_are_told_at_their_field() -> None:
    text = "Eerste verzuimdag;Hersteldatum\nvorige week;\ngisteren;\n"
    told = mistakes(text, "start_date", "end_date")
    assert "kolom Eerste verzuimdag" in told["start_date"] and "23-11-2026" in told["start_date"]
    assert told["dates"].startswith("Zeg hoe de datums"), "of the empty column it must be said"
    alone = mistakes(text, "start_date")
    assert "start_date" in alone and "dates" not in alone


def test_how_dates_are_written_is_asked_where_there_is_one_at_all() -> None:
    some = "Eerste verzuimdag\nvorige week\n13-10-2026\n"
    assert mistakes(some, "start_date").keys() >= {"dates"} and "start_date" not in mistakes(some, "start_date")
