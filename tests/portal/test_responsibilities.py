"""The matrix and the page of one thing: what stands there, who may change it, and where a change lands."""

import io
import re

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.register import assign
from schakel.chain.answerable import Division
from schakel.chain.responsibilities import Area, Responsibility
from schakel.lib import clock
from tests.chain.divided import AREAS, area, divide, role
from tests.conftest import Board
from tests.portal.conftest import Seen, Step

pytestmark = pytest.mark.django_db
MATRIX = "/verantwoordelijkheden"
END = " – Schakel"
AREA = f"{MATRIX}/area/system_run"
NEED = f"{MATRIX}/informationneed/absence_16h"


@pytest.fixture
def divided(board: Board) -> Board:
    """The demo board with a small, sound division and nothing else."""
    manager = board.people["information_manager"]
    with change(manager, "responsibility.write"):
        Responsibility.objects.all().delete()
        Area.objects.all().delete()
    divide(manager)
    return board


def seen(client: Client, address: str = MATRIX, status: int = 200) -> Seen:
    answer = client.get(address)
    assert answer.status_code == status, address
    return Seen(answer.content.decode())


def cells(client: Client, address: str = MATRIX) -> dict[str, list[str]]:
    """Per row its name with its side, and the letters in it, role by role."""
    html = client.get(address).content.decode()
    table = html[html.index("<table") : html.index("</table>")]
    rows = {}
    for row in re.findall(r'<tr id="rij-.*?</tr>', table, re.S):
        head, _end, rest = row.partition("</th>")
        name = " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", head).split())
        rows[name] = re.findall(r"(?:<td[^>]*>(?:<a[^>]*>)?)([RACI·]*)", rest)
    return rows


def letters(row: list[str]) -> str:
    return "".join(x for x in row if x != "·")


def test_every_side_of_every_area_has_a_row_with_its_letters(divided: Board, step_in: Step) -> None:
    rows = cells(step_in("teacher"))
    expected = sum(len(sides) for sides in AREAS.values())
    assert len(rows) == expected
    assert sorted(letters(rows["Applicatie beheren uitvoering"])) == ["A", "C", "R"]
    assert len({len(row) for row in rows.values()}) == 1


def test_only_roles_that_occur_stand_across(divided: Board, step_in: Step) -> None:
    page = seen(step_in("teacher"))
    across = [a["href"] for a in page.all("a") if (a.get("href") or "").startswith("/rollen/")]
    assert "/rollen/process_owner" in across
    assert "/rollen/dpo" not in across
    assert len(across) == len(set(across)) == Responsibility.objects.values("role").distinct().count()


def test_a_sound_division_says_so(divided: Board, step_in: Step) -> None:
    assert seen(step_in("teacher")).title.removesuffix(END) == "Overal is precies één rol eindverantwoordelijk"


def test_what_is_wrong_is_marked_with_a_word_where_it_is(divided: Board, step_in: Step) -> None:
    client = step_in("information_manager")
    client.post(f"{AREA}/opslaan", {"rol": "process_owner", "kant": "execution", "letters": ""})
    client.post(f"{AREA}/opslaan", {"rol": "ict_manager", "kant": "content", "letters": "A"})
    rows = cells(client)
    assert "Applicatie beheren uitvoering geen A" in rows
    assert "Applicatie beheren inhoud meer dan één A" in rows
    assert seen(client).title.removesuffix(END) == "Op twee plekken is niet precies één rol eindverantwoordelijk"
    assert set(cells(client, f"{MATRIX}?alleen=knelpunten")) == {
        "Applicatie beheren uitvoering geen A",
        "Applicatie beheren inhoud meer dan één A",
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("soort=system", {"Applicatie beheren inhoud", "Applicatie beheren uitvoering"}),
        ("soort=system&kant=content", {"Applicatie beheren inhoud"}),
        ("rol=privacy_officer", {"Behoefte: goedkeuren inhoud"}),
        ("soort=system&rol=board", set()),
    ],
)
def test_the_filters(divided: Board, step_in: Step, query: str, names: set[str]) -> None:
    client = step_in("teacher")
    if names:
        assert set(cells(client, f"{MATRIX}?{query}")) == names
    else:
        assert "Niets past bij deze keuze" in seen(client, f"{MATRIX}?{query}").text


