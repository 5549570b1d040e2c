"""A look at a source that keeps nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from schakel.access.audit import AuditLine
from schakel.collect.connections import connect
from schakel.collect.runs import Run
from schakel.portal.pages import source as one
from tests.desk import Desk
from tests.portal.conftest import browser
from tests.portal.supplies import source, words


@pytest.fixture
def inbox(room: Desk) -> Iterator[Path]:
    folder = room.data / "inbox"
    folder.mkdir(exist_ok=True)
    source(room, "verzuim", layout="verzuim", pattern="verzuim_*.csv")
    path = folder / "verzuim_1.csv"
    yield path
    path.unlink(missing_ok=True)


HEAD = "Leerlingnummer;Vestiging;Datum;Lesuur;Soort;Reden;Klokuren;Lesuren;Minuten te laat;Contact op;Opmerking;BSN"


def kept(data: Path) -> list[str]:
    return sorted(str(path) for path in data.rglob("*") if path.is_file())


def test_trying_shows_what_would_come_and_keeps_nothing(room: Desk, inbox: Path) -> None:
    client = browser(room.people["ict_manager"])
    inbox.write_text(f"{HEAD}\np0001;98AB00;02-11-2026;;L;;;;5;;;\np0001;98AB00;31-02-2026;;L;;;;5;;;\n", "cp1252")
    before, lines, count = kept(room.data), AuditLine.objects.count(), Run.objects.count()
    page = client.post("/bronnen/verzuim/proberen")
    assert "-sorteer=" not in page.content.decode(), "no link asks this again by looking"
    assert 'method="get"' not in page.content.decode()
    text = words(page)
    assert "verzuim_1.csv is bruikbaar: 2 rijen" in text
    assert "zou binnenkomen" in text
    assert "niets bewaard" in text
    assert "Buiten de deur" in text
    assert "De naam zegt dat dit een BSN" in text
    assert (kept(room.data), AuditLine.objects.count(), Run.objects.count()) == (before, lines, count)


def test_trying_what_is_not_there_or_cannot_be_followed(room: Desk, inbox: Path) -> None:
    client = browser(room.people["ict_manager"])
    assert "Er ligt geen bestand in de inbox" in words(client.post("/bronnen/verzuim/proberen"))
    inbox.write_bytes(b"PK\x03\x04 no zip, no table")
    text = words(client.post("/bronnen/verzuim/proberen"))
    assert "Bron verzuim is niet te lezen" in text


def test_trying_a_large_file_is_left_to_the_server(room: Desk, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.write_text(f"{HEAD}\n", "cp1252")
    monkeypatch.setattr("schakel.portal.pages.trial.LARGEST", 10)
    text = words(browser(room.people["ict_manager"]).post("/bronnen/verzuim/proberen"))
    assert "schakel check" in text


def test_a_source_of_a_server_is_tried_at_the_server(room: Desk) -> None:
    connect(
        room.people["ict_manager"], source(room), provider="oneroster-rest", version="1.1", client="c", secret="s",
        address="https://las.example/x", method="oauth1-sha1",
    )  # fmt: skip
    actions = {action.label: action.href for action in one.page(room.people["ict_manager"], "las", {}).head.actions}
    assert actions["Probeer zonder te bewaren"] == "/bronnen/las/server/proberen"
