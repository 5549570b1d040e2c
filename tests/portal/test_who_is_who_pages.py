"""Who is who on its pages: the administration presses the buttons, what it decided is published, and undone again."""

import html
import re

import pytest
from django.test import Client

from schakel.access.audit import AuditLine
from schakel.collect.match_decisions import DIFFERENT, OPEN, SAME, MatchDecision
from tests.mixed_up import Mixed, advice, mixed, own
from tests.portal.conftest import browser, heading

__all__ = ["mixed", "own"]
pytestmark = pytest.mark.django_db
PAGE = "/wie-is-wie/leerlingen/adviezen"
FORM = re.compile(r"<form[^>]*beslissen.*?</form>", re.DOTALL)
FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


def seen(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def buttons(client: Client) -> dict[str, dict[str, str]]:
    """What each button on the page would send, by its decision."""
    forms = [dict(FIELD.findall(form)) for form in FORM.findall(client.get(PAGE).content.decode())]
    return {form["besluit"]: {k: v for k, v in form.items() if k in ("daar", "hier", "besluit")} for form in forms}


def press(client: Client, verdict: str, **changed: str) -> str:
    """Press a button that is there; the page that follows."""
    answer = client.post(f"{PAGE}/beslissen", buttons(client)[verdict] | changed, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    return html.unescape(answer.content.decode())


def test_the_overview_leads_to_the_pairs_that_wait(mixed: Mixed) -> None:
    page = browser(mixed.admin).get("/wie-is-wie").content.decode()
    assert "vragen om een besluit" in heading(page)
    assert f'href="{PAGE}"' in page


def test_a_pair_shows_both_sides_and_why_it_is_proposed(mixed: Mixed) -> None:
    page = seen(browser(mixed.admin))
    assert mixed.own[0] in page and mixed.own[0].removeprefix("0") in page
    assert "zelfde nummer op nullen na" in page
    assert mixed.other[0] not in page  # of another school
    assert set(buttons(browser(mixed.admin))) == {SAME, DIFFERENT}


def test_the_same_is_used_by_the_next_publication_and_taken_back_again(mixed: Mixed) -> None:
    client, everyone, without = browser(mixed.admin), advice(), mixed.publish()
    assert "De volgende momentopname gebruikt het." in press(client, SAME)
    assert set(buttons(client)) == {OPEN}
    assert mixed.publish() == [row for row in everyone if row[0] != mixed.other[1]]
    page = press(client, OPEN)
    assert "Teruggenomen." in page
    assert mixed.publish() == without
    assert page.count(mixed.admin.name) >= 2  # both decisions stand in the history, with who took them
    assert set(buttons(client)) == {SAME, DIFFERENT}


def test_what_is_not_the_same_goes_from_the_list_and_can_be_taken_back(mixed: Mixed) -> None:
    client = browser(mixed.admin)
    assert "stelt dit paar niet meer voor" in press(client, DIFFERENT)
    assert set(buttons(client)) == {OPEN}
    press(client, OPEN)
    assert set(buttons(client)) == {SAME, DIFFERENT}
    assert MatchDecision.objects.count() == 2


def test_keys_never_stand_in_an_address_or_in_the_log(mixed: Mixed) -> None:
    client = browser(mixed.admin)
    page = seen(client)
    assert not [link for link in re.findall(r'(?:href|action)="([^"]*)"', page) if mixed.own[0] in link]
    press(client, SAME)
    line = AuditLine.objects.get(action="match.decide")
    assert not {*mixed.own} & {str(value) for value in line.facts.values()}


def test_who_keeps_the_links_sees_counts_and_no_button(mixed: Mixed) -> None:
    for who in ("ict_manager", "information_manager"):
        client = browser(mixed.people[who])
        assert "U ziet hier aantallen." in seen(client)
        assert buttons(client) == {}
        assert mixed.own[0] not in seen(client)


def test_who_may_not_look_is_told_so_and_may_not_decide_either(mixed: Mixed) -> None:
    sent = buttons(browser(mixed.admin))[SAME]
    for who in ("teacher", "mentor", "school_leader", "outsider"):
        client = browser(mixed.people[who])
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}/beslissen", sent).status_code == 403
    assert not MatchDecision.objects.exists()


def test_a_forged_pair_is_a_page_that_does_not_exist(mixed: Mixed) -> None:
    client, (theirs, ours) = browser(mixed.admin), mixed.own
    for daar, hier in (mixed.other, ("0000", "weg"), (ours, theirs), ("", "")):
        answer = client.post(f"{PAGE}/beslissen", {"besluit": SAME, "daar": daar, "hier": hier})
        assert answer.status_code == 404
    answer = client.post(f"{PAGE}/beslissen", buttons(client)[SAME] | {"besluit": "misschien"})
    assert 400 <= answer.status_code < 500
    assert "Kies: zelfde, niet dezelfde, of terug." in html.unescape(answer.content.decode())
    assert client.get(f"{PAGE}/beslissen").status_code in (404, 405)  # looking does not decide
    assert not MatchDecision.objects.exists()
