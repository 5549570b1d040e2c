"""Stepping into a stock person, the way a browser does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.conftest import Board

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
    "/hiaten": EVERYONE,
    "/hiaten.xlsx": EVERYONE,
    "/hiaten/system-without-agreement:monitoring": EVERYONE,
    "/ict": SUPPLY,
    "/bronnen": SUPPLY,
    "/bronnen.xlsx": SUPPLY,
    "/bronnen/oneroster": SUPPLY,
    "/bronnen/oneroster/bevindingen.xlsx": SUPPLY,
    "/bronnen/verzuim/quarantaine": frozenset({"school_admin"}),
    "/quarantaine": SUPPLY,
    "/logboek": frozenset({"board_member", "information_manager", "privacy_officer"}),
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
    "/personen/1": EVERYONE,
    "/rollen/mentor": EVERYONE,
    "/rollen/mentor/buren": EVERYONE,
    "/vragen": EVERYONE,
    "/vragen/nieuw": EVERYONE,
    "/behoeften/absence_16h/wijzigen": frozenset({"information_manager"}),
    "/behoeften/absence_16h/weglaten/absence.contact_on": frozenset({"information_manager"}),
    "/zoek?q=verzuim": EVERYONE,
    "/onderdelen": EVERYONE,
    "/over/gegevens": EVERYONE,
    "/over/toegankelijkheid": EVERYONE,
    "/over/hulp": EVERYONE,
    "/overzichten/absence_16h": frozenset({"mentor", "teacher", "school_leader", "care_coordinator"}),
    "/overzichten/absence_16h.xlsx": frozenset({"mentor", "teacher", "school_leader", "care_coordinator"}),
    "/overzichten/absence_16h.csv": frozenset({"mentor", "teacher", "school_leader", "care_coordinator"}),
    "/overzichten/goals_state": frozenset({"board_member", "school_leader"}),
    "/overzichten/who_may_see_what": frozenset({"information_manager"}),
}
PUBLIC = ("/aanmelden", "/onderdelen", "/over/gegevens", "/over/hulp")


@pytest.fixture
def step_in(board: Board, db: None) -> Step:
    """A browser in which someone stepped in."""

    def enter(who: str) -> Client:
        client = Client()
        assert client.post("/demo/instappen", {"wie": who}).status_code == 302
        return client

    return enter


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
