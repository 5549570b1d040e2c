"""Of absence by lesson: a row whose lesson cannot be read is refused, for without it it would be a whole day."""

from pathlib import Path

import pytest

from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows

HEAD = "Leerlingnummer;Vestiging;Datum;Lesuur;Soort\n"
ROWS = "0012;98AF00;16-11-2026;1;G\n0013;98AF00;16-11-2026;0;G\n0014;98AF00;17-11-2026;10;O\n"


def test_lessons_before_the_first_and_after_the_ninth_are_lessons(tmp_path: Path) -> None:
    path = file(tmp_path, HEAD + ROWS)
    found = landed(tmp_path, path, made(path), "absence", ABSENCE | {"hour"})
    assert rows(found, "absence", "pupil_number", "hour") == [("0012", 1), ("0013", 0), ("0014", 10)]
    assert found.report.findings == []


@pytest.mark.parametrize("hour", ["99", "-1", "1,5", "x"])
def test_another_is_refused_at_its_cell(tmp_path: Path, hour: str) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    path = file(tmp_path, f"{HEAD}{ROWS}0015;98AF00;17-11-2026;{hour};O\n")
    found = landed(tmp_path, path, told, "absence", ABSENCE | {"hour"})
    assert [(f.row, f.column, f.action) for f in found.report.findings] == [(5, "Lesuur", "drop row")]
    assert len(rows(found, "absence", "hour")) == 3 and found.quarantined["absence"] == 1


def test_none_at_all_is_a_part_of_a_day(tmp_path: Path) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    path = file(tmp_path, f"{HEAD}{ROWS}0015;98AF00;17-11-2026;;O\n")
    found = landed(tmp_path, path, told, "absence", ABSENCE | {"hour"})
    assert ("0015", None) in rows(found, "absence", "pupil_number", "hour")


@pytest.mark.parametrize("shown", ["{}e", "{}e uur", "Les {}", "uur {}", "u{}", "{} e lesuur", "{}"])
def test_a_lesson_may_be_written_as_people_say_it(tmp_path: Path, shown: str) -> None:
    lessons = {"0012": 1, "0013": 0, "0014": 10}
    body = "".join(f"{pupil};98AF00;16-11-2026;{shown.format(hour)};G\n" for pupil, hour in lessons.items())
    path = file(tmp_path, HEAD + body)
    told = made(path)
    assert told["relations"]["absence"]["columns"]["hour"]["header"] == "Lesuur", "it is proposed"
    found = landed(tmp_path, path, told, "absence", ABSENCE | {"hour"})
    assert dict(rows(found, "absence", "pupil_number", "hour")) == lessons and found.report.findings == []
    other = file(tmp_path, HEAD + body.replace(shown.format(10), "hele dag"))
    again = landed(tmp_path, other, told, "absence", ABSENCE | {"hour"})
    assert [(f.row, f.column, f.action) for f in again.report.findings] == [(4, "Lesuur", "drop row")]
