"""A file that somebody brings: read under its own name, whole or not at all, by who may have sources read; and gone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect.connections import connect
from schakel.collect.runs import GOOD
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.addresses import Allowed
from schakel.lib.errors import Refused, SchakelError, Unknown
from schakel.lib.outgoing import Outgoing
from schakel.operations import brought, flow
from schakel.operations.bringing import bring, brought_as, may_be_brought, throw_away, waiting
from schakel.operations.readings import Reading

pytestmark = pytest.mark.django_db
WHOLE = [b"een;", b"twee\n"]


@pytest.fixture
def source(people, settings, tmp_path):
    settings.DATA = tmp_path
    settings.OUTGOING = Outgoing(Allowed(frozenset(), (str(tmp_path),)))
    system, _new = put(people["ict_manager"], "system.write", System, "las", name="LAS")
    given = {"name": "Verzuim", "system": system, "layout": "verzuim", "pattern": "verzuim_*.csv"}
    return put(people["ict_manager"], "source.write", Source, "verzuim", **given)[0]


def there() -> dict[str, bytes]:
    """What lies beside any source, by name; nothing of it is in the inbox."""
    assert list(flow.inbox().iterdir()) == []
    return {path.name: path.read_bytes() for path in (flow.data_folder() / "brought").rglob("*") if path.is_file()}


@pytest.mark.parametrize("who", ["ict_manager", "information_manager"])
def test_a_file_is_read_under_its_own_name(people, source, who):
    path = bring(people[who], source, "Verzuim_20261128.csv", WHOLE)
    assert there() == {"Verzuim_20261128.csv": b"een;twee\n"}
    assert flow.newest_file(source) == path
    line = AuditLine.objects.latest("number")
    assert (line.action, line.actor_id) == ("source.collect", people[who].pk)
    assert "20261128" not in str(line.facts), "what a file is called may be about a person"


@pytest.mark.parametrize("who", ["teacher", "school_leader", "school_admin", "board_member", "outsider"])
def test_who_may_not_have_sources_read_brings_nothing(people, source, who):
    with pytest.raises(Refused):
        bring(people[who], source, "verzuim_1.csv", WHOLE)
    assert there() == {}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absentie_1.csv", "heten als verzuim_*.csv"), ("verzuim_1.xlsx", "heten als verzuim_*.csv"),
        ("../verzuim_1.csv", "kan geen naam zijn"), ("verzuim_/1.csv", "kan geen naam zijn"),
        (".verzuim_1.csv", "kan geen naam zijn"), ("verzuim_\u202e.csv", "kan geen naam zijn"),
        ("CON.csv", "kan geen naam zijn"), ("", "kan geen naam zijn"),
    ],
)  # fmt: skip
def test_a_name_under_which_it_would_not_be_read_is_told(people, source, name, said):
    with pytest.raises(SchakelError, match=said.replace("*", r"\*")):
        bring(people["ict_manager"], source, name, WHOLE)
    assert there() == {}


def test_what_comes_before_the_file_that_counts_is_not_taken(people, source):
    bring(people["ict_manager"], source, "verzuim_3-11-2026.csv", WHOLE)
    with pytest.raises(SchakelError, match=r"latere naam, verzuim_3-11-2026\.csv"):
        bring(people["ict_manager"], source, "verzuim_27-10-2026.csv", WHOLE)
    bring(people["ict_manager"], source, "verzuim_10-11-2026.csv", [b"later"])
    bring(people["ict_manager"], source, "verzuim_10-11-2026.csv", [b"again"])
    assert there() == {"verzuim_3-11-2026.csv": b"een;twee\n", "verzuim_10-11-2026.csv": b"again"}


def test_an_earlier_year_is_taken_where_each_file_tells_of_its_own(people, source):
    given = {"name": "Inspectie", "system": source.system, "layout": "inspectie_referentieniveaus"}
    years = put(people["ict_manager"], "source.write", Source, "inspectie", pattern="*per_school*.ods", **given)[0]
    for name in ("20260925+per_school.ods", "20250926+per_school.ods"):
        bring(people["ict_manager"], years, name, WHOLE)
    assert set(there()) == {"20260925+per_school.ods", "20250926+per_school.ods"}


def test_a_file_that_breaks_off_leaves_nothing_behind(people, source):
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the connection is gone")

    bring(people["ict_manager"], source, "verzuim_1.csv", WHOLE)
    with pytest.raises(OSError, match="gone"):
        bring(people["ict_manager"], source, "verzuim_1.csv", broken())
    assert there() == {"verzuim_1.csv": b"een;twee\n"}


@pytest.mark.parametrize("why", ["off", "server"])
def test_what_is_not_read_from_the_inbox_takes_no_file(people, source, why):
    if why == "off":
        put(people["ict_manager"], "source.write", Source, "verzuim", active=False)
    else:
        reached = {"provider": "folder", "address": f"file://{flow.data_folder()}", "method": "none", "every_hours": 24}
        connect(people["ict_manager"], source, **reached)
    source.refresh_from_db()
    assert not may_be_brought(source)
    with pytest.raises(SchakelError, match="staat uit, of wordt van een server gelezen"):
        bring(people["ict_manager"], source, "verzuim_1.csv", WHOLE)
    assert there() == {}
    assert brought_as("verzuim_*.csv") is None


def test_files_that_are_called_just_like_it_are_of_one_source(source):
    assert brought_as("VERZUIM_*.csv") == source
    assert brought_as("verzuim_po_*.csv") is None


# And gone

ABSENCE = "Leerlingnummer;Vestiging;Datum;Soort;Reden;Klokuren;Lesuren;Lesuur\n"


def read(source: Source) -> str:
    return flow.run_all(None, [source]).runs[0].state


def test_what_came_in_goes_and_is_not_asked_for_again(people, source):
    bring(people["ict_manager"], source, "verzuim_1.csv", [ABSENCE.encode()])
    assert read(source) in GOOD
    assert there() == {}
    assert flow.run_all(None, [source]).runs == []


def test_what_came_in_and_went_is_not_replaced_by_an_older_file(people, source):
    bring(people["ict_manager"], source, "verzuim_10-11-2026.csv", [ABSENCE.encode()])
    assert read(source) in GOOD
    with pytest.raises(SchakelError, match=r"latere naam, verzuim_10-11-2026\.csv"):
        bring(people["ict_manager"], source, "verzuim_3-11-2026.csv", [ABSENCE.encode()])
    assert there() == {}
    bring(people["ict_manager"], source, "verzuim_10-11-2026.csv", [ABSENCE.encode() + b"\n"])
    bring(people["ict_manager"], source, "verzuim_17-11-2026.csv", [ABSENCE.encode()])
    assert set(there()) == {"verzuim_10-11-2026.csv", "verzuim_17-11-2026.csv"}


def test_what_cannot_come_in_stays_for_a_week(people, source):
    bring(people["ict_manager"], source, "verzuim_1.csv", [b"\x00\x01 no text at all"])
    assert read(source) == "failed"
    assert set(there()) == {"verzuim_1.csv"}
    with clock.held_at(clock.now() + brought.KEPT - timedelta(hours=1)):
        flow.run_all(None, [])
        assert set(there()) == {"verzuim_1.csv"}
    with clock.held_at(clock.now() + brought.KEPT + timedelta(hours=1)):
        flow.run_all(None, [])
    assert there() == {}


def test_where_the_board_keeps_its_files_in_the_inbox_it_joins_those(people, source):
    """Were it to go once it came in, the older one there would count again."""
    old = flow.inbox() / "verzuim_1.csv"
    old.write_text(ABSENCE)
    path = bring(people["ict_manager"], source, "verzuim_2.csv", [ABSENCE.encode() + b"\n"])
    assert path.parent == flow.inbox()
    assert read(source) in GOOD
    assert path.is_file() and flow.newest_file(source) == path


def test_what_took_its_place_while_it_was_read_is_not_lost(people, source, monkeypatch):
    path, land = bring(people["ict_manager"], source, "verzuim_1.csv", [ABSENCE.encode()]), Reading.land

    def slowly(*given, **more):
        done = land(*given, **more)
        bring(people["ict_manager"], source, "verzuim_1.csv", [ABSENCE.encode() + b"1;2;3;4;5;6;7;8\n"])
        return done

    monkeypatch.setattr(Reading, "land", slowly)
    assert read(source) in GOOD
    assert path.read_bytes().endswith(b"1;2;3;4;5;6;7;8\n")
    monkeypatch.undo()
    read(source)
    assert there() == {}


def test_what_could_not_come_in_can_be_thrown_away(people, source):
    bring(people["ict_manager"], source, "verzuim_2.csv", [b"\x00 no text"])
    read(source)
    assert [path.name for path in waiting(source)] == ["verzuim_2.csv"]
    for name in ("verzuim_1.csv", "../../inbox/x", ""):
        with pytest.raises(Unknown):
            throw_away(people["ict_manager"], source, name)
    with pytest.raises(Refused):
        throw_away(people["teacher"], source, "verzuim_2.csv")
    throw_away(people["ict_manager"], source, "verzuim_2.csv")
    assert (there(), waiting(source)) == ({}, [])
    bring(people["ict_manager"], source, "verzuim_1.csv", [ABSENCE.encode()])
    assert read(source) in GOOD


def test_a_file_from_the_inbox_stays_where_it_is(source):
    path = flow.inbox() / "verzuim_1.csv"
    path.write_text(ABSENCE)
    flow.collect(None, path, source)
    flow.run_all(None, [source])
    assert path.is_file()
