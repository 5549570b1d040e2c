"""The page of a roster says what of it is one with another roster, and what is kept apart."""

from pathlib import Path

import pytest

from schakel.lib.text import spoken
from schakel.portal.pages import source as one
from tests.desk import Desk
from tests.portal.supplies import source
from tests.process.test_rosters import built, other


@pytest.fixture(autouse=True)
def data(room: Desk, settings, tmp_path: Path) -> Path:
    """An empty data folder."""
    settings.DATA = tmp_path
    return tmp_path


def facts(room: Desk, key: str) -> list[str]:
    return [fact.text for fact in one.page(room.people["ict_manager"], key, {}).head.facts if fact.icon == "info"]


def test_a_board_that_two_bring_is_one_and_other_keys_need_no_keeping_apart(room: Desk, data: Path) -> None:
    both = [source(room, "las"), source(room, "las2")]
    built(data, las2=other("g-"))
    assert [facts(room, each.key) for each in both] == [
        [],
        ["1 organisatie komt ook uit een andere bron; zij telt als één"],
    ]


def test_keys_that_two_gave_to_others_are_kept_apart(room: Desk, data: Path) -> None:
    source(room, "las2")
    built(data, las2=other())
    apart = "geeft sleutels die ook een andere bron gaf; Schakel houdt ze uit elkaar"
    assert facts(room, "las2")[1:] == [apart]
    with spoken("en"):
        assert facts(room, "las2")[1:] == ["gives keys that another source gave as well; Schakel keeps them apart"]


def test_before_the_first_snapshot_nothing_is_said(room: Desk) -> None:
    source(room, "las2")
    assert facts(room, "las2") == []
