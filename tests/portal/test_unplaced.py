"""Rows that came in and have no place are shown on the page of their source, with what is missing and of how many."""

from pathlib import Path

import pytest

from schakel.access.register import put
from schakel.chain.elements import DataElement, InformationObject
from schakel.lib.text import spoken
from schakel.portal.pages import source as one
from schakel.portal.pages import unplaced
from schakel.portal.pages.source import SourcePage
from schakel.process import snapshots
from schakel.process.filling import Unplaced
from tests.desk import Desk
from tests.portal.supplies import source
from tests.process import boards

SOME = frozenset(["pupil.first_name", "absence.kind"])
NAMES = {"absence": ("Afwezigheid", "Absence"), "pupil": ("Leerling", "Pupil"), "result": ("Resultaat", "Result")}


@pytest.fixture(autouse=True)
def data(room: Desk, settings, tmp_path: Path) -> Path:
    """An empty data folder."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def published(room: Desk, data: Path) -> Desk:
    """A board of which one of four absences is of a pupil whom nobody knows."""
    for key, (nl, en) in NAMES.items():
        put(room.manager, "element.write", InformationObject, key, nl=nl, en=en)
    snapshots.build(data, boards.board(data), SOME)
    source(room, "verzuim")
    return room


def page(room: Desk, key: str = "verzuim") -> SourcePage:
    return one.page(room.people["ict_manager"], key, {})


def cells(shown: SourcePage) -> list[tuple[str, ...]]:
    assert shown.unplaced is not None
    return [tuple(cell.figure.text for _column, cell in row) for row in shown.unplaced.rows]


def test_what_is_missing_in_which_table_and_of_how_many(published: Desk) -> None:
    shown = page(published)
    assert shown.unplaced_count == "1 rij"
    assert cells(shown) == [("Leerling niet gevonden", "Afwezigheid", "1", "25,0%")]
    with spoken("en"):
        assert cells(page(published)) == [("Pupil not found", "Absence", "1", "25.0%")]


def test_a_source_of_which_every_row_has_a_place_says_nothing(published: Desk) -> None:
    source(published, "las")
    assert page(published, "las").unplaced is None


def test_before_the_first_snapshot_nothing_is_said(room: Desk) -> None:
    source(room, "verzuim")
    assert page(room).unplaced is None


def test_an_empty_value_is_named_as_the_register_names_it(published: Desk) -> None:
    result = InformationObject.objects.get(key="result")
    put(published.manager, "element.write", DataElement, "result.taken_on", object=result, nl="Afnamedatum", en="Day",
        type="date")  # fmt: skip
    lost = [
        Unplaced("result", "las", "taken_on", "missing", 3),
        Unplaced("absence", "las", "pupil_id", "not_found", 12),
    ]
    rows = unplaced.table(lost).rows
    assert [row.cells["what"].figure.text for row in rows] == ["Afnamedatum is leeg", "Leerling niet gevonden"]
    assert [row.cells["what"].href for row in rows] == ["", "/wie-is-wie"]
    assert {row.cells["share"].figure.text for row in rows} == {"onbekend"}, "a snapshot of before did not count"
    assert unplaced.count(lost) == "15 rijen"


def test_a_small_part_is_not_rounded_away(published: Desk) -> None:
    (row,) = unplaced.table([Unplaced("absence", "las", "pupil_id", "not_found", 61, 306_635)]).rows
    assert row.cells["share"].figure.text == "0,02%"
