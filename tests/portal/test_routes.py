"""Who may open which page: every route with every stock person, and nothing that was forgotten."""

import os
import re
from collections.abc import Mapping

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from schakel.access.audit import AuditLine
from schakel.access.permissions import PERMISSIONS
from schakel.portal import guard
from schakel.portal.middleware import HEADERS, Guard
from tests.conftest import Board
from tests.portal.conftest import EVERYONE, GATE, OWN, PUBLIC, ROUTES, Step


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Every address of the product, with its view."""
    found: list[tuple[str, URLPattern]] = []
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            found += patterns(item, f"{prefix}{item.pattern}")
        else:
            found.append((f"{prefix}{item.pattern}", item))
    return found


def test_every_view_declares_what_it_asks() -> None:
    known = {guard.PUBLIC, guard.SIGNED_IN, *PERMISSIONS}
    for address, item in patterns():
        assert guard.permission_of(item.callback) in known, address


def test_every_address_without_a_change_is_tried_below() -> None:
    tried = (
        {address.split("?")[0].strip("/") for address in ROUTES}
        | {a.strip("/") for a in (*PUBLIC, *GATE, *OWN)}
        | {"gezondheid", ""}
    )
    changing = {"afmelden", "demo/instappen", "thema", "taal", "bronnen/lezen", "mijn-aanmelding/elders-afmelden"}
    resolver = get_resolver()
    reached = {resolver.resolve(f"/{address}").route for address in tried}
    for address, _item in patterns():
        acting = address in changing or address.rsplit("/", 1)[-1] in (
            "beoordelen", "goedkeuren", "afwijzen", "adviseren", "gebruiken", "herzien", "lezen", "aanleggen",
            "bevestigen", "eindigen", "overdragen", "stoppen", "meekijken", "insturen", "opslaan", "doen", "beslissen",
            "aanvaarden", "terug", "verbeteren", "bewaren", "oppakken",
            "hersteld", "toevoegen", "plannen", "beginnen", "klaar",
            "vervallen", "wachten", "besluiten", "sluiten", "nakijken", "overnemen", "weggooien", "laden", "proberen",
            "sleutel", "verbreken",
            "gezien", "doorgeven",
        )  # fmt: skip
        acting = acting or address.startswith("mensen/<int:number>/")
        assert acting or address in reached, address


@pytest.mark.parametrize(("address", "status"), GATE.items())
def test_the_gate_opens_nothing_to_a_stranger(board: Board, db: None, address: str, status: int) -> None:
    for answer in (Client().get(address), Client().post(address, {"code": "123456", "new": "x", "again": "x"})):
        assert answer.status_code in (status, 405)
        assert board.people["information_manager"].email not in answer.content.decode()


def tried_by(address: str) -> frozenset[str]:
    """Who knocks at a page: everyone whom it refuses or who has it for a role; of a page for all, two in turn.

    One of those two has no role at all. With the full counts everyone opens everything.
    """
    may = ROUTES[address]
    if may != EVERYONE or os.environ.get("SCHAKEL_SOAK"):
        return EVERYONE
    turn = sorted(EVERYONE - {"outsider"})
    return frozenset({"outsider", turn[list(ROUTES).index(address) % len(turn)]})


@pytest.mark.parametrize("who", sorted(EVERYONE))
def test_every_route_opens_to_whom_it_may_and_to_nobody_else(step_in: Step, who: str) -> None:
    client = step_in(who)
    for address, may in ROUTES.items():
        if who in tried_by(address):
            answer = client.get(address)
            assert answer.status_code == (200 if who in may else 403), f"{who} at {address}"
            assert_closed(address, answer.headers)


def assert_closed(address: str, headers: Mapping[str, str]) -> None:
    """Whatever is answered tells a browser to trust nothing else."""
    for name, value in HEADERS.items():
        assert headers[name] == value, (address, name)


def test_what_is_someone_elses_does_not_exist(step_in: Step) -> None:
    for who in sorted(EVERYONE):
        client = step_in(who)
        for address in OWN:
            answer = client.get(address)
            assert answer.status_code == 404, (who, address)
            assert "Wat kunt u doen?" in answer.content.decode()


@pytest.mark.parametrize("address", sorted(ROUTES))
def test_nobody_is_sent_to_sign_in(board: Board, db: None, address: str) -> None:
    answer = Client().get(address)
    if address.split("?", maxsplit=1)[0] in PUBLIC or address.startswith("/over/"):
        assert answer.status_code == 200
    else:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/aanmelden?next=%2F")


@pytest.mark.parametrize(
    ("who", "door"),
    [
        ("board_member", "/bestuur"),
        ("information_manager", "/informatiemanager"),
        ("ict_manager", "/ict"),
        ("mentor", "/mijn"),
        ("privacy_officer", "/mijn"),
        ("outsider", "/mijn"),
    ],
)
def test_each_person_comes_in_by_their_own_door(step_in: Step, who: str, door: str) -> None:
    assert step_in(who).get("/").headers["Location"] == door


def test_a_refusal_names_who_can_help_and_leaves_a_line(step_in: Step) -> None:
    before = AuditLine.objects.count()
    answer = step_in("teacher").get("/logboek")
    page = answer.content.decode()
    assert "U ziet het logboek niet" in page
    assert "Youssef Haddou" in page
    assert "geen toegang" not in page.lower()
    assert AuditLine.objects.count() == before + 1
    assert AuditLine.objects.latest("number").action == "refused:audit.read"


def test_a_product_that_does_not_open_shows_its_checks(step_in: Step) -> None:
    answer = step_in("outsider").get("/overzichten/absence_16h")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Waarom zie ik dit niet?" in page
    assert "Olivier Smit" in page
    assert "goedgekeurd door Marijke Terpstra" in page
    assert len(re.findall(r'class="door(?: still)?"', page)) == 3


def test_the_file_of_a_product_is_refused_like_its_page(step_in: Step) -> None:
    for kind in ("csv", "xlsx"):
        answer = step_in("outsider").get(f"/overzichten/absence_16h.{kind}")
        assert answer.status_code == 403
        assert "attachment" not in answer.headers.get("Content-Disposition", "")


@pytest.mark.parametrize(
    "address",
    ["/nergens", "/behoeften/bestaat-niet", "/bronnen/bestaat-niet", "/overzichten/bestaat-niet", "/over/niets",
     "/overzichten/absence_16h.pdf", "/admin/", "/static/../settings.py", "/keten/applicatie/weg/gevolgen",
     "/keten/banaan/x/gevolgen", "/keten/persoon/0/fundament", "/keten?gekozen=weg", "/keten?gekozen=doel:weg",
     "/keten?rol=weg", "/keten?school=weg", "/keten?doel=weg", "/keten?applicatie=weg",
     "/keten/gevolgen?wat=applicatie:weg"],
)  # fmt: skip
def test_what_does_not_exist_is_a_page_with_a_way_on(step_in: Step, address: str) -> None:
    answer = step_in("information_manager").get(address)
    assert answer.status_code == 404
    assert "Wat kunt u doen?" in answer.content.decode()


# What anyone with an account may try; about what is their own.
FOR_ALL = ("/afmelden", "/demo/instappen", "/thema", "/taal", "/vervanging/overdragen", "/vervanging/stoppen",
           "/vragen/bewaren", "/vragen/bewaard/1/weggooien",
           "/overzichten/absence_16h/melden/doen", "/meldingen/1/oppakken", "/meldingen/1/hersteld",
           "/meldingen/1/afwijzen", "/bevindingen/1/gezien", "/bevindingen/1/doorgeven",
           "/vragen/meekijken", "/vragen/insturen", "/tijd/absence_16h/verbeteren",
           "/mijn-aanmelding/elders-afmelden")  # fmt: skip
CHANGES = (
    *FOR_ALL, "/bronnen/lezen", "/bronnen/oneroster/lezen", "/vertalingen/nakijken", "/vertalingen/voorstel/doen",
    "/vertalingen/voorstel/bewaren", "/vertalingen/voorstel/weggooien",
    "/bronnen/verzuim/afspraken/antwoord/opslaan", "/bronnen/verzuim/afspraken/klopt/bevestigen",
    "/bronnen/verzuim/afspraken/contract/nakijken", "/bronnen/verzuim/afspraken/contract/overnemen",
    "/wie-is-wie/leerlingen/adviezen/beslissen",
    "/bronnen/oneroster/server/opslaan", "/bronnen/oneroster/server/proberen",
    "/bronnen/oneroster/planning/opslaan", "/bronnen/oneroster/contact/opslaan", "/bronnen/oneroster/proberen",
    "/bronnen/oneroster/aan-of-uit/opslaan", "/bronnen/oneroster/bestand/opslaan",
    "/bronnen/oneroster/bestand/weggooien",
    "/vrije-dagen/toevoegen", "/vrije-dagen/1/weggooien",
    "/bronnen/oneroster/server/sleutel", "/bronnen/oneroster/server/verbreken", "/bronnen/aansluiten/opslaan",
    "/behoeften/results_overview/beoordelen", "/behoeften/results_overview/goedkeuren",
    "/behoeften/results_overview/afwijzen", "/behoeften/results_overview/adviseren",
    "/behoeften/results_overview/gebruiken", "/behoeften/results_overview/herzien",
    "/behoeften/results_overview/aanleggen", "/behoeften/results_overview/bevestigen",
    "/wijzigingen/toevoegen", "/wijzigingen/1/plannen", "/wijzigingen/1/beginnen", "/wijzigingen/1/klaar",
    "/wijzigingen/1/vervallen", "/wijzigingen/1/wachten", "/overleg/board_direction/2026-12-01/besluiten",
    "/overleg/board_direction/2026-12-01/sluiten",
    "/bevindingen/1/aanvaarden", "/bevindingen/1/terug",
    "/hiaten/system-without-agreement:monitoring/aanvaarden", "/hiaten/system-without-agreement:monitoring/terug",
    "/verantwoordelijkheden/informationneed/results_overview/opslaan",
    "/verantwoordelijkheden/informationneed/results_overview/terug",
    "/behoeften/results_overview/eindigen", "/behoeften/results_overview/opslaan",
    "/behoeften/results_overview/wijzigen/meekijken", "/behoeften/absence_16h/weglaten/absence.contact_on/doen",
    "/mensen/1/link", "/mensen/1/tweede-stap", "/mensen/1/sluiten",
    "/startpakketten/po/laden", "/behoeften/absence_16h/overzichten/nakijken",
    "/behoeften/absence_16h/overzichten/opslaan",
)  # fmt: skip


# What everyone may post: a file asks nothing by itself, each row in it asks its own permission.
EXCHANGES = (
    "/uitwisselen/spreadsheet/nakijken", "/uitwisselen/model/nakijken", "/uitwisselen/voorstel/overnemen",
    "/uitwisselen/voorstel/weggooien",
)  # fmt: skip


@pytest.mark.parametrize("who", ["board_member", "information_manager", "ict_manager"])
def test_nothing_changes_by_looking(step_in: Step, who: str) -> None:
    client = step_in(who)
    for address in CHANGES + EXCHANGES:
        assert client.get(address).status_code in (403, 405), address


@pytest.mark.parametrize("address", CHANGES + EXCHANGES)
def test_nothing_changes_without_a_token(board: Board, db: None, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(address, {"wie": "board_member", "thema": "dark"})
    assert answer.status_code == 403
    assert "te lang open" in answer.content.decode()


@pytest.mark.parametrize("who", ["teacher", "outsider", "school_leader", "mentor"])
def test_who_may_not_change_is_refused_each_time(step_in: Step, who: str) -> None:
    client = step_in(who)
    for address in CHANGES[len(FOR_ALL) :]:
        assert client.post(address, {"reden": "x", "tekst": "x"}).status_code == 403, address


@override_settings(SCHAKEL_DEMO=False)
def test_outside_the_demonstration_nobody_steps_in(board: Board, db: None) -> None:
    assert Client().post("/demo/instappen", {"wie": "board_member"}).status_code == 404
    assert Client().get("/onderdelen").status_code == 404
    assert "Marijke Terpstra" not in Client().get("/aanmelden").content.decode()


@pytest.mark.parametrize("who", sorted(EVERYONE))
def test_in_the_demonstration_one_steps_into_each_stock_person(board: Board, db: None, who: str) -> None:
    client = Client()
    assert client.post("/demo/instappen", {"wie": who}).status_code == 302
    assert client.session["_auth_user_id"] == str(board.people[who].pk)


def test_stepping_in_knows_only_the_stock_people(board: Board, db: None) -> None:
    for who in ("", "admin", "marijke.terpstra@oeverscholen.example"):
        assert Client().post("/demo/instappen", {"wie": who}).status_code == 404


def test_a_view_that_declares_nothing_stays_shut(board: Board, db: None) -> None:
    request = RequestFactory().get("/vergeten")
    request.user = board.people["information_manager"]  # type: ignore[assignment]
    answer = Guard(lambda _request: None).process_view(request, lambda _request: None, (), {})  # type: ignore[arg-type,return-value]
    assert answer is not None
    assert answer.status_code == 403


def test_every_answer_is_closed_to_strangers(step_in: Step) -> None:
    client = step_in("board_member")
    for address in ("/nergens", "/aanmelden", "/gezondheid", "/static/schakel/base.css"):
        assert_closed(address, client.get(address).headers)
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_https_is_remembered_only_over_https(board: Board, db: None) -> None:
    assert "Strict-Transport-Security" not in Client().get("/aanmelden").headers
    assert "max-age" in Client().get("/aanmelden", secure=True).headers["Strict-Transport-Security"]


def test_nothing_about_a_person_stays_in_a_cache(step_in: Step) -> None:
    assert step_in("mentor").get("/mijn").headers["Cache-Control"] == "no-store, private"


def test_a_closed_account_opens_nothing(step_in: Step, board: Board) -> None:
    from schakel.access.register import close_account

    client = step_in("school_leader")
    close_account(board.people["information_manager"], board.people["school_leader"])
    assert client.get("/mijn").status_code == 302
