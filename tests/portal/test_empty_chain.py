"""The pages about the chain in a register without one: they say that it is empty, and lead on."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from schakel.access.people import Person
from tests.portal.conftest import Seen


@pytest.fixture(autouse=True)
def no_roster(settings: Any, tmp_path: Path) -> None:
    """Only the register counts here, whatever board another test left in the data folder."""
    settings.DATA = tmp_path


def test_there_is_nothing_to_draw_yet(people: dict[str, Person], client: Client) -> None:
    client.force_login(people["information_manager"])
    html = client.get("/keten").content.decode()
    assert Seen(html).title.startswith("Er is nog niets te tekenen")
    assert '<svg class="map' not in html
    assert "Geen behoefte past bij deze keuze" in html


def test_a_person_is_found_all_the_same(people: dict[str, Person], client: Client) -> None:
    client.force_login(people["information_manager"])
    page = Seen(client.get(f"/keten/persoon/{people['ict_manager'].key}/gevolgen").content.decode())
    assert page.title.startswith("Als Daan Verhoeven weggaat, blijft één rol leeg")
    assert "Voeg toe: Daan Verhoeven" in Seen(client.get("/keten/gevolgen?zoek=daan").content.decode()).text
