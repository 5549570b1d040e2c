"""Which snapshots keep their tables, and that nobody who reads, no figure and no explanation loses by it."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from schakel.access import audit
from schakel.access.audit import AuditLine
from schakel.engine import duck
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.operations import flow, pruning
from schakel.process import snapshots
from tests.process import boards
from tests.process.test_snapshots import SOME, Writing

TODAY = date(2026, 11, 25)


@dataclass(frozen=True)
class Made:
    """A snapshot as pruning looks at it, and nothing more."""

    id: str
    manifest: dict[str, str]
    available: bool = True
    values: Path = Path(__file__)  # something that is there


def daily(days: int, until: date = TODAY) -> list[Made]:
    """One snapshot a day, the newest first."""
    found = [until - timedelta(days=back) for back in range(days)]
    return [Made(day.isoformat(), {"day": day.isoformat()}) for day in found]


def going(history: list[Made], today: date = TODAY) -> set[str]:
    return {snapshot.id for snapshot in pruning.superfluous(history, today)}  # type: ignore[arg-type]


def test_few_snapshots_are_all_kept() -> None:
    assert going([]) == set()
    assert going(daily(pruning.NEWEST)) == set()


def test_the_newest_and_the_last_of_each_month_are_kept() -> None:
    kept = {s.id for s in daily(400)} - going(daily(400))
    newest = {(TODAY - timedelta(days=back)).isoformat() for back in range(pruning.NEWEST)}
    ends = {"2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"}
    ends |= {"2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-25"}
    assert kept == newest | ends


def test_of_several_on_one_day_the_last_counts() -> None:
    morning, evening = Made("a-morning", {"day": "2026-06-30"}), Made("b-evening", {"day": "2026-06-30"})
    assert going([*daily(pruning.NEWEST), evening, morning]) == {"a-morning"}


def test_a_month_without_publications_takes_nothing_from_another() -> None:
    old = [Made("june", {"day": "2026-06-10"}), Made("april", {"day": "2026-04-02"})]
    assert going([*daily(pruning.NEWEST), *old]) == set()


def test_what_is_older_than_a_year_goes() -> None:
    old = Made("old", {"day": "2025-11-30"})
    assert going([*daily(pruning.NEWEST), old]) == {"old"}


def test_a_month_whose_last_was_forgotten_keeps_the_one_before() -> None:
    """Forgetting took its tables away (law 1): then the newest that still has tables stands for that month."""
    gone, before = Made("gone", {"day": "2026-06-30"}, available=False), Made("before", {"day": "2026-06-29"})
    assert going([*daily(pruning.NEWEST), gone, before]) == set()


def test_tables_that_alone_hold_the_figures_stay(tmp_path: Path) -> None:
    bare = Made("bare", {"day": "2024-01-01"}, values=tmp_path / "nothing.parquet")
    assert going([*daily(pruning.NEWEST), bare]) == set()


@pytest.fixture
def published(tmp_path: Path) -> list[snapshots.Snapshot]:
    """Four publications in one month, the oldest first."""
    landed = boards.board(tmp_path)
    with clock.held_at(TODAY):
        return [snapshots.build(tmp_path, landed, SOME, [Writing(str(n))]) for n in range(4)]


@pytest.fixture
def two_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "NEWEST", 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("two_newest")
def test_what_goes_has_a_line_and_keeps_its_figures(tmp_path: Path, published: list[snapshots.Snapshot]) -> None:
    with clock.held_at(TODAY):
        assert pruning.prune(None, tmp_path) == [published[1].id, published[0].id]
        line = AuditLine.objects.get(action="snapshot.publish")
        assert line.facts["pruned"] == [published[1].id, published[0].id]
        assert pruning.prune(None, tmp_path) == []
    assert AuditLine.objects.filter(action="snapshot.publish").count() == 1
    assert [s.available for s in snapshots.history(tmp_path)] == [True, True, False, False]
    assert all(s.values.exists() and s.manifest["tables"] for s in snapshots.history(tmp_path))
    assert audit.verify().holds


@pytest.mark.django_db
@pytest.mark.usefixtures("two_newest")
def test_who_reads_goes_on_reading(tmp_path: Path, published: list[snapshots.Snapshot]) -> None:
    with duck.reader(published[0].model) as old, duck.reader(published[3].model) as now, clock.held_at(TODAY):
        before = old.execute("SELECT count(*) FROM absence").fetchall()
        assert published[0].id in pruning.prune(None, tmp_path)
        assert not published[0].available
        for reader in (old, old.cursor(), now):
            assert reader.execute("SELECT count(*) FROM absence").fetchall() == before
    current = snapshots.current(tmp_path)
    assert current == published[3]
    assert current.available


@pytest.mark.django_db
@pytest.mark.usefixtures("two_newest")
def test_a_crash_halfway_is_finished_by_the_next_round(
    tmp_path: Path, published: list[snapshots.Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_path: Path) -> None:
        raise KeyboardInterrupt

    with clock.held_at(TODAY):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(snapshots, "_sync", fails)
            pruning.prune(None, tmp_path)
        assert not published[1].available
        assert published[0].available
        assert pruning.prune(None, tmp_path) == [published[0].id]


@pytest.mark.django_db
def test_nobody_prunes_without_the_permission_to_publish(
    people: dict[str, object], tmp_path: Path, published: list[snapshots.Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "NEWEST", 1)
    with clock.held_at(TODAY), pytest.raises(Refused):
        pruning.prune(people["teacher"], tmp_path)  # type: ignore[arg-type]
    assert all(snapshot.available for snapshot in published)


@pytest.mark.django_db
@pytest.mark.usefixtures("two_newest")
def test_the_schedule_prunes_in_each_round(
    tmp_path: Path, published: list[snapshots.Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The round itself: what is kept is counted after its own publication."""
    monkeypatch.setattr(flow, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(flow, "collectable", lambda: SOME)
    monkeypatch.setattr(flow.publications, "account", lambda *_args: None)
    with clock.held_at(TODAY):
        flow.run_all(None, [])
    assert [s.available for s in snapshots.history(tmp_path)] == [True, True, False, False]
