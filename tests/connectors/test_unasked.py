"""What nobody asks is not judged in a file of people's own: no school repairs what nobody reads."""

from pathlib import Path

from schakel.collect.checks import check
from schakel.collect.reports import column_decisions
from schakel.connectors import own_mappings
from tests.connectors.test_own_mappings import ABSENCE, TEXT, file, landed, made

MORE = f"{TEXT}0014;11AA00;15-01-2026;G;1;06\n0015;11AA00;16-01-2026;G;2;06\n0016;11AA00;19-01-2026;G;2;06\n"


def test_a_column_that_nobody_asks_is_not_judged_where_a_row_may_be_without_it(tmp_path: Path) -> None:
    told = made(file(tmp_path, MORE))
    path = file(tmp_path, MORE.replace("O;1,5", "O;veel").replace("14-01-2026;G", "14-01-2026;?X"))
    found = landed(tmp_path, path, told, "absence", ABSENCE - {"clock_hours", "kind"})
    assert {(f.row, f.column) for f in found.report.findings} == {(3, "Soort")}, "every row must have a kind"
    whole = check(own_mappings.package(path, told))
    assert {(f.row, f.column) for f in whole.findings} == {(2, "Uren"), (3, "Soort")}, "a check is of everything"


def test_once_it_is_asked_it_is_judged(tmp_path: Path) -> None:
    told = made(file(tmp_path, MORE))
    path = file(tmp_path, MORE.replace("O;1,5", "O;veel"))
    found = landed(tmp_path, path, told, "absence", ABSENCE)
    assert {(f.row, f.column, f.rule) for f in found.report.findings} == {(2, "Uren", "number")}


def test_a_value_that_was_filled_in_is_no_column_that_was_offered(tmp_path: Path) -> None:
    text = TEXT.replace(";School", "").replace(";11AA00", "")
    told = made(file(tmp_path, text), fixed={"site_identifier": "11AA00"})
    found = landed(tmp_path, file(tmp_path, text), told, "absence", ABSENCE)
    decided = {each.column: each.decision for each in column_decisions(found.folder)}
    assert decided["site_identifier"] == "fixed" and decided["kind"] == "keep" and decided["Mobiel"] == "drop"
