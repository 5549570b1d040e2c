"""An overview with a column per test or subject, mapped on the screen: asked where they begin, kept as results."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.collect.source_mappings import SourceMapping
from schakel.operations import flow
from tests.conftest import Board
from tests.portal.conftest import Step
from tests.portal.test_mapping import PROPOSAL, dropped, filled, nothing_left, saved

__all__ = ["nothing_left"]  # what a test leaves is cleared away
pytestmark = pytest.mark.django_db

HEAD = "Leerlingnummer;Naam;Groep;M5;E5;M5;Totaal"
ROWS = "".join(f"{number:06};Bo;6a;{200 + number};{210 + number};45;500\n" for number in range(1, 13))
TESTS = f"Toetsen van groep 6;;;;;;\n;;;Rekenen;;Lezen;\n{HEAD}\n{ROWS}"
NAME = "toetsoverzicht_2027.csv"


def asked(client: Any) -> Any:
    """The overview once somebody said that its columns are tests."""
    answer = dropped(client, TESTS.encode(), NAME)
    return client.post(f"{PROPOSAL}/doen", filled(answer, breed="named", koprij="3"), follow=True)


def between(client: Any) -> Any:
    """The same once it was said where they begin and where they end."""
    answer = client.post(f"{PROPOSAL}/doen", filled(asked(client), na="Groep"), follow=True)
    return client.post(f"{PROPOSAL}/doen", filled(answer, voor="Totaal"), follow=True)


def test_it_is_asked_after_which_column_the_tests_begin(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    assert "elke toets of elk vak een kolom" in dropped(client, TESTS.encode(), NAME).content.decode()
    answer = asked(client)
    text, fields = answer.content.decode(), filled(answer)
    assert (fields["breed"], fields["na"]) == ("named", "") and "voor" not in fields
    assert "Kies na welke kolom de toetsen of vakken beginnen." in text
    refused = saved(client, answer)
    assert refused.status_code == 422 and not SourceMapping.objects.filter(name="Absentie uit Magister").exists()


def test_what_it_holds_and_its_columns_are_proposed(step_in: Step, board: Board) -> None:
    answer = between(step_in("ict_manager"))
    text, fields = answer.content.decode(), filled(answer)
    assert fields["doel"] == "toetsen-result" and (fields["na"], fields["voor"]) == ("Groep", "Totaal")
    chosen = [value for name, value in sorted(fields.items()) if name.startswith("kolom-") and value]
    assert chosen == ["pupil_number", "test_name", "subject", "score"]
    for words in ("Naam uit de kolomkop", "Naam boven de kolomkop", "Waarde in de cel", "ook van volgende bestanden"):
        assert words in text


def test_another_beginning_leaves_the_end_open(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    answer = client.post(f"{PROPOSAL}/doen", filled(between(client), na="E5"), follow=True)
    fields = filled(answer)
    assert (fields["na"], fields["voor"]) == ("E5", "")


@pytest.mark.parametrize("forged", ["Bestaat niet", "Totaal", "x" * 5000])
def test_a_column_that_is_not_there_is_asked_again(step_in: Step, board: Board, forged: str) -> None:
    client = step_in("ict_manager")
    answer = client.post(f"{PROPOSAL}/doen", filled(asked(client), na=forged), follow=True)
    assert "Kies na welke kolom de toetsen of vakken beginnen." in answer.content.decode()
    answer = client.post(f"{PROPOSAL}/doen", filled(between(client), voor=forged[:-1]), follow=True)
    assert "Kies na welke kolom de toetsen of vakken beginnen." in answer.content.decode()


def test_each_test_comes_in_as_a_result(step_in: Step, board: Board, tmp_path: Path) -> None:
    client = step_in("ict_manager")
    more = {"vast__taken_on": "31-01-2027", "vast__test_kind": "volgtoets", "vast__site_identifier": "98AB00"}
    named = {"naam": "Toetsoverzicht", "bestanden": "toetsoverzicht_*.csv"}
    saved(client, between(client), **more, **named)
    made = SourceMapping.objects.get(name="Toetsoverzicht")
    assert made.declaration["relations"]["result"]["wide"] == {
        "columns": "named", "after": "Groep", "before": "Totaal",
    }  # fmt: skip
    path = tmp_path / "toetsoverzicht_2028.csv"
    path.write_text(TESTS.replace("M5", "M6"), encoding="utf-8")
    run, landed = flow.collect(None, path)
    assert landed is not None, run.message
    sql = f"SELECT DISTINCT test_name, score FROM '{landed.folder}/result.parquet' ORDER BY ALL LIMIT 2"
    assert landed.rows == {"result": 36} and duckdb.sql(sql).fetchall() == [("E5", 211.0), ("E5", 212.0)]


PAIRS = "Leerlingnummer;Naam;Score;Niveau;Score;Niveau\n" + "".join(
    f"{number:06};Bo;{200 + number};II;45;IV\n" for number in range(1, 13)
)


def test_columns_of_one_name_are_numbered_and_can_be_read_by_test(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    answer = dropped(client, f";;Rekenen;;Lezen;\n{PAIRS}".encode(), NAME)
    text = answer.content.decode()
    assert "De tweede «Score» heet hier «Score (2)»" in text and "Score (2)" in text
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, breed="paired", koprij="2"), follow=True)
    assert "Kies na welke kolom de toetsen of vakken beginnen." in answer.content.decode()
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, na="Naam"), follow=True)
    fields, text = filled(answer), answer.content.decode()
    chosen = [value for name, value in sorted(fields.items()) if name.startswith("kolom-") and value]
    assert chosen == ["pupil_number", "test_name", "score", "level"] and "(2)" not in text


def test_columns_that_are_no_pairs_are_told_and_nothing_is_lost(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    answer = client.post(
        f"{PROPOSAL}/doen", filled(dropped(client, TESTS.encode(), NAME), breed="paired", koprij="3"), follow=True
    )
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, na="E5"), follow=True)
    assert "staan geen toetsen met elk dezelfde kolommen" in answer.content.decode()
    assert filled(answer)["breed"] == "paired" and filled(answer)["na"] == ""


def test_a_target_that_somebody_chose_is_not_called_strange(step_in: Step, board: Board) -> None:
    client = step_in("ict_manager")
    answer = dropped(client, b"A;B;C;D\n1;x;y;z\n2;x;y;z\n", "iets.csv")
    assert "Schakel herkent dit bestand niet." in answer.content.decode()
    now = filled(answer)["doel"]
    wanted = "toetsen-result" if now != "toetsen-result" else "verzuim-absence"
    answer = client.post(f"{PROPOSAL}/doen", filled(answer, doel=wanted), follow=True)
    assert "Schakel herkent dit bestand niet." not in answer.content.decode()
    assert "Nog niet compleet." in answer.content.decode()
