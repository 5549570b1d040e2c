"""Templates: every one of them is drawn by a test, and none holds words that cannot be translated."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import get_template
from django.test import Client
from django.test.signals import template_rendered

from schakel.chain.realising import Change
from schakel.collect.cases import Case
from schakel.portal import answers
from tests.portal.conftest import ROUTES, Step
from tests.portal.test_sign_in import set_up

FOLDER = Path(__file__).parents[2] / "schakel" / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
# Names that are the same in every language.
NAMES = {"Schakel", "– Schakel", "/", "·"}


def literal(text: str) -> list[str]:
    """The words in a template that stand outside tags, variables and translations."""
    text = re.sub(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", "", text, flags=re.S)
    text = re.sub(r"{[%{#].*?[%}#]}", "", text, flags=re.S)
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)
    spoken = re.findall(r"\b(?:aria-label|alt|placeholder|title)=\"([^\"]+)\"", text)
    text = re.sub(r"<[^>]*>", "\n", text)
    return [w for w in (" ".join(p.split()) for p in [*text.split("\n"), *spoken]) if re.search(r"\w", w)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_all_words_can_be_translated(path: Path) -> None:
    assert [word for word in literal(path.read_text()) if word not in NAMES] == []


def test_the_check_finds_a_literal_word() -> None:
    assert literal("<p>Hallo {{ name }}</p>") == ["Hallo"]
    assert literal('<img alt="Foto">{% translate "Hallo" %}') == ["Foto"]
    assert literal("{% blocktranslate %}Hallo {{ name }}{% endblocktranslate %}") == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_nothing_is_marked_safe_and_nothing_is_inline(path: Path) -> None:
    text = path.read_text()
    assert "|safe" not in text
    assert "autoescape off" not in text
    assert " style=" not in text
    assert "javascript:" not in text


def test_every_template_is_drawn(step_in: Step) -> None:
    drawn: set[str] = set()

    def note(sender: object, template: object, **_more: object) -> None:
        drawn.add(str(getattr(template, "name", "")))

    template_rendered.connect(note)
    try:
        clients = {
            who: step_in(who) for who in ("board_member", "information_manager", "mentor", "school_admin", "outsider")
        }
        for address, may in ROUTES.items():
            clients[next((who for who in clients if who in may), "outsider")].get(address)
        clients["outsider"].get("/nergens")
        clients["outsider"].get("/bestuur")
        clients["mentor"].get("/overzichten/absence_class")
        sheet = SimpleUploadedFile("doelen.csv", b"Sleutel;Doel\nG01;Iets anders\n")
        clients["information_manager"].post("/uitwisselen/spreadsheet/nakijken", {"bestand": sheet, "soort": "goals"})
        clients["information_manager"].get("/uitwisselen/voorstel")
        clients["information_manager"].post("/uitwisselen/voorstel/weggooien")
        clients["information_manager"].post("/bronnen/vakanties/proberen")
        absence = SimpleUploadedFile("verzuim.csv", b"Lln nr;Datum;Soort\n0012;03-04-2026;O\n")
        clients["information_manager"].post("/vertalingen/nakijken", {"bestand": absence})
        clients["information_manager"].get("/vertalingen/voorstel")
        clients["information_manager"].post("/vertalingen/voorstel/weggooien")
        clients["information_manager"].get(f"/wijzigingen/{Change.objects.earliest('pk').pk}")
        clients["information_manager"].get("/overleg/board_direction/2026-12-01")
        clients["information_manager"].get("/overleg/board_direction/2026-12-01.pdf")
        clients["mentor"].post("/vragen/bewaren", {"vraag": "wie er te laat zijn"})
        clients["mentor"].get("/vragen")
        sent = clients["mentor"].post("/overzichten/absence_16h/melden/doen", {"fout": "de naam"})
        clients["mentor"].get(sent.headers["Location"])
        clients["information_manager"].get(f"/bevindingen/{Case.objects.earliest('pk').pk}")
        Client().get("/aanmelden")
        set_up(clients["mentor"])
        clients["mentor"].get("/mijn-aanmelding/herstelcodes/nieuw")
        answers.broken(None)  # type: ignore[arg-type]
    finally:
        template_rendered.disconnect(note)
    names = {str(path.relative_to(FOLDER)) for path in TEMPLATES}
    assert names - drawn == set()


def test_a_broken_page_needs_no_database() -> None:
    page = answers.broken(None)  # type: ignore[arg-type]
    assert page.status_code == 500
    assert "wat er stond is bewaard" in page.content.decode()
    assert get_template("schakel/500.html")
