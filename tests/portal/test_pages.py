"""What stands on the pages: true figures, one filled button, no dead ends, both languages."""

import html
import os
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import translation

from schakel.access.audit import AuditLine
from schakel.chain.goals import Goal
from schakel.distribute.delivery import Delivery
from schakel.lib import clock
from schakel.portal.shell import THEME_COOKIE
from tests.conftest import Board
from tests.portal.conftest import Seen, Step

DOORS = {
    "board_member": "/bestuur",
    "information_manager": "/informatiemanager",
    "ict_manager": "/ict",
    "mentor": "/mijn",
}


EXAMPLES = 1000 if os.environ.get("SCHAKEL_SOAK") else 3  # links to one kind of page that are followed


def seen(client: Client, address: str) -> Seen:
    return Seen(client.get(address).content.decode())


@pytest.mark.parametrize(("who", "door"), sorted(DOORS.items()))
def test_a_front_door_is_short_and_ends_with_the_neighbours(step_in: Step, who: str, door: str) -> None:
    page = seen(step_in(who), door)
    html_classes = [attrs.get("class") or "" for _tag, attrs in page.tags]
    assert "Bij de buren" in page.words
    assert html_classes.count("near") == 1
    filled = [c for c in html_classes if c.startswith("btn") and " go" in c]
    assert len(filled) <= 1
    todo = [c for tag, c in ((t, a.get("class")) for t, a in page.tags) if tag == "li" and c in ("bad", "warn", "now")]
    assert len(todo) <= 7 + 13  # the to-do list, and the schools that ask for attention


@pytest.mark.parametrize("who", sorted(DOORS))
def test_every_link_on_a_front_door_leads_somewhere(step_in: Step, who: str) -> None:
    client = step_in(who)
    page = seen(client, DOORS[who])
    ids = {attrs["id"] for _tag, attrs in page.tags if attrs.get("id")}
    tried = Counter[str]()
    for href in sorted({a["href"] or "" for a in page.all("a") if a.get("href")}):
        if href.startswith("#"):
            assert href[1:] in ids, href
        elif not href.startswith("mailto:"):
            route = resolve(urlsplit(href).path).route
            tried[route] += 1
            if tried[route] <= EXAMPLES:
                assert client.get(href).status_code in (200, 302), href


def test_the_board_sees_goals_with_figures_and_hidden_schools(step_in: Step) -> None:
    page = seen(step_in("board_member"), "/bestuur")
    assert "Ziekteverzuim" in page.text
    assert re.search(r"\d+,\d%", page.text)
    assert page.all("svg")
    assert "Verborgen" in page.text or "< 5" in page.text


def test_the_total_of_a_goal_adds_schools_and_never_averages(board: Board, db: None) -> None:
    from schakel.distribute.deliveries import deliver
    from schakel.portal.pages import goals

    person = board.people["board_member"]
    rows = [dict(zip(d.answer.names, r, strict=True)) for d in [deliver(person, "goals_total")] for r in d.answer.rows]
    states = {s.indicator.key: s for s in goals.received(person).states}
    sick = [r for r in rows if r["indicator"] == "I_SICK_RATE"]
    last = max(sick, key=lambda r: str(r["period"]))
    assert states["I_SICK_RATE"].total.last == pytest.approx(float(last["numerator"] / last["denominator"]), abs=1e-4)


def test_a_count_that_misses_a_school_is_unknown(board: Board, db: None) -> None:
    from schakel.portal.pages import goals

    known = goals.Point("I_PUPILS", "De Kiem", "2026-2027", None, False)
    total = goals.Point("I_PUPILS", None, "2026-2027", 1220.0, False)
    hidden = goals.Point("I_PUPILS", "De Kiem", "2026-2027", None, True)
    assert goals._misses(total, [known, total])
    assert not goals._misses(total, [hidden, total])


def test_a_total_without_denominators_is_no_share(board: Board, db: None) -> None:
    from schakel.portal.pages import goals

    total = goals.Point("I_FTE_BUDGET", None, "2026", 130.5, False, counted=True)
    unknown = goals.Point("I_FTE_BUDGET", "De Kiem", "2026", None, False)
    hidden, known = replace(unknown, hidden=True), replace(unknown, value=1.0)
    assert goals._is_half(total, [total, unknown])
    assert not goals._is_half(total, [total, unknown, known]), "a count, which one school has not told"
    assert not goals._is_half(total, [total, unknown, hidden])
    assert not goals._is_half(total, [total, replace(known, period="2025")]), "of the board itself"
    assert not goals._is_half(replace(total, counted=False), [total, unknown])


def test_without_a_right_to_the_figures_the_goals_stand_there_unknown(step_in: Step) -> None:
    page = seen(step_in("information_manager"), "/bestuur")
    assert "De cijfers zijn er vandaag niet." in page.text
    assert "onbekend" in page.text


def test_a_mentor_sees_the_own_class_and_why(step_in: Step) -> None:
    before = Delivery.objects.count()
    page = seen(step_in("mentor"), "/overzichten/absence_16h")
    assert "Waarom zie ik dit?" in page.words
    assert "H3a" in page.text
    assert any(word.startswith("U bent") and "mentor" in word for word in page.words)
    assert Delivery.objects.count() == before + 1
    assert AuditLine.objects.latest("number").action == "product.deliver"


def test_two_people_see_two_different_classes(step_in: Step) -> None:
    mentor = step_in("mentor").get("/overzichten/absence_16h.csv").content.decode("utf-8-sig").splitlines()
    teacher = step_in("teacher").get("/overzichten/absence_16h.csv").content.decode("utf-8-sig").splitlines()
    assert mentor[0] == teacher[0]
    assert {line.split(";")[3] for line in mentor[1:]} == {"H3a"}
    assert not set(mentor[1:]) & set(teacher[1:])


