"""A source that is a server: read when it is due or asked for, with a run that says what came of it; nothing half."""

import datetime
import json

import pytest

from schakel.access.register import put
from schakel.chain.consultation import Consultation
from schakel.chain.systems import System
from schakel.collect import runs, schedules
from schakel.collect.connections import connect, connection_of, vault
from schakel.collect.landing import latest
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.addresses import Allowed
from schakel.lib.outgoing import Outgoing
from schakel.operations import agenda, fetchings, recovery
from schakel.operations.progress import Teller
from schakel.operations.readings import Reading
from tests.connectors.reference_provider import providing
from tests.connectors.test_oneroster_rest import NEEDED
from tests.connectors.test_rest_faults import cut, refusing
from tests.operations.test_recovery import Killed, killed

pytestmark = pytest.mark.django_db
LATER = datetime.timedelta(hours=25)


class Desk:
    """A source that is connected to a reference provider, read as a round reads it."""

    def __init__(self, server, actor, data):
        self.server, self.actor, self.data = server, actor, data
        system, _new = put(actor, "system.write", System, "las", name="LAS")
        fields = {"name": "LAS", "system": system, "layout": "oneroster", "pattern": "las_*.zip"}
        self.source, _new = put(actor, "source.write", Source, "las", **fields)
        said = server.access
        connect(
            actor, self.source, provider="oneroster-rest", version=said.version, address=said.address,
            method=said.method, token_address=said.token_address, client=said.client, secret=said.secret,
        )  # fmt: skip

    def read(self, after=datetime.timedelta(0), needed=NEEDED):
        """The run of a round at a later moment; None when the source is not due."""
        with clock.held_at(clock.now() + after):
            (self.data / "work").mkdir(exist_ok=True)
            reading = Reading(None, self.data, {"oneroster": needed}, Teller(self.data / "work"))
            return fetchings.fetching(reading, self.source).read()

    @property
    def landed(self):
        return latest(self.data, "las")

    @property
    def fetching(self):
        return self.data / "fetching" / "las"


@pytest.fixture
def desk(people, settings, tmp_path):
    settings.DATA, settings.OUTGOING = tmp_path, Outgoing(Allowed(frozenset({"127.0.0.1"})))
    with providing() as server:
        yield Desk(server, people["ict_manager"], tmp_path)


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def test_a_first_reading_lands_and_leaves_nothing_behind(desk):
    run = desk.read()
    assert (run.state, run.message) == ("good", "")
    assert run.file_name == f"127.0.0.1:{desk.server.server.server_port}"
    assert run.rows_read > 80
    assert desk.landed.rows["users"] == 23
    assert not desk.fetching.exists()
    assert "Noor" not in (desk.data / "fetching" / "las.json").read_text()


def test_it_is_read_again_when_it_is_due_and_not_before(desk):
    desk.read()
    count = len(desk.server.questions)
    assert desk.read() is None
    assert desk.read(datetime.timedelta(hours=23)) is None
    assert len(desk.server.questions) == count
    assert desk.read(LATER).state == "unchanged"
    assert all("filter" in q for q in desk.server.questions[count:])


def test_who_asks_does_not_wait_for_it(desk):
    desk.read()
    (asked,) = runs.ask(desk.actor, [desk.source])
    run = desk.read()
    assert run.pk == asked.pk
    assert run.state == "unchanged"
    assert run.folder == Run.objects.exclude(pk=run.pk).get().folder  # the page shows what stands


def test_a_change_is_applied_to_what_stands(desk):
    desk.read()
    before = desk.landed.digest
    desk.server.files["users"][0]["givenName"] = "Anders"
    desk.server.modified["users", "u1"] = "2099-01-01T00:00:00.000Z"
    run = desk.read(LATER)
    assert run.state == "good"
    assert desk.landed.digest != before
    assert desk.landed.rows["users"] == 23


