"""The life of a run: asked for, at work, finished; one open run a source, and a line for every step."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.loader import MigrationLoader

from schakel.access.audit import AuditLine, verify
from schakel.access.changes import change
from schakel.access.kept import UnrecordedWrite
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import runs
from schakel.collect.connectors import open_package
from schakel.collect.landing import Landed, land
from schakel.collect.runs import GOOD, OPEN, STATES, Busy, Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import Refused
from tests.collect.small_roster import package, roster

pytestmark = pytest.mark.django_db
NEEDED = {"users": frozenset({"sourcedId", "givenName"}), "enrollments": frozenset({"sourcedId", "classSourcedId"})}


@pytest.fixture
def las(people):
    system, _ = put(people["ict_manager"], "system.write", System, "las", name="LAS")
    source, _ = put(people["ict_manager"], "source.write", Source, "oneroster", name="Leerlingen", system=system,
                    layout="oneroster", pattern="las_*.zip")  # fmt: skip
    return source


def states(run: Run) -> list[str]:
    lines = AuditLine.objects.filter(thing_kind="run", thing_key=run.key).order_by("number")
    return [line.facts["state"] for line in lines]


def landed(folder: Path, *, spoiled: bool = False) -> Landed:
    files = roster()
    if spoiled:
        files["enrollments"].append(files["enrollments"][0] | {"sourcedId": "weg", "classSourcedId": "nergens"})
    return land(open_package(package(folder, files)), "oneroster", NEEDED, folder / "data")


def test_every_state_is_open_good_or_an_outcome_that_is_not():
    assert set(OPEN) | set(GOOD) < set(STATES)
    assert not set(OPEN) & set(GOOD)


def test_a_request_waits_and_says_who_asked(people, las):
    (run,) = runs.ask(people["ict_manager"], [las])
    assert run.state == "waiting"
    assert run.asked_by == people["ict_manager"]
    assert run.asked_at is not None
    assert run.finished_at is None
    assert states(run) == ["waiting"]
    assert AuditLine.objects.get(thing_kind="run").actor == people["ict_manager"]


def test_asking_again_is_the_same_request(people, las):
    (first,) = runs.ask(people["ict_manager"], [las])
    (second,) = runs.ask(people["information_manager"], [las])
    assert second == first
    assert second.asked_by == people["ict_manager"]
    assert states(first) == ["waiting"]


def test_asking_while_it_is_read_gives_that_reading(people, las):
    begun = runs.begin(None, las, "las_1.zip")
    assert runs.ask(people["ict_manager"], [las]) == [begun]


def test_who_may_not_collect_asks_nothing(people, las):
    for who in ("teacher", "board_member", "outsider"):
        with pytest.raises(Refused):
            runs.ask(people[who], [las])
    assert not Run.objects.exists()


def test_beginning_picks_up_what_was_asked(people, las):
    (asked,) = runs.ask(people["ict_manager"], [las])
    begun = runs.begin(None, las, "las_1.zip", "print")
    assert begun.pk == asked.pk
    assert begun.asked_by == people["ict_manager"]
    assert (begun.state, begun.file_name, begun.delivered) == ("running", "las_1.zip", "print")
    assert begun.started_at >= asked.started_at
    assert states(begun) == ["waiting", "running"]


def test_beginning_without_a_request_makes_a_run(las):
    begun = runs.begin(None, las, "las_1.zip")
    assert begun.asked_by is None
    assert begun.asked_at is None
    assert states(begun) == ["running"]


def test_a_source_is_not_begun_twice(las):
    runs.begin(None, las, "las_1.zip")
    with pytest.raises(Busy) as refusal:
        runs.begin(None, las, "las_2.zip")
    assert refusal.value.retry
    assert "oneroster" in str(refusal.value)
    assert Run.objects.count() == 1
    assert AuditLine.objects.filter(thing_kind="run").count() == 1


def test_the_database_itself_refuses_a_second_open_run(people, las):
    runs.ask(people["ict_manager"], [las])
    with pytest.raises(IntegrityError), change(None, "source.collect"):
        Run(source=las, state="running").save()


def test_a_finished_run_makes_room_for_the_next(people, las):
    first = runs.begin(None, las, "las_1.zip")
    runs.close(None, first, "failed", message="las_1.zip: onleesbaar.")
    second = runs.begin(None, las, "las_2.zip")
    assert second.pk != first.pk
    assert list(las.runs.finished()) == [first]
    assert list(las.runs.open()) == list(las.runs.running()) == [second]
    assert not las.runs.waiting().exists()


def test_an_outcome_has_a_moment_and_its_line(las):
    run = runs.close(None, runs.begin(None, las, "las_1.zip"), "stopped", message="Geen sleutel.", usable=False)
    run.refresh_from_db()
    assert run.finished_at >= run.started_at
    assert (run.state, run.message, run.usable) == ("stopped", "Geen sleutel.", False)
    assert states(run) == ["running", "stopped"]
    assert verify().holds


@pytest.mark.parametrize(("spoiled", "state"), [(False, "good"), (True, "repaired")])
def test_what_came_in_is_counted(las, tmp_path, spoiled, state):
    found = landed(tmp_path, spoiled=spoiled)
    run = runs.close_with(None, runs.begin(None, las, "las_1.zip"), found, tmp_path / "data")
    assert run.state == state
    assert run.rows_read == sum(found.report.rows.values())
    assert run.rows_quarantined == run.rows_held == int(spoiled)
    assert run.columns_dropped == len(found.columns_dropped)
    assert run.delivered == found.delivered
    assert (tmp_path / "data" / run.folder) == found.folder


def test_what_earlier_deliveries_left_in_quarantine_is_counted_beside_it(las, tmp_path):
    found = replace(landed(tmp_path, spoiled=True), quarantined_stayed={"users": 40, "roles": 1})
    run = runs.close_with(None, runs.begin(None, las, "las_1.zip"), found, tmp_path / "data")
    assert (run.rows_quarantined, run.rows_held) == (1, 42)


def test_of_a_run_from_before_what_it_refused_is_what_waits(las):
    run = runs.close(None, runs.begin(None, las, "las_1.zip"), "repaired", rows_quarantined=7)
    then = MigrationLoader(connection).project_state(("collect", "0011_rows_held")).apps
    import_module("schakel.collect.migrations.0011_rows_held").as_refused(then, None)
    run.refresh_from_db()
    assert run.rows_held == 7


def test_only_what_waits_of_earlier_deliveries_makes_a_reading_no_repair(las, tmp_path):
    found = replace(landed(tmp_path), quarantined_stayed={"users": 40})
    run = runs.close_with(None, runs.begin(None, las, "las_1.zip"), found, tmp_path / "data")
    assert (run.state, run.rows_quarantined, run.rows_held) == ("good", 0, 40)


def test_nothing_new_is_an_outcome_too(las, tmp_path):
    landed(tmp_path)
    again = landed(tmp_path)
    run = runs.close_with(None, runs.begin(None, las, "las_1.zip"), again, tmp_path / "data")
    assert run.state == "unchanged"
    assert run.rows_read > 0  # the page of the source still tells what stands


def test_a_run_is_written_in_a_recorded_change_only(las):
    with pytest.raises(UnrecordedWrite):
        Run(source=las).save()
    with pytest.raises(UnrecordedWrite):
        Run.objects.update(state="good")


def run_of(state: str, name: str) -> Run:
    return Run(state=state, file_name=name)


@pytest.mark.parametrize(
    ("found", "place"),
    [
        ([], None),
        ([("failed", "c")], None),
        ([("good", "a")], 0),
        ([("failed", "c"), ("repaired", "b")], 1),
        ([("unchanged", "b"), ("good", "a")], 0),  # delivered again, under the name of a new day
        ([("unchanged", "a"), ("good", "a")], 1),  # only looked at again
        ([("unchanged", "a"), ("interrupted", "a"), ("unchanged", "a"), ("repaired", "a")], 3),
        ([("unchanged", "b"), ("unchanged", "b"), ("good", "a")], 1),
        ([("unchanged", "a")], 0),
    ],
)
def test_looking_again_at_the_same_file_is_no_delivery(found: list[tuple[str, str]], place: int | None) -> None:
    made = [run_of(*each) for each in found]
    assert runs.last_delivery(made) is (None if place is None else made[place])


def test_each_source_has_the_day_of_its_last_delivery_and_one_that_never_came_has_none(people, las: Source) -> None:
    assert runs.days_of_delivery() == {}
    late = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)  # half past midnight in Amsterdam
    with change(people["ict_manager"], "source.collect", las):
        for state, days in (("good", 0), ("unchanged", 1), ("failed", 2), ("waiting", 3)):
            Run.objects.create(source=las, state=state, file_name="a", started_at=late + timedelta(days=days))
    assert runs.days_of_delivery() == {"oneroster": date(2026, 11, 4)}
    assert [(source.key, run.state) for source, run in runs.last_deliveries(Source.objects.all())] == [
        ("oneroster", "good")
    ]


@pytest.mark.parametrize(
    ("recent", "before", "place"),
    [
        ([("unchanged", "a")] * runs.RECENT, [("good", "a")], runs.RECENT),  # it came in long ago
        ([("failed", "a")] * runs.RECENT, [("good", "a")], runs.RECENT),
        ([("failed", "a")] * runs.RECENT, [], None),
        ([("unchanged", "b")] + [("unchanged", "a")] * (runs.RECENT - 1), [("good", "a")], 0),
        ([("good", "a")] + [("unchanged", "a")] * (runs.RECENT - 1), [("good", "a")], 0),
        ([("unchanged", "a")] * 3, [], 2),  # there is nothing before it
    ],
)
def test_what_was_delivered_long_ago_is_known_too(
    las: Source, people, recent: list[tuple[str, str]], before: list[tuple[str, str]], place: int | None
) -> None:
    """`found` newest first, as the register gives it; only the recent ones are at hand."""
    every = [*recent, *before]
    with change(people["ict_manager"], "source.collect", las):
        for back, (state, name) in reversed(list(enumerate(every))):
            Run.objects.create(
                source=las, state=state, file_name=name, started_at=clock.now() - timedelta(hours=back),
                finished_at=clock.now(),
            )  # fmt: skip
    made = list(las.runs.finished())
    assert [(run.state, run.file_name) for run in made] == every
    assert runs.delivered(las, made[: runs.RECENT]) == (None if place is None else made[place])
