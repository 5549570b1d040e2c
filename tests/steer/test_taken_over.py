"""Figures of the snapshot before are taken over where nothing changed that they depend on, and only there."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schakel.engine import duck
from schakel.process import snapshots
from schakel.process.snapshots import Snapshot
from schakel.steer import indicators
from schakel.steer.indicators import Computing, Definition, compute, definitions
from schakel.steer.judging import Norm
from schakel.steer.values import Value, values
from tests.process import boards
from tests.process.conftest import EVERYTHING
from tests.steer.starter import starter_norms

TODAY = date(2026, 11, 23)
ALL = tuple(definitions(starter_norms()))
OF_ABSENCE = {d.key for d in ALL if any(name.startswith("absence.") for name in d.elements)}
OF_MONEY = {d.key for d in ALL if all(name.startswith(("finance_year.", "organisation.")) for name in d.elements)}


@dataclass
class Board:
    """A tiny board that is published again and again, and what was computed for the last snapshot."""

    data: Path
    landed: list[Any]
    computed: list[str]

    def publish(self, today: date = TODAY, elements: frozenset[str] = EVERYTHING, **more: Any) -> Snapshot:
        self.computed.clear()
        step = Computing(**{"definitions": ALL, **more}, today=today)
        return snapshots.build(self.data, self.landed, elements, [step])

    def deliver(self, source: str, layout: str, **files: Any) -> None:
        """Another delivery of one source."""
        fresh = boards.land(self.data, source, layout, files, digest="d2")
        self.landed = [fresh if each.source == source else each for each in self.landed]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The board after its first publication, in which all is computed."""
    folder = tmp_path_factory.mktemp("published")
    made = snapshots.build(folder, boards.everything(folder), EVERYTHING, [Computing(ALL, today=TODAY)])
    assert figures(made) == anew(made)
    return folder


@pytest.fixture
def board(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Board:
    shutil.copytree(published / "snapshots", tmp_path / "snapshots", symlinks=True)
    made = Board(tmp_path, list(boards.everything(tmp_path)), [])
    real: Callable[..., Any] = indicators._rows

    def told(con: Any, definition: Definition, *more: Any) -> Any:
        made.computed.append(definition.key)
        return real(con, definition, *more)

    monkeypatch.setattr(indicators, "_rows", told)
    return made


def figures(snapshot: Snapshot) -> list[Value]:
    with duck.reader(snapshot.model) as con:
        return values(con)


def anew(snapshot: Snapshot, today: date = TODAY, found: tuple[Definition, ...] = ALL) -> list[Value]:
    """What these figures are when all is computed from the tables of the snapshot."""
    con = duck.worker()
    con.execute(f"ATTACH {duck.literal(snapshot.model)} AS there (READ_ONLY)")
    for table in snapshot.manifest["tables"]:
        con.execute(f"CREATE TABLE {duck.quoted(table)} AS SELECT * FROM there.{duck.quoted(table)}")
    with con:
        compute(con, found, today)
        return values(con)


def absent_more() -> list[dict[str, Any]]:
    """One more hour missed."""
    rows = boards.absence()
    return [*rows, {**rows[0], "date": rows[0]["date"] + timedelta(days=1)}]


def test_after_other_absence_only_figures_of_absence_are_computed(board: Board) -> None:
    source = next(each for each in board.landed if each.layout == "verzuim")
    board.deliver(source.source, "verzuim", absence=absent_more())
    made = board.publish()
    assert set(board.computed) == OF_ABSENCE
    assert 0 < len(OF_ABSENCE) < len(ALL)
    assert figures(made) == anew(made)


def test_figures_are_taken_over_from_a_snapshot_that_took_them_over(board: Board) -> None:
    source = next(each for each in board.landed if each.layout == "verzuim")
    for rows in (absent_more(), boards.absence()[:1], absent_more()):
        board.deliver(source.source, "verzuim", absence=rows)
        made = board.publish()
        assert set(board.computed) <= OF_ABSENCE
        assert figures(made) == anew(made)


def test_another_day_computes_all(board: Board) -> None:
    made = board.publish(TODAY + timedelta(days=1))
    assert board.computed == [d.key for d in ALL]
    assert {value.snapshot_on for value in figures(made)} == {TODAY + timedelta(days=1)}


def test_another_idea_of_few_people_computes_all(board: Board) -> None:
    board.publish(small=2)
    assert board.computed == [d.key for d in ALL]


def test_another_norm_computes_that_figure(board: Board) -> None:
    norm = Norm(Decimal(100), date(2020, 1, 1), "Bestuursbesluit")
    other = tuple(replace(d, norms=(norm,)) if d.key == "I_SOLVENCY2" else d for d in ALL)
    made = board.publish(definitions=other)
    assert board.computed == ["I_SOLVENCY2"]
    assert {v.norm_state for v in figures(made) if v.indicator_key == "I_SOLVENCY2"} == {"below"}


def test_another_definition_computes_that_figure(board: Board) -> None:
    other = tuple(replace(d, sql=f"{d.sql} ORDER BY 1") if d.key == "I_LIQUID" else d for d in ALL)
    board.publish(definitions=other)
    assert board.computed == ["I_LIQUID"]


def test_another_sector_of_a_school_computes_what_is_judged_by_it(board: Board) -> None:
    """A norm may hold for one sector only, of a figure that reads nothing about sectors itself."""
    source = next(each for each in board.landed if each.layout == "oneroster")
    files = boards.roster() | boards.gradebook()
    files["orgs"] = [{**row, "sector": "so"} if row.get("sourcedId") == "s1" else row for row in files["orgs"]]
    board.deliver(source.source, "oneroster", **files)
    made = board.publish()
    assert figures(made) == anew(made)


def test_without_the_elements_nothing_is_taken_over(board: Board) -> None:
    """A need ended: its figures are not to be had any more (law 1), also not from before."""
    left = frozenset(name for name in EVERYTHING if not name.startswith("absence."))
    made = board.publish(elements=left)
    assert not {value.indicator_key for value in figures(made)} & OF_ABSENCE
    assert {made.manifest["indicators"][key]["state"] for key in OF_ABSENCE} == {"not computed"}
    assert OF_MONEY
    assert not set(board.computed) & OF_MONEY
    assert board.publish() and set(board.computed) >= OF_ABSENCE  # and when it is needed again it is computed


def test_a_pruned_snapshot_gives_nothing(board: Board) -> None:
    before = snapshots.current(board.data)
    assert before is not None
    before.model.unlink()
    made = board.publish()
    assert board.computed == [d.key for d in ALL]
    assert figures(made) == anew(made)


def test_of_tables_without_a_fingerprint_nothing_stands() -> None:
    standing = indicators.Standing({}, {"I_LATE": {"input": ""}})
    assert not standing.stands("I_LATE", "")
    assert not indicators.NOTHING.stands("I_LATE", "abc")
