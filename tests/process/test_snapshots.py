"""Snapshots: immutable, switched in one step, rebuilt only where something changed, explained by their manifest."""

import threading
from datetime import date
from pathlib import Path

import duckdb
import pytest

from schakel.engine import duck
from schakel.lib import clock
from schakel.lib.errors import Unknown, Unreadable
from schakel.process import snapshots
from tests.process import boards
from tests.process.conftest import EVERYTHING

SOME = frozenset(["pupil.first_name", "absence.kind"])


class Writing:
    """A step with a fingerprint of its own that makes a table and says so in the manifest."""

    def __init__(self, fingerprint: str = "one") -> None:
        self.fingerprint = fingerprint

    def __call__(self, con: duckdb.DuckDBPyConnection, ctx: snapshots.Build) -> None:
        con.execute("CREATE TABLE indicator_value AS SELECT count(*) AS pupils FROM pupil")
        con.execute(f"COPY indicator_value TO '{ctx.folder / snapshots.VALUES}' (FORMAT parquet)")
        ctx.manifest["step"] = {"day": ctx.day.isoformat(), "columns": ctx.tables["pupil"]}


def states(snapshot: snapshots.Snapshot) -> dict[str, str]:
    return {table: item["state"] for table, item in snapshot.manifest["tables"].items()}


def test_before_the_first_there_is_nothing(tmp_path: Path) -> None:
    assert snapshots.current(tmp_path) is None
    assert snapshots.history(tmp_path) == []
    assert snapshots.get(tmp_path, "000001-abc") is None
    assert snapshots.prune(tmp_path / "new", 1) == [] if (tmp_path / "new" / "snapshots").exists() else True


def test_a_first_build_becomes_current(tmp_path: Path) -> None:
    built = snapshots.build(tmp_path, boards.board(tmp_path), SOME)
    assert snapshots.current(tmp_path) == built == snapshots.get(tmp_path, built.id)
    assert built.available
    assert sorted(path.name for path in built.folder.iterdir()) == ["manifest.json", "model.duckdb"]


def test_only_the_wanted_tables_and_columns_are_in_the_file(tmp_path: Path) -> None:
    built = snapshots.build(tmp_path, boards.board(tmp_path), SOME)
    with duck.reader(built.model) as con:
        found = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
    assert found == [
        *(("absence", name) for name in ("absence_id", "date", "kind", "pupil_id", "site_id", "slot_id")),
        ("pupil", "first_name"),
        ("pupil", "pupil_id"),
    ]


def test_the_same_again_costs_nothing_and_changes_nothing(tmp_path: Path) -> None:
    first = snapshots.build(tmp_path, boards.board(tmp_path), SOME, [Writing()])
    again = snapshots.build(tmp_path, boards.board(tmp_path), SOME, [Writing()])
    assert again == first
    assert len(snapshots.history(tmp_path)) == 1


@pytest.mark.parametrize("change", ["data", "elements", "step", "source"])
def test_whatever_changes_makes_a_new_snapshot(tmp_path: Path, change: str) -> None:
    landed = boards.board(tmp_path)
    first = snapshots.build(tmp_path, landed, SOME, [Writing()])
    if change == "data":
        landed[1] = boards.land(tmp_path, "verzuim", "verzuim", {"absence": boards.absence()[:2]}, digest="d2")
    elements = SOME | {"absence.clock_hours"} if change == "elements" else SOME
    step = Writing("two" if change == "step" else "one")
    second = snapshots.build(tmp_path, landed[:1] if change == "source" else landed, elements, [step])
    assert second.id > first.id
    assert [s.id for s in snapshots.history(tmp_path)] == [second.id, first.id]
    assert first.available


