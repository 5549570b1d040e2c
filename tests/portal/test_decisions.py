"""The pages and buttons around a decision: ending, earlier versions, reviews, standing in."""

from datetime import timedelta

import pytest

from schakel.access.delegations import Delegation
from schakel.access.permissions import decide
from schakel.chain import deciding
from schakel.chain.approvals import standing_approval
from schakel.chain.needs import InformationNeed
from schakel.distribute.ending import preview
from schakel.lib import clock
from tests.portal.conftest import Seen

pytestmark = pytest.mark.django_db


def need(key="absence_16h"):
    return InformationNeed.objects.whole().get(key=key)


def seen(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return Seen(answer.content.decode())


def hand_over(client, taker, *, what=("need.approve",), days=7, reason="vakantie", first=None):
    today = first or clock.today()
    return client.post(
        "/vervanging/overdragen",
        {"vervanger": taker.pk, "wat": list(what), "van": today.isoformat(),
         "tot": (today + timedelta(days=days)).isoformat(), "reden": reason},
    )  # fmt: skip


def test_the_page_of_an_ending_names_people_and_data(step_in):
    page = seen(step_in("board_member"), "/behoeften/absence_16h/beeindigen")
    assert "mensen verliezen iets" in page.title
    going = preview(need()).going
    assert going
    assert [g.element for g in going if g.element not in page.text] == []
    assert "wist Schakel" in page.text


def test_ending_needs_a_reason(step_in):
    answer = step_in("board_member").post("/behoeften/absence_16h/eindigen", {"reden": "  "})
    assert answer.status_code == 403
    assert need().state == "live"


def test_after_ending_the_reason_is_read_and_the_overview_is_shut(step_in):
    client = step_in("board_member")
    assert client.post("/behoeften/absence_16h/eindigen", {"reden": "Het loket doet dit nu."}).status_code == 302
    assert need().state == "ended"
    assert "Het loket doet dit nu." in seen(client, "/behoeften/absence_16h").text
    assert step_in("mentor").get("/overzichten/absence_16h").status_code == 403


@pytest.mark.parametrize("who", ["teacher", "ict_manager", "privacy_officer", "outsider"])
def test_who_may_not_end_sees_neither_page_nor_effect(step_in, who):
    client = step_in(who)
    assert client.get("/behoeften/absence_16h/beeindigen").status_code == 403
    assert client.post("/behoeften/absence_16h/eindigen", {"reden": "x"}).status_code == 403
    assert need().state == "live"


def test_an_earlier_version_is_read_as_it_was(step_in, board):
    old = need().rhythm
    deciding.revise(board.people["information_manager"], need(), rhythm="elk kwartaal")
    client = step_in("teacher")
    first, second = (seen(client, f"/behoeften/absence_16h/versies/{n}") for n in (1, 2))
    assert old in first.text
    assert "elk kwartaal" not in first.text
    assert "Goedkeuring vervallen" in first.text
    assert "elk kwartaal" in second.text
    assert old in second.text  # what it replaced
    assert "niets besloten" in second.text
    assert "/behoeften/absence_16h/versies/1" in [
        a.get("href") for a in seen(client, "/behoeften/absence_16h").all("a")
    ]


@pytest.mark.parametrize("number", [0, 2, 999])
def test_a_version_that_is_not_there(step_in, number):
    assert step_in("teacher").get(f"/behoeften/absence_16h/versies/{number}").status_code == 404


def test_a_review_closes_without_a_change(step_in, board):
    manager = step_in("information_manager")
    assert manager.post("/behoeften/absence_16h/herzien").status_code == 302
    assert "Laat zoals het is" in seen(manager, "/behoeften/absence_16h").text
    assert manager.post("/behoeften/absence_16h/bevestigen", {"reden": ""}).status_code == 403
    assert manager.post("/behoeften/absence_16h/bevestigen", {"reden": "Nog nodig."}).status_code == 302
    assert need().state == "live"
    assert standing_approval(need())


def test_after_a_change_a_review_asks_for_a_decision(step_in, board):
    manager = step_in("information_manager")
    manager.post("/behoeften/absence_16h/herzien")
    deciding.revise(board.people["information_manager"], need(), freshness="elke week")
    assert "Laat zoals het is" not in seen(manager, "/behoeften/absence_16h").text
    assert manager.post("/behoeften/absence_16h/bevestigen", {"reden": "toch"}).status_code == 403


def test_handing_over_and_taking_back(step_in, board):
    client, leader = step_in("board_member"), board.people["school_leader"]
    assert hand_over(client, leader, what=("need.approve", "need.refuse")).status_code == 302
    assert "Karin de Boer vervangt u" in seen(client, "/vervanging").title
    assert "U vervangt Marijke Terpstra" in seen(step_in("school_leader"), "/vervanging").title
    for delegation in Delegation.objects.all():
        assert client.post("/vervanging/stoppen", {"nummer": delegation.pk}).status_code == 302
    assert "Niemand vervangt u nu" in seen(client, "/vervanging").title
    assert not decide(leader, "need.approve").allowed


def test_a_stand_in_finds_the_decision_and_gives_it(step_in, board):
    hand_over(step_in("board_member"), board.people["school_leader"])
    client, waiting = step_in("school_leader"), need("results_overview")
    page = seen(client, "/behoeften/results_overview")
    assert "Keur versie 1 goed" in page.text
    answer = client.post("/behoeften/results_overview/goedkeuren", {"vingerafdruk": waiting.fingerprint()})
    assert answer.status_code == 302
    assert "Karin de Boer, in plaats van Marijke Terpstra" in seen(client, "/behoeften/results_overview").text


def test_a_stand_in_for_who_asked_finds_no_button(step_in, board):
    hand_over(step_in("information_manager"), board.people["school_leader"])
    client, waiting = step_in("school_leader"), need("results_overview")
    assert waiting.requester == board.people["information_manager"]
    assert "Keur versie 1 goed" not in seen(client, "/behoeften/results_overview").text
    answer = client.post("/behoeften/results_overview/goedkeuren", {"vingerafdruk": waiting.fingerprint()})
    assert answer.status_code == 403
    assert standing_approval(need("results_overview")) is None


@pytest.mark.parametrize(
    "wish",
    [{"what": ("need.approve", "role.assign")}, {"what": ()}, {"days": 900}, {"days": -3}, {"reason": " "},
     {"what": ("need.approve", "need.advise")}],
)  # fmt: skip
def test_all_that_was_ticked_or_nothing(step_in, board, wish):
    assert hand_over(step_in("board_member"), board.people["school_leader"], **wish).status_code == 403
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("form", [{"vervanger": "abc"}, {"vervanger": "99999999"}, {"van": "gisteren"}, {"tot": ""}])
def test_a_form_that_makes_no_sense_is_refused_with_a_sentence(step_in, board, form):
    whole = {"vervanger": board.people["teacher"].pk, "wat": "need.approve", "van": "2026-01-01", "tot": "2099-01-01",
             "reden": "x", **form}  # fmt: skip
    answer = step_in("board_member").post("/vervanging/overdragen", whole)
    assert answer.status_code == 403
    assert "Kies" in answer.content.decode()


def test_somebody_else_s_delegation_is_not_there(step_in, board):
    hand_over(step_in("board_member"), board.people["school_leader"])
    number = Delegation.objects.get().pk
    assert step_in("teacher").post("/vervanging/stoppen", {"nummer": number}).status_code == 404
    assert Delegation.objects.on().count() == 1


def test_who_decides_nothing_is_told_so(step_in):
    page = seen(step_in("teacher"), "/vervanging")
    assert "er is niets over te dragen" in page.text
    assert "vervanger" not in [s.get("name") for s in page.all("select")]
