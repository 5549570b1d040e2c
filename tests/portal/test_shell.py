"""What stands around every page: the own front door, the places behind it, the snapshot, and who someone is today."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from schakel.access.permissions import decide
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.organisations import Organisation
from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.portal import shell
from schakel.portal.pages import standing
from tests.desk import Desk
from tests.distribute.school import DAY, START
from tests.portal.conftest import Seen, browser


def made(person=None, path="/", **cookies):
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    if person is not None:
        request.user = person
    return shell.shell(request)


def role(room: Desk, key: str, **fields) -> None:
    put(room.manager, "role.write", Role, key, **{"nl": key, "en": key, "side": "direction", **fields})


# The own front door


@pytest.mark.parametrize(
    ("name", "door"),
    [
        ("board_member", "bestuur"),
        ("information_manager", "informatiemanager"),
        ("ict_manager", "ict"),
        ("privacy_officer", "mijn"),
        ("leraar-A1", "mijn"),
        ("outsider", "mijn"),
    ],
)
def test_each_role_has_its_door(room: Desk, name: str, door: str) -> None:
    assert shell.own_door(room.people[name]).key == door


@pytest.mark.parametrize("key", ["supervisory_board", "functional_admin", "board_member", "ict_manager"])
def test_nobody_comes_in_at_a_door_that_stays_shut(room: Desk, key: str) -> None:
    """A supervisor, or a role that only the roster knows: the first page may not be a refusal."""
    role(room, key)
    room.assign("niemand", key, START)
    answer = browser(room.people["niemand"]).get("/", follow=True)
    assert answer.status_code == 200, answer.redirect_chain


def test_a_role_that_only_the_roster_knows_opens_no_door_of_the_register(room: Desk) -> None:
    """The roster calls someone a board member; the register gave no such role."""
    person = room.people["bestuurder"]
    assert standing.role_keys(person) == ["board_member"]
    assert not decide(person, "goal.write").allowed
    assert shell.own_door(person).key == "mijn"
    assert browser(person).get("/", follow=True).status_code == 200


def test_a_role_that_ended_yesterday_closes_the_door(room: Desk) -> None:
    room.assign("niemand", "ict_manager", START, end=DAY)
    assert shell.own_door(room.people["niemand"]).key == "ict"
    with clock.held_at(DAY + timedelta(days=1)):
        assert shell.own_door(room.people["niemand"]).key == "mijn"
        assert browser(room.people["niemand"]).get("/ict").status_code == 403


def test_the_register_comes_before_the_roster(room: Desk) -> None:
    room.assign("leraar-A1", "ict_manager", START)
    assert standing.role_keys(room.people["leraar-A1"]) == ["ict_manager", "teacher"]
    assert shell.own_door(room.people["leraar-A1"]).key == "ict"


def test_doors_in_the_rail_are_those_that_open(room: Desk) -> None:
    for name in ("board_member", "ict_manager", "outsider"):
        client = browser(room.people[name])
        for door in made(room.people[name]).doors:
            assert client.get(door.href).status_code == 200, (name, door.href)


# Where you are


@pytest.mark.parametrize(
    ("path", "door", "place"),
    [
        ("/behoeften/late", "informatiemanager", "/behoeften"),
        ("/behoeften", "informatiemanager", "/behoeften"),
        ("/behoeftenlijst", "informatiemanager", None),
        ("/bronnen/las/quarantaine", "ict", "/bronnen"),
        ("/overzichten/late", "mijn", "/overzichten"),
        ("/bestuur", "bestuur", "/bestuur"),
        ("/hiaten/", "informatiemanager", "/hiaten"),
        ("/nergens", "informatiemanager", None),
        ("/", "informatiemanager", None),
    ],
)
def test_the_place_that_is_current(room: Desk, path: str, door: str, place: str | None) -> None:
    found = made(room.manager, path)
    assert found.door.key == door
    assert [p.href for p in found.places if p.current] == ([place] if place else [])


def test_counts_in_the_rail_are_those_of_the_pages(room: Desk) -> None:
    counts = {p.href: p.count for p in made(room.manager, "/informatiemanager").places}
    assert counts["/behoeften"] == "2"
    assert int(counts["/hiaten"]) == standing.Counts().gaps
    assert {p.href: p.count for p in made(room.people["ict_manager"], "/ict").places}["/bronnen"] == "0"


@pytest.mark.parametrize(("name", "sees"), [("board_member", True), ("information_manager", True), ("outsider", False)])
def test_the_log_stands_in_the_rail_of_who_may_read_it(room: Desk, name: str, sees: bool) -> None:
    found = made(room.people[name], "/bestuur").places
    assert any(place.href == "/logboek" for place in found) is sees


# The foundation, the snapshot, the role


def test_the_foundation_and_its_schools(room: Desk) -> None:
    assert made(room.manager).schools == ""
    put(room.manager, "organisation.write", Organisation, "b", name="Stichting <Oever>", level="board")
    put(room.manager, "organisation.write", Organisation, "s", name="De Kiem", level="school")
    found = made(room.manager)
    assert (found.foundation, found.schools) == ("Stichting <Oever>", "1 school")
    html = browser(room.manager).get("/over/hulp").content.decode()
    assert "Stichting &lt;Oever&gt;" in html
    assert "<Oever>" not in html


def test_the_snapshot_by_day_and_hour(room: Desk) -> None:
    assert made().snapshot == "Momentopname van maandag 23 november 2026, 06.10 uur"
    with room.another_snapshot(finished="2026-11-22T23:30:00+00:00"):
        assert made().snapshot == "Momentopname van maandag 23 november 2026, 00.30 uur"
    with spoken("en"):
        assert made().snapshot == "Snapshot of Monday 23 November 2026, 06:10"
    with room.no_snapshot():
        assert made().snapshot == "Nog geen momentopname"


@pytest.mark.parametrize(("name", "label"), [("leraar-A1", "Teacher"), ("outsider", "Geen rol")])
def test_the_role_of_today(room: Desk, name: str, label: str) -> None:
    assert made(room.people[name]).role == label


def test_of_a_role_with_two_names_the_first(room: Desk) -> None:
    role(room, "dean", nl="decaan / loopbaanbegeleider", en="career counsellor / dean")
    room.assign("niemand", "dean", START)
    assert standing.label(room.people["niemand"]) == "Decaan"
    with spoken("en"):
        assert standing.label(room.people["niemand"]) == "Career counsellor"


def test_two_people_with_one_address_keep_their_roles_of_the_register(room: Desk) -> None:
    twice = [f"INSERT INTO staff (staff_id, work_email) VALUES ('d{n}', 'niemand@oever.example')" for n in range(2)]
    room.assign("niemand", "controller", START)
    with room.another_snapshot(*twice):
        assert standing.role_keys(room.people["niemand"]) == ["controller"]
        assert browser(room.people["niemand"]).get("/mijn").status_code == 200


def test_nobody_has_no_doors_and_no_role(room: Desk) -> None:
    found = made()
    assert (found.doors, found.places, found.role) == ([], (), "")


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("auto", "auto"), ("", "auto")])
def test_a_theme_that_is_known(room: Desk, cookie: str, theme: str) -> None:
    assert made(thema=cookie).theme == theme


@pytest.mark.parametrize("cookie", ["zwart", '"><script>', "dark dark", "../x"])
def test_a_theme_that_was_made_up_is_ignored(room: Desk, cookie: str) -> None:
    assert made(thema=cookie).theme == "auto"
    assert "<script>" not in Client(headers={"cookie": f"thema={cookie}"}).get("/aanmelden").content.decode()


def test_switches_lead_back_to_the_page_with_what_was_chosen(room: Desk) -> None:
    page = Seen(browser(room.manager).get('/behoeften?t-stand=live&t-zoek="><b>').content.decode())
    back = {field["value"] for field in page.all("input") if field.get("name") == "terug"}
    assert back == {"/behoeften?t-stand=live&t-zoek=%22%3E%3Cb%3E"}


def test_outside_the_demonstration_there_are_no_stock_people(room: Desk, settings: object) -> None:
    settings.SCHAKEL_DEMO = False  # type: ignore[attr-defined]
    found = made(room.manager)
    assert (found.demo, found.stock) == (False, ())
    assert "Stap in als iemand anders" not in browser(room.manager).get("/over/hulp").content.decode()
