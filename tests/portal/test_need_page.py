"""The page of one need: every text in the language of the reader, what its objects are for, and what serves instead."""

import pytest
from django.test import Client

from schakel.chain.needs import InformationNeed
from tests.portal.conftest import Seen, Step


def need() -> InformationNeed:
    found: InformationNeed = InformationNeed.objects.whole().get(key="absence_16h")
    return found


def english(client: Client) -> Client:
    client.post("/taal", {"taal": "en", "terug": "/mijn"})
    return client


@pytest.mark.parametrize("name", ["question", "rhythm", "decision", "purpose", "freshness", "retention"])
def test_each_text_stands_there_in_the_language_of_the_reader(step_in: Step, name: str) -> None:
    client = step_in("information_manager")
    dutch, translated = getattr(need(), name), getattr(need(), f"{name}_en")
    page = Seen(client.get("/behoeften/absence_16h").content.decode())
    assert dutch in page.text and translated not in page.text
    page = Seen(english(client).get("/behoeften/absence_16h").content.decode())
    assert translated in page.text and dutch not in page.text


def test_each_reason_stands_there_in_the_language_of_the_reader(step_in: Step) -> None:
    client = english(step_in("information_manager"))
    page = Seen(client.get("/behoeften/absence_16h").content.decode())
    for line in need().elements.all():
        if not line.declined:
            assert line.reason_en in page.text and f" {line.reason} " not in page.text
    assert "Pupil administration" in page.text or "SIS" in page.text


def test_a_text_without_english_is_shown_in_dutch(step_in: Step) -> None:
    from schakel.chain import deciding

    deciding.revise(need().requester, need(), decision_en="")
    page = Seen(english(step_in("information_manager")).get("/behoeften/absence_16h").content.decode())
    assert need().decision in page.text


def test_the_product_says_its_purpose_in_english(step_in: Step) -> None:
    page = Seen(english(step_in("mentor")).get("/overzichten/absence_16h").content.decode())
    assert need().purpose_en in page.text and need().purpose not in page.text


def test_it_says_what_the_board_has_these_objects_for(step_in: Step) -> None:
    client = step_in("information_manager")
    page = Seen(client.get("/behoeften/absence_16h").content.decode())
    assert "Waarvoor het bestuur deze gegevens gebruikt" in page.text
    assert "Weten waar leerlingen zijn" in page.text and "(AVG art. 6 lid 1c (wettelijke plicht))" in page.text
    page = Seen(english(client).get("/behoeften/absence_16h").content.decode())
    assert "Know where pupils are" in page.text


def test_a_refused_need_says_why_and_what_serves_instead(step_in: Step) -> None:
    answer = step_in("teacher").get("/behoeften/medical_school_list")
    page = Seen(answer.content.decode())
    assert "Waarom afgewezen" in page.words and "Te breed." in page.text
    assert {"href": "/behoeften/health_instructions"} in page.all("a")
