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
from tests.portal.conftest import ROUTES, Seen, Step
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


def faults(html: str) -> list[str]:
    """What a page may not have: another frame than all have, something inline, or anything from elsewhere."""
    page = Seen(html)
    ids = [attrs["id"] for _tag, attrs in page.tags if attrs.get("id")]
    first = page.all("a")[0] if page.all("a") else {}
    wrong = {
        "one heading": len(page.all("h1")) != 1,
        "one main part": len(page.all("main")) != 1,
        "its language": page.all("html")[0].get("lang") != "nl",
        "a foot": not page.all("footer"),
        "the way past the rail": (first.get("class"), first.get("href")) != ("skip", "#inhoud"),
        "names given once": len(ids) != len(set(ids)),
        "no style of its own": bool(page.all("style")) or any("style" in attrs for _tag, attrs in page.tags),
        "no script of its own": not all(script.get("src") for script in page.all("script")),
        "no orders in a tag": any(name.startswith("on") for _tag, attrs in page.tags for name in attrs),
        "nothing from elsewhere": bool(re.search(r"(?:src|href|action)=\"(?:https?:)?//", html)),
    }
    return [what for what, is_wrong in wrong.items() if is_wrong]


@pytest.mark.parametrize(
    ("spoiled", "by", "what"),
    [
        ("<h1>", "<h1></h1><h1>", "one heading"),
        ("<main", "<main></main><main", "one main part"),
        ('lang="nl"', 'lang="en"', "its language"),
        ("<main", '<p id="inhoud"></p><main', "names given once"),
        ("<main", "<style></style><main", "no style of its own"),
        ("<main", '<p style="x"></p><main', "no style of its own"),
        ("<main", "<script>x</script><main", "no script of its own"),
        ("<main", '<p onclick="x"></p><main', "no orders in a tag"),
        ("<main", '<a href="//elders.example"></a><main', "nothing from elsewhere"),
        ('class="skip"', 'class="other"', "the way past the rail"),
    ],
)
def test_the_check_of_a_page_finds_each_fault(step_in: Step, spoiled: str, by: str, what: str) -> None:
    html = step_in("outsider").get("/over/hulp").content.decode()
    assert faults(html) == []
    assert what in faults(html.replace(spoiled, by, 1))


def test_every_page_is_framed_and_every_template_is_drawn(step_in: Step) -> None:
    drawn: set[str] = set()

    def note(sender: object, template: object, **_more: object) -> None:
        drawn.add(str(getattr(template, "name", "")))

    template_rendered.connect(note)
    try:
        clients = {
            who: step_in(who) for who in ("board_member", "information_manager", "mentor", "school_admin", "outsider")
        }
        for address, may in ROUTES.items():
            answer = clients[next((who for who in clients if who in may), "outsider")].get(address)
            if answer.headers["Content-Type"].startswith("text/html"):
                assert faults(answer.content.decode()) == [], address
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
