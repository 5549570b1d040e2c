"""Two sources that tell of the same rows: counted exactly, and only where a key says what a row is."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.engine import duck
from schakel.process import snapshots
from schakel.process.landings import deliveries
from schakel.process.twice import Twice, told_twice
from tests.process import boards

KEYS = {"absence": ["pupil_number", "site_identifier", "date", "hour", "kind"]}
NEEDED = {"verzuim": {"absence": frozenset({"kind"})}}
FIRST = date(2026, 11, 2)


def absent(number: str, day: int = 0, hour: int | None = 1, **more: Any) -> dict[str, Any]:
    given = {"pupil_number": number, "site_identifier": "16AH00", "date": FIRST + timedelta(days=day), "hour": hour}
    return {**given, "kind": "authorised", "clock_hours": 1.0, "lesson_hours": None, "minutes_late": None, **more}


def counted(data: Path, *sources: list[dict[str, Any]], keys: Any = KEYS, needed: Any = None) -> list[Twice]:
    landed = [
        boards.land(data, f"bron{n}", "verzuim", {"absence": rows}, digest=f"d{id(rows)}", unique=keys)
        for n, rows in enumerate(sources)
    ]
    with duck.worker() as con:
        return told_twice(con, deliveries(landed), needed or NEEDED)


def test_what_both_tell_is_counted_once_whatever_else_their_rows_say(tmp_path: Path) -> None:
    here = [absent("001"), absent("001", 1), absent("002"), absent("002", kind="late")]
    there = [absent("001", clock_hours=5.5), absent("003"), absent("002", kind="unknown")]
    assert counted(tmp_path, here, there) == [Twice("verzuim", "absence", ("bron0", "bron1"), 1, 3)]


def test_each_pair_of_sources_is_told_apart(tmp_path: Path) -> None:
    found = counted(tmp_path, [absent("001")], [absent("001"), absent("002")], [absent("002")], [absent("003")])
    assert [(each.sources, each.rows) for each in found] == [(("bron0", "bron1"), 1), (("bron1", "bron2"), 1)]


def test_a_source_that_tells_no_lesson_is_held_against_the_day(tmp_path: Path) -> None:
    by_day, by_lesson = [absent("001", hour=None)], [absent("001", hour=1), absent("001", hour=2), absent("001", 1)]
    assert [(each.rows, each.of) for each in counted(tmp_path, by_day, by_lesson)] == [(1, 1)]


@pytest.mark.parametrize("keys", [{}, {"absence": []}, {"absence": ["pupil_number"]}, {"absence": ["date", "weg"]}])
def test_a_key_of_one_column_or_none_says_nothing_over_sources(tmp_path: Path, keys: dict[str, Any]) -> None:
    assert counted(tmp_path, [absent("001")], [absent("001")], keys=keys) == []


def test_what_nothing_is_made_of_is_not_looked_at(tmp_path: Path) -> None:
    rows = [absent("001")]
    assert counted(tmp_path, rows, rows, needed={"rooster": {"slot": frozenset({"date"})}}) == []


def test_each_of_two_sources_may_tell_its_own_kind(tmp_path: Path) -> None:
    """A budget from one package and what came of it from another are no rows twice: their kind is part of the key."""
    assert counted(tmp_path, [absent("001", kind="late")], [absent("001", kind="authorised")]) == []


def test_the_snapshot_tells_and_one_of_before_tells_nothing(tmp_path: Path) -> None:
    landed = [
        *boards.board(tmp_path),
        *(boards.land(tmp_path, key, "verzuim", {"absence": [absent("001")]}, unique=KEYS) for key in ("oud", "nieuw")),
    ]
    made = snapshots.build(tmp_path, landed, frozenset(["absence.kind"]))
    assert made.told_twice == [Twice("verzuim", "absence", ("nieuw", "oud"), 1, 1)]
    before = snapshots.Snapshot(made.id, made.folder, {key: v for key, v in made.manifest.items() if key != "twice"})
    assert before.told_twice == []


rows = st.lists(
    st.builds(absent, st.sampled_from(["001", "002", "003"]), st.integers(0, 2), st.sampled_from([1, 2])), min_size=1,
    max_size=8,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows, rows)
def test_the_plain_rule_of_what_two_sources_both_tell(tmp_path_factory: Any, here: list[Any], there: list[Any]) -> None:
    def keys(found: list[Any]) -> set[tuple[Any, ...]]:
        return {tuple(row[key] for key in KEYS["absence"]) for row in found}

    both, fewest = len(keys(here) & keys(there)), min(len(keys(here)), len(keys(there)))
    found = counted(tmp_path_factory.mktemp("twice"), here, there)
    assert [(each.rows, each.of) for each in found] == ([(both, fewest)] if both else [])
