"""English reaches everything: no text of our own stands on an English page in Dutch, and no Dutch page in English."""

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

import schakel
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.roles import Role
from tests.conftest import Board
from tests.portal.conftest import ROUTES, Seen, Step, browser

PO = Path(schakel.__file__).parent / "locale" / "en" / "LC_MESSAGES" / "django.po"
# Who looks at which page: each page once, by someone for whom it opens.
LOOKS = {
    "board_member": ("/bestuur", "/behoeften/results_overview", "/overzichten/goals_state", "/logboek"),
    "information_manager": ("/informatiemanager", "/behoeften", "/behoeften/absence_16h", "/hiaten", "/zoek?q=a"),
    "ict_manager": ("/ict", "/bronnen", "/bronnen/verzuim", "/bronnen/oneroster/afspraken", "/quarantaine"),
    "school_admin": ("/bronnen/verzuim/quarantaine",),
    "mentor": ("/mijn", "/overzichten", "/overzichten/absence_16h", "/overzichten/absence_class", "/over/gegevens"),
    "outsider": ("/mijn", "/overzichten/absence_16h", "/logboek", "/nergens", "/over/hulp", "/over/toegankelijkheid"),
}
COLUMNS = {
    "Reden",
    "Opmerking",
    "Soort",
}  # of the school's own file: names that a source gave are not ours to translate
SPOKEN = ("aria-label", "placeholder", "title", "data-l", "alt")


@cache
def catalogue() -> dict[str, str]:
    """Our own texts with their English, without places to fill in, where the two differ."""
    with PO.open("rb") as file:
        messages = [m for m in read_po(file, locale="en") if isinstance(m.id, str) and m.id and "%(" not in m.id]
    return {m.id: str(m.string) for m in messages if m.string != m.id and len(m.id) > 3}


def spoken(html: str) -> set[str]:
    """Every text on a page: between tags, and in what is read aloud."""
    page = Seen(html)
    aloud = [attrs.get(name) for _tag, attrs in page.tags for name in SPOKEN]
    return {" ".join(unescape(text).split()) for text in (*page.words, *aloud) if text}


@pytest.mark.parametrize("who", sorted(LOOKS))
def test_no_dutch_of_our_own_stands_on_an_english_page(board: Board, db: None, monkeypatch: Any, who: str) -> None:
    monkeypatch.setattr("schakel.portal.shell.STOCK", ())  # the stock people introduce themselves in Dutch
    client = browser(board.people[who], taal="en")
    english = set(catalogue().values())
    for address in LOOKS[who]:
        html = client.get(address).content.decode()
        assert '<html lang="en"' in html, address
        own = re.sub(r'<button[^>]* lang="nl"[^>]*>.*?</button>', "", html)  # a language is named in itself
        left = {text for text in spoken(own) if text in catalogue() and text not in english | COLUMNS}
        assert left == set(), address


def test_no_english_of_our_own_stands_on_a_dutch_page(step_in: Step) -> None:
    back = {en: nl for nl, en in catalogue().items() if len(en) > 6 and en not in catalogue()}
    client = step_in("information_manager")
    for address in ("/informatiemanager", "/behoeften", "/hiaten", "/over/gegevens"):
        left = {text for text in spoken(client.get(address).content.decode()) if text in back}
        assert left == {"English"} & left, address


@pytest.mark.parametrize("address", ["/logboek", "/bronnen", "/overzichten/absence_16h"])
def test_roles_are_called_by_their_english_names(board: Board, db: None, address: str) -> None:
    html = browser(board.people["outsider"], taal="en").get(address).content.decode()
    text = Seen(html.split("<main")[1]).text
    for role in Role.objects.exclude(nl=""):
        if len(role.nl) > 8 and role.nl.casefold() not in role.en.casefold():
            assert role.nl not in text, role.nl


def test_the_check_finds_what_was_left_in_dutch() -> None:
    dutch_only = set(catalogue()) - set(catalogue().values())
    nl = next(text for text in sorted(dutch_only) if text == text.strip())
    assert spoken(f'<p>{nl}</p><a aria-label="{nl}">x</a>') == {nl, "x"}
    assert len(catalogue()) > 300


def test_the_account_chooses_until_the_browser_does(step_in: Step, board: object) -> None:
    person = Person.objects.get(email="olivier.smit@oeverscholen.example")
    with change(Person.objects.get(email="youssef.haddou@oeverscholen.example"), "person.write", person):
        person.language = "en"
        person.save()
    client = step_in("outsider")
    answer = client.get("/over/hulp")
    assert answer.headers["Content-Language"] == "en"
    client.cookies["taal"] = "nl"
    assert client.get("/over/hulp").headers["Content-Language"] == "nl"
    client.cookies["taal"] = "klingon"
    assert client.get("/over/hulp").headers["Content-Language"] == "nl"


def test_every_page_that_is_looked_at_exists() -> None:
    known = {address.split("?")[0] for address in ROUTES}
    for addresses in LOOKS.values():
        for address in addresses:
            path = address.split("?")[0]
            assert path in known or path in ("/bronnen/verzuim", "/nergens", "/overzichten/absence_class")
