"""The gaps on one's own front door: the worst few, each with a step, the rest one click away."""

import pytest

from schakel.access.register import assign, put
from schakel.access.roles import Role
from schakel.chain.goals import Goal
from schakel.chain.systems import Link, System
from schakel.lib import clock
from schakel.portal.pages import broken_chain, own_gaps
from tests.desk import Desk
from tests.portal.conftest import browser


@pytest.fixture
def broken(room: Desk) -> Desk:
    """Two systems with personal data without agreement and an idle link for ICT, one goal for the teachers."""
    cloud, wolk = (
        put(room.manager, "system.write", System, key, name=f"Systeem {key}", personal_data=True)[0]
        for key in ("cloud", "wolk")
    )
    put(room.manager, "link.write", Link, "wolk-cloud", from_system=wolk, to_system=cloud)
    teacher = Role.objects.get(key="teacher")
    put(room.manager, "goal.write", Goal, "G9", nl="Rustige gangen", owner_role=teacher)
    return room


def titles(room: Desk, who: str) -> list[str]:
    found = own_gaps.of(room.people[who]).gaps
    return [part.line for part in found.items] if found else []


def test_ict_sees_what_ict_can_mend_the_worst_first(broken: Desk) -> None:
    found = own_gaps.of(broken.people["ict_manager"])
    assert found.gaps is not None
    kinds = [(part.key, part.tone) for part in found.gaps.items]
    assert kinds == [
        ("system-without-agreement", "bad"), ("link-carries-nothing", "unk"), ("system-without-activity", "unk"),
    ]  # fmt: skip
    assert all(part.action and part.action.href.startswith("/hiaten/") for part in found.gaps.items)


def test_at_most_a_few_and_the_rest_one_click_away(broken: Desk) -> None:
    found = own_gaps.of(broken.people["ict_manager"])
    assert found.gaps is not None
    assert len(found.gaps.items) == own_gaps.MOST
    assert int(found.count) > own_gaps.MOST
    page = broken_chain.page(broken.people["ict_manager"], {"t-wie": broken_chain.OWN})
    assert page.table.found == int(found.count)
    assert found.all.href == f"/hiaten?t-wie={broken_chain.OWN}"


def test_a_role_of_the_roster_brings_its_gaps(broken: Desk) -> None:
    """leraar-A1 is a teacher according to the roster only."""
    assert "Rustige gangen." in titles(broken, "leraar-A1")
    assert "Rustige gangen." not in titles(broken, "leider-A")


def test_an_assignment_in_the_register_does_too(broken: Desk) -> None:
    assert "Rustige gangen." not in titles(broken, "niemand")
    assign(broken.manager, broken.people["niemand"], Role.objects.get(key="teacher"), clock.today())
    assert "Rustige gangen." in titles(broken, "niemand")


def test_the_door_of_ict_shows_them_and_says_when_there_are_none(broken: Desk) -> None:
    html = browser(broken.people["ict_manager"]).get("/ict").content.decode()
    assert "Hiaten die op u wachten" in html
    assert "Vraag een verwerkersovereenkomst" in html
    assert f"/hiaten?t-wie={broken_chain.OWN}" in html
    html = browser(broken.people["privacy_officer"]).get("/ict").content.decode()
    assert "Er is nu geen hiaat in de keten waar u iets aan kunt doen." in html


def test_everyones_door_shows_them_only_to_whom_they_are(broken: Desk) -> None:
    html = browser(broken.people["leraar-A1"]).get("/mijn").content.decode()
    assert "Rustige gangen." in html
    assert "Hiaten die op u wachten" in html
    html = browser(broken.people["niemand"]).get("/mijn").content.decode()
    assert "Hiaten die op u wachten" not in html


def test_the_list_of_everybody_is_whole(broken: Desk) -> None:
    everyone = broken_chain.page(broken.people["niemand"], {})
    assert everyone.table.found > broken_chain.page(broken.people["ict_manager"], {"t-wie": "u"}).table.found
    assert broken_chain.page(broken.people["niemand"], {"t-wie": "u"}).table.found == 0


def test_what_is_mended_is_gone_from_the_door(broken: Desk) -> None:
    put(broken.manager, "goal.write", Goal, "G9", owner_role=None)
    assert "Rustige gangen." not in titles(broken, "leraar-A1")


def test_the_door_of_the_board_shows_what_waits_on_the_board(broken: Desk) -> None:
    html = browser(broken.people["board_member"]).get("/bestuur").content.decode()
    assert "Hiaten die op u wachten" not in html
    board = Role.objects.get(key="board_member")
    put(broken.manager, "goal.write", Goal, "G8", nl="Helder beleid", owner_role=board)
    html = browser(broken.people["board_member"]).get("/bestuur").content.decode()
    assert "Hiaten die op u wachten" in html
    assert "Helder beleid." in html
