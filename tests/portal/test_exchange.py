"""Taking out and bringing in at the pages: what is shown first is what happens, and nothing else."""

import io
import os
import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain.approvals import needed_elements
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.portal import uploads
from tests.conftest import Board
from tests.kits.models import FOREIGN, problems
from tests.kits.sheet_files import as_csv, book, sheets_of
from tests.portal.conftest import Seen, Step

GOALS = [["Sleutel", "Doel"], ["G01", "Elke leerling leest"], ["G99", "Iets nieuws"]]


@pytest.fixture(autouse=True)
def nothing_left(board: Board) -> Iterator[None]:
    """Files that a test leaves waiting are thrown away."""
    yield
    for path in waiting(board):
        path.unlink()


def h1(answer) -> str:
    """The heading of a page."""
    found = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
    return found.group(1) if found else ""


def brought(client, content, name="doelen.xlsx", kind="spreadsheet", **more):
    """The answer to a file that was brought in."""
    file = SimpleUploadedFile(name, content)
    return client.post(f"/uitwisselen/{kind}/nakijken", {"bestand": file, **more}, follow=True)


def confirmed(client, answer):
    """Press the button on the page with the differences."""
    fields = [tag for tag in Seen(answer.content.decode()).all("input") if tag.get("name") == "vingerafdruk"]
    words = {"vingerafdruk": fields[0]["value"]} if fields else {}
    return client.post("/uitwisselen/voorstel/overnemen", words, follow=True)


def waiting(board: Board):
    folder = board.data / "exchange"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_a_file_is_shown_first_and_then_taken_over(step_in: Step, board: Board) -> None:
    client = step_in("information_manager")
    answer = brought(client, book(Doelen=GOALS))
    page = Seen(answer.content.decode())
    assert answer.redirect_chain == [("/uitwisselen/voorstel", 302)]
    assert h1(answer) == "1 ding komt erbij en 1 ding wijzigt"
    for words in ("Elke leerling leest", "Doelen!B2", "G99", "doelen.xlsx"):
        assert words in page.text
    assert not Goal.objects.filter(key="G99").exists(), "looking changes nothing"
    done = confirmed(client, answer)
    assert "Overgenomen: 1 erbij, 1 gewijzigd." in done.content.decode()
    assert Goal.objects.get(key="G99").nl == "Iets nieuws"
    assert Goal.objects.get(key="G01").nl == "Elke leerling leest"
    assert waiting(board) == []
    assert "Er wacht geen bestand" in client.get("/uitwisselen/voorstel").content.decode()


def test_a_file_with_faults_has_no_button_and_is_refused_without_it(step_in: Step, board: Board) -> None:
    client = step_in("information_manager")
    answer = brought(client, book(Doelen=[["Sleutel", "Doel", "Niveau"], ["G98", "Iets", "heelal"]]))
    page = Seen(answer.content.decode())
    assert h1(answer) == "Eén plek in het bestand past niet"
    for words in ("Doelen!C2", "heelal", "keuzelijst", "Kies uit: bestuur, school."):
        assert words in page.text
    assert "Neem alles over" not in page.text
    refused = confirmed(client, answer)
    assert refused.redirect_chain == [("/uitwisselen/voorstel?opnieuw=1", 302)]
    assert not Goal.objects.filter(key="G98").exists()
    client.post("/uitwisselen/voorstel/weggooien")
    assert waiting(board) == []


def test_what_changed_in_between_is_shown_again(step_in: Step, board: Board) -> None:
    client = step_in("information_manager")
    answer = brought(client, book(Doelen=[["Sleutel", "Doel"], ["G02", "Nieuwe woorden"]]))
    put(board.people["information_manager"], "goal.write", Goal, "G02", nl="Intussen anders")
    again = confirmed(client, answer)
    text = again.content.decode()
    assert "Het register is gewijzigd sinds u keek" in text
    assert "Intussen anders" in text
    assert Goal.objects.get(key="G02").nl == "Intussen anders"
    assert "Overgenomen" in confirmed(client, again).content.decode()
    assert Goal.objects.get(key="G02").nl == "Nieuwe woorden"


def test_a_fallen_approval_is_told_before_it_falls(step_in: Step) -> None:
    client = step_in("information_manager")
    before = needed_elements()
    content = book(Behoeften=[["Sleutel", "Hoe vaak"], ["absence_class", "elke tien minuten"]])
    answer = brought(client, content, "behoeften.xlsx")
    text = answer.content.decode()
    assert "1 goedgekeurde behoefte wijzigt" in text and "goedkeuring vervalt" in text
    assert needed_elements() == before
    confirmed(client, answer)
    assert InformationNeed.objects.get(key="absence_class").state == "asked"


@pytest.mark.parametrize(
    ("name", "content", "kind", "words"),
    [
        ("leeg.xlsx", b" ", "spreadsheet", "leeg"),
        ("foto.png", b"\x89PNG\x00\x81", "spreadsheet", "geen rekenblad"),
        ("model.xml", FOREIGN.encode(), "spreadsheet", "geen enkel blad"),
        ("doelen.xlsx", book(Doelen=GOALS), "model", "geen heel XML"),
        ("kapot.xlsx", b"PK\x03\x04kapot", "spreadsheet", "beschadigd"),
    ],
)
def test_what_cannot_be_read_is_said_on_the_page_and_not_kept(
    step_in: Step, board: Board, name: str, content: bytes, kind: str, words: str
) -> None:
    answer = brought(step_in("information_manager"), content, name, kind)
    assert answer.status_code == 422
    text = Seen(answer.content.decode()).text
    assert words in text and name in text and "Niet ingelezen." in text
    assert waiting(board) == []


