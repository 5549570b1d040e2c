"""What a killed round left is put right by looking: every place where a process can stop between two writes."""

import json
from pathlib import Path

import pytest

from schakel.access.audit import AuditLine, verify
from schakel.chain.organisations import Organisation
from schakel.collect import runs
from schakel.collect.landing import latest
from schakel.collect.runs import Run
from schakel.collect.shelves import Shelf
from schakel.collect.sources import Source
from schakel.operations import flow, publications, recovery, rounds
from schakel.process import snapshots

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As if the process stopped here: nothing after it happens, and nobody handles it."""


def killed(*_words, **_named):
    raise Killed


def verzuim() -> Source:
    return Source.objects.get(key="verzuim")


def shorten(lines: int = 1) -> Path:
    """The file with absence without its last lines: another delivery."""
    path = next(flow.inbox().glob("verzuim_*"))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-lines]))
    return path


def test_a_run_that_was_killed_while_reading_says_so(own):
    begun = runs.begin(None, verzuim(), "verzuim_1.csv", "print")
    closed = recovery.recover(flow.data_folder())
    assert closed == [begun]
    begun.refresh_from_db()
    assert begun.state == "interrupted"
    assert begun.finished_at is not None
    assert begun.message.count("Schakel stopte onverwacht") == 1
    assert "Er is niets half bewaard" in begun.message
    assert begun.rows_read == 0
    assert verify().holds


def test_the_next_round_closes_it_and_the_source_is_well_again(own):
    runs.begin(None, verzuim(), "verzuim_1.csv", "print")
    flow.run_all(None)
    last, before = verzuim().runs.all()[:2]
    assert before.state == "interrupted"
    assert last.state == "unchanged"  # what stands came of the file that lies there
    assert last.rows_read > 0
    assert not Run.objects.open().exists()


def test_who_asks_after_a_kill_is_not_given_the_run_that_nobody_works_at(own):
    begun = runs.begin(None, verzuim(), "verzuim_1.csv", "print")
    (asked,) = flow.request(own.people["ict_manager"], [verzuim()])
    begun.refresh_from_db()
    assert (begun.state, asked.state) == ("interrupted", "waiting")
    assert asked.pk != begun.pk
    flowed = flow.run_asked()
    assert [(run.pk, run.state) for run in flowed.runs] == [(asked.pk, "unchanged")]
    assert verify().holds


def test_who_asks_during_a_round_gets_the_run_that_is_at_work(own):
    with rounds.alone(flow.data_folder()) as teller:
        teller.begin("read", "verzuim")
        begun = runs.begin(None, verzuim(), "verzuim_1.csv", "print")
        (asked,) = flow.request(own.people["ict_manager"], [verzuim()])
        assert (asked.pk, asked.state) == (begun.pk, "running")
        assert rounds.seen(flow.data_folder()).source == "verzuim"


def test_a_reading_that_was_done_before_the_kill_counts(own, monkeypatch):
    shorten()
    with monkeypatch.context() as patch:
        patch.setattr(runs, "close_with", killed)
        with pytest.raises(Killed):
            flow.run_all(None)
    run = verzuim().runs.get(state="running")
    assert latest(flow.data_folder(), "verzuim").delivered == run.delivered
    flowed = flow.run_all(None)
    run.refresh_from_db()
    assert run.state == "repaired"
    assert run.rows_quarantined > 0
    assert "al binnen" in run.message
    assert flowed.snapshot.manifest["previous"]  # and it was published
    assert not [r for r in flowed.runs if r.pk > run.pk]  # the same delivery is once


def test_a_landing_that_never_counted_is_cleared_and_read_again(own, monkeypatch):
    shorten()
    before = latest(flow.data_folder(), "verzuim")
    with monkeypatch.context() as patch:
        patch.setattr(Shelf, "publish", killed)
        with pytest.raises(Killed):
            flow.run_all(None)
    assert latest(flow.data_folder(), "verzuim").digest == before.digest
    flow.run_all(None)
    states = [run.state for run in verzuim().runs.all()[:2]]
    assert states == ["repaired", "interrupted"]
    folder = flow.data_folder() / "landing" / "verzuim"
    assert len(list(folder.iterdir())) == 2  # the landing and the pointer


def test_a_snapshot_that_was_switched_in_before_the_kill_gets_its_line(own, monkeypatch):
    shorten()
    with monkeypatch.context() as patch:
        patch.setattr(publications, "change", killed)
        with pytest.raises(Killed):
            flow.run_all(None)
    now = snapshots.current(flow.data_folder())
    lines = AuditLine.objects.filter(action="snapshot.publish", thing_key=now.id)
    assert not lines.exists()
    flow.run_all(None)
    assert lines.count() == 1
    assert snapshots.current(flow.data_folder()).id == now.id
    flow.run_all(None)
    assert lines.count() == 1


def test_it_gets_its_line_before_a_next_one_takes_its_place(own, monkeypatch):
    shorten()
    with monkeypatch.context() as patch:
        patch.setattr(publications, "change", killed)
        with pytest.raises(Killed):
            flow.run_all(None)
    killed_at = snapshots.current(flow.data_folder()).id
    shorten()
    flow.run_all(None)
    made = AuditLine.objects.filter(action="snapshot.publish", thing_kind="snapshot").order_by("number")
    assert [line.thing_key for line in made][-2:] == [killed_at, snapshots.current(flow.data_folder()).id]


def test_a_line_is_not_written_before_the_organisations(own, monkeypatch):
    """Whoever finds the line may trust that all of it was done."""
    path = next(flow.inbox().glob("verzuim_*"))
    path.write_bytes(path.read_bytes() + b"\n")
    with monkeypatch.context() as patch:
        patch.setattr(publications.organisations, "derive", killed)
        with pytest.raises(Killed):
            flow.run_all(None)
    now = snapshots.current(flow.data_folder())
    assert not AuditLine.objects.filter(action="snapshot.publish", thing_key=now.id).exists()
    flow.run_all(None)
    assert AuditLine.objects.filter(action="snapshot.publish", thing_key=now.id).exists()
    assert Organisation.objects.filter(level="school").count() == 13


def test_half_made_things_of_any_source_go(own):
    data = flow.data_folder()
    (data / "landing" / "rooster" / ".half").mkdir()
    (data / "quarantine" / "rooster" / ".half").mkdir()
    (data / "landing" / "rooster" / ".abc-slot.parquet").write_bytes(b"half")
    (data / "snapshots" / ".building-000009-dead").mkdir()
    for path in flow.inbox().glob("rooster_*"):
        path.unlink()  # also of a source that has no file now
    flow.run_all(None)
    left = [path for kind in ("landing", "quarantine") for path in (data / kind).rglob(".*")]
    assert left + list((data / "snapshots").glob(".building*")) == []


def test_a_run_whose_landing_was_narrowed_since_is_not_taken_for_done(own):
    run = runs.begin(None, verzuim(), "verzuim_1.csv", "")
    told = latest(flow.data_folder(), "verzuim").folder / "landing.json"
    told.write_text(json.dumps(json.loads(told.read_text()) | {"delivered": ""}))
    recovery.recover(flow.data_folder())
    run.refresh_from_db()
    assert run.state == "interrupted"


def test_nothing_to_put_right_changes_nothing(own):
    lines = AuditLine.objects.count()
    before = sorted(path for path in flow.data_folder().rglob("*") if "work" not in path.parts)
    with rounds.alone(flow.data_folder()):
        pass
    assert AuditLine.objects.count() == lines
    assert sorted(path for path in flow.data_folder().rglob("*") if "work" not in path.parts) == before