def test_only_what_changed_is_rebuilt(tmp_path: Path) -> None:
    landed = boards.everything(tmp_path)
    first = snapshots.build(tmp_path, landed, EVERYTHING)
    assert set(states(first).values()) == {"built"}
    landed[1] = boards.land(tmp_path, "verzuim", "verzuim", {"absence": boards.absence()[:2]}, digest="d2")
    second = snapshots.build(tmp_path, landed, EVERYTHING)
    assert {table for table, state in states(second).items() if state == "built"} == {"absence"}
    with duck.reader(first.model) as one, duck.reader(second.model) as two:
        for table in set(states(first)) - {"absence"}:
            sql = f"SELECT * FROM {duck.quoted(table)}"
            assert one.execute(sql).fetchall() == two.execute(sql).fetchall()


def test_what_a_copied_table_counted_is_still_told(tmp_path: Path) -> None:
    landed = boards.board(tmp_path)
    first = snapshots.build(tmp_path, landed, SOME)
    second = snapshots.build(tmp_path, landed, SOME | {"staff.work_email"})
    assert states(second) == {"pupil": "copied", "absence": "copied", "staff": "built"}
    for key in ("rows", "columns", "unplaced", "sources", "input"):
        assert second.manifest["tables"]["absence"][key] == first.manifest["tables"]["absence"][key]


def test_the_manifest_explains_itself(tmp_path: Path) -> None:
    with clock.held_at(date(2026, 11, 23)):
        manifest = snapshots.build(tmp_path, boards.board(tmp_path), SOME, [Writing()]).manifest
    assert manifest["day"] == "2026-11-23"
    assert manifest["elements"] == sorted(SOME)
    assert manifest["software"] == snapshots.schakel.__version__
    las = next(source for source in manifest["sources"] if source["source"] == "las")
    assert (las["landed_at"], las["quarantined"], las["rows"]) == ("2026-11-23T06:00:00+01:00", 1, {"users": 9})
    assert len(las["files"]["users"]) == 64
    assert manifest["tables"]["pupil"]["rows"] == 5
    assert manifest["step"] == {"day": "2026-11-23", "columns": ["pupil_id", "first_name"]}


def test_rows_without_a_place_are_counted_with_their_source_and_reason(tmp_path: Path) -> None:
    manifest = snapshots.build(tmp_path, boards.board(tmp_path), SOME).manifest
    assert manifest["tables"]["absence"]["unplaced"] == [
        {"table": "absence", "source": "verzuim", "column": "pupil_id", "reason": "not_found", "rows": 1, "of": 4}
    ]


def test_a_row_without_a_day_is_counted_too(tmp_path: Path) -> None:
    files = boards.roster()
    files["classes"][1]["termSourcedIds"] = "weg"
    files["enrollments"].append({**files["enrollments"][2], "sourcedId": "e9", "classSourcedId": "c2"})
    built = snapshots.build(
        tmp_path, [boards.land(tmp_path, "las", "oneroster", files)], frozenset(["membership.end_date"])
    )
    assert built.manifest["tables"]["membership"]["rows"] == 3
    assert built.manifest["tables"]["membership"]["unplaced"] == [
        {"table": "membership", "source": "las", "column": "start_date", "reason": "missing", "rows": 1, "of": 4}
    ]


def test_a_table_without_a_source_is_empty_and_says_so(tmp_path: Path) -> None:
    built = snapshots.build(tmp_path, boards.board(tmp_path), frozenset(["finance_year.equity", "pupil.postcode4"]))
    assert states(built)["finance_year"] == "no source"
    assert built.manifest["tables"]["pupil"]["unfilled"] == ["postcode4"]
    with duck.reader(built.model) as con:
        assert con.execute("SELECT count(*) FROM finance_year").fetchall() == [(0,)]
        assert con.execute("SELECT count(postcode4), count(*) FROM pupil").fetchall() == [(0, 5)]


def test_a_key_that_two_sources_bring_is_kept_once(tmp_path: Path) -> None:
    landed = [boards.land(tmp_path, name, "oneroster", boards.roster()) for name in ("las", "tweede")]
    built = snapshots.build(tmp_path, landed, frozenset(["pupil.first_name"]))
    assert (built.manifest["tables"]["pupil"]["rows"], built.manifest["tables"]["pupil"]["doubled"]) == (5, 5)


