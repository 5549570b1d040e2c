"""Sources of every way in, from being connected to what stands: whole, once, and gone when one lets go."""

import datetime
import sqlite3

import pytest

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect.connections import Connection, connection_of, disconnect, trust
from schakel.collect.landing import latest
from schakel.collect.source_mappings import SourceMapping
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.addresses import Allowed
from schakel.lib.errors import Refused, SchakelError
from schakel.lib.outgoing import Outgoing
from schakel.operations import fetchings, ways_in
from schakel.operations.progress import Teller
from schakel.operations.readings import Reading
from tests.connectors.declarations import VERZUIM
from tests.connectors.json_server import SECRET, json_serving
from tests.connectors.sftp_server import needs_sshd, sftp_server
from tests.connectors.test_rest_json import wish

pytestmark = pytest.mark.django_db
NEEDED = {"absence": frozenset({"pupil_number", "site_identifier", "date", "kind"})}
FOLDER = {"provider": "folder", "method": "none"}
_LINE = "Leerlingnummer;Vestiging;Datum;Lesuur;Soort;Reden;Klokuren;Lesuren;Minuten te laat;Contact op;Opmerking\n"


class Desk:
    """Who connects, to what, and a round that reads it."""

    def __init__(self, actor, data, base):
        self.actor, self.data, self.base = actor, data, base
        self.system, _new = put(actor, "system.write", System, "las", name="LAS")

    def begin(self, reached, **more):
        return ways_in.begin(self.actor, "verzuim-nu", "Verzuim nu", self.system, reached=reached, **more)

    def folder(self, **details):
        reached = {**FOLDER, "address": f"file://{self.base}", "details": details}
        return self.begin(reached, layout="verzuim", pattern="verzuim_*.csv")

    def read(self, source, hours=0):
        with clock.held_at(clock.now() + datetime.timedelta(hours=hours)):
            (self.data / "work").mkdir(exist_ok=True)
            reading = Reading(None, self.data, {"verzuim": NEEDED}, Teller(self.data / "work"))
            fetched = fetchings.fetching(reading, source)
            return fetched.read() if fetched else None

    def put(self, name, *pupils):
        rows = "".join(f"{pupil};00AA00;01-09-2026;1;G;;;;;;geheime opmerking\n" for pupil in pupils)
        (self.base / name).write_text(_LINE + rows, encoding="cp1252")

    @property
    def rows(self):
        landed = latest(self.data, "verzuim-nu")
        return landed.rows["absence"] if landed else None


@pytest.fixture
def desk(people, settings, tmp_path, monkeypatch):
    data, base = tmp_path / "data", tmp_path / "uit"
    data.mkdir()
    base.mkdir()
    settings.DATA = data
    settings.OUTGOING = Outgoing(Allowed(frozenset({"127.0.0.1"}), (str(base),)))
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr("schakel.connectors.waiting_files.STILL", 0.0)
    return Desk(people["ict_manager"], data, base)


def test_a_file_in_a_folder_comes_in_once_and_nothing_of_it_stays_behind(desk):
    source = desk.folder()
    desk.put("verzuim_1.csv", 1, 2, 3)
    assert desk.read(source).state in ("good", "repaired")
    assert desk.rows == 3
    assert desk.read(source) is None  # not due
    assert desk.read(source, 25).state == "unchanged"
    desk.put("verzuim_2.csv", 1, 2, 3)  # the same content under another name
    assert desk.read(source, 50).state == "unchanged"
    desk.put("verzuim_3.csv", 1, 2, 3, 4)
    assert desk.read(source, 75).state in ("good", "repaired")
    assert desk.rows == 4
    kept = [path for path in desk.data.rglob("*") if path.is_file() and b"geheime" in path.read_bytes()]
    assert kept == []


def test_a_file_that_cannot_come_in_leaves_what_stood(desk):
    source = desk.folder()
    desk.put("verzuim_1.csv", 1, 2, 3)
    desk.read(source)
    (desk.base / "verzuim_2.csv").write_bytes(b"\0\1\2 geen tekst")
    run = desk.read(source, 25)
    assert run.state == "failed"
    assert run.message
    assert desk.rows == 3


def test_each_file_counts_and_the_next_is_read_at_once(desk):
    source = desk.folder(each=True, archive="verwerkt")
    for number in (1, 2):
        desk.put(f"verzuim_{number}.csv", *range(1, number + 1))
    desk.read(source)
    assert desk.rows == 1
    desk.read(source)  # without waiting a day
    assert desk.rows == 2
    assert desk.read(source) is None
    assert len(list((desk.base / "verwerkt").iterdir())) == 2


def test_an_empty_folder_is_told_and_looked_into_again_soon(desk):
    source = desk.folder()
    run = desk.read(source)
    assert (run.state, run.delivered) == ("failed", "")
    assert "nog geen bestand klaar" in run.message
    desk.put("verzuim_1.csv", 1)
    assert desk.read(source) is None
    assert desk.read(source, 1).state in ("good", "repaired")


def sqlite(desk, count=5):
    with sqlite3.connect(desk.base / "las.sqlite") as con:
        con.execute("CREATE TABLE IF NOT EXISTS verzuim (nummer, vestiging, datum, soort, opmerking)")
        con.execute("DELETE FROM verzuim")
        con.executemany(
            "INSERT INTO verzuim VALUES (?, '00AA00', '2026-09-01', 'G', 'geheim')", [(n,) for n in range(count)]
        )
    return {"provider": "sql", "method": "none", "address": f"sqlite://{desk.base}/las.sqlite"}


