"""Reading a source: what cannot come in is told once, what the server could not do is tried again."""

from pathlib import Path

import duckdb
import pytest

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.collect import runs
from schakel.collect.landing import Incoming, latest
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.operations import flow, recovery
from schakel.operations.readings import STRIKES

pytestmark = pytest.mark.django_db


def source(key: str = "verzuim") -> Source:
    return Source.objects.get(key=key)


def file(key: str = "verzuim") -> Path:
    return next(flow.inbox().glob(f"{key}_*"))


def rewrite(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


def last(key: str = "verzuim") -> Run:
    run: Run = source(key).runs.first()
    return run


@pytest.fixture
def stopped(own):
    """The file with absence came in with a key of citizen service numbers: that stops."""
    standing = latest(flow.data_folder(), "verzuim")
    rewrite(file(), b"Leerlingnummer;", b"Iets anders;")
    flow.run_all(None)
    assert last().state in ("stopped", "failed")
    assert latest(flow.data_folder(), "verzuim").digest == standing.digest
    return own


def test_what_cannot_come_in_is_told_once(stopped):
    told, lines = last(), AuditLine.objects.count()
    flowed = flow.run_all(None)
    assert told in flowed.runs
    assert last() == told
    assert AuditLine.objects.count() == lines


def test_a_better_file_is_read(stopped):
    rewrite(file(), b"Iets anders;", b"Leerlingnummer;")
    flow.run_all(None)
    assert last().state == "unchanged"  # the file of before: what stands came of it
    rewrite(file(), b"\n", b"\r\n")
    flow.run_all(None)
    assert last().state == "repaired"


def test_who_asks_gets_the_answer_again(stopped):
    told = last()
    (asked,) = flow.request(stopped.people["ict_manager"], [source()])
    flow.run_asked()
    asked.refresh_from_db()
    assert asked.pk != told.pk
    assert (asked.state, asked.message) == (told.state, told.message)


def test_a_file_that_cannot_be_opened_is_told_once(own):
    path = file("las").with_name("las_99999999.zip")
    path.write_bytes(b"PK\x03\x04 this is no zip")
    flow.run_all(None)
    told = last("oneroster")
    assert told.state == "failed"
    assert told.file_name == "las_99999999.zip"
    flow.run_all(None)
    assert last("oneroster") == told
    path.write_bytes(b"PK\x03\x04 nor is this")
    flow.run_all(None)
    assert last("oneroster") != told


@pytest.mark.parametrize(
    "trouble",
    [OSError(28, "No space left on device"), MemoryError(), duckdb.Error("Could not convert 'Jansen' to INT32")],
    ids=lambda trouble: type(trouble).__name__,
)
def test_what_the_server_could_not_do_is_tried_again(own, monkeypatch, trouble):
    rewrite(file(), b"\n", b"\r\n")

    def broken(_self, _progress=None):
        raise trouble

    with monkeypatch.context() as patch:
        patch.setattr(Incoming, "land", broken)
        flowed = flow.run_all(None)
    first = last()
    assert first.state == "failed"
    assert "De server kon dit niet lezen" in first.message
    assert "Jansen" not in first.message
    assert flowed.snapshot is not None  # the other sources went on
    flow.run_all(None)
    assert last().state == "repaired"


def test_a_file_that_kills_the_reading_each_time_is_set_aside(own):
    rewrite(file(), b"\n", b"\r\n")
    delivered = _delivered(file())
    for _turn in range(STRIKES):
        runs.begin(None, source(), file().name, delivered)
        recovery.recover(flow.data_folder())
    flowed = flow.run_all(None)
    aside = last()
    assert aside.state == "failed"
    assert "drie keer" in aside.message
    assert flowed.snapshot is not None
    flow.run_all(None)
    assert last() == aside  # left alone from now on
    (asked,) = flow.request(own.people["ict_manager"], [source()])
    flow.run_asked()
    asked.refresh_from_db()
    assert asked.state == "repaired"  # a person may try it again


def test_two_kills_are_no_reason_to_set_it_aside(own):
    rewrite(file(), b"\n", b"\r\n")
    for _turn in range(STRIKES - 1):
        runs.begin(None, source(), file().name, _delivered(file()))
        recovery.recover(flow.data_folder())
    flow.run_all(None)
    assert last().state == "repaired"


def _delivered(path: Path) -> str:
    from schakel.collect.connectors import open_package
    from schakel.process import mappings

    needed = mappings.columns_for(flow.collectable())
    return Incoming(open_package(path), "verzuim", needed["verzuim"], flow.data_folder()).delivered


def test_a_request_for_what_did_not_change_is_answered(own):
    (asked,) = flow.request(own.people["ict_manager"], [source()])
    flowed = flow.run_asked()
    asked.refresh_from_db()
    assert flowed.runs == [asked]
    assert asked.state == "unchanged"
    assert asked.folder == f"landing/verzuim/{latest(flow.data_folder(), 'verzuim').digest}"


def test_only_what_has_a_file_can_be_asked_for(own):
    file("meldingen").unlink()
    asked = flow.request(own.people["ict_manager"], [source("meldingen"), source()])
    assert [run.source.key for run in asked] == ["verzuim"]


def test_a_file_that_went_after_the_request_is_said(own):
    (asked,) = flow.request(own.people["ict_manager"], [source()])
    file().unlink()
    flow.run_asked()
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert "verzuim_*" in asked.message


def test_a_source_that_was_switched_off_after_the_request_is_said(own):
    (asked,) = flow.request(own.people["ict_manager"], [source()])
    put(own.people["ict_manager"], "source.write", Source, "verzuim", active=False)
    flow.run_all(None)
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert "staat uit" in asked.message


def test_nobody_asked_means_no_round(own):
    lines = AuditLine.objects.count()
    assert flow.run_asked() is None
    assert AuditLine.objects.count() == lines


def test_the_schedule_answers_requests_too(own):
    (asked,) = flow.request(own.people["ict_manager"], [source()])
    flow.run_all(None, sources=[])
    asked.refresh_from_db()
    assert asked.state == "unchanged"
    assert flow.asked() == []


def test_who_asked_first_is_read_first(own):
    people = own.people
    flow.request(people["ict_manager"], [source("verzuim")])
    flow.request(people["ict_manager"], [source("adviezen"), source("financien")])
    assert [found.key for found in flow.asked()] == ["verzuim", "financien", "adviezen"]


def test_the_same_content_under_a_new_name_is_a_delivery_without_news(own):
    before, landed = last(), latest(flow.data_folder(), "verzuim")
    file().rename(file().with_name("verzuim_99991231.csv"))
    flow.run_all(None)
    assert last() != before
    assert (last().state, last().file_name) == ("unchanged", "verzuim_99991231.csv")
    assert latest(flow.data_folder(), "verzuim").digest == landed.digest
    told = last()
    flow.run_all(None)
    assert last() == told