def test_once_a_week_all_of_it_is_read(desk):
    """What a server takes away without a word is seen then."""
    desk.read()
    desk.server.files["enrollments"].pop()
    assert desk.read(LATER).state == "unchanged"
    count = len(desk.server.questions)
    assert desk.read(datetime.timedelta(days=8)).state in ("good", "repaired")
    assert all("filter" not in q for q in desk.server.questions[count:])
    assert desk.landed.rows["enrollments"] == 22


def test_another_need_reads_all_of_it(desk):
    desk.read()
    count = len(desk.server.questions)
    desk.read(LATER, {**NEEDED, "users": NEEDED["users"] | {"email"}})
    assert all("filter" not in q for q in desk.server.questions[count:])


def test_another_landing_than_was_remembered_reads_all_of_it(desk):
    """As after a crash between taking in and remembering."""
    desk.read()
    cursor = desk.data / "fetching" / "las.json"
    cursor.write_text(json.dumps(json.loads(cursor.read_text()) | {"landing": "an older one"}))
    count = len(desk.server.questions)
    assert desk.read(LATER).state == "unchanged"  # the same content
    assert all("filter" not in q for q in desk.server.questions[count:])


def test_a_break_is_tried_again_soon_and_goes_on(desk):
    desk.server.faults = dict.fromkeys(range(6, 10), cut)
    run = desk.read()
    assert (run.state, run.delivered) == ("failed", "")
    assert run.retry_at is not None
    assert "brak af" in run.message
    assert desk.landed is None
    assert desk.read() is None
    count = len(desk.server.questions)
    assert desk.read(datetime.timedelta(minutes=31)).state == "good"
    assert count > 6
    assert "orgs" not in [q["collection"] for q in desk.server.questions[count:]]


def test_each_try_waits_longer_and_counts(desk):
    desk.server.faults = dict.fromkeys(range(1, 100), cut)
    first = desk.read()
    assert (first.attempt, first.retry_at - clock.now() < datetime.timedelta(minutes=5)) == (1, True)
    second = desk.read(datetime.timedelta(minutes=6))
    assert second.attempt == 2
    assert desk.read(datetime.timedelta(minutes=12)) is None
    assert desk.read(datetime.timedelta(minutes=22)).attempt == 3


def test_a_server_that_asks_for_an_hour_gets_it(desk):
    desk.server.faults = {2: refusing(429, "server_busy", Retry_After="3600")}
    run = desk.read()
    assert run.state == "failed"
    assert 3590 < (run.retry_at - clock.now()).total_seconds() <= 3600
    assert desk.read(datetime.timedelta(minutes=31)) is None
    assert desk.read(datetime.timedelta(minutes=61)).state == "good"


def test_a_server_is_read_on_its_schedule_and_not_before(desk):
    now = clock.now()
    with clock.held_at(now - datetime.timedelta(days=2)):
        desk.source = schedules.plan(desk.actor, desk.source, f"{now.minute} {now.hour} * * *")
    first = desk.read(datetime.timedelta(minutes=1))
    assert first.planned_for.astimezone(clock.AMSTERDAM).hour == now.hour
    assert desk.read(datetime.timedelta(hours=23)) is None
    assert desk.read(datetime.timedelta(hours=24, minutes=1)).planned_for > first.planned_for


def test_a_refusal_waits_until_somebody_does_something(desk):
    desk.read()
    standing = desk.landed.digest
    desk.server.faults = {len(desk.server.questions) + 1: refusing(403, "forbidden")}
    run = desk.read(LATER)
    assert run.state == "failed"
    assert "leesrecht" in run.message
    assert desk.landed.digest == standing
    assert desk.read(LATER + datetime.timedelta(hours=1)) is None
    assert desk.read(2 * LATER).state == "unchanged"


def test_a_guarded_address_is_a_failed_run(desk, settings):
    settings.OUTGOING = Outgoing()
    run = desk.read()
    assert run.state == "failed"
    assert "https://" in run.message
    assert desk.server.server.asked == []


def test_a_lost_key_is_a_failed_run_that_says_what_to_do(desk):
    vault().path.unlink()
    run = desk.read()
    assert run.state == "failed"
    assert "Vul het opnieuw in" in run.message