def test_no_file_asks_for_a_file(step_in: Step) -> None:
    answer = step_in("information_manager").post("/uitwisselen/spreadsheet/nakijken", {})
    assert answer.status_code == 422
    assert "Kies eerst een bestand." in answer.content.decode()


def test_a_form_that_is_too_large_is_refused_by_its_size(step_in: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    client = step_in("information_manager")
    monkeypatch.setattr(uploads, "MOST_MB", 0)
    answer = brought(client, book(Doelen=GOALS))
    assert answer.status_code == 400
    assert "Het bestand is te groot" in answer.content.decode()


def test_nobody_sees_or_confirms_the_file_of_another(step_in: Step, board: Board) -> None:
    mine = step_in("information_manager")
    answer = brought(mine, book(Doelen=[["Sleutel", "Doel"], ["G03", "Van mij"]]))
    other = step_in("board_member")
    assert "Er wacht geen bestand" in other.get("/uitwisselen/voorstel").content.decode()
    confirmed(other, answer)
    assert Goal.objects.get(key="G03").nl != "Van mij"
    session = other.session
    session["exchange"] = dict(mine.session["exchange"])
    session.save()
    stolen = other.get("/uitwisselen/voorstel")
    assert stolen.status_code == 422
    assert "Van mij" not in stolen.content.decode()
    mine.post("/uitwisselen/voorstel/weggooien")


@pytest.mark.parametrize("token", ["../../schakel", "", "x" * 32, "../secret.key"])
def test_a_token_is_never_a_path(step_in: Step, board: Board, token: str) -> None:
    client = step_in("information_manager")
    client.get("/uitwisselen")
    session = client.session
    session["exchange"] = {"token": token, "name": "x", "kind": "sheet"}
    session.save()
    assert client.get("/uitwisselen/voorstel").status_code == 422
    client.post("/uitwisselen/voorstel/weggooien")
    assert (board.data / "secret.key").exists()


def test_an_old_file_no_longer_waits(step_in: Step, board: Board) -> None:
    client = step_in("information_manager")
    brought(client, book(Doelen=GOALS))
    [path] = waiting(board)
    assert path.stat().st_mode & 0o777 == 0o600
    os.utime(path, (1, 1))
    brought(step_in("board_member"), book(Doelen=GOALS))
    assert path not in waiting(board)
    gone = client.get("/uitwisselen/voorstel")
    assert gone.status_code == 422
    assert "wacht niet meer" in gone.content.decode()


def test_a_teacher_asks_by_file_and_may_not_write_goals(step_in: Step) -> None:
    client = step_in("teacher")
    answer = brought(client, book(Doelen=GOALS))
    assert "Dit mag alleen: bestuurder, informatiemanager." in answer.content.decode()
    needs = [["Sleutel", "Als (rol)", "Wil ik weten", "Om te besluiten", "Hoe vaak"],
             ["overblijf", "teacher", "Wie blijft over?", "Dekken.", "elke dag"]]  # fmt: skip
    confirmed(client, brought(client, as_csv(needs), "vraag.csv"))
    assert InformationNeed.objects.get(key="overblijf").requester.name == "Tom Bakker"


def test_a_model_comes_in_by_what_its_components_are(step_in: Step) -> None:
    client = step_in("information_manager")
    answer = brought(client, FOREIGN.encode(), "model.xml", "model", componenten="components")
    text = Seen(answer.content.decode()).text
    assert "Referentiecomponenten" in text and "Wat opviel" in text and "AndJunction 1" in text
    client.post("/uitwisselen/voorstel/weggooien")


def test_what_is_taken_out_is_what_stands_there(step_in: Step, board: Board) -> None:
    client = step_in("information_manager")
    answer = client.get("/uitwisselen/needs.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="schakel-needs.xlsx"'
    rows = sheets_of(answer.content)["Behoeften"]
    assert len(rows) == InformationNeed.objects.count() + 1
    again = brought(client, answer.content, "behoeften.xlsx")
    assert h1(again) == "Dit bestand zegt hetzelfde als het register"
    client.post("/uitwisselen/voorstel/weggooien")
    assert problems(client.get("/uitwisselen/model.xml").content) == []
    assert client.get("/uitwisselen/nergens.xlsx").status_code == 404


def test_the_people_are_only_offered_to_who_may_have_them(step_in: Step) -> None:
    for who, there in (("information_manager", True), ("teacher", False)):
        page = Seen(step_in(who).get("/uitwisselen").content.decode())
        assert ("/uitwisselen/people.xlsx" in [link.get("href") for link in page.all("a")]) == there
    assert "Mensen" not in sheets_of(step_in("teacher").get("/uitwisselen/all.xlsx").content)


def test_a_refused_export_leaves_a_line(step_in: Step) -> None:
    client = step_in("teacher")
    before = AuditLine.objects.count()
    answer = client.get("/uitwisselen/people.xlsx")
    assert answer.status_code == 403
    assert AuditLine.objects.filter(number__gt=before).get().action == "refused:person.write"
    assert not answer.headers.get("Content-Disposition")


def test_the_page_is_reached_from_the_front_door(step_in: Step) -> None:
    page = Seen(step_in("information_manager").get("/informatiemanager").content.decode())
    assert "/uitwisselen" in [link.get("href") for link in page.all("a")]


def test_the_same_in_english(step_in: Step) -> None:
    client = step_in("information_manager")
    client.cookies["taal"] = "en"
    assert "Needs" in sheets_of(client.get("/uitwisselen/needs.xlsx").content)
    answer = brought(client, io.BytesIO(book(Goals=[["Key", "Goal"], ["G04", "Read"]])).getvalue())
    text = answer.content.decode()
    assert "1 thing changes" in text and "Take over everything" in text
    client.post("/uitwisselen/voorstel/weggooien")
