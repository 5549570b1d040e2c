"""`schakel kit load` and `schakel kit diff`, as a person at a command line meets them."""

import json

import pytest
from click.testing import CliRunner

from schakel.access.register import assign, by_key, put
from schakel.access.roles import Role
from schakel.chain.goals import Goal
from schakel.cli.kit import command
from schakel.kits.mistakes import BadKit
from schakel.lib import clock
from schakel.lib.errors import Refused, SchakelError
from tests.kits.small_kits import small, write


@pytest.fixture
def run(people, tmp_path, monkeypatch):
    """Runs the verb on a small kit; the register is the test's own, so it needs no opening."""
    monkeypatch.setattr("schakel.cli.start.open_register", lambda: None)
    path = write(tmp_path, small())

    def call(*words):
        result = CliRunner().invoke(command, [str(path) if word == "KIT" else word for word in words])
        if isinstance(result.exception, SchakelError):
            raise result.exception
        return result

    return call


def test_loading_says_what_it_did(run):
    result = run("load", "KIT")
    assert result.exit_code == 0
    assert "Klein pakket, versie 1.0.0" in result.output and "Toegevoegd" in result.output
    assert Goal.objects.filter(key="G1").exists()


def test_a_second_time_it_says_that_nothing_differs(run):
    run("load", "KIT")
    result = run("load", "KIT")
    assert result.exit_code == 0 and "niets anders" in result.output


def test_looking_first_writes_nothing_and_exits_with_1(run):
    result = run("diff", "KIT")
    assert result.exit_code == 1
    assert "Zou erbij komen" in result.output and "goals G1" in result.output
    assert not Goal.objects.exists()


def test_no_difference_exits_with_0(run):
    run("load", "KIT")
    assert run("diff", "KIT").exit_code == 0


def test_a_difference_is_shown_per_field(run, people):
    run("load", "KIT")
    put(people["information_manager"], "goal.write", Goal, "G1", nl="Eigen doel")
    result = run("diff", "KIT")
    assert "Blijft zoals uw bestuur het maakte" in result.output
    assert "nl: Eigen doel -> Op tijd beginnen" in result.output


@pytest.mark.parametrize("verb", ["load", "diff"])
def test_a_program_reads_json(run, verb):
    facts = json.loads(run(verb, "KIT", "--json").output)
    assert (facts["kit"], facts["version"]) == ("small", "1.0.0")
    goal = next(each for each in facts["added"] if each["key"] == "G1")
    assert {"field": "nl", "was": None, "becomes": "Op tijd beginnen"} in goal["fields"]
    assert facts["changed"] == facts["kept"] == facts["removed"] == []


def test_only_a_part_comes_with_what_it_needs(run):
    facts = json.loads(run("load", "KIT", "--only", "activities:A1", "--json").output)
    assert {f"{each['section']}:{each['key']}" for each in facts["added"]} == {
        "roles:teacher", "goals:G1", "processes:roosteren", "activities:A1",
    }  # fmt: skip
    assert run("diff", "KIT", "--only", "activities").exit_code == 0
    assert run("diff", "KIT").exit_code == 1


def test_several_parts_stand_behind_one_option(run):
    run("load", "KIT", "--only", "goals:G1,roles:timetabler", "--only", "processes")
    assert Role.objects.filter(key="timetabler").exists() and Goal.objects.filter(key="G1").exists()


def test_a_part_that_is_not_there_is_named(run):
    with pytest.raises(BadKit, match="needs:nergens") as error:
        run("load", "KIT", "--only", "needs:nergens")
    assert "roles, goals" in str(error.value)
    assert not Goal.objects.exists()


def test_who_changed_a_field_stands_behind_it(run, people):
    run("load", "KIT")
    put(people["information_manager"], "goal.write", Goal, "G1", nl="Eigen doel")
    assert "nl: Eigen doel -> Op tijd beginnen (door uw bestuur)" in run("diff", "KIT").output
    (kept,) = json.loads(run("diff", "KIT", "--json").output)["kept"]
    assert [field["by"] for field in kept["fields"]] == ["board"]


def test_taking_over_what_does_not_differ_is_refused(run):
    run("load", "KIT")
    with pytest.raises(BadKit, match="goals:G1"):
        run("load", "KIT", "--take-over", "goals:G1")


def test_who_may_not_is_refused(run):
    with pytest.raises(Refused) as refusal:
        run("load", "KIT", "--as", "tom.bakker")
    assert refusal.value.who_can == ("information_manager",)


def test_with_two_who_may_it_asks_who(run, people):
    assign(people["information_manager"], people["teacher"], by_key(Role, "information_manager"), clock.today())
    with pytest.raises(SchakelError, match="--as") as error:
        run("load", "KIT")
    assert error.value.code == "who"
    assert run("load", "KIT", "--as", "youssef.haddou").exit_code == 0


def test_an_unknown_kit_names_those_there_are(run):
    with pytest.raises(BadKit, match="starter"):
        run("diff", "bestaat-niet")
