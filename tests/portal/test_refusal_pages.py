"""Why do I not see this: the one reason, what did pass, who can help, and nothing of what stands behind the door."""

import re

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from schakel.access.permissions import PERMISSIONS
from schakel.access.register import close_account
from schakel.access.roles import RoleAssignment
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import spoken
from schakel.portal import answers
from schakel.portal.pages import refusals
from schakel.portal.pages.refusals import NOT_NOW
from tests.desk import Desk
from tests.distribute.school import START
from tests.portal.conftest import Seen, browser, heading
from tests.portal.supplies import HOSTILE

LATE = "/overzichten/late"


def refused(room: Desk, name: str = "outsider", address: str = LATE, **cookies: str) -> str:
    answer = browser(room.people[name], **cookies).get(address)
    assert answer.status_code == 403
    return answer.content.decode()


# A product


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("outsider", "U hebt vandaag geen rol: niet in het rooster en niet in het register."),
        ("leider-A", "Dit is voor mentor, teacher. U bent vandaag school_leader."),
        ("oud", "U hebt vandaag geen rol: niet in het rooster en niet in het register."),
        ("nieuw", "U hebt vandaag geen rol: niet in het rooster en niet in het register."),
        ("information_manager", "Dit is voor mentor, teacher. U bent vandaag informatiemanager."),
    ],
)
def test_the_one_reason_that_decides_and_what_did_pass(room: Desk, name: str, reason: str) -> None:
    html = refused(room, name)
    text = Seen(html).text
    assert heading(html) == "U ziet ‘late’ niet"
    assert reason in text
    assert f"U bent aangemeld als {room.people[name].name}." in text
    assert "De behoefte geldt vandaag." in text
    assert len(re.findall(r'class="door(?: still)?"', html)) == 3


def test_what_was_not_looked_at_is_said_to_be_so(room: Desk) -> None:
    deciding.end(room.manager, InformationNeed.objects.get(key="late"), "klaar")
    text = Seen(refused(room, "leraar-A1")).text
    assert text.count("niet meer nagegaan") == 3
    assert "Vandaag opent dit overzicht voor niemand." in text


def test_who_does_see_it_by_role_and_at_most_three_names(room: Desk) -> None:
    text = Seen(refused(room)).text
    assert "Mentor voor de eigen leerlingen mentor-B1" in text
    assert "Teacher voor de eigen groepen leraar-A1, leraar-B1 en 2 collega’s" in text
    assert "leraar-a2@" not in text, "of who has no account only the number is told, never the address"


def test_an_urgent_question_goes_to_who_sees_it(room: Desk) -> None:
    assert "Vraag het aan mentor-B1, leraar-A1, leraar-B1: die mag dit vandaag zien." in Seen(refused(room)).text


def test_nothing_of_the_answer_stands_in_the_refusal(room: Desk) -> None:
    for name in ("outsider", "leider-A", "ict_manager"):
        html = refused(room, name)
        assert "Kind" not in html
        assert "<table" not in html
        assert "Waarom zie ik dit?" not in html


def test_a_refusal_is_not_kept_by_anyone_and_is_no_file(room: Desk) -> None:
    for address in (LATE, f"{LATE}.csv", f"{LATE}.xlsx"):
        answer = browser(room.people["outsider"]).get(address)
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "Content-Disposition" not in answer.headers


def test_a_shared_address_of_a_colleague_breaks_no_refusal(room: Desk) -> None:
    """Someone else's double address: the page of a third person still says why."""
    room.assign("niemand", "teacher", START)
    twice = [f"INSERT INTO staff (staff_id, work_email) VALUES ('d{n}', 'niemand@oever.example')" for n in range(2)]
    with room.another_snapshot(*twice):
        assert "U ziet ‘late’ niet" in refused(room)
        assert "e-mailadres" in refused(room, "niemand")


def test_a_refusal_speaks_english(room: Desk) -> None:
    html = refused(room, taal="en")
    assert heading(html) == "You cannot see ‘late’"
    text = Seen(html).text
    assert "Why can I not see this?" in text
    for dutch in ("U hebt", "Waarom", "behoefte", "Meld", "nagegaan"):
        assert dutch not in text, dutch


# A page of the register


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/logboek", "U ziet het logboek niet"),
        ("/bronnen", "U ziet de bronnen niet"),
        ("/ict", "U ziet de bronnen niet"),
        ("/quarantaine", "U ziet de bronnen niet"),
        ("/bestuur", "U ziet de doelen van het bestuur niet"),
        ("/bronnen.xlsx", "U ziet de bronnen niet"),
    ],
)
def test_a_shut_page_names_itself_and_who_has_the_role(room: Desk, address: str, title: str) -> None:
    html = refused(room, address=address)
    text = Seen(html).text
    assert heading(html) == title
    assert "Olivier Smit, aangemeld." in text
    assert "U hebt vandaag geen rol" in text
    assert "Marijke Terpstra" in text
    assert "Stel een vraag. Youssef Haddou kijkt binnen 5 werkdagen." in text


