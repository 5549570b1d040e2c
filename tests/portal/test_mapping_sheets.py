"""A workbook with a sheet for each school, mapped on the screen: which sheets are read, and which school each is."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.collect.source_mappings import SourceMapping
from schakel.kits.demo_board.schools import SCHOOLS
from schakel.operations import flow
from tests.conftest import Board
from tests.kits.sheet_files import book
from tests.portal.conftest import Step
from tests.portal.test_mapping import PROPOSAL, dropped, filled, nothing_left, saved

__all__ = ["nothing_left"]  # what a test leaves is cleared away
pytestmark = pytest.mark.django_db

HEAD = ["Leerlingnummer", "Datum", "Lesuur", "Soort"]
ONE, OTHER = (school for school in SCHOOLS if school.name in ("De Kiem", "De Vlonder"))
SHEETS: dict[str, list[list[Any]]] = {
    "Uitleg": [["Elke school vult haar eigen blad in"]],
    ONE.name: [HEAD, ["0012", "17-11-2026", "1", "O"], ["0013", "18-11-2026", "2", "L"]],
    OTHER.name: [HEAD, ["0014", "31-11-2026", "1", "O"], ["0015", "19-11-2026", "1", "O"]],
    "Zuidlocatie": [HEAD, ["0016", "20-11-2026", "1", "O"]],
}
NAME = "Verzuim per school november 2026.xlsx"


def whole(client: Any) -> Any:
    """The workbook on the screen, once all its sheets are read."""
    answer = dropped(client, book(**SHEETS), NAME)
    return client.post(f"{PROPOSAL}/doen", filled(answer, blad="*"), follow=True)


def with_schools(client: Any) -> Any:
    """The same with the name of the sheet as the school, as it is proposed because most are called like a school."""
    answer = whole(client)
    assert filled(answer)["kolom-0"] == "site_identifier"
    return client.post(f"{PROPOSAL}/doen", filled(answer), follow=True)


def test_all_sheets_with_the_same_columns_can_be_read(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    first = dropped(client, book(**SHEETS), NAME).content.decode()
    assert "alle bladen met dezelfde kolommen" in first and "Samen gelezen" not in first
    answer = whole(client)
    text = answer.content.decode()
    assert (filled(answer)["naam"], filled(answer)["bestanden"]) == ("Verzuim per school", "Verzuim per school *.xlsx")
    assert f"Samen gelezen: {ONE.name}, {OTHER.name}, Zuidlocatie. Niet gelezen: Uitleg." in text
    assert filled(answer)["doel"] == "verzuim-absence", "what the sheets are is looked at anew"


def test_what_the_file_becomes_stays_as_it_was_chosen_when_other_sheets_are_read(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    answer = dropped(client, book(**SHEETS), NAME)
    assert filled(answer)["doel"] != "schools"
    for told in ({"doel": "schools"}, {"blad": ONE.name}, {"blad": "*"}):
        answer = client.post(f"{PROPOSAL}/doen", filled(answer, **told), follow=True)
        assert filled(answer)["doel"] == "schools"


def test_of_one_sheet_alone_there_is_nothing_to_choose(step_in: Step, board: Board) -> None:
    text = dropped(step_in("ict_manager"), book(Blad=SHEETS[ONE.name]), NAME).content.decode()
    assert "alle bladen met dezelfde kolommen" not in text


def test_the_schools_of_the_board_are_to_choose_from_and_the_same_name_is_proposed(step_in: Step, board: Board) -> None:
    answer = with_schools(step_in("ict_manager"))
    fields, text = filled(answer), answer.content.decode()
    assert [fields[f"waarde-site_identifier-{n}"] for n in range(3)] == [ONE.brin6, OTHER.brin6, ""]
    assert f"{ONE.name} ({ONE.brin6})" in text and "rij weigeren" in text
    assert f"blad {OTHER.name}" in text and "blad Zuidlocatie" in text, "what is wrong is told with its sheet"


def test_the_school_of_a_whole_file_is_chosen_from_the_schools_of_the_board(step_in: Step, board: Board) -> None:
    """Where a file of one school does not say which; what somebody filled in otherwise stays to be seen."""
    client = step_in("ict_manager")
    answer = dropped(client, b"Leerlingnummer;Datum;Soort\n0012;23-04-2026;O\n", "verzuimlijst.csv")
    assert f"{ONE.name} ({ONE.brin6})" in answer.content.decode() and filled(answer)["vast-site_identifier"] == ""
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, vast__site_identifier=ONE.brin6), follow=True)
    assert filled(answer)["vast-site_identifier"] == ONE.brin6
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, vast__site_identifier="01AA00"), follow=True)
    assert filled(answer)["vast-site_identifier"] == "01AA00"


def test_what_was_chosen_is_read_from_then_on(step_in: Step, board: Board, tmp_path: Path) -> None:
    client = step_in("ict_manager")
    answer = with_schools(client)
    chosen = {"waarde__site_identifier__2": ONE.brin6}
    saved(client, answer, naam="Verzuim per school", bestanden="Verzuim per school*.xlsx", **chosen)
    made = SourceMapping.objects.get()
    told = made.declaration["relations"]["absence"]
    assert (told["sheet"], told["other_sheets"]) == ("*", ["Uitleg"])
    assert told["columns"]["site_identifier"]["same_as"] == {
        ONE.name: ONE.brin6, OTHER.name: OTHER.brin6, "Zuidlocatie": ONE.brin6,
    }  # fmt: skip
    path = tmp_path / "Verzuim per school december 2026.xlsx"
    path.write_bytes(book(**SHEETS))
    run, landed = flow.collect(None, path)
    assert landed is not None, run.message
    sql = f"SELECT site_identifier, pupil_number FROM '{landed.folder}/absence.parquet' ORDER BY pupil_number"
    assert duckdb.sql(sql).fetchall() == [
        (ONE.brin6, "0012"), (ONE.brin6, "0013"), (OTHER.brin6, "0015"), (ONE.brin6, "0016"),
    ]  # fmt: skip
    assert landed.quarantined == {"absence": 1}


def test_the_next_version_begins_with_what_was_chosen(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    chosen = {"waarde__site_identifier__2": ONE.brin6}
    saved(client, with_schools(client), naam="Per school", bestanden="Verzuim per school*.xlsx", **chosen)
    source = SourceMapping.objects.get().source.key
    answer = dropped(client, book(**SHEETS), NAME, source)
    assert filled(answer)["blad"] == "*"
    assert filled(answer)["waarde-site_identifier-2"] == ONE.brin6


def test_before_it_is_read_a_source_of_another_application_does_not_say_that_nothing_is_kept(
    step_in: Step, board: Board
) -> None:
    client = step_in("ict_manager")
    done = saved(client, with_schools(client), bestanden="Verzuim per school*.xlsx", applicatie="hr")
    text = " ".join(done.content.decode().split())
    assert "is nog niet gelezen" in text
    assert "Klopt de applicatie van deze bron?" in text and "Er wordt niets van bewaard" not in text


def test_a_school_that_is_none_of_ours_cannot_be_sent(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    sent = filled(with_schools(client), **{"waarde__site_identifier__2": "01AA00"})
    answer = client.post(f"{PROPOSAL}/doen", sent, follow=True)
    assert filled(answer)["waarde-site_identifier-2"] == ""


def test_a_column_per_week_on_every_sheet_is_read_too(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    week = [["Stamnr", "wk 36", "wk 37", "wk 38"], ["0012", "O", "", "O"]]
    answer = dropped(client, book(**{ONE.name: week, OTHER.name: week}), "weken.xlsx")
    assert filled(answer)["breed"] == "week" and "alle bladen met dezelfde kolommen" in answer.content.decode()
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, blad="*"), follow=True)
    text, fields = answer.content.decode(), filled(answer)
    assert (fields["blad"], fields["breed"]) == ("*", "week") and f"Samen gelezen: {ONE.name}, {OTHER.name}." in text
    assert "De kolomkoppen noemen geen jaar." in text and "4 rijen" in text
