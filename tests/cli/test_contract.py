"""`schakel contract`, as whoever looks after a source uses it; and `schakel check` with chosen answers."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from schakel.access.register import put
from schakel.chain.systems import System
from schakel.cli import check, contract
from schakel.collect.chosen_answers import in_effect
from schakel.collect.contracts import WRONG, Choice, keep_copy
from schakel.collect.sources import Source
from schakel.lib.plain_yaml import from_yaml

pytestmark = pytest.mark.django_db
ABSENCE = "Leerlingnummer;Vestiging;Datum;Soort\r\n001234;98AB00;23-11-2026;X\r\n"


@pytest.fixture
def verzuim(people, settings, tmp_path, monkeypatch) -> Source:
    settings.DATA = tmp_path
    monkeypatch.setattr("schakel.cli.start.open_register", lambda: None)
    actor = people["ict_manager"]
    system, _new = put(actor, "system.write", System, "absence", name="Verzuimpakket")
    source, _new = put(actor, "source.write", Source, "verzuim", name="Verzuim", system=system, layout="verzuim",
                       pattern="verzuim_*.csv")  # fmt: skip
    return source


def run(*words: str):
    return CliRunner().invoke(contract.command, list(words))


def test_a_contract_goes_out_and_its_answers_come_in(verzuim, people, tmp_path):
    path = tmp_path / "verzuim.yaml"
    assert run("export", "verzuim", "--to", str(path)).exit_code == 0
    told = from_yaml(path.read_text(encoding="utf-8"))
    assert (told["id"], told["apiVersion"]) == ("verzuim", "v3.2.0")
    kind = next(p for p in told["schema"][0]["properties"] if p["name"] == "kind")
    kind["quality"][1]["customProperties"][0]["value"] = "stop"
    path.write_text(yaml.safe_dump(told, sort_keys=False, allow_unicode=True), encoding="utf-8")
    looked = run("import", "verzuim", str(path))
    assert "absence.kind  wrong: drop value -> stop" in looked.output
    assert in_effect(verzuim) == {}
    taken = run(
        "import", "verzuim", str(path), "--take", "--as", people["ict_manager"].email, "--reason", "afgesproken"
    )
    assert taken.exit_code == 0, taken.output
    assert [each.reason for each in in_effect(verzuim).values()] == ["afgesproken"]
    assert "hetzelfde" in run("import", "verzuim", str(path)).output


def test_on_the_screen_it_is_the_same_contract(verzuim):
    assert from_yaml(run("export", "verzuim").output)["name"] == "Verzuim"


def test_taking_over_asks_who_and_who_may(verzuim, people, tmp_path):
    path = tmp_path / "verzuim.yaml"
    run("export", "verzuim", "--to", str(path))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("value: drop value", "value: stop", 1), encoding="utf-8")
    assert run("import", "verzuim", str(path), "--take").exit_code == 2
    assert (
        run("import", "verzuim", str(path), "--take", "--as", people["teacher"].email, "--reason", "x").exit_code != 0
    )
    assert in_effect(verzuim) == {}


def test_a_source_that_is_not_there_is_said(verzuim):
    assert run("export", "nergens").exit_code != 0


def test_a_check_answers_as_the_source_is_agreed(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SCHAKEL_DATA", str(tmp_path))
    path = tmp_path / "verzuim_20261123.csv"
    path.write_bytes(ABSENCE.encode())

    def actions() -> set[str]:
        told = json.loads(CliRunner().invoke(check.command, [str(path), "--json"]).output)
        return {f["action"] for f in told["findings"] if f["rule"] == "vocabulary"}

    assert actions() == {"drop value"}
    keep_copy(tmp_path, "verzuim", "verzuim", "verzuim_*.csv", [Choice("absence", "kind", WRONG, "stop")])
    assert actions() == {"stop"}
    keep_copy(tmp_path, "verzuim", "verzuim", "anders_*.csv", [Choice("absence", "kind", WRONG, "stop")])
    assert actions() == {"drop value"}
