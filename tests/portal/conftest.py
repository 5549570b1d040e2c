"""Stepping into a stock person, the way a browser does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

import pytest
from django.test import Client

from schakel.access.people import Person
from schakel.portal.entrance import BACKEND
from tests.conftest import Board
from tests.desk import bare, desk, founded, room, small  # noqa: F401 - fixtures
from tests.found import delivered, faulty  # noqa: F401 - fixtures

Step = Callable[[str], Client]

# Every page, with an example of each kind of thing, and who may open it (the others get a refusal; "-" is nobody).
EVERYONE = frozenset(
    (
        "board_member",
        "information_manager",
        "ict_manager",
        "privacy_officer",
        "school_leader",
        "teacher",
        "mentor",
        "care_coordinator",
        "school_admin",
        "outsider",
    )
)
SUPPLY = frozenset({"ict_manager", "information_manager", "board_member", "privacy_officer"})
ROUTES: dict[str, frozenset[str]] = {
    "/bestuur": frozenset({"board_member", "information_manager"}),
    "/mijn": EVERYONE,
    "/overzichten": EVERYONE,
    "/informatiemanager": EVERYONE,
    "/behoeften": EVERYONE,
    "/behoeften/absence_16h": EVERYONE,
    "/behoeften/results_overview": EVERYONE,
    "/behoeften.xlsx": EVERYONE,
    "/startpakketten": EVERYONE,
    "/startpakketten/po": EVERYONE,
    "/startpakketten/po/keuze?deel=needs:reference_levels": EVERYONE,
    "/keten": EVERYONE,
    "/keten?gekozen=bron:rooster": EVERYONE,
    "/keten/gevolgen": EVERYONE,
    "/keten/gevolgen?wat=applicatie:las&wat=organisatie:org-11&zoek=rooster": EVERYONE,
    "/keten/applicatie/las/gevolgen": EVERYONE,
    "/keten/overzicht/absence_16h/fundament": EVERYONE,
    "/hiaten": EVERYONE,
    "/hiaten.xlsx": EVERYONE,
    "/hiaten/system-without-agreement:monitoring": EVERYONE,
    "/uitwisselen": EVERYONE,
    "/uitwisselen/voorstel": EVERYONE,
    "/uitwisselen/model.xml": EVERYONE,
    "/uitwisselen/all.xlsx": EVERYONE,
    "/uitwisselen/goals.csv": EVERYONE,
    "/uitwisselen/people.xlsx": frozenset({"information_manager"}),
    "/ict": SUPPLY,
    "/bronnen": SUPPLY,
    "/bronnen.xlsx": SUPPLY,
    "/vertalingen": frozenset({"ict_manager", "information_manager"}),
    "/vertalingen/voorstel": frozenset({"ict_manager", "information_manager"}),
    "/vertalingen/verzuim.yaml": EVERYONE,
    "/bronnen/oneroster": SUPPLY,
    "/bronnen/oneroster/bevindingen.xlsx": SUPPLY,
    "/bronnen/oneroster/server": frozenset({"ict_manager", "information_manager"}),
    "/bronnen/oneroster/planning": frozenset({"ict_manager", "information_manager"}),
    "/bronnen/oneroster/keren": SUPPLY,
    "/bronnen/oneroster/keren/2": SUPPLY,
    "/vrije-dagen": SUPPLY,
    "/bronnen/aansluiten": frozenset({"ict_manager", "information_manager"}),
    "/bronnen/aansluiten?soort=sql&gegevens=verzuim-absence": frozenset({"ict_manager", "information_manager"}),
    "/bronnen/oneroster/afspraken": SUPPLY,
    "/bronnen/verzuim/afspraken.yaml": SUPPLY,
    "/bronnen/verzuim/afspraken/contract": frozenset({"ict_manager", "information_manager"}),
    "/bronnen/verzuim/afspraken/antwoord?tabel=absence&kolom=kind&regel=wrong": frozenset(
        {"ict_manager", "information_manager"}
    ),
    "/bronnen/verzuim/quarantaine": frozenset({"school_admin"}),
    "/quarantaine": SUPPLY,
    "/bevindingen": EVERYONE,
    "/bevindingen.xlsx": EVERYONE,
    "/herstellijst": EVERYONE,
    "/wie-is-wie": SUPPLY | {"school_admin"},
    "/wie-is-wie/leerlingen/adviezen": SUPPLY | {"school_admin"},
    "/logboek": frozenset({"board_member", "information_manager", "privacy_officer"}),
    "/ongebruikte-behoeften": frozenset({"board_member", "information_manager"}),
    "/behoeften/absence_16h/beeindigen": frozenset({"board_member", "information_manager"}),
    "/behoeften/absence_16h/versies/1": EVERYONE,
    "/vervanging": EVERYONE,
    "/verantwoordelijkheden": EVERYONE,
    "/verantwoordelijkheden.xlsx": EVERYONE,
    "/verantwoordelijkheden/informationneed/absence_16h": EVERYONE,
    "/verantwoordelijkheden/informationneed/absence_16h/content/mentor": frozenset(
        {"board_member", "information_manager"}
    ),
    "/mijn/verwacht": EVERYONE,
    "/collega/1": EVERYONE,
    "/rollen/mentor": EVERYONE,
    "/rollen/mentor/buren": EVERYONE,
    "/vragen": EVERYONE,
    "/tijd": EVERYONE,
    "/wijzigingen": EVERYONE,
    "/wijzigingen.xlsx": EVERYONE,
    "/wijzigingen/kalender": EVERYONE,
    "/overleg": EVERYONE,
    "/wijzigingen/1": EVERYONE,
    "/overleg/board_direction/2026-12-01": EVERYONE,
    "/overleg/board_direction/2026-12-01.pdf": EVERYONE,
    "/tijd/absence_16h": EVERYONE,
    "/vragen/nieuw": EVERYONE,
    "/behoeften/absence_16h/wijzigen": frozenset({"information_manager"}),
    "/behoeften/absence_16h/weglaten/absence.contact_on": frozenset({"information_manager"}),
    "/zoek?q=verzuim": EVERYONE,
    "/mensen": frozenset({"information_manager"}),
    "/mensen/1": frozenset({"information_manager"}),
    "/mijn-aanmelding": EVERYONE,
    "/mijn-aanmelding/tweede-stap": EVERYONE,
    "/mijn-aanmelding/wachtwoord": frozenset(),  # the stock people have none
    "/mijn-aanmelding/herstelcodes": frozenset(),  # shown once, just after they were made
    "/mijn-aanmelding/herstelcodes.txt": frozenset(),
    "/mijn-aanmelding/herstelcodes/nieuw": frozenset(),
    "/onderdelen": EVERYONE,
    "/over/gegevens": EVERYONE,
    "/over/toegankelijkheid": EVERYONE,
    "/over/hulp": EVERYONE,
    "/overzichten/absence_16h": frozenset({"mentor", "teacher", "school_leader", "care_coordinator"}),
    "/overzichten/absence_16h.xlsx": frozenset({"mentor", "teacher", "school_leader", "care_coordinator"}),
    "/overzichten/absence_16h.csv": frozenset({"mentor", "teacher", "school_leader", "care_coordinator"}),
    "/overzichten/absence_16h/melden": frozenset({"mentor", "teacher", "school_leader", "care_coordinator"}),
    "/meldingen": EVERYONE,
    "/behoeften/absence_16h/overzichten/nieuw": frozenset({"information_manager", "ict_manager"}),
    "/behoeften/absence_16h/overzichten/absence_16h": frozenset({"information_manager", "ict_manager"}),
    "/overzichten/goals_state": frozenset({"board_member", "school_leader"}),
    "/overzichten/who_may_see_what": frozenset({"information_manager"}),
}
# What exists for one person only, and for everyone else does not; test_unsent and test_wrong_data open their own.
OWN = ("/vragen/bewaard/999999", "/meldingen/999999", "/bevindingen/999999", "/herstellijst.xlsx")
# Addresses at the gate, and what a stranger gets there; what they do is tried in test_sign_in and test_school_account.
GATE = {
    "/aanmelden/code": 302,  # only just after a password
    "/aanmelden/schoolaccount": 404,  # only when the board has such a service
    "/aanmelden/schoolaccount/terug": 404,
    "/aanmelden/welkom": 403,  # only with a link
    "/aanmelden/welkom/MQ/geen-goede-link": 403,
}
PUBLIC = ("/aanmelden", "/onderdelen", "/over/gegevens", "/over/hulp")


@pytest.fixture
def step_in(board: Board, db: None) -> Step:
    """A browser in which a stock person signed in; stepping in itself is tried in test_routes and test_browser."""
    return lambda who: browser(board.people[who])


def browser(person: Person, **cookies: str) -> Client:
    """A browser in which someone signed in."""
    client = Client()
    client.force_login(person, BACKEND)
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def heading(html: str) -> str:
    """The words of the one heading of a page."""
    found = re.findall(r"<h1>(.*?)</h1>", html, re.S)
    assert len(found) == 1
    return unescape(" ".join(found[0].split()))


@dataclass
class Seen(HTMLParser):
    """What stands in a page: its tags with their attributes, its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(" ".join(data.split()))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every such tag."""
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def text(self) -> str:
        """All words."""
        return " ".join(self.words)

    @property
    def title(self) -> str:
        """The heading of the page."""
        return self.words[self.words.index(self._after("h1"))] if self.all("h1") else ""

    def _after(self, tag: str) -> str:
        found = re.search(rf"<{tag}[^>]*>(.*?)</{tag}>", self.rawdata or "", re.S)
        return " ".join(found.group(1).split()) if found else self.words[0]