def test_a_download_has_the_same_rows_as_the_page(step_in: Step) -> None:
    client = step_in("mentor")
    answer = client.get("/overzichten/absence_16h.csv")
    lines = answer.content.decode("utf-8-sig").strip().splitlines()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="absence_16h.csv"'
    html = client.get("/overzichten/absence_16h").content.decode()
    assert len(lines) - 1 == html.count('<th scope="row"')


def test_a_table_sorts_and_filters_by_its_address(step_in: Step) -> None:
    client = step_in("information_manager")
    page = seen(client, "/behoeften?t-sorteer=need")
    headings = [a for a in page.all("th") if a.get("aria-sort")]
    assert [a["aria-sort"] for a in headings] == ["ascending"]
    live = client.get("/behoeften?t-stand=live").content.decode()
    ended = client.get("/behoeften?t-stand=ended").content.decode()
    assert live.count('scope="row"') > 0
    assert "Niets past bij deze keuze" in ended


def test_a_search_finds_needs_but_never_people(step_in: Step) -> None:
    client = step_in("mentor")
    assert "Behoeften" in seen(client, "/zoek?q=verzuim").words
    assert "Niets gevonden" in seen(client, "/zoek?q=Sanne").text
    assert "&lt;script&gt;" in client.get("/zoek?q=<script>").content.decode()


def test_the_source_shows_what_stayed_outside(step_in: Step) -> None:
    page = seen(step_in("ict_manager"), "/bronnen/verzuim")
    assert "buiten de deur: niemand heeft ze nodig" in page.text
    assert "BSN" in page.text
    assert "Geweigerd" in page.text
    assert "Voldoet niet aan de standaard" in page.text


def test_quarantined_rows_are_only_for_who_repairs_and_looking_is_logged(step_in: Step) -> None:
    before = AuditLine.objects.filter(action="quarantine.read").count()
    page = seen(step_in("school_admin"), "/bronnen/verzuim/quarantaine")
    assert "Dit bezoek staat in het logboek" in page.text
    assert AuditLine.objects.filter(action="quarantine.read").count() == before + 1
    assert step_in("ict_manager").get("/bronnen/verzuim/quarantaine").status_code == 403


def test_the_log_says_that_it_holds(step_in: Step) -> None:
    assert "Het logboek klopt" in seen(step_in("privacy_officer"), "/logboek").text


def test_language_and_theme_stay_with_the_browser(step_in: Step) -> None:
    client = step_in("mentor")
    client.post("/taal", {"taal": "en", "terug": "/mijn"})
    client.post("/thema", {"thema": "dark", "terug": "/mijn"})
    page = seen(client, "/mijn")
    assert page.all("html")[0] == {"lang": "en", "data-theme": "dark"}
    client.post("/taal", {"taal": "klingon"})
    client.post("/thema", {"thema": "auto"})
    page = seen(client, "/mijn")
    assert page.all("html")[0] == {"lang": "en"}
    assert client.cookies[THEME_COOKIE]["httponly"]
    assert translation.get_language() == "nl"


@pytest.mark.parametrize("where", ["https://elders.example/", "//elders.example", "javascript:alert(1)", "/\\elders"])
def test_a_switch_never_leads_elsewhere(step_in: Step, where: str) -> None:
    answer = step_in("mentor").post("/thema", {"thema": "dark", "terug": where})
    assert answer.headers["Location"] == "/"


def test_signing_out_forgets_the_person(step_in: Step) -> None:
    client = step_in("mentor")
    assert client.post("/afmelden").status_code == 302
    assert client.get("/mijn").status_code == 302


def test_a_wrong_password_says_so_in_words(board: Board, db: None) -> None:
    answer = Client().post("/aanmelden", {"login": "sanne.de.wit@oeverscholen.example", "password": "verkeerd"})
    page = Seen(answer.content.decode())
    assert answer.status_code == 200
    assert [a for a in page.all("input") if a.get("aria-invalid") == "true"]


def test_a_password_opens_the_door(board: Board, db: None) -> None:
    from schakel.access.register import add_person

    add_person(
        board.people["information_manager"], "nieuw@oeverscholen.example", "Nieuw", password="een lang wachtwoord 7"
    )
    client = Client()
    answer = client.post("/aanmelden", {"login": "nieuw@oeverscholen.example", "password": "een lang wachtwoord 7"})
    assert answer.status_code == 302
    assert client.get("/mijn").status_code == 200


def test_english_reaches_the_panel_why(step_in: Step) -> None:
    client = step_in("mentor")
    client.cookies["taal"] = "en"
    text = html.unescape(client.get("/overzichten/late_often").content.decode())
    assert "Why do I see this?" in text
    assert Goal.objects.get(key="G03").en in text
    assert Goal.objects.get(key="G03").nl not in text


def test_months_under_an_axis_are_short(step_in: Step) -> None:
    text = step_in("school_leader").get("/overzichten/absence_trend").content.decode()
    axis = re.findall(r"<text[^>]*>([a-z]+ \d{4})</text>", text)
    assert axis
    assert all(len(name.split()[0]) <= 4 for name in axis), axis


def test_a_role_that_ended_opens_no_page_and_no_file(step_in: Step) -> None:
    client = step_in("mentor")
    assert client.get("/overzichten/absence_16h").status_code == 200
    after = date(clock.school_year_start(clock.today()).year + 1, 8, 1)
    with clock.held_at(after):
        for address in ("/overzichten/absence_16h", "/overzichten/absence_16h.csv", "/overzichten/absence_16h.xlsx"):
            answer = client.get(address)
            assert answer.status_code == 403, address
            assert "<table" not in answer.content.decode(errors="replace")
