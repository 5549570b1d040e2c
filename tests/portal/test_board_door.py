"""The board's front door: what it says of goals that are met, on their way, broken, unknown, or measured by nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.access.register import put
from schakel.chain.goals import Goal
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.operations.promises import Late
from schakel.portal.pages import board, goals
from schakel.portal.pages.goals import GoalState, Point, Received, Series
from schakel.steer.norms import Indicator, Norm
from tests.desk import Desk
from tests.portal.conftest import Seen, browser, heading
from tests.portal.supplies import HOSTILE


def state(name: str = "Verzuim", values: tuple[float | None, ...] = (0.05, 0.04), **more: Any) -> GoalState:
    """A goal that is met at 5% or less."""
    given_norm = more.pop("norm", {"value": Decimal("0.05"), "kind": "own"})
    schools = more.pop("schools", ())
    indicator = Indicator(key=name, nl=name, en=f"{name} (en)", unit="%", **{"direction": "lower", **more})
    norm = (
        Norm(indicator=indicator, nl="hoogstens 5%", en="at most 5%", valid_from="2020-08-01", **given_norm)
        if given_norm
        else None
    )
    return GoalState(Goal(key=name, nl=f"Doel {name}"), indicator, norm, ["2025", "2026"], Series("", values), schools)


MET, WAY, WORSE, ACT = (
    state("Gehaald"),
    state("Op weg", (0.09, 0.07)),
    state("Slechter", (0.06, 0.09)),
    state("Wettelijk", (0.09, 0.09), norm={"value": Decimal("0.05"), "kind": "law"}),
)
UNKNOWN = state("Onbekend", (0.05, None))


def head(*states: GoalState, refusal: str = "") -> Any:
    return board._head(Received(states, [], not refusal, refusal))


def of_one_goal(*states: GoalState) -> tuple[GoalState, ...]:
    """The same indicators, as if they all belong to the goal of the first."""
    return tuple(replace(each, goal=states[0].goal) for each in states)


def test_a_goal_counts_once_and_is_met_only_when_all_its_indicators_are() -> None:
    broken_first = of_one_goal(WAY, MET, state("Zonder", norm=None))
    assert head(*broken_first).title == "Het doel met een norm vraagt nog werk"
    assert [s.indicator.key for s in Received(broken_first, [], True).leading] == ["Op weg"]
    assert [s.indicator.key for s in Received(broken_first, [], True).further] == ["Gehaald", "Zonder"]
    assert head(*of_one_goal(MET, state("Ook gehaald"))).title == "Alle doelen met een norm zijn gehaald"


@pytest.mark.parametrize(
    ("states", "title"),
    [
        ((MET,), "Alle doelen met een norm zijn gehaald"),
        ((MET, WAY), "Eén van de twee doelen vraagt nog werk"),
        ((WAY, WORSE, MET), "Twee van de drie doelen vragen nog werk"),
        ((UNKNOWN,), "Van geen enkel doel is de stand bekend"),
        ((), "Van geen enkel doel is de stand bekend"),
        ((UNKNOWN, MET), "Alle doelen met een norm zijn gehaald"),
        ((state("Zonder", norm=None),), "Van geen enkel doel is de stand bekend"),
    ],
)
def test_the_title_is_what_is_the_case(states: tuple[GoalState, ...], title: str) -> None:
    assert head(*states).title == title


@given(st.lists(st.sampled_from([MET, WAY, WORSE, ACT, UNKNOWN]), max_size=8))
def test_every_goal_that_is_measured_is_told_once(states: list[GoalState]) -> None:
    """Wrong, on its way and met add up to all that was measured; an unknown one is in none of them."""
    measured = [s for s in states if s.met is not None]
    wrong = sum(s.act or s.worse for s in measured)
    way = sum(s.met is False and not (s.act or s.worse) for s in measured)
    met = sum(bool(s.met) for s in measured)
    assert wrong + way + met == len(measured)
    lede = board._lede(measured).lower()
    words = {0: "", 1: "eén ", 2: "twee ", 3: "drie ", 4: "vier ", 5: "vijf ", 6: "zes ", 7: "zeven ", 8: "acht "}
    for count, part in ((wrong, "verkeerde kant op"), (way, "nog niet op de norm"), (met, "gehaald")):
        assert (part in lede) is bool(count)
        assert not count or words[count].strip() in lede


def test_figures_are_offered_only_when_there_are_any() -> None:
    assert [action.href for action in head(MET).actions] == ["/overzichten/goals_state"]
    assert head(MET, refusal="Er zijn nog geen gegevens verzameld.").actions == []


# To do


@pytest.mark.parametrize(
    ("states", "titles"),
    [
        ((MET, WAY, UNKNOWN), []),
        ((WORSE,), ["Bespreek slechter"]),
        ((ACT, WORSE, state("Derde", (0.06, 0.09))), ["Bespreek wettelijk", "Bespreek slechter"]),
    ],
)
def test_what_goes_wrong_is_to_be_discussed(states: tuple[GoalState, ...], titles: list[str]) -> None:
    assert [todo.title for todo in board._broken(states)] == titles


def test_the_figure_the_norm_and_the_schools_that_are_furthest() -> None:
    schools = [
        Series("Aa", (0.2,)),
        Series("Bb", (0.04,)),
        Series("Cc", (0.3,)),
        Series("Dd", (None,), True),
        Series("Ee", (0.1,)),
    ]
    (todo,) = board._broken([state("Verzuim", (0.06, 0.09), schools=schools)])
    assert todo.reason == "De stand is 9,0%; de norm is hoogstens 5%. Het verst weg: Cc 30,0%, Aa 20,0%."
    assert "Dd" not in todo.reason, "a hidden school is never named as an outlier"


@pytest.mark.parametrize(
    ("schools", "href"),
    [
        ((), "/overzichten/goals_state"),
        ((Series("Aa", (0.2,)),), "#scholen"),
        ((Series("Aa", (None,), True),), "/overzichten/goals_state"),
    ],
)
def test_a_goal_without_schools_to_show_leads_to_its_figures(schools: tuple[Series, ...], href: str) -> None:
    """The list of schools is not on the page then: a button may not lead nowhere."""
    (todo,) = board._broken([state("Verzuim", (0.06, 0.09), schools=schools)])
    assert todo.action.href == href


def test_only_the_goal_that_is_drawn_leads_to_the_schools_on_the_page() -> None:
    schools = (Series("Aa", (0.2,)),)
    drawn, other = state("Een", (0.06, 0.09), schools=schools), state("Twee", (0.06, 0.09), schools=schools)
    assert [todo.action.href for todo in board._broken([drawn, other])] == ["#scholen", "/overzichten/goals_state"]


@pytest.mark.parametrize(
    ("count", "text"), [(0, ""), (1, "Eén doel heeft nog geen indicator"), (3, "Drie doelen hebben nog geen indicator")]
)
def test_goals_that_nothing_measures(count: int, text: str) -> None:
    bare = [Goal(key=str(n), nl=f"Doel {n}") for n in range(count)]
    found = board._unmeasured(Received([], bare, True))
    assert [todo.title for todo in found] == ([text] if text else [])
    if count > 2:
        assert found[0].reason == "Doel 0; Doel 1"


# The table and the drawings


@pytest.mark.parametrize(
    ("made", "value", "norm", "verdict"),
    [
        (MET, "4,0%", "hoogstens 5%", "Gehaald"),
        (UNKNOWN, "onbekend", "hoogstens 5%", "Onbekend"),
        (state("x", norm=None), "4,0%", "geen norm", "Ter informatie"),
        (state("x", (0.05, 0.0)), "0,0%", "hoogstens 5%", "Gehaald"),
    ],
)
def test_a_row_of_a_goal(made: GoalState, value: str, norm: str, verdict: str) -> None:
    cells = board.row(made).cells
    assert cells["value"].figure.text == value
    assert cells["norm"].figure.text == norm
    assert cells["verdict"].word == verdict


@pytest.mark.parametrize("values", [(), (0.04,), (None, 0.04), (None, None)])
def test_one_figure_is_no_course(values: tuple[float | None, ...]) -> None:
    made = state("x", values)
    assert board.row(made).cells["trend"].figure.text == "nog geen verloop"
    assert board._worst([made]) is None


def test_schools_side_by_side_say_how_many_are_hidden() -> None:
    schools = [Series("Aa", (0.2,)), Series("Bb", (0.04,)), Series("Cc", (None,), True)]
    cell = board.row(state(schools=schools)).cells["schools"]
    assert cell.chart.label == "2 scholen op een rij, 1 halen de norm; van 1 is de stand niet te tonen"
    assert board.row(state(schools=[Series("Cc", (None,), True)])).cells["schools"].figure.known == "unknown"
    assert board.row(state()).cells["schools"].figure.text == "geldt voor het bestuur"


# Norms of each school itself


OWN = [Series("Aa", (0.40, 0.45), False, "below", 0.5), Series("Bb", (0.5, 0.55), False, "above", 0.55)]


def own(*schools: Series, values: tuple[float | None, ...] = (0.46, 0.46), **more: Any) -> GoalState:
    """A goal of which each school has its own signal value."""
    made = state("Niveau", values, norm=None, direction="higher", schools=list(schools))
    return replace(made, each_its_own=True, **more)


@pytest.mark.parametrize(
    ("schools", "values", "met", "verdict"),
    [
        (OWN, (0.46, 0.46), False, "Niet gehaald"),
        (OWN, (0.46, 0.40), False, "Niet gehaald"),
        (OWN, (0.40, 0.46), False, "Op weg"),
        (OWN[1:], (0.46, 0.46), True, "Gehaald"),
        (OWN, (0.46, None), None, "Onbekend"),
    ],
)
def test_a_goal_with_a_norm_for_each_school_is_met_when_each_meets_its_own(
    schools: list[Series], values: tuple[float | None, ...], met: bool | None, verdict: str
) -> None:
    made = own(*schools, values=values)
    assert made.met is met
    cells = board.row(made).cells
    assert cells["verdict"].word == verdict
    assert cells["norm"].figure.text == "verschilt per school"


def test_who_falls_short_of_its_own_norm_is_told_and_marked() -> None:
    far = Series("Cc", (0.6, 0.6), False, "below", 0.8)  # a higher figure, further from its norm
    made = own(*OWN, far)
    assert board.row(made).cells["schools"].chart.label.startswith("3 scholen op een rij, 1 halen de norm")
    todo = board._broken([made])[0]
    assert todo.reason == "Twee scholen halen hun eigen norm niet. Het verst weg: Cc 60,0%, Aa 45,0%."
    assert board._title(made) == "Niveau: twee scholen halen hun eigen norm niet"
    assert board._title(own(OWN[0])) == "Niveau: één school haalt haar eigen norm niet"
    assert board._title(own(OWN[1])) == "Niveau ligt op of voorbij de norm"
    shown = {item.name: (item.kind, item.line) for item in board._multiples(made).items}  # type: ignore[union-attr]
    assert shown == {
        "Aa": ("bad", "eigen norm 50,0%"),
        "Bb": ("", "eigen norm 55,0%"),
        "Cc": ("bad", "eigen norm 80,0%"),
    }
    assert board._multiples(made).norm is None  # type: ignore[union-attr]  # no line for all


SECTORS = {0.057: "5,7% (po)", 0.054: "5,4% (vo)"}


def received_of(indicator: Indicator, *given_points: Point) -> GoalState:
    """The state of an indicator of which the register knows a norm for primary and one for secondary."""
    known = {x: Norm(kind="benchmark", nl=words, value=Decimal(str(x))) for x, words in SECTORS.items()}
    indicator.norm_on = lambda: None  # type: ignore[method-assign]
    indicator.norm_of = known.get  # type: ignore[assignment,method-assign]
    return goals._state(indicator, given_points)


def test_a_norm_that_the_data_give_of_each_school_binds_and_a_benchmark_of_a_sector_does_not() -> None:
    indicator = Indicator(key="i", nl="I", unit="%", direction="lower", goal=Goal(key="g"))
    total = Point("i", None, "2026", 0.06, False)
    signal = received_of(indicator, total, Point("i", "A", "2026", 0.06, False, "below", 0.05))
    assert (signal.each_its_own, signal.met, [s.name for s in signal.short_of_their_own]) == (True, False, ["A"])
    sector = received_of(indicator, total, Point("i", "A", "2026", 0.06, False, "below", 0.057))
    assert (sector.each_its_own, sector.met, sector.short_of_their_own) == (False, None, [])
    assert (sector.norm_words(), sector.verdict().word) == ("verschilt per school", "Ter informatie")
    assert board.row(sector).cells["schools"].chart.label.startswith("1 scholen op een rij, 0 halen de norm")
    silent = received_of(indicator, total, Point("i", "A", "2026", 0.06, False, "below"))
    assert (silent.each_its_own, silent.met) == (False, None)  # an older overview does not tell the norm


def test_the_only_school_is_held_against_the_norm_of_its_sector_or_its_own() -> None:
    indicator = Indicator(key="i", nl="I", unit="%", direction="lower", goal=Goal(key="g"))
    for norm, words, verdict in ((0.057, "5,7% (po)", "Nog niet"), (0.05, "5,0%", "Niet gehaald")):
        given_points = [Point("i", "A", "2026", 0.06, False, "below", norm)]
        alone = goals._alone(received_of(indicator, *given_points), given_points)
        assert (alone.norm_words(), alone.met, alone.verdict().word) == (words, False, verdict)


def test_the_board_is_held_against_the_band_that_its_figure_was() -> None:
    indicator = Indicator(key="i", nl="I", unit="ratio", direction="higher", goal=Goal(key="g"))
    bands = {x: Norm(kind="signal", nl=f"ten minste {x}", value=Decimal(str(x))) for x in (1.0, 0.75)}
    indicator.norm_on = lambda: bands[0.75]  # type: ignore[method-assign]
    indicator.norm_of = bands.get  # type: ignore[assignment,method-assign]
    figure = Point("i", None, "2025", 0.8, False), Point("i", "", "2025", 0.8, False, "below", 1.0)
    made = goals._state(indicator, figure)
    assert (made.norm_words(), made.limit, made.met) == ("ten minste 1.0", 1.0, False)


# What was received


def points(*given_points: tuple[str | None, str, float | None, bool]) -> list[Point]:
    return [Point("i", school, period, value, hidden) for school, period, value, hidden in given_points]


def test_periods_are_in_the_order_of_the_calendar_and_holes_stay_holes() -> None:
    indicator = Indicator(key="i", unit="%", direction="lower", goal=Goal(key="g"))
    indicator.norm_on = lambda: None  # type: ignore[method-assign]
    found = goals._state(
        indicator,
        points((None, "2025-2026", 0.1, False), (None, "2023-2024", 0.2, False), ("A", "2024-2025", 0.3, False)),
    )
    assert found.periods == ["2023-2024", "2024-2025", "2025-2026"]
    assert found.total.values == [0.2, None, 0.1]
    assert [(s.name, s.values) for s in found.schools] == [("A", [None, 0.3, None])]


@given(st.lists(st.floats(0.001, 1, allow_nan=False), min_size=2, max_size=8))
def test_better_and_worse_mirror_each_other(values: list[float]) -> None:
    """What is a rise for the one direction is as large a fall for the other."""
    lower, higher = state(values=tuple(values)), state(values=tuple(values), direction="higher")
    assert lower.change is not None
    assert lower.change == pytest.approx(-(higher.change or 0.0))
    assert state(values=tuple(values), direction="context").change is None


@pytest.mark.parametrize(
    ("error", "says"),
    [("nobody", "Er is nog geen overzicht met de stand van de doelen."), ("shut", "U hebt vandaag geen rol")],
)
def test_without_figures_the_goals_stand_there_with_the_reason(room: Desk, error: str, says: str) -> None:
    if error == "shut":
        room.product(room.approve(room.need("g", ["indicator_value.value"], [("board_member", "board")], "board")),
                     "SELECT site_id AS site, value FROM indicator_value", key="goals_state")  # fmt: skip
    found = goals.received(room.people["outsider"])
    assert not found.delivered
    assert says in found.refusal


def test_the_board_hears_of_which_sources_data_is_missing_behind_its_figures() -> None:
    since = datetime(2026, 10, 10, 8, tzinfo=clock.AMSTERDAM)
    late = [Late(Source(name=name), when) for name, when in (("HR", since), ("Verzuim", None), ("Rooster", since))]
    with clock.held_at(datetime(2026, 11, 28, tzinfo=UTC)):
        (note,) = board._notes(Received([], [], delivered=True, late=late))
    assert note.strong == "Er zijn gegevens niet op tijd binnengekomen."
    assert note.text.startswith("HR, Rooster (voor het laatst 10 okt, 08.00 uur); Verzuim (nog nooit).")
    assert board._notes(Received([], [], delivered=True)) == []
    (refused,) = board._notes(Received([], [], delivered=False, refusal="Dat kan niet.", late=late))
    assert refused.text == "Dat kan niet."


def test_hostile_goals_are_words(room: Desk) -> None:
    goal, _ = put(room.manager, "goal.write", Goal, "G9", nl=HOSTILE, en=HOSTILE)
    fields = {"nl": HOSTILE, "en": HOSTILE, "definition": HOSTILE, "unit": "%", "direction": "lower", "level": "school"}
    put(room.manager, "indicator.write", Indicator, "I9", goal=goal, **fields)
    html = browser(room.board_member).get("/bestuur").content.decode()
    assert "<b>&\"'" not in html
    assert HOSTILE in Seen(html).text
    assert heading(html) == "Van geen enkel doel is de stand bekend"


def test_the_titles_speak_english() -> None:
    with spoken("en"):
        assert head(MET, WAY).title == "One of the two goals still needs work"
        assert "schools" in board.row(state(schools=[Series("Aa", (0.2,))])).cells["schools"].chart.label
