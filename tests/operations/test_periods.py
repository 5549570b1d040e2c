"""Files that tell of a week each: all of them come in, in order, and none takes away what another told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from schakel.chain.systems import System
from schakel.cli import collect
from schakel.collect import connections, schedules, source_mappings
from schakel.collect.cases import Case
from schakel.collect.coverage import Coverage
from schakel.collect.landing import latest
from schakel.collect.sources import Source
from schakel.engine import duck
from schakel.lib import clock
from schakel.lib.addresses import Allowed
from schakel.lib.outgoing import Outgoing
from schakel.operations import fetchings, flow, forgetting, mapped_sources, readings
from schakel.operations.found import found_in
from tests.collect.test_coverage import declared
from tests.connectors.declarations import VERZUIM

pytestmark = pytest.mark.django_db
HEAD = "nummer,vestiging,datum,lesuur,soort,opmerking\n"


@pytest.fixture
def source(own) -> Source:
    """A source whose files tell of a week each, on a board whose needs name absence."""
    las = System.objects.get(key="las")
    ict = own.people["ict_manager"]
    return source_mappings.begin(ict, "weken", "Verzuim per week", las, declared("week")).source


def put(week: int, *lines: str, name: str = "") -> Path:
    path = flow.inbox() / (name or f"verzuim-db_2026-W{week}.csv")
    path.write_text(HEAD + "".join(f"{line},x\n" for line in lines), encoding="utf-8")
    return path


def stand(data: Path) -> list[tuple[str, str]]:
    landed = latest(data, "weken")
    assert landed is not None
    found = duckdb.sql(f"SELECT pupil_number, date FROM '{landed.folder}/absence.parquet' ORDER BY 2, 1").fetchall()
    return [(pupil, str(day)) for pupil, day in found]


def rows_of(source: Source) -> list[tuple[str, int, str]]:
    """What is found: the column, the line, and the file where that is not the last one."""
    return sorted((each.place.column, each.line, each.package) for each in found_in(source))


def states(source: Source) -> list[tuple[str, str]]:
    return [(run.file_name, run.state) for run in source.runs.order_by("started_at", "pk")]


@pytest.fixture
def read(own, source) -> Any:
    """One round of this source alone."""
    return lambda: flow.run_all(None, [source])


def test_all_that_lies_there_comes_in_and_each_once(own, source, read):
    put(9, "1,98AB00,2026-02-23,1,G")
    put(10, "2,98AB00,2026-03-02,1,G")
    put(11, "3,98AB00,2026-03-09,1,G")
    read()
    assert stand(flow.data_folder()) == [("1", "2026-02-23"), ("2", "2026-03-02"), ("3", "2026-03-09")]
    assert [name for name, _state in states(source)] == [f"verzuim-db_2026-W{week}.csv" for week in (9, 10, 11)]
    read()
    assert len(states(source)) == 3, "nothing new is no news"
    put(12, "4,98AB00,2026-03-16,1,G")
    put(10, "2,98AB00,2026-03-02,1,G", "5,98AB00,2026-03-04,1,G")  # the week before last, put right at the source
    read()
    assert [pupil for pupil, _day in stand(flow.data_folder())] == ["1", "2", "5", "3", "4"]
    assert [name for name, _state in states(source)][3:] == ["verzuim-db_2026-W10.csv", "verzuim-db_2026-W12.csv"]


def test_one_that_does_not_come_in_holds_up_those_after_it(own, source, read):
    put(9, "1,98AB00,2026-02-23,1,G")
    (flow.inbox() / "verzuim-db_2026-W10.csv").write_bytes(b"\x89PNG\x00\x01 geen tekst")
    put(11, "3,98AB00,2026-03-09,1,G")
    read()
    assert stand(flow.data_folder()) == [("1", "2026-02-23")]
    assert [state for _name, state in states(source)][-1] == "failed"
    read()
    assert len(states(source)) == 2, "the answer is known"
    put(10, "2,98AB00,2026-03-02,1,G")
    read()
    assert [pupil for pupil, _day in stand(flow.data_folder())] == ["1", "2", "3"]


def test_a_mistake_ends_with_its_own_week(own, source, read):
    put(9, "1,98AB00,2026-02-23,1,G", "2,98AB00,2026-02-23,x,G")
    read()
    (case,) = Case.objects.filter(source=source, column="lesuur")
    put(10, "1,98AB00,2026-03-02,1,G")
    read()
    case.refresh_from_db()
    assert case.state != "repaired", "nobody repaired anything: the next week is another week"
    assert rows_of(source) == [("lesuur", 3, "verzuim-db_2026-W9.csv")]
    put(11, "1,98AB00,2026-03-09,1,G", "4,98AB00,2026-03-10,y,G")
    read()
    assert rows_of(source) == [("lesuur", 3, ""), ("lesuur", 3, "verzuim-db_2026-W9.csv")]
    put(11, "1,98AB00,2026-03-09,1,G", "4,98AB00,2026-03-10,2,G")
    read()
    put(9, "1,98AB00,2026-02-23,1,G", "2,98AB00,2026-02-23,2,G")
    read()
    case.refresh_from_db()
    assert case.state == "repaired"
    assert rows_of(source) == []


def test_a_week_that_nobody_delivered_is_a_case_until_it_comes(own, source, read):
    for week, day in ((10, "2026-03-02"), (12, "2026-03-16")):
        put(week, *(f"{pupil},98AB00,{day},1,G" for pupil in range(12)))
    read()
    case = Case.objects.get(source=source, rule="period-missing")
    assert (case.state, case.column) == ("new", "")
    put(11, "1,98AB00,2026-03-10,1,G")
    read()
    case.refresh_from_db()
    assert case.state == "repaired"


def test_the_holidays_of_the_region_are_no_hole(own, source, read):
    schedules.plan(own.people["ict_manager"], source, "0 6 * * 1-5", not_in_holidays=True, region="noord")
    for week, day in ((42, "2025-10-13"), (44, "2025-10-27")):  # the north has its autumn holiday in week 43
        put(week, *(f"{pupil},98AB00,{day},1,G" for pupil in range(12)))
    read()
    assert len(states(source)) == 2
    assert not Case.objects.filter(source=source, rule="period-missing").exists()


def test_the_command_reads_them_all(own, source, monkeypatch):
    monkeypatch.setattr("schakel.cli.start.open_register", lambda: None)
    put(9, "1,98AB00,2026-02-23,1,G")
    put(10, "2,98AB00,2026-03-02,1,G")
    done = CliRunner().invoke(collect.command, ["weken"])
    assert done.exit_code == 0, done.output
    assert "verzuim-db_2026-W9.csv: " in done.stderr
    assert [pupil for pupil, _day in stand(flow.data_folder())] == ["1", "2"]
    (flow.inbox() / "verzuim-db_2026-W10.csv").write_bytes(b"\x89PNG\x00\x01")
    put(11, "3,98AB00,2026-03-09,1,G")
    assert CliRunner().invoke(collect.command, ["weken"]).exit_code == 2
    assert [pupil for pupil, _day in stand(flow.data_folder())] == ["1", "2"]


def test_a_source_whose_files_tell_all_reads_the_last_alone(own, source):
    plain = {**VERZUIM, "file": "alles_*.csv"}
    las = source.system
    whole = source_mappings.begin(own.people["ict_manager"], "alles", "Alles", las, plain).source
    for number in (1, 2):
        put(0, "1,98AB00,2026-02-23,1,G", name=f"alles_{number}.csv")
    assert [path.name for path in flow.files_to_read(whole)] == ["alles_2.csv"]
    assert mapped_sources.coverage_of(source) == Coverage("date", "week", 3)
    assert not mapped_sources.coverage_of(whole)
    assert not any(mapped_sources.coverage_of(each) for each in Source.objects.exclude(key="weken"))


def test_a_file_that_is_gone_is_not_in(own, source):
    assert not readings.is_in(source, flow.inbox() / "verzuim-db_9.csv", {}, flow.data_folder())


def test_from_a_folder_no_file_is_passed_over_for_a_later_one(own, source, monkeypatch, settings, tmp_path):
    asked = []

    class Kind:
        def fetch(self, access, *_rest):
            asked.append(access.details)
            raise OSError("nobody there")

    monkeypatch.setattr(fetchings, "provider", lambda _name: Kind())
    settings.OUTGOING = Outgoing(Allowed(frozenset(), (str(tmp_path),)))
    reached = {"provider": "folder", "method": "none", "address": f"file://{tmp_path}", "details": {"marker": ".klaar"}}
    connections.connect(own.people["ict_manager"], source, **reached)
    flow.run_all(None, [source])
    assert asked == [{"marker": ".klaar", "each": True}]


def test_what_was_forgotten_comes_back_with_the_files_when_it_is_asked_again(own, source, read, monkeypatch):
    """A landing that lost a column is no longer what was delivered, nor is any part of it."""
    put(9, "1,98AB00,2026-02-23,1,G", "2,98AB00,2026-02-24,y,G")
    put(10, "2,98AB00,2026-03-02,1,G")
    read()
    data, fewer = flow.data_folder(), frozenset({"absence.date", "absence.pupil_id"})
    with duck.worker() as con:
        columns = lambda: {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM '{absence(data)}'").fetchall()}  # noqa: E731
        assert "kind" in columns()
        forgetting.remove([each for each in forgetting.superfluous(data, fewer) if "weken" in str(each.path)])
        assert "kind" not in columns()
        read()
        assert "kind" in columns()
        kinds = con.execute(f"SELECT count(*) FROM '{absence(data)}' WHERE kind IS NULL").fetchone()
    assert kinds == (0,), "both weeks were read again, not the last alone"
    assert [name for name, _state in states(source)][2:] == ["verzuim-db_2026-W9.csv", "verzuim-db_2026-W10.csv"]
    assert rows_of(source) == [("lesuur", 3, "verzuim-db_2026-W9.csv")]


def absence(data: Path) -> Path:
    landed = latest(data, "weken")
    assert landed is not None
    return landed.folder / "absence.parquet"


def test_a_file_that_is_tried_again_later_waits_for_that_moment_also_with_others_behind_it(
    own, source, read, monkeypatch
):
    put(9, "1,98AB00,2026-02-23,1,G")
    put(10, "2,98AB00,2026-03-02,1,G")
    land = readings.Reading.land

    def full(reading, run, incoming, progress=None):
        return reading.failed(run, OSError(28, "schijf vol")), None

    monkeypatch.setattr(readings.Reading, "land", full)
    for _round in range(4):
        read()
    assert [name for name, _state in states(source)] == ["verzuim-db_2026-W9.csv"] * 2, "once more, and then it waits"
    monkeypatch.setattr(readings.Reading, "land", land)
    with clock.held_at(clock.now() + timedelta(hours=3)):
        read()
    assert [pupil for pupil, _day in stand(flow.data_folder())] == ["1", "2"]
