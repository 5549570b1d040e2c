"""What the kits could answer to someone's words: by stems and beginnings, only what the register lacks, and quickly."""

import time

import pytest

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.elements import DataElement, InformationObject
from schakel.chain.goals import Activity, Goal
from schakel.kits import suggesting
from schakel.kits.families import everything

pytestmark = pytest.mark.django_db


def names(text):
    return [offer.name for offer in suggesting.suggest(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("welke leerlingen vaak te laat komen", "needs:late_often"),
        ("wie komt er vaak te laat?", "needs:late_often"),
        ("which pupils are often late", "needs:late_often"),
        ("Ziekteverzuim van het personeel", "activities:A23"),
        ("de groei bij lezen en rekenen", "needs:skills_growth"),
        ("leren lezen", "goals:G01"),
        ("hoeveel minuten te laat", "objects:absence.minutes_late"),
        ("een koppeling is kapot", "needs:links_failing"),
    ],
)
def test_words_find_what_they_mean(text, expected):
    assert expected in names(text)


def test_a_beginning_finds_the_whole_word_and_counts_less():
    whole, begun = (
        suggesting._likeness(text, suggesting.offers()["objects:absence.minutes_late"]) for text in ("minuten", "minu")
    )
    assert 0 < begun < whole == 1


@pytest.mark.parametrize("text", ["", "   ", "?", "de het een", "qwertyuiop zxcvbn", "'; -- %_", "\x00", "%s" * 50])
def test_words_that_say_nothing_find_nothing(text):
    assert names(text) == []


def test_no_more_of_a_kind_than_someone_reads():
    found = suggesting.suggest("leerlingen")
    assert {offer.section for offer in found} == set(suggesting.MOST)
    for section, most in suggesting.MOST.items():
        assert 0 < sum(offer.section == section for offer in found) <= most


def test_what_the_register_has_is_not_offered(people):
    manager = people["information_manager"]
    text = "welke leerlingen vaak te laat komen, hoeveel minuten"
    assert {"needs:late_often", "objects:absence.minutes_late"} <= set(names(text))
    put(manager, "role.write", Role, "mentor", nl="mentor", en="mentor", side="use")
    thing, _ = put(manager, "element.write", InformationObject, "absence", nl="Verzuim", en="Absence")
    fields = {"object": thing, "nl": "Minuten te laat", "en": "Minutes late", "type": "int"}
    put(manager, "element.write", DataElement, "absence.minutes_late", **fields)
    deciding.ask(
        manager, "late_often", elements=[], audience=[], role=Role.objects.get(key="mentor"), question="Wie?",
        decision="bellen", rhythm="elke week",
    )  # fmt: skip
    assert not {"needs:late_often", "objects:absence.minutes_late"} & set(names(text))


def test_goals_and_work_of_the_board_itself_are_not_offered(people):
    manager = people["information_manager"]
    assert "goals:G01" in names("leren lezen")
    assert "activities:A23" in names("ziekteverzuim van personeel")
    put(manager, "goal.write", Goal, "G01", nl="Iedereen leest")
    put(manager, "activity.write", Activity, "A23", nl="Verzuim begeleiden")
    assert "goals:G01" not in names("leren lezen")
    assert "activities:A23" not in names("ziekteverzuim van personeel")


def test_what_a_kit_refuses_is_no_suggestion():
    refused = [item.key for item in everything().of("needs") if item.get("state") == "refused"]
    assert refused
    assert not [key for key in refused if f"needs:{key}" in suggesting.offers()]


def test_structural_columns_are_no_suggestion():
    assert "objects:pupil.pupil_id" not in suggesting.offers()
    assert "objects:pupil.first_name" in suggesting.offers()


def test_everything_else_of_every_kit_can_be_found():
    for item in everything().of("needs"):
        if item.get("state") != "refused":
            offer = suggesting.offers()[f"needs:{item.key}"]
            assert suggesting._likeness(offer.nl, offer) == pytest.approx(1)


def test_the_part_is_what_the_page_of_the_kit_takes():
    offer = suggesting.offers()["objects:absence.minutes_late"]
    assert (offer.part, offer.kit) == ("objects:absence", "base")
    assert suggesting.offers()["needs:late_often"].part == "needs:late_often"


def test_made_up_names_are_passed_over():
    chosen = ["needs:late_often", "needs:nergens", "", "x:y:z", "needs:late_often"]
    assert [offer.name for offer in suggesting.missing(chosen)] == ["needs:late_often"]


def test_reading_is_done_once(monkeypatch):
    suggesting.suggest("leerlingen")

    def never(*_args):
        raise AssertionError("the kits were read again")

    monkeypatch.setattr(suggesting, "of_schakel", never)
    began = time.process_time()
    for _ in range(5):
        suggesting.suggest("welke leerlingen vaak te laat komen in het eerste uur")
    print(f"{(time.process_time() - began) * 200:.0f} ms")
