"""Tables of the register as files: all rows, numbers as numbers, unknown empty, hidden hidden, nothing that runs."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from schakel.access.register import put
from schakel.chain import deciding
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.portal import figures, spreadsheets, tables
from schakel.portal.figures import Figure
from schakel.portal.parts import Action, Status
from schakel.portal.tables import Cell, Column, Row, Table
from tests.desk import Desk
from tests.portal.conftest import browser
from tests.portal.supplies import finding, landing, reading, source

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "=cmd|' /C calc'!A0", "＝1")
COLUMNS = [
    Column("name", "Naam"), Column("n", "Aantal", number=True), Column("state", "Stand"),
    Column("do", "Actie", sorts=False, hidden_label=True),
]  # fmt: skip


def sheet(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()  # type: ignore[return-value]


def formulas(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").count(b"<f")


def made(*rows: dict[str, Cell]) -> Table:
    return Table("x", COLUMNS, [Row(cells) for cells in rows], size=2)


def test_every_row_leaves_and_not_the_page_that_was_shown() -> None:
    rows = [{"name": tables.words(f"School {n}")} for n in range(9)]
    assert len(sheet(spreadsheets.of_table(made(*rows), "x").content)) == 10


def test_a_column_of_buttons_stays_behind() -> None:
    answer = spreadsheets.of_table(made({"name": tables.words("a"), "do": Cell(action=Action("Doe", "/x"))}), "x")
    assert sheet(answer.content)[0] == ["Naam", "Aantal", "Stand"]
    assert len(sheet(answer.content)[1]) <= 3


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Cell(Figure("1.204"), order=1204), 1204.0),
        (Cell(figures.figure(0), order=0), 0.0),
        (Cell(figures.unknown()), ""),
        (Cell(figures.not_applicable()), ""),
        (Cell(figures.hidden()), "< 5"),
        (Cell(), ""),
        (Cell(state=Status("Gestopt", "bad")), "Gestopt"),
        (Cell(Figure("23 nov"), order="2026-11-23"), "23 nov"),
    ],
)
def test_zero_unknown_and_hidden_stay_apart(cell: Cell, value: Any) -> None:
    """An unknown cell is empty, never 0; a hidden one says so (law 11)."""
    row = sheet(
        spreadsheets.of_table(made({"name": tables.words("a"), "n": cell, "state": tables.words("z")}), "x").content
    )[1]
    assert row[1] == value


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), min_size=1, max_size=10))
def test_numbers_come_back_as_they_were(values: list[int | None]) -> None:
    rows = [{"name": tables.words("a"), "n": Cell(figures.figure(v), order=v)} for v in values]
    found = sheet(spreadsheets.of_table(made(*rows), "x").content)[1:]
    assert [row[1] if len(row) > 1 else "" for row in found] == ["" if v is None else float(v) for v in values]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_word_of_a_person_becomes_a_formula(text: str, kind: str) -> None:
    table = made({"name": tables.words(text), "state": Cell(state=Status(text, "bad")), "n": Cell(Figure(text))})
    content = spreadsheets.of_table(table, text, kind).content
    if kind == "xlsx":
        assert formulas(content) == 0
        assert sheet(content)[1][0] == text
    else:
        line = content.decode("utf-8-sig").split("\r\n")[1]
        assert not line.startswith(("=", "+", "-", "@", "\t"))
        assert all(part.strip('"').startswith("'") for part in line.split(";")[:1])


@pytest.mark.parametrize(
    ("kind", "begins"), [("xlsx", "application/vnd.openxmlformats"), ("csv", "text/csv; charset=utf-8")]
)
def test_a_file_is_kept_and_not_opened_as_a_page(kind: str, begins: str) -> None:
    answer = spreadsheets.of_table(made(), "behoeften", kind)
    assert answer.headers["Content-Type"].startswith(begins)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="behoeften.{kind}"'


# The files of the register


def fill(room: Desk, text: str) -> None:
    """The same hostile text in every name that stands in a file."""
    need = InformationNeed.objects.get(key="late")
    deciding.revise(room.manager, need, question=text)
    put(room.manager, "goal.write", Goal, "G9", nl=text)
    of = source(room, name=text, rhythm=text, system_name=text)
    reading(room, of, "failed", message=text, hours=9)
    report = {"findings": [finding(message=text, file=text, column=text, value=text)], "conformant": False}
    reading(room, of, "repaired", findings=1, folder=landing(report=report))


FILES = ("/behoeften.xlsx", "/hiaten.xlsx", "/bronnen.xlsx", "/bronnen/las/bevindingen.xlsx")


@pytest.mark.parametrize("text", ["=1+1", "<b>&\"'", "@SUM(A1)"])
def test_hostile_names_in_every_file(room: Desk, text: str) -> None:
    fill(room, text)
    client = browser(room.manager)
    for address in FILES:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert formulas(answer.content) == 0, address
        assert any(text in str(value) for row in sheet(answer.content) for value in row), address


def test_every_file_is_closed_to_caches_and_sniffing(room: Desk) -> None:
    fill(room, "x")
    client = browser(room.manager)
    for address in FILES:
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store, private"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("who", "shut"),
    [
        ("outsider", ("/bronnen.xlsx", "/bronnen/las/bevindingen.xlsx")),
        ("leraar-A1", ("/bronnen.xlsx",)),
        ("board_member", ()),
    ],
)
def test_a_file_asks_what_its_page_asks(room: Desk, who: str, shut: tuple[str, ...]) -> None:
    fill(room, "x")
    client = browser(room.people[who])
    for address in FILES:
        page = client.get(address.removesuffix(".xlsx").removesuffix("/bevindingen")).status_code
        assert client.get(address).status_code == page, address
        assert (page == 403) is (address in shut or (who == "leraar-A1" and "bevindingen" in address))


def test_findings_stay_masked_and_tell_where_and_what_was_done(room: Desk) -> None:
    found = [
        finding("type", row=7, value="j***** (9)"),
        finding("required", row=0, column="", action="drop row", value=""),
        finding("known", severity="info", action="accept", row=12),
    ]
    reading(room, source(room), "repaired", findings=3, folder=landing(report={"findings": found, "conformant": False}))
    rows = sheet(browser(room.manager).get("/bronnen/las/bevindingen.xlsx").content)
    assert rows[0] == ["Bestand", "Regel in het bestand", "Kolom", "Wat is er mis", "Wat deed Schakel", "Waarde"]
    by_line = {row[1]: row for row in rows[1:]}
    assert by_line[7.0][4:] == ["Hersteld en vermeld", "j***** (9)"]
    assert by_line[""][4] == "In quarantaine", "about the whole file: no line 0"
    assert by_line[12.0][4] == "Vermeld"


def test_a_source_that_never_landed_has_no_findings_to_give(room: Desk) -> None:
    source(room)
    assert browser(room.manager).get("/bronnen/las/bevindingen.xlsx").status_code == 404
    reading(room, source(room), "failed", message="Geen zip.")
    assert browser(room.manager).get("/bronnen/las/bevindingen.xlsx").status_code == 404


@pytest.mark.parametrize("address", FILES)
def test_nothing_is_sent_to_a_file(room: Desk, address: str) -> None:
    source(room)
    for method in ("post", "put", "delete", "patch"):
        assert getattr(browser(room.manager), method)(address).status_code == 405


def test_a_file_of_needs_holds_what_the_table_holds(room: Desk) -> None:
    rows = sheet(browser(room.manager).get("/behoeften.xlsx").content)
    assert rows[0] == ["Behoefte", "Stand", "Eigenaar", "Laatst gewijzigd", "Volgende stap"]
    assert {row[0] for row in rows[1:]} == {"Wat is late?", "Wat is kinds?"}
    assert {row[1] for row in rows[1:]} == {"Goedgekeurd"}
    english = browser(room.manager, taal="en").get("/behoeften.xlsx")
    assert sheet(english.content)[0][0] == "Need"
    assert 'filename="needs.xlsx"' in english.headers["Content-Disposition"]