def test_what_stops_at_the_checks_keeps_nothing(desk):
    numbers = ["111222333", "123456782", "123456795", "123456809", "123456810", "123456822", "123456834", "123456846"]
    desk.read()
    standing = desk.landed.digest
    for user, number in zip(desk.server.files["users"], [*numbers] * 3, strict=False):
        user["identifier"] = number
    desk.read(LATER, {**NEEDED, "users": NEEDED["users"] | {"identifier"}})
    files = "".join(str(path) for path in desk.data.rglob("*"))
    assert "fetching/las/" not in files
    assert standing


def test_a_source_that_is_off_or_has_no_server_is_not_fetched(desk, people):
    put(desk.actor, "source.write", Source, "las", active=False)
    desk.source.refresh_from_db()
    reading = Reading(None, desk.data, {}, Teller(desk.data))
    assert fetchings.fetching(reading, desk.source) is None


def test_a_killed_reading_is_closed_and_goes_on(desk):
    desk.server.faults = dict.fromkeys(range(6, 10), cut)
    desk.read()
    begun = runs.begin(None, desk.source, "127.0.0.1")
    recovery.recover(desk.data)
    begun.refresh_from_db()
    assert begun.state == "interrupted"
    assert desk.read(datetime.timedelta(minutes=31)).state == "good"


def test_a_killed_reading_leaves_what_stands_to_the_run_that_brought_it(desk):
    desk.read()
    runs.begin(None, desk.source, "127.0.0.1")
    (closed,) = recovery.recover(desk.data)
    assert (closed.state, closed.rows_read) == ("interrupted", 0)


def test_what_was_fetched_and_came_in_before_the_kill_counts(desk, monkeypatch):
    before = desk.read()
    desk.server.files["users"][0]["givenName"] = "Anders"
    desk.server.modified["users", "u1"] = "2099-01-01T00:00:00.000Z"
    with monkeypatch.context() as patch:
        patch.setattr(runs, "close_with", killed)
        with pytest.raises(Killed):
            desk.read(LATER)
    assert desk.fetching.exists()
    (closed,) = recovery.recover(desk.data)
    assert closed.state == "good"
    assert "al binnen" in closed.message
    assert closed.delivered == desk.landed.delivered != before.delivered
    assert not desk.fetching.exists()  # what was fetched then is not taken for what the server has later
    assert desk.read(2 * LATER).state in runs.GOOD
    assert desk.landed.rows["users"] == 23


def test_what_lost_columns_since_is_of_no_killed_run(desk):
    desk.read()
    told = desk.landed.folder / "landing.json"
    told.write_text(json.dumps(json.loads(told.read_text()) | {"delivered": ""}))
    runs.begin(None, desk.source, "127.0.0.1")
    assert [run.state for run in recovery.recover(desk.data)] == ["interrupted"]


def test_what_nobody_takes_up_goes(desk):
    desk.server.faults = dict.fromkeys(range(6, 10), cut)
    desk.read()
    assert desk.fetching.exists()
    fetchings.tidy(desk.data)
    assert desk.fetching.exists()
    with clock.held_at(clock.now() + LATER):
        fetchings.tidy(desk.data)
    assert not desk.fetching.exists()
    desk.fetching.parent.joinpath("weg").mkdir()
    fetchings.tidy(desk.data)
    assert not desk.fetching.parent.joinpath("weg").exists()


def test_the_secret_stands_nowhere_on_disk(desk):
    desk.read()
    secret = connection_of(desk.source).secret.encode()
    for path in desk.data.rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes()


def test_a_secret_that_ends_stands_on_the_agenda(desk):
    known = connection_of(desk.source)
    soon = clock.today() + datetime.timedelta(days=40)
    for day, expected in ((None, []), (soon, ["las"]), (soon + datetime.timedelta(days=300), [])):
        connect(desk.actor, desk.source, address=known.address, secret_expires_on=day)
        points = agenda.draw(Consultation(key="x", nl="x", level="operational", rhythm="weekly"))
        assert [line.key for point in points if point.key == "secrets" for line in point.lines] == expected
