"""The page of one gap: what it means, since when, whom it waits for; living with it asks a reason and a day."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from schakel.chain import gap_history
from schakel.chain.gap_history import GapAcceptance, find_open
from schakel.lib import clock
from tests.portal.conftest import Seen

pytestmark = pytest.mark.django_db
ID = "system-without-agreement:monitoring"
PAGE = f"/hiaten/{ID}"


def seen(client, address=PAGE, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return Seen(answer.content.decode())


def accept(client, reason="De leverancier tekent in januari.", days=60):
    day = clock.today() + timedelta(days=days)
    return client.post(f"{PAGE}/aanvaarden", {"reden": reason, "tot": day.isoformat()})


def test_a_gap_explains_itself(step_in):
    page = seen(step_in("information_manager"))
    assert "zonder overeenkomst" in page.title
    assert "AVG art. 28 lid 3" in page.text
    assert "Vraag een verwerkersovereenkomst" in page.text


def test_elements_are_named_as_people_know_them(board, step_in):
    client, page = step_in("information_manager"), "/hiaten/need-without-source:absence_unexplained_today"
    for text in (seen(client, page).text, seen(client, "/hiaten").text):
        assert "Telefoon" in text
        assert "contact.phone" not in text


def test_the_crumb_says_what_kind_it_is_in_words(step_in):
    page = seen(step_in("information_manager"))
    crumb = next(a for a in page.all("a") if a.get("href") == "/hiaten?t-soort=system-without-agreement")
    assert crumb
    assert "/ Applicatie met persoonsgegevens zonder overeenkomst" in page.text


def test_every_gap_of_the_board_has_a_page(step_in):
    client = step_in("teacher")
    for item in gap_history.known():
        from schakel.portal.pages.broken_chain import own_page

        assert client.get(own_page(item.gap)).status_code == 200, item.gap.id


def test_accepting_and_opening_again(step_in):
    client = step_in("board_member")
    assert accept(client).status_code == 302
    page = seen(client)
    assert "Marijke Terpstra aanvaardt dit" in page.text
    assert "De leverancier tekent in januari." in page.text
    assert ID not in {gap.id for gap in find_open()}
    assert "Aanvaard" in seen(client, "/hiaten?stand=aanvaard").text
    assert client.post(f"{PAGE}/terug").status_code == 302
    assert ID in {gap.id for gap in find_open()}


@pytest.mark.parametrize(("reason", "days"), [("", 30), ("   ", 30), ("x", -1), ("x", 800)])
def test_without_a_reason_or_a_fair_day_nothing_is_accepted(step_in, reason, days):
    assert accept(step_in("board_member"), reason, days).status_code == 403
    assert not GapAcceptance.objects.exists()


def test_a_day_that_is_none(step_in):
    answer = step_in("board_member").post(f"{PAGE}/aanvaarden", {"reden": "x", "tot": "morgen"})
    assert answer.status_code == 403
    assert "Kies een dag" in answer.content.decode()


@pytest.mark.parametrize("who", ["teacher", "ict_manager", "privacy_officer"])
def test_who_may_not_accept_sees_no_form(step_in, who):
    client = step_in(who)
    assert "Aanvaard dit hiaat" not in seen(client).text
    assert accept(client).status_code == 403


def test_what_was_not_accepted_is_not_opened_again(step_in):
    assert step_in("board_member").post(f"{PAGE}/terug").status_code == 403


@pytest.mark.parametrize("id_", ["bestaat-niet", "goal-without-activity:", "system-without-agreement:las", "a:b:c"])
def test_a_gap_that_is_not_there(step_in, id_):
    assert step_in("board_member").get(f"/hiaten/{id_}").status_code == 404
    assert (
        step_in("board_member").post(f"/hiaten/{id_}/aanvaarden", {"reden": "x", "tot": "2099-01-01"}).status_code
        == 404
    )


def test_a_program_reads_since_when_and_what_was_accepted(board, step_in):
    from schakel.cli.gaps import command

    gap_history.record()
    accept(step_in("board_member"))
    found = {g["id"]: g for g in json.loads(CliRunner().invoke(command, ["--json"]).output)}
    assert found[ID]["accepted_reason"] == "De leverancier tekent in januari."
    assert found[ID]["accepted_until"] == (clock.today() + timedelta(days=60)).isoformat()
    assert found[ID]["first_seen"] == clock.today().isoformat()
    assert found[ID]["why"].endswith(".")
    others = [g for id_, g in found.items() if id_ != ID]
    assert others
    assert all(g["accepted_until"] is None for g in others)


def test_english_is_complete_here_too(step_in):
    client = step_in("teacher")
    client.post("/taal", {"taal": "en", "terug": "/"})
    page = seen(client)
    assert "System with personal data without agreement" in page.title
    assert "AVG art" not in page.text