def test_an_unknown_element_builds_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unknown):
        snapshots.build(tmp_path, boards.board(tmp_path), frozenset(["pupil.bsn"]))
    assert snapshots.current(tmp_path) is None


def test_a_step_that_fails_leaves_the_current_one_and_no_trace(tmp_path: Path) -> None:
    landed = boards.board(tmp_path)
    first = snapshots.build(tmp_path, landed, SOME)

    class Failing(Writing):
        def __call__(self, con: duckdb.DuckDBPyConnection, ctx: snapshots.Build) -> None:
            super().__call__(con, ctx)
            raise RuntimeError("halverwege")

    with pytest.raises(RuntimeError, match="halverwege"):
        snapshots.build(tmp_path, landed, SOME, [Failing()])
    assert snapshots.current(tmp_path) == first
    assert sorted(p.name for p in (tmp_path / "snapshots").iterdir()) == [".lock", first.id, "current"]


def test_rubbish_of_a_build_that_died_is_removed(tmp_path: Path) -> None:
    landed = boards.board(tmp_path)
    first = snapshots.build(tmp_path, landed, SOME)
    root = tmp_path / "snapshots"
    (root / ".building-000002-dead").mkdir()
    (root / ".building-000002-dead" / "model.duckdb").write_bytes(b"half")
    (root / ".current").write_text("000002-dead")
    orphan = root / "000002-complete"
    orphan.mkdir()
    (orphan / "manifest.json").write_text('{"previous": null}')
    assert snapshots.current(tmp_path) == first
    assert snapshots.history(tmp_path) == [first]
    second = snapshots.build(tmp_path, landed[:1], SOME)
    assert sorted(p.name for p in root.iterdir()) == [".lock", first.id, second.id, "current"]


def test_rubbish_goes_too_when_nothing_changed(tmp_path: Path) -> None:
    landed = boards.board(tmp_path)
    first = snapshots.build(tmp_path, landed, SOME)
    (tmp_path / "snapshots" / ".building-000002-dead").mkdir()
    assert snapshots.build(tmp_path, landed, SOME) == first
    assert sorted(p.name for p in (tmp_path / "snapshots").iterdir()) == [".lock", first.id, "current"]


def test_tidying_keeps_what_was_published_and_needs_no_build(tmp_path: Path) -> None:
    snapshots.tidy(tmp_path)
    assert list(tmp_path.iterdir()) == []
    landed = boards.board(tmp_path)
    built = [snapshots.build(tmp_path, landed, SOME, [Writing(str(n))]) for n in range(2)]
    (tmp_path / "snapshots" / ".building-000003-dead").mkdir()
    snapshots.tidy(tmp_path)
    assert snapshots.history(tmp_path) == built[::-1]
    assert not list((tmp_path / "snapshots").glob(".building-*"))


