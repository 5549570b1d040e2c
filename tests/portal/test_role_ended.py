"""A role that ended yesterday opens nothing (law 4): no page, no file, no step, no line on a front door."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from schakel.access.register import assign, put
from schakel.access.roles import Role
from schakel.chain.deciding import Wanted, ask
from schakel.chain.needs import InformationNeed
from schakel.distribute.delivery import Delivery
from schakel.distribute.products import write_product
from schakel.lib import clock
from tests.desk import SENTENCE, Desk
from tests.distribute.school import DAY, START
from tests.portal.conftest import Seen, browser
from tests.portal.supplies import landing, reading, source

# Per role of the register: what it opens, by looking and by doing.
READS = {
    "board_member": ("/bestuur", "/logboek", "/bronnen", "/quarantaine", "/bronnen.xlsx"),
    "information_manager": ("/bestuur", "/logboek", "/ict", "/bronnen/las", "/bronnen/las/bevindingen.xlsx"),
    "ict_manager": ("/ict", "/bronnen", "/bronnen/las", "/quarantaine", "/bronnen.xlsx"),
    "privacy_officer": ("/logboek", "/bronnen"),
    "school_admin": ("/bronnen/las/quarantaine",),
}
DOES = {
    "board_member": (("/behoeften/wacht/goedkeuren", {}), ("/behoeften/wacht/afwijzen", {"reden": "x"})),
    "information_manager": (("/behoeften/nieuw/beoordelen", {}), ("/behoeften/wacht/afwijzen", {"reden": "x"})),
    "ict_manager": (("/behoeften/late/gebruiken", {}), ("/bronnen/lezen", {})),
    "privacy_officer": (("/behoeften/wacht/adviseren", {"tekst": "x"}),),
}


@pytest.fixture
def ending(room: Desk) -> Iterator[Desk]:
    """Someone whose roles of the register all end today, with something behind each door."""
    for key in ("board_member", "information_manager", "ict_manager", "privacy_officer", "school_admin"):
        assign(room.manager, room.people["niemand"], Role.objects.get(key=key), START, end=DAY)
    reading(room, source(room), "repaired", folder=landing(), rows_quarantined=1)
    room.need("wacht", ["absence.kind"], [("teacher", "own_groups")])
    role = Role.objects.get(key="teacher")
    ask(
        room.people["outsider"], "nieuw", elements=[Wanted(room.element("absence.kind"), "required", "nodig")],
        audience=[(role, "own_groups")], role=role, activity=room.activity, question="x?", level="person", **SENTENCE,
    )  # fmt: skip
    yield room


def test_pages_and_files_of_the_register(ending: Desk) -> None:
    client = browser(ending.people["niemand"])
    addresses = sorted({address for pages in READS.values() for address in pages})
    for address in addresses:
        assert client.get(address).status_code == 200, address
    with clock.held_at(DAY + timedelta(days=1)):
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 403, address
            assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_steps_of_the_register(ending: Desk) -> None:
    client = browser(ending.people["niemand"])
    before = dict(InformationNeed.objects.values_list("key", "state"))
    with clock.held_at(DAY + timedelta(days=1)):
        for address, fields in (step for steps in DOES.values() for step in steps):
            assert client.post(address, fields).status_code == 403, address
    assert dict(InformationNeed.objects.values_list("key", "state")) == before


def test_a_step_on_the_last_day_still_goes(ending: Desk) -> None:
    client = browser(ending.people["niemand"])
    assert client.post("/behoeften/nieuw/beoordelen").status_code == 302
    assert InformationNeed.objects.get(key="nieuw").state == "assessed"


def test_the_rail_and_the_front_door_follow_the_day(ending: Desk) -> None:
    client = browser(ending.people["niemand"])
    assert client.get("/").headers["Location"] != "/mijn"
    with clock.held_at(DAY + timedelta(days=1)):
        assert client.get("/").headers["Location"] == "/mijn"
        links = {link.get("href") for link in Seen(client.get("/mijn").content.decode()).all("a")}
        assert not {"/bestuur", "/ict", "/logboek"} & links


# The roster


PAGES = ("/overzichten/late", "/overzichten/late.csv", "/overzichten/late.xlsx")


@pytest.mark.parametrize(("name", "day", "opens"), [
    ("oud", -1, True), ("oud", 0, False), ("oud", 1, False),
    ("nieuw", 0, False), ("nieuw", 1, True),
    ("leraar-A1", 0, True),
])  # fmt: skip
def test_a_product_by_page_and_file(room: Desk, name: str, day: int, opens: bool) -> None:
    write_product(room.manager, "late", columns=[{"key": "first_name", "nl": "Naam"}])
    client = browser(room.people[name])
    with clock.held_at(DAY + timedelta(days=day)):
        for address in PAGES:
            answer = client.get(address)
            assert answer.status_code == (200 if opens else 403), address
            assert (b"KindpA1" in answer.content or answer.content.startswith(b"PK")) is opens


def test_a_front_door_shows_nothing_of_yesterday(room: Desk) -> None:
    """The line on the front door comes from a delivery like any other."""
    spec = {
        "shape": "worklist",
        "signals": {"rules": [{"key": "x", "column": "keren", "at_least": 1, "tone": "bad", "nl": "Bellen"}]},
        "finding": [{"when": "x", "one_nl": "Bel {top.first_name}", "many_nl": "Bel {top.first_name} en anderen"}],
        "columns": [{"key": "first_name", "nl": "Naam"}, {"key": "keren", "nl": "Keren", "format": "integer"}],
    }
    write_product(room.manager, "late", **spec)
    client = browser(room.people["oud"])
    with clock.held_at(DAY - timedelta(days=1)):
        assert "Bel KindpA1" in client.get("/mijn").content.decode()
    before = Delivery.objects.count()
    html = client.get("/mijn").content.decode()
    assert "KindpA1" not in html
    assert Delivery.objects.count() == before
    assert "Niet voor u" in client.get("/overzichten").content.decode()


def test_a_session_does_not_remember_who_someone_was(room: Desk) -> None:
    """The same browser, the same session: the day decides."""
    client = browser(room.people["oud"])
    with clock.held_at(DAY - timedelta(days=1)):
        assert client.get(PAGES[0]).status_code == 200
    assert client.get(PAGES[0]).status_code == 403


@pytest.mark.parametrize("header", ["HTTP_X_DATE", "HTTP_DATE", "HTTP_IF_MODIFIED_SINCE"])
def test_no_header_brings_back_the_day(room: Desk, header: str) -> None:
    answer = browser(room.people["oud"]).get(PAGES[0], **{header: "Sun, 22 Nov 2026 10:00:00 GMT"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "query", ["day=2026-11-22", "dag=2026-11-22", "t-dag=2026-11-22", "als=teacher", "rol=teacher", "wie=leraar-A1"]
)
def test_no_address_brings_back_the_day_or_another_role(room: Desk, query: str) -> None:
    for address in PAGES:
        assert browser(room.people["oud"]).get(f"{address}?{query}").status_code == 403


def test_a_role_that_moved_to_another_school_moves_at_once(room: Desk) -> None:
    put(room.manager, "role.write", Role, "school_leader", nl="schoolleider", en="school leader")
    role = Role.objects.get(key="school_leader")
    assign(room.manager, room.people["niemand"], role, START, organisation_key="school-A", end=DAY)
    assign(room.manager, room.people["niemand"], role, DAY + timedelta(days=1), organisation_key="school-B")
    client = browser(room.people["niemand"])
    today = client.get("/overzichten/kinds.csv").content.decode("utf-8-sig").splitlines()[1:]
    with clock.held_at(DAY + timedelta(days=1)):
        tomorrow = client.get("/overzichten/kinds.csv").content.decode("utf-8-sig").splitlines()[1:]
    assert {line.split(";")[0] for line in today} == {"A"}
    assert {line.split(";")[0] for line in tomorrow} == {"B"}