def test_a_filter_that_is_none_shows_everything(divided: Board, step_in: Step) -> None:
    assert cells(step_in("teacher"), f"{MATRIX}?soort=x&rol=<b>&kant=1") == cells(step_in("teacher"))


def test_who_may_not_divide_sees_letters_and_no_ways_to_change_them(divided: Board, step_in: Step) -> None:
    html = step_in("teacher").get(MATRIX).content.decode()
    assert "/content/" not in html
    assert "matrix.js" not in html
    assert "Verdeel anders" not in seen(step_in("teacher"), AREA).text
    assert f"{AREA}/content/board_member" in step_in("board_member").get(MATRIX).content.decode()


def test_an_empty_matrix_says_why(divided: Board, step_in: Step) -> None:
    with change(divided.people["information_manager"], "responsibility.write"):
        Responsibility.objects.all().delete()
        Area.objects.all().delete()
    page = seen(step_in("teacher"))
    assert page.title.removesuffix(END) == "Nog niets is verdeeld"
    assert "Een startpakket brengt gebieden" in page.text


def test_a_cell_without_script(divided: Board, step_in: Step) -> None:
    client = step_in("information_manager")
    form = seen(client, f"{AREA}/execution/ict_manager?soort=system&x=1")
    assert form.title.removesuffix(END) == "Wat vraagt dit van de ICT-manager?"
    chosen = [o["value"] for o in form.all("option") if "selected" in o]
    assert chosen == ["C"]
    hidden = {i["name"] or "": i["value"] or "" for i in reversed(form.all("input")) if i.get("type") == "hidden"}
    hidden = {name: hidden[name] for name in ("rol", "kant", "naar", "terug")}  # those of the foot come after it
    assert hidden["terug"] == "soort=system"
    answer = client.post(f"{AREA}/opslaan", {**hidden, "letters": "R"})
    assert answer.headers["Location"] == f"{MATRIX}?soort=system"
    assert Division().of(area("system_run"), "execution").of("ict_manager") == "R"
    assert AuditLine.objects.latest("number").action == "responsibility.write"


def test_the_way_back_stays_on_the_matrix(divided: Board, step_in: Step) -> None:
    client = step_in("information_manager")
    sent = {"rol": "teacher", "kant": "content", "letters": "C", "naar": "matrix"}
    for back in ("//elders.example/", "https://elders.example", "soort=system#\r\nx: y"):
        location = client.post(f"{AREA}/opslaan", {**sent, "terug": back}).headers["Location"]
        assert location.split("?")[0] == MATRIX


@pytest.mark.parametrize(
    ("change_", "words"),
    [
        ({"rol": ""}, "Kies een rol."),
        ({"kant": "vorm"}, "Kies inhoud of uitvoering."),
        ({"letters": "Z"}, "Kies uit de letters"),
    ],
)
def test_a_choice_that_makes_no_sense(divided: Board, step_in: Step, change_: dict[str, str], words: str) -> None:
    before = Responsibility.objects.count()
    sent = {"rol": "teacher", "kant": "content", "letters": "R", **change_}
    answer = step_in("information_manager").post(f"{AREA}/opslaan", sent)
    assert answer.status_code == 403
    assert words in answer.content.decode()
    assert Responsibility.objects.count() == before


@pytest.mark.parametrize(
    "address",
    [f"{MATRIX}/area/niets", f"{MATRIX}/planeet/mars", f"{AREA}/vorm/teacher", f"{AREA}/content/niemand"],
)
def test_what_is_not_there(divided: Board, step_in: Step, address: str) -> None:
    seen(step_in("information_manager"), address, 404)


