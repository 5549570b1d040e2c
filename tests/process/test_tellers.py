"""Of which schools a source tells, where several fill one table."""

from datetime import date
from pathlib import Path
from typing import Any

from schakel.process import snapshots
from tests.process import boards
from tests.process.conftest import EVERYTHING


def told(data: Path, landed: list[Any], elements: frozenset[str] = EVERYTHING) -> Any:
    return snapshots.build(data, landed, elements).manifest["told"]


def without(data: Path, *sources: str) -> list[Any]:
    return [item for item in boards.everything(data) if item.source not in sources]


def absent(*lines: tuple[str, str, int]) -> list[dict[str, Any]]:
    return [
        boards._absent(pupil, site, date(2026, 11, day), None, "unauthorised", 5.5, None) for pupil, site, day in lines
    ]


def made(*lines: tuple[str, str, date]) -> list[dict[str, Any]]:
    return [
        {"pupil_number": pupil, "site_identifier": site, "test": "Rekenen M8", "taken_on": day, "level": "II"}
        for pupil, site, day in lines
    ]


def test_nothing_is_asked_where_each_table_has_one_source(tmp_path: Path) -> None:
    assert told(tmp_path, list(boards.everything(tmp_path))) == {}


def test_each_source_tells_of_the_schools_of_its_own_rows(tmp_path: Path) -> None:
    landed = [
        *without(tmp_path, "verzuim"),
        boards.land(tmp_path, "po", "verzuim", {"absence": absent(("001", "16AH00", 2), ("002", "16AH00", 2))}),
        boards.land(tmp_path, "vo", "verzuim", {"absence": absent(("004", "20XY01", 3))}),
    ]
    assert told(tmp_path, landed)["absence"] == {"po": ["s1"], "vo": ["s2"]}


def test_a_stray_row_of_another_school_tells_nothing_of_it(tmp_path: Path) -> None:
    rows = absent(("001", "16AH00", 2), ("002", "16AH00", 2), ("003", "16AH00", 9))
    landed = [
        *without(tmp_path, "verzuim"),
        boards.land(tmp_path, "po", "verzuim", {"absence": rows}),
        boards.land(tmp_path, "vo", "verzuim", {"absence": absent(("004", "20XY01", 3), ("001", "16AH00", 4))}),
    ]
    assert told(tmp_path, landed)["absence"] == {"po": ["s1"], "vo": ["s2"]}


def test_many_rows_about_one_pupil_are_no_school(tmp_path: Path) -> None:
    strays = absent(*(("001", "16AH00", day) for day in (3, 4, 5, 6, 9, 10)))
    rows = absent(("001", "16AH00", 2), ("002", "16AH00", 2), ("003", "16AH00", 9))
    landed = [
        *without(tmp_path, "verzuim"),
        boards.land(tmp_path, "po", "verzuim", {"absence": rows}),
        boards.land(tmp_path, "vo", "verzuim", {"absence": [*strays, *absent(("004", "20XY01", 3))]}),
    ]
    assert told(tmp_path, landed)["absence"]["vo"] == ["s2"]


def test_two_packages_of_one_school_both_tell_of_it(tmp_path: Path) -> None:
    landed = [
        *without(tmp_path, "verzuim"),
        boards.land(tmp_path, "old", "verzuim", {"absence": absent(("001", "16AH00", 2), ("002", "16AH00", 2))}),
        boards.land(tmp_path, "new", "verzuim", {"absence": absent(("001", "16AH00", 9), ("002", "16AH00", 9))}),
    ]
    assert told(tmp_path, landed)["absence"] == {"new": ["s1"], "old": ["s1"]}


def test_results_are_of_the_school_of_that_day(tmp_path: Path) -> None:
    """A roster that lands beside a file of results fills that table too, and says nothing of it without rows."""
    bare = boards.land(tmp_path, "las", "oneroster", boards.roster(), digest="d9")
    of_file = made(("001", "16AH00", date(2026, 11, 10)), ("004", "20XY01", date(2020, 1, 1)))
    landed = [*without(tmp_path, "las"), bare, boards.land(tmp_path, "toetsen", "toetsen", {"result": of_file})]
    assert told(tmp_path, landed)["result"] == {"toetsen": ["s1"]}


def test_without_what_leads_to_a_school_nothing_is_told(tmp_path: Path) -> None:
    elements = frozenset({"result.level"})
    bare = boards.land(tmp_path, "las", "oneroster", {**boards.roster(), **boards.gradebook()}, digest="d9")
    landed = [
        bare,
        boards.land(tmp_path, "toetsen", "toetsen", {"result": made(("001", "16AH00", date(2026, 11, 10)))}),
    ]
    assert told(tmp_path, landed, elements)["result"] == {}