def test_a_role_that_nobody_holds_says_so(room: Desk) -> None:
    RoleAssignment.objects.filter(role__key="privacy_officer")._raw_delete("default")
    assert "niemand heeft deze rol vandaag" in Seen(refused(room, address="/logboek")).text


def test_someone_with_a_role_reads_which(room: Desk) -> None:
    text = Seen(refused(room, "leraar-A1", "/logboek")).text
    assert "U hebt vandaag een rol" in text
    assert "teacher" in text


def test_who_left_is_not_named_as_someone_who_can_help(room: Desk) -> None:
    close_account(room.manager, type(room.board_member).objects.get(pk=room.board_member.pk))
    page = refused(room, address="/logboek").partition('id="inhoud"')[2]  # the bar of the demo stands before it
    assert "Youssef Haddou" in page
    assert "Marijke Terpstra" not in page


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_every_permission_has_a_refusal_with_ways_out(room: Desk, permission: str) -> None:
    page = refusals.page(room.people["outsider"], Refused("Zo niet.", code="permission"), permission)
    assert page.head.title
    assert [check.tone for check in page.checks.items] == ["ok", "bad", "bad"]
    assert len(page.ways.items) == 3
    assert all(door.title and door.line and "%(" not in door.line for door in page.ways.items)
    assert page.who.items[-1].term == "Dit bezoek"


@pytest.mark.parametrize("code", sorted(NOT_NOW))
def test_what_cannot_be_done_now_is_not_about_who_you_are(room: Desk, code: str) -> None:
    page = refusals.page(room.people["outsider"], Refused("De behoefte is gewijzigd.", code=code))
    assert page.head.title == "Dit kan nu niet"
    assert page.head.lede == "De behoefte is gewijzigd."
    assert not page.checks.items
    assert [door.href for door in page.ways.items] == ["/", "/over/hulp"]


def test_a_page_that_declared_nothing_says_that_it_stays_shut(room: Desk) -> None:
    page = refusals.page(room.people["outsider"], Refused("", code="undeclared"))
    assert "niet vastgelegd wie haar mag zien" in page.head.lede


def test_nobody_is_led_to_sign_in(room: Desk) -> None:
    page = refusals.page(None, Refused("x"))
    assert page.head.lede == "Meld u eerst aan."
    assert [door.href for door in page.ways.items] == ["/aanmelden"]
    assert [check.tone for check in page.checks.items] == ["bad"]


def test_without_anyone_who_can_help_the_own_chief_is_named(db: None) -> None:
    with spoken("nl"):
        assert refusals.named("role.assign") in ("uw leidinggevende", "Youssef Haddou")


# Other answers


def request_of(room: Desk | None = None) -> HttpRequest:
    request = RequestFactory().get("/x")
    if room is not None:
        request.user = room.people["outsider"]
    return request


@pytest.mark.parametrize("message", ["Deze bron bestaat niet.", HOSTILE, "<script>alert(1)</script>"])
def test_what_is_unknown_says_what_in_words(room: Desk, message: str) -> None:
    answer = answers.not_found(request_of(room), Unknown(message))
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "<script>" not in html
    assert "<b>&\"'" not in html
    assert "Wat kunt u doen?" in html


def test_what_django_does_not_know_tells_nothing_of_the_inside(room: Desk) -> None:
    answer = answers.not_found(request_of(room), ValueError("no such table: secret"))
    assert "secret" not in answer.content.decode()
    assert "Het adres klopt niet" in answer.content.decode()


@pytest.mark.parametrize(
    ("answer", "status"), [(answers.bad_request, 400), (answers.denied, 403), (answers.expired_form, 403)]
)
def test_every_other_answer_is_a_page_with_a_way_on(room: Desk, answer: object, status: int) -> None:
    found = answer(request_of(room))  # type: ignore[operator]
    assert found.status_code == status
    page = Seen(found.content.decode())
    assert len(page.all("h1")) == 1
    assert [link for link in page.all("a") if link.get("href") == "/"]


def test_a_stranger_gets_an_answer_too(db: None) -> None:
    assert Client().get("/nergens").status_code == 404
    assert answers.denied(request_of()).status_code == 403


def test_a_broken_page_shows_no_trace(room: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from schakel.portal.pages import search

    def broken(*_args: object) -> None:
        raise RuntimeError("Jansen, BSN 123456782")

    monkeypatch.setattr(search, "page", broken)
    client = browser(room.people["outsider"])
    client.raise_request_exception = False
    answer = client.get("/zoek?q=x")
    html = answer.content.decode()
    assert answer.status_code == 500
    assert "Jansen" not in html
    assert "Traceback" not in html
    assert "wat er stond is bewaard" in html
    assert answer.headers["Cache-Control"] == "no-store, private"
