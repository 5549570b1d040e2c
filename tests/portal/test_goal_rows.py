"""The figures of the goals on one line each: every unit on a scale of its own, unknown and hidden said as such."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schakel.access.register import put
from schakel.chain.goals import Goal
from schakel.engine.hidden import HIDDEN
from schakel.lib.text import spoken
from schakel.portal.pages import goal_rows, goals
from schakel.process.snapshots import Snapshot
from schakel.steer.norms import Indicator, Norm
from tests.desk import Desk

COLUMNS = ["indicator", "site", "period", "value", "norm_state"]


class Answer:
    """What was delivered, as far as these rows look at it."""

    def __init__(self, rows: list[tuple[Any, ...]], names: list[str] = COLUMNS) -> None:
        self.rows, self.names = rows, names


class Delivered:
    """A delivery with an answer."""

    def __init__(self, *rows: tuple[Any, ...], names: list[str] = COLUMNS) -> None:
        self.answer = Answer(list(rows), names)
        told = {"I_ABS": {"state": "computed", "until": "2024-11-03"}, "I_HOURS": {"state": "computed"}}
        self.snapshot = Snapshot("1", Path(), {"day": "2025-09-30", "indicators": told})


@pytest.fixture
def measured(room: Desk) -> Desk:
    """A share, hours and a count, each of a goal with a norm."""
    for key, unit, norm in (("I_ABS", "%", "0.05"), ("I_HOURS", "hours", "940"), ("I_NEW", "count", None)):
        goal, _new = put(room.manager, "goal.write", Goal, f"G_{key}", nl=f"Doel {key}")
        fields = {"nl": key, "en": key, "definition": "x", "direction": "lower", "level": "school"}
        indicator, _new = put(room.manager, "indicator.write", Indicator, key, goal=goal, unit=unit, **fields)
        if norm:
            more = {
                "nl": "hoogstens",
                "en": "at most",
                "kind": "own",
                "source": "beleid",
                "valid_from": date(2020, 8, 1),
            }
            put(room.manager, "norm.write", Norm, f"{key}_own", indicator=indicator, value=Decimal(norm), **more)
    return room


def shown(*rows: tuple[Any, ...]) -> dict[str, dict[str, Any]]:
    """The cells of each goal, by what the indicator is called."""
    table = goal_rows.table(goals.of(Delivered(*rows)))  # type: ignore[arg-type]
    return {str(row.cells["goal"].note): dict(row.cells) for row in table.rows}


def of_school(indicator: str, *values: Any, site: str | None = "De Kiem") -> list[tuple[Any, ...]]:
    """The figures of one school in the years from 2023 on."""
    return [(indicator, site, f"{2023 + n}-{2024 + n}", value, "met") for n, value in enumerate(values)]


def test_every_unit_has_a_scale_of_its_own(measured: Desk) -> None:
    cells = shown(*of_school("I_ABS", 0.08, 0.04), *of_school("I_HOURS", 900.0, 1000.0), *of_school("I_NEW", 3, 4))
    assert {key: each["value"].figure.text for key, each in cells.items()} == {
        "I_ABS": "4,0%", "I_HOURS": "1.000", "I_NEW": "4",
    }  # fmt: skip
    labels = [cells[key]["trend"].chart.label for key in ("I_ABS", "I_HOURS", "I_NEW")]
    assert labels == ["I_ABS: van 8,0% naar 4,0%", "I_HOURS: van 900 naar 1.000", "I_NEW: van 3 naar 4"]
    falls, rises = (cells[key]["trend"].chart.lines[0][1] for key in ("I_ABS", "I_HOURS"))
    assert falls != rises, "each line uses the whole height of its own row"


def test_each_says_of_which_period_it_is_and_up_to_which_day_it_is_known(measured: Desk) -> None:
    """By its own sources, or by the day of the snapshot where an older Schakel did not tell; else by nothing."""
    alone = shown(*of_school("I_ABS", 0.08, 0.04), *of_school("I_HOURS", 900.0, 1000.0), *of_school("I_NEW", 3))
    assert {key: cells["value"].note for key, cells in alone.items()} == {
        "I_ABS": "2024–25, t/m 3 nov 2024", "I_HOURS": "2024–25", "I_NEW": "2023–24",
    }  # fmt: skip
    several = shown(*of_school("I_ABS", 0.08, 0.04), *of_school("I_ABS", 0.05, site="De Vlonder"))
    assert (several["I_ABS"]["value"].figure.text, several["I_ABS"]["value"].note) == (
        "per school", "2024–25, t/m 3 nov 2024",
    )  # fmt: skip
    (hidden,) = shown(*of_school("I_ABS", HIDDEN)).values()
    assert (hidden["value"].figure.text, hidden["value"].note) == ("verborgen", "2023–24")


def test_the_verdict_follows_the_norm_of_each(measured: Desk) -> None:
    cells = shown(*of_school("I_ABS", 0.08, 0.04), *of_school("I_HOURS", 900.0, 1000.0), *of_school("I_NEW", 3, 4))
    words = {key: each["verdict"].state.word for key, each in cells.items()}
    assert words == {"I_ABS": "Gehaald", "I_HOURS": "Wordt slechter", "I_NEW": "Ter informatie"}
    assert cells["I_NEW"]["norm"].figure.text == "geen norm"


def test_what_asks_for_someone_stands_first(measured: Desk) -> None:
    cells = shown(*of_school("I_ABS", 0.08, 0.04), *of_school("I_HOURS", 900.0, 1000.0), *of_school("I_NEW", 3, 4))
    assert list(cells) == ["I_HOURS", "I_ABS", "I_NEW"]


def test_hidden_and_unknown_are_two_different_words(measured: Desk) -> None:
    cells = shown(*of_school("I_ABS", 0.08, HIDDEN), *of_school("I_HOURS", 900.0, None))
    assert (cells["I_ABS"]["value"].figure.text, cells["I_ABS"]["value"].figure.known) == ("verborgen", "hidden")
    assert (cells["I_HOURS"]["value"].figure.text, cells["I_HOURS"]["value"].figure.known) == ("onbekend", "unknown")
    assert {each["verdict"].state.tone for each in cells.values()} == {"unk"}


def test_a_figure_that_was_too_small_to_compute_is_hidden(measured: Desk) -> None:
    cells = shown(("I_ABS", "De Kiem", "2025-2026", None, "too_small"))
    assert cells["I_ABS"]["value"].figure.known == "hidden"


def test_one_period_is_no_course(measured: Desk) -> None:
    cells = shown(*of_school("I_ABS", 0.08))
    assert cells["I_ABS"]["trend"].figure.text == "nog geen verloop"


def test_the_board_itself_without_schools_has_its_own_figure(measured: Desk) -> None:
    cells = shown(*of_school("I_ABS", 0.08, 0.03, site=None))
    assert cells["I_ABS"]["value"].figure.text == "3,0%"


def test_several_schools_stand_beside_each_other_without_a_total(measured: Desk) -> None:
    rows = [*of_school("I_ABS", 0.08, 0.04), *of_school("I_ABS", 0.02, 0.09, site="De Vlonder")]
    delivered = Delivered(*rows)
    table = goal_rows.table(goals.of(delivered))  # type: ignore[arg-type]
    assert [column.key for column in table.columns] == ["goal", "value", "norm", "schools"]
    assert table.rows[0].cells["value"].figure.text == "per school"  # type: ignore[union-attr]
    assert "2 scholen op een rij, 1 halen de norm" in table.rows[0].cells["schools"].chart.label  # type: ignore[union-attr]


def test_what_holds_for_the_board_keeps_its_figure_beside_the_schools(measured: Desk) -> None:
    rows = [*of_school("I_ABS", 0.08), *of_school("I_ABS", 0.02, site="De Vlonder")]
    cells = shown(*rows, *of_school("I_HOURS", 900.0, site=None))
    assert cells["I_HOURS"]["value"].figure.text == "900"
    assert cells["I_HOURS"]["schools"].figure.text == "geldt voor het bestuur"


def test_one_school_has_no_column_for_schools(measured: Desk) -> None:
    table = goal_rows.table(goals.of(Delivered(*of_school("I_ABS", 0.08, 0.04))))  # type: ignore[arg-type]
    assert [column.key for column in table.columns] == ["goal", "value", "norm", "trend", "verdict"]


@pytest.mark.parametrize("gone", COLUMNS)
def test_without_one_of_the_columns_there_is_no_picture_and_no_error(measured: Desk, gone: str) -> None:
    place = COLUMNS.index(gone)
    rows = [row[:place] + row[place + 1 :] for row in of_school("I_ABS", 0.08, 0.04)]
    names = [name for name in COLUMNS if name != gone]
    assert goal_rows.picture(Delivered(*rows, names=names)) is None  # type: ignore[arg-type]


def test_an_indicator_that_the_register_does_not_know_is_left_to_the_table(measured: Desk) -> None:
    assert goal_rows.picture(Delivered(*of_school("I_GONE", 0.08, 0.04))) is None  # type: ignore[arg-type]
    assert goal_rows.picture(Delivered()) is None  # type: ignore[arg-type]
    assert list(shown(*of_school("I_GONE", 1.0), *of_school("I_ABS", 0.04))) == ["I_ABS"]


def test_the_rows_speak_english(measured: Desk) -> None:
    with spoken("en"):
        table = goal_rows.table(goals.of(Delivered(*of_school("I_ABS", 0.08, 0.04))))  # type: ignore[arg-type]
        assert table.columns[1].label == "Where it stands"
        assert table.caption == "Each goal in its own unit"