def test_a_crash_while_clearing_rubbish_blocks_no_later_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole snapshot that was never switched in is being removed when the power goes; its number is used again."""
    landed = boards.board(tmp_path)
    snapshots.build(tmp_path, landed[:1], SOME)
    pointed = (tmp_path / "snapshots" / "current").read_text()
    never = snapshots.build(tmp_path, landed, SOME)
    (tmp_path / "snapshots" / "current").write_text(pointed)  # as if the crash came just before the switch

    def interrupted(path: Path, **_how: object) -> None:
        (path / "manifest.json").unlink()
        raise OSError("de stroom viel uit")

    with monkeypatch.context() as patch:
        patch.setattr(snapshots.shutil, "rmtree", interrupted)
        with pytest.raises(OSError, match="stroom"):
            snapshots.tidy(tmp_path)
    again = snapshots.build(tmp_path, landed, SOME)
    assert again.id == never.id
    assert again.available
    assert sorted(p.name for p in (tmp_path / "snapshots").iterdir()) == [".lock", pointed, again.id, "current"]


def test_a_lost_pointer_removes_nothing(tmp_path: Path) -> None:
    landed = boards.board(tmp_path)
    first = snapshots.build(tmp_path, landed, SOME)
    (tmp_path / "snapshots" / "current").unlink()
    assert snapshots.current(tmp_path) is None
    second = snapshots.build(tmp_path, landed, SOME)
    assert second.id > first.id
    assert first.available


def test_a_broken_snapshot_is_said_not_guessed(tmp_path: Path) -> None:
    root = tmp_path / "snapshots"
    root.mkdir()
    (root / "current").write_text("000009-weg")
    with pytest.raises(Unreadable, match="momentopname"):
        snapshots.current(tmp_path)


def test_pruning_keeps_the_values_and_the_explanation(tmp_path: Path) -> None:
    landed = boards.board(tmp_path)
    built = [snapshots.build(tmp_path, landed, SOME, [Writing(str(n))]) for n in range(4)]
    assert snapshots.prune(tmp_path, keep=2) == [built[1].id, built[0].id]
    assert [s.available for s in snapshots.history(tmp_path)] == [True, True, False, False]
    assert all(s.values.exists() and s.manifest["tables"] for s in snapshots.history(tmp_path))
    assert snapshots.prune(tmp_path, keep=0) == [built[2].id]
    assert snapshots.current(tmp_path) == built[3]
    assert built[3].available


def test_a_pruned_current_input_is_built_again(tmp_path: Path) -> None:
    landed = boards.board(tmp_path)
    first = snapshots.build(tmp_path, landed, SOME)
    first.model.unlink()
    assert snapshots.build(tmp_path, landed, SOME).available


def test_asking_for_the_current_one_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshots.build(tmp_path, boards.board(tmp_path), SOME)
    first, read = snapshots.current(tmp_path), list[str]()
    monkeypatch.setattr(Path, "open", lambda path, *_rest, **_more: read.append(path.name))
    assert snapshots.current(tmp_path) is first
    assert read == []


def test_two_builds_at_once_wait_for_each_other(tmp_path: Path) -> None:
    landed = boards.board(tmp_path)
    builds = [
        threading.Thread(target=snapshots.build, args=(tmp_path, landed, SOME, [Writing(str(n))])) for n in range(4)
    ]
    for build in builds:
        build.start()
    for build in builds:
        build.join()
    assert len(snapshots.history(tmp_path)) == 4


def test_a_reader_keeps_what_it_has_open(tmp_path: Path) -> None:
    landed = boards.board(tmp_path)
    first = snapshots.build(tmp_path, landed, SOME)
    with duck.reader(first.model) as con:
        snapshots.build(tmp_path, landed[:1], SOME)
        snapshots.prune(tmp_path, keep=1)
        assert not first.available
        assert con.execute("SELECT count(*) FROM absence").fetchall() == [(3,)]


def test_progress_names_each_table(tmp_path: Path) -> None:
    heard: list[str] = []
    snapshots.build(tmp_path, boards.board(tmp_path), SOME, tell=heard.append)
    assert heard == ["pupil", "absence"]


def test_large_tables_lie_in_the_order_in_which_they_are_read(tmp_path: Path) -> None:
    lines = [{**boards.absence()[n % 3], "date": date(2026, 9, 1 + n % 28)} for n in range(500)]
    landed = [
        boards.land(tmp_path, "las", "oneroster", boards.roster()),
        boards.land(tmp_path, "verzuim", "verzuim", {"absence": lines}),
    ]
    with duck.reader(snapshots.build(tmp_path, landed, SOME).model) as con:
        found = con.execute("SELECT site_id, pupil_id, date FROM absence ORDER BY rowid").fetchall()
    assert found == sorted(found)
