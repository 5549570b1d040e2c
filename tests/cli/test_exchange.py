"""`schakel sheet` and `schakel archimate`, as a person at a command line meets them."""

import json

import pytest
from click.testing import CliRunner

from schakel.chain.goals import Goal
from schakel.cli import archimate, sheet
from schakel.lib.errors import Refused, SchakelError, Unknown, Unreadable
from tests.kits.models import FOREIGN, problems
from tests.kits.registers import filled
from tests.kits.sheet_files import book, sheets_of

GOALS = [["Sleutel", "Doel"], ["G1", "Op tijd"], ["G9", "Negen"]]


@pytest.fixture
def run(people, tmp_path, monkeypatch):
    """Runs a verb on the register of the test; files lie in its own folder."""
    monkeypatch.setattr("schakel.cli.start.open_register", lambda: None)
    filled(people, tmp_path)
    monkeypatch.chdir(tmp_path)
    verbs = {"sheet": sheet.command, "archimate": archimate.command}

    def call(verb, *words):
        result = CliRunner().invoke(verbs[verb], list(words))
        if isinstance(result.exception, SchakelError):
            raise result.exception
        return result

    return call


def test_a_workbook_of_everything_and_a_csv_of_one_sheet(run, tmp_path):
    assert run("sheet", "export", "all", "alles.xlsx").exit_code == 0
    assert {"Behoeften", "Mensen", "Uitleg"} <= set(sheets_of((tmp_path / "alles.xlsx").read_bytes()))
    assert run("sheet", "export", "goals", "doelen.csv").exit_code == 0
    assert (tmp_path / "doelen.csv").read_bytes().startswith(b"\xef\xbb\xbfSleutel;Doel;")


def test_looking_first_writes_nothing(run, tmp_path):
    (tmp_path / "doelen.xlsx").write_bytes(book(Doelen=GOALS))
    result = run("sheet", "import", "goals", "doelen.xlsx", "--dry-run")
    assert result.exit_code == 0
    assert "Zou erbij komen: 1" in result.output and "nl: Op tijd beginnen -> Op tijd" in result.output
    assert not Goal.objects.filter(key="G9").exists()


def test_importing_says_what_it_did(run, tmp_path):
    (tmp_path / "doelen.xlsx").write_bytes(book(Doelen=GOALS))
    result = run("sheet", "import", "all", "doelen.xlsx")
    assert (result.exit_code, Goal.objects.get(key="G9").nl) == (0, "Negen")
    assert "Toegevoegd: 1" in result.output and "Gewijzigd: 1" in result.output
    again = run("sheet", "import", "all", "doelen.xlsx")
    assert "niets anders" in again.output and "Ongewijzigd: 2" in again.output


def test_faults_are_told_with_their_cell_and_status_1(run, tmp_path):
    (tmp_path / "doelen.xlsx").write_bytes(book(Doelen=[["Sleutel", "Doel", "Niveau"], ["G9", "Negen", "heelal"]]))
    result = run("sheet", "import", "goals", "doelen.xlsx")
    assert result.exit_code == 1
    assert "Doelen!C2 ‘heelal’: Dit woord staat niet in de keuzelijst. Kies uit: bestuur, school." in result.output
    assert not Goal.objects.filter(key="G9").exists()


def test_a_program_reads_json(run, tmp_path):
    (tmp_path / "doelen.xlsx").write_bytes(book(Doelen=[*GOALS, ["met spatie", "x"]]))
    facts = json.loads(run("sheet", "import", "goals", "doelen.xlsx", "--json").output)
    assert [each["key"] for each in facts["added"]] == ["G9"]
    assert facts["changed"][0]["fields"] == [{"field": "nl", "was": "Op tijd beginnen", "becomes": "Op tijd"}]
    assert facts["faults"][0]["where"] == "Doelen!A4"
    assert (facts["done"], facts["unchanged"], len(facts["fingerprint"])) == (False, 0, 64)


def test_who_may_not_take_people_out_is_refused(run):
    with pytest.raises(Refused):
        run("sheet", "export", "people", "mensen.xlsx", "--as", "tom.bakker")


def test_an_unknown_noun_and_an_unreadable_file_are_one_sentence(run, tmp_path):
    with pytest.raises(Unknown, match="Er is geen onderdeel 'vragen'"):
        run("sheet", "export", "vragen", "x.xlsx")
    (tmp_path / "leeg.xlsx").write_bytes(b" ")
    with pytest.raises(Unreadable, match="leeg"):
        run("sheet", "import", "all", "leeg.xlsx")


def test_a_model_goes_out_and_comes_in(run, tmp_path):
    assert run("archimate", "export", "model.xml").exit_code == 0
    assert problems((tmp_path / "model.xml").read_bytes()) == []
    result = run("archimate", "import", "model.xml", "--dry-run")
    assert result.exit_code == 0 and "niets anders" in result.output


def test_a_foreign_model_tells_what_stays_behind(run, tmp_path):
    (tmp_path / "fora.xml").write_text(FOREIGN, encoding="utf-8")
    result = run("archimate", "import", "fora.xml", "--components", "components")
    assert result.exit_code == 0
    assert "AndJunction 1, Node 1" in result.output and "Toegevoegd" in result.output
    assert Goal.objects.filter(nl="Elke leerling leest").exists()


def test_a_broken_model_is_status_1_and_writes_nothing(run, tmp_path):
    (tmp_path / "fora.xml").write_text(
        FOREIGN.replace('identifier="id-fun"', 'identifier="id-goal"', 1), encoding="utf-8"
    )
    result = run("archimate", "import", "fora.xml")
    assert result.exit_code == 1 and "staat er al" in result.output
    assert not Goal.objects.filter(nl="Elke leerling leest").exists()