def test_a_table_comes_in_and_a_new_place_of_a_column_is_a_new_version(desk):
    source = desk.begin(sqlite(desk), declared=VERZUIM)
    assert (source.layout, source.pattern) == ("verzuim", "verzuim-db_*.csv")
    assert desk.read(source).state == "good"
    assert desk.rows == 5
    assert desk.read(source, 25).state == "unchanged"
    reached = sqlite(desk, 6)
    ways_in.adjust(desk.actor, source, reached, declared=VERZUIM)
    assert SourceMapping.objects.count() == 1
    with sqlite3.connect(desk.base / "las.sqlite") as con:
        con.execute("ALTER TABLE verzuim RENAME COLUMN soort TO verzuimsoort")
    run = desk.read(source, 50)
    assert (run.state, run.delivered) == ("failed", "refused")
    assert "geen kolom soort" in run.message
    relation = VERZUIM["relations"]["absence"]
    columns = {**relation["columns"], "kind": {**relation["columns"]["kind"], "header": "verzuimsoort"}}
    changed = {**VERZUIM, "relations": {"absence": {**relation, "columns": columns}}}
    ways_in.adjust(desk.actor, source, reached, declared=changed)
    assert [each.number for each in source.mappings.all()] == [2, 1]
    assert desk.read(source, 75).state == "good"
    assert desk.rows == 6


def test_a_json_server_comes_in(desk):
    with json_serving("page", "oauth2") as server:
        said = server.access
        reached = {"provider": "rest-json", "method": "oauth2", "address": said.address, "client": said.client,
                   "token_address": said.token_address, "secret": SECRET, "details": said.details}  # fmt: skip
        source = desk.begin(reached, declared=wish("page").declared)
        assert desk.read(source).state == "good"
        assert desk.rows == 23
        assert desk.read(source, 25).state == "unchanged"
    assert "geheime" not in "".join(str(p.read_bytes()) for p in desk.data.rglob("*") if p.is_file())


@needs_sshd
def test_a_file_of_a_server_comes_in_after_a_person_knows_its_key(desk, tmp_path):
    with sftp_server(tmp_path / "uit") as server:
        access, key = server.access(), server.fingerprint
        reached = {"provider": "sftp", "method": "key", "address": server.address, "client": access.client,
                   "secret": access.secret}  # fmt: skip
        source = desk.begin(reached, layout="verzuim", pattern="verzuim_*.csv")
        desk.base = server.folder
        desk.put("verzuim_1.csv", 1, 2)
        run = desk.read(source)
        assert (run.state, run.delivered) == ("failed", "refused")
        assert "nog niet goedgekeurd" in run.message
        trust(desk.actor, source, key)
        assert desk.read(source, 25).state in ("good", "repaired")
        assert desk.rows == 2
        # with another path the key stays, at another server it is asked anew
        ways_in.adjust(desk.actor, source, {**reached, "address": f"{server.address}/sub", "secret": ""})
        assert connection_of(source).details["host_key"] == key
        ways_in.adjust(desk.actor, source, {**reached, "address": "sftp://elders.example/uit"})
        assert "host_key" not in connection_of(source).details
    line = AuditLine.objects.filter(facts__icontains="host_key").first()
    assert key in str(line.facts)


def test_letting_go_removes_the_secret_and_stops_the_fetching(desk):
    source = desk.begin(
        {"provider": "rest-json", "method": "bearer", "address": "https://api.example", "secret": "zeer geheim"},
        declared=wish("page").declared,
    )
    disconnect(desk.actor, source)
    assert not Connection.objects.exists()
    assert desk.read(source) is None
    assert "api.example" in str(AuditLine.objects.order_by("-pk").first().facts)
    assert "zeer geheim" not in str(list(AuditLine.objects.values()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"address": "https://x.example"}, "geen adres|file://"),
        ({"address": "sqlite:///etc/passwd"}, "geen adres"),
        ({"address": "file://uit"}, "hele pad"),
        ({"address": "file:///srv/../etc"}, "hele pad"),
        ({"method": "basic", "secret": "x"}, "hoort niet bij"),
        ({"provider": "sftp", "method": "key", "address": "https://x.example", "secret": "x"}, "sftp://"),
        ({"provider": "sftp", "method": "key", "address": "sftp://x.example"}, "Vul het geheim in"),
        ({"provider": "fax"}, "kent Schakel niet"),
    ],
)
def test_what_cannot_be_connected_leaves_no_half_source(desk, change, said):
    with pytest.raises(SchakelError, match=said):
        desk.begin({**FOLDER, "address": f"file://{desk.base}", **change}, layout="verzuim", pattern="v_*.csv")
    assert not Source.objects.filter(key="verzuim-nu").exists()


def test_a_name_that_is_taken_is_told(desk):
    desk.folder()
    with pytest.raises(SchakelError, match="al een bron met deze naam"):
        desk.folder()


def test_who_may_not_change_sources_connects_nothing(desk, people):
    desk.actor = people["teacher"]
    with pytest.raises(Refused):
        desk.folder()
    assert not Source.objects.exists()
    desk.actor = people["ict_manager"]
    source = desk.folder()
    with pytest.raises(Refused):
        trust(people["teacher"], source, "ssh-ed25519 SHA256:x")


def test_there_is_no_key_without_a_server(desk):
    source = desk.folder()
    disconnect(desk.actor, source)
    with pytest.raises(SchakelError, match="Vul eerst in"):
        trust(desk.actor, source, "x")