def test_a_need_follows_its_area_until_it_is_divided_apart(divided: Board, step_in: Step) -> None:
    client = step_in("information_manager")
    assert "nog niet verdeeld" in seen(client, NEED).text.lower()  # in use: follows `product`, which nobody divided
    client.post(f"{NEED}/opslaan", {"rol": "mentor", "kant": "content", "letters": "R"})
    client.post(f"{NEED}/opslaan", {"rol": "school_leader", "kant": "content", "letters": "A"})
    page = seen(client, NEED)
    assert "Eindverantwoordelijk: schoolleider." in page.text
    assert any(name.startswith("Welke leerlingen naderen") for name in cells(client, f"{MATRIX}?soort=apart"))
    assert "inhoud: schoolleider" in seen(client, "/behoeften/absence_16h").text
    assert client.post(f"{NEED}/terug").status_code == 302
    assert "Volg weer het gebied" not in seen(client, NEED).text


def test_the_page_of_a_thing_names_roles_and_who_holds_them(divided: Board, step_in: Step) -> None:
    page = seen(step_in("teacher"), f"{MATRIX}/area/need_approve")
    assert "Eindverantwoordelijk voor de inhoud: bestuurder. Voor de uitvoering: gegevenseigenaar." in page.text
    assert "Marijke Terpstra" in page.text
    assert "/rollen/board_member" in {a.get("href") for a in page.all("a")}


def test_what_is_wrong_with_a_thing_is_said_on_its_page(divided: Board, step_in: Step) -> None:
    client = step_in("information_manager")
    client.post(f"{AREA}/opslaan", {"rol": "functional_admin", "kant": "execution", "letters": "RA"})
    client.post(f"{AREA}/opslaan", {"rol": "process_owner", "kant": "execution", "letters": ""})
    assert "Eindverantwoordelijk voor eigen werk" in seen(client, AREA).text


def test_the_controls_stand_under_the_matrix(divided: Board, step_in: Step) -> None:
    client = step_in("teacher")
    assert "Gescheiden: bestuurder tegenover informatiemanager" in seen(client).text
    assign(
        divided.people["information_manager"], divided.people["board_member"], role("information_manager"),
        clock.today(),
    )  # fmt: skip
    assert "Marijke Terpstra zit aan beide kanten: bestuurder tegenover informatiemanager" in seen(client).text
    gap = f"/hiaten/one-person-both-sides:own_needs@{divided.people['board_member'].pk}"
    assert "bestuurder en informatiemanager" in seen(client, gap).text


def test_the_spreadsheet_holds_the_whole_matrix(divided: Board, step_in: Step) -> None:
    content = step_in("teacher").get(f"{MATRIX}.xlsx").content
    header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    place = header.index("proceseigenaar")
    by_name = {(row[1], row[2]): row for row in rows}
    assert by_name["Applicatie beheren", "uitvoering"][place] == "A"
    assert by_name["Applicatie beheren", "inhoud"][place] == "R"
    assert len(rows) == sum(len(sides) for sides in AREAS.values())


def test_gaps_of_responsibilities_lead_to_where_they_are_mended(divided: Board, step_in: Step) -> None:
    client = step_in("information_manager")
    client.post(f"{AREA}/opslaan", {"rol": "process_owner", "kant": "execution", "letters": ""})
    page = seen(client, "/hiaten/accountable-not-one:system_run")
    assert AREA in {a.get("href") for a in page.all("a")}
    assert "uitvoering: niemand" in page.text


def test_english_is_complete_here_too(divided: Board, step_in: Step) -> None:
    client = step_in("teacher")
    client.post("/taal", {"taal": "en", "terug": "/"})
    page = seen(client)
    assert page.title.removesuffix(END) == "Everywhere exactly one role is accountable"
    assert "Whoever draws up and assesses needs" in page.text
    assert "eindverantwoordelijk" not in page.text
