"""Addresses that someone made up: every page answers, reflects nothing, opens nothing, and takes nothing from them."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from schakel.access.audit import AuditLine
from schakel.portal import guard
from tests.desk import Desk
from tests.distribute.school import START
from tests.portal.conftest import browser
from tests.portal.supplies import landing, quarantine, reading, source

MARK = "\"'><script>alert(1)</script>"
VALUES = (MARK, "' OR 1=1; --", "-1", "99999999999999999999", "../../../etc/passwd", "%00", "{{ 7*7 }}", "é" * 300)
NAMES = (
    "t-zoek", "t-sorteer", "t-vanaf", "t-stand", "t-rol", "t-soort", "t-ernst", "k-zoek", "k-besluit", "b-vanaf",
    "g-sorteer", "q-bestand", "q", "next", "dag", "wie",
)  # fmt: skip
PAGES = {
    "information_manager": (
        "/bestuur",
        "/informatiemanager",
        "/behoeften",
        "/behoeften/late",
        "/hiaten",
        "/logboek",
        "/zoek",
    ),
    "ict_manager": ("/ict", "/bronnen", "/bronnen/las", "/quarantaine"),
    "leraar-A1": ("/mijn", "/overzichten", "/overzichten/late", "/over/hulp"),
    "niemand": ("/bronnen/las/quarantaine",),
}


@pytest.fixture
def filled(room: Desk) -> Desk:
    reading(room, source(room), "repaired", rows_quarantined=1, folder=landing())
    quarantine(rows=((1, "type", "email", "Fout.", "x"),))
    room.assign("niemand", "school_admin", START)
    return room


@pytest.mark.parametrize("who", sorted(PAGES))
def test_every_page_answers_whatever_is_asked_of_it(filled: Desk, who: str) -> None:
    client = browser(filled.people[who])
    for address in PAGES[who]:
        for turn in (0, 3, 6):  # each name with three of the values
            asked = {name: VALUES[(place + turn) % len(VALUES)] for place, name in enumerate(NAMES)}
            answer = client.get(address, asked)
            html = answer.content.decode()
            assert answer.status_code == 200, (address, asked)
            assert "<script>alert" not in html, (address, asked)
            assert 'value="49"' not in html, "what was asked is never worked out"


@pytest.mark.parametrize("who", sorted(PAGES))
def test_what_was_made_up_shows_the_page_as_it_is(filled: Desk, who: str) -> None:
    """An unknown column, an unknown choice, a page before the first or after the last: the first page, unsorted."""
    client = browser(filled.people[who])
    query = {"t-sorteer": "password", "t-vanaf": "-1", "t-stand": "x", "t-rol": "x", "t-soort": "x", "t-ernst": "x"}
    for address in PAGES[who]:
        plain, asked = (client.get(address, data).content.decode() for data in ({}, query))
        assert asked.count('scope="row"') >= plain.count('scope="row"'), address
        assert "Niets past bij deze keuze" not in asked or "Niets past bij deze keuze" in plain


def test_the_same_name_twice_is_the_last_one(filled: Desk) -> None:
    answer = browser(filled.manager).get("/behoeften?t-stand=live&t-stand=approved&t-zoek=a&t-zoek=")
    assert answer.content.decode().count('scope="row"') == 2


def test_looking_changes_nothing(filled: Desk) -> None:
    before = AuditLine.objects.exclude(action__in=("product.deliver", "quarantine.read")).count()
    for who, addresses in PAGES.items():
        client = browser(filled.people[who])
        for address in addresses:
            client.get(address, {"t-stand": "live", "wie": "board_member", "state": "approved"})
    assert AuditLine.objects.exclude(action__in=("product.deliver", "quarantine.read")).count() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "options"])
def test_other_ways_of_asking_change_nothing(filled: Desk, method: str) -> None:
    before = AuditLine.objects.exclude(action__in=("product.deliver", "quarantine.read")).count()
    client = browser(filled.manager)
    for address in ("/behoeften/late", "/behoeften/late/goedkeuren", "/bronnen/lezen", "/overzichten/kinds.csv"):
        assert getattr(client, method)(address).status_code in (200, 403, 405), (method, address)
    lines = AuditLine.objects.exclude(action__in=("product.deliver", "product.refuse", "quarantine.read"))
    assert lines.exclude(action__startswith="refused:").count() == before


@pytest.mark.parametrize(
    "key", ["late%27--", "late%00", "..%2flate", "%3Cb%3E", "LATE", "late.csv.csv", "late%0a", "a" * 3000]
)
def test_a_key_that_was_made_up_is_not_found(room: Desk, key: str) -> None:
    client = browser(room.people["leraar-A1"])
    for address in (f"/overzichten/{key}", f"/overzichten/{key}.csv", f"/behoeften/{key}"):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "<b>" not in answer.content.decode().split("<main")[1].split("Wat kunt u doen?")[0]


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "Host", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override"]
)
def test_no_header_leads_elsewhere(room: Desk, name: str) -> None:
    client = browser(room.people["outsider"])
    answer = client.get("/mijn", headers={name: "testserver" if name == "Host" else "elders.example/logboek"})
    assert answer.status_code == 200
    assert "elders.example" not in answer.content.decode()


def test_a_foreign_host_is_no_host_of_ours(room: Desk) -> None:
    assert Client().get("/aanmelden", headers={"Host": "elders.example"}).status_code == 400


# What stands in an address at all


def _patterns(resolver: URLResolver | None = None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            found += _patterns(item, f"{prefix}{item.pattern}")
        else:
            found.append((f"{prefix}{item.pattern}", item))
    return found


def test_no_address_names_a_person() -> None:
    """Keys of needs, products and sources; the number of a version, a day; never an address or name of someone."""
    allowed = {"key", "product", "kind", "topic", "number", "day", "element", "id_", "path"}
    # A cell of the matrix is a role and a side; a link that works once carries a number and a secret.
    also = {"verantwoordelijkheden/": {"aspect", "role"}, "aanmelden/welkom/": {"uid", "token"}}
    for address, item in _patterns():
        more = next((names for start, names in also.items() if address.startswith(start)), set())
        assert set(item.pattern.regex.groupindex) <= allowed | more, address
        assert not re.search(r"person|leerling|pupil|email|medewerker|user", address), address


def test_what_is_public_is_a_short_list() -> None:
    public = {address for address, item in _patterns() if guard.permission_of(item.callback) == guard.PUBLIC}
    known = {"aanmelden", "demo/instappen", "thema", "taal", "onderdelen", "over/<slug:topic>", "gezondheid"}
    assert {address for address in public if not address.startswith(("aanmelden", "static"))} <= known
