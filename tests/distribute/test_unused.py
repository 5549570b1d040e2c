"""Which needs nobody uses: by their own rhythm, told apart by how, and never one of which it is too early to say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from schakel.chain import deciding
from schakel.chain.gaps import RULES
from schakel.chain.needs import InformationNeed
from schakel.chain.realising import SEERS, Change
from schakel.distribute import ending, unused
from schakel.distribute.deliveries import deliver
from schakel.distribute.products import Product, write_product
from schakel.distribute.standing import ROSTER
from schakel.lib import clock
from tests.desk import Desk
from tests.distribute.school import DAY


def need(key: str = "late") -> InformationNeed:
    found: InformationNeed = InformationNeed.objects.whole().get(key=key)
    return found


def after(days: int) -> Any:
    return clock.held_at(clock.now() + timedelta(days=days))


def found() -> dict[str, str]:
    return {each.need.key: each.how for each in unused.unused()}


@dataclass
class Running:
    """`late` and `kinds` are in use since `began`, which is now."""

    room: Desk
    began: datetime


@pytest.fixture
def running(room: Desk) -> Iterator[Running]:
    with clock.held_at(datetime.combine(DAY, datetime.min.time(), clock.AMSTERDAM) + timedelta(hours=12)):
        for key in ("late", "kinds"):
            deciding.go_live(room.people["ict_manager"], need(key))
        yield Running(room, clock.now())


def rhythm(running: Running, words: str) -> None:
    """Another rhythm for `late`, decided on again and in use again."""
    deciding.revise(running.room.manager, need(), rhythm=words)
    deciding.assess(running.room.manager, need())
    running.room.approve(need())
    deciding.go_live(running.room.people["ict_manager"], need())


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("elke schooldag", 56), ("elke schooldag om 08.45 uur", 56), ("Elke ochtend", 56), ("elke week", 56),
        ("elke twee weken", 56), ("elke maand", 93), ("per maand", 93), ("elke twee maanden", 186),
        ("elk kwartaal", 276), ("elk jaar", 365), ("elke twee jaar", 365), ("twee keer per jaar", 365),
        ("na elke rapportperiode", 365), ("elke week van april tot en met juli", 365), ("", 365), ("soms", 365),
        ("elke week\nof zo", 365),
    ],
)  # fmt: skip
def test_how_long_is_waited(words: str, days: int) -> None:
    assert unused.patience(InformationNeed(rhythm=words)).days == days


def test_a_need_younger_than_its_patience_is_not_unused(running: Running) -> None:
    for days in (0, 30, 56):
        with after(days):
            assert found() == {}
    with after(57):
        assert found() == {"kinds": "never", "late": "never"}


def test_a_slow_rhythm_is_given_more_time(running: Running) -> None:
    rhythm(running, "elk kwartaal")
    with after(200):
        assert found() == {"kinds": "never"}
    with after(280):
        assert found()["late"] == "never"


def test_opened_in_time_is_used(running: Running) -> None:
    deliver(running.room.people["leraar-A1"], "late")
    with after(55):
        assert "late" not in found()
    with after(57):
        each = next(item for item in unused.unused() if item.need.key == "late")
        assert (each.how, each.opened, each.delivered) == ("quiet", running.began, 1)


def test_a_file_is_opened_too(running: Running) -> None:
    deliver(running.room.people["leraar-A1"], "late", rendering="csv")
    with after(57):
        assert found()["late"] == "quiet"


@pytest.mark.parametrize("rendering", ["line", "mail"])
def test_what_came_by_itself_was_delivered_and_not_opened(running: Running, rendering: str) -> None:
    for _time in range(3):
        deliver(running.room.people["leraar-A1"], "late", rendering=rendering)
    with after(57):
        each = next(item for item in unused.unused() if item.need.key == "late")
    assert (each.how, each.delivered, each.opened) == ("unopened", 3, None)


def test_a_need_without_a_product_is_another_story(running: Running) -> None:
    write_product(running.room.manager, "late", active=False)
    with after(57):
        assert found() == {"kinds": "never", "late": "no_product"}


def test_somebody_who_kept_it_is_not_asked_again_at_once(running: Running) -> None:
    with after(57):
        deciding.review(running.room.manager, need())
        assert "late" in found()  # under review it still runs, and nobody said that it stays
        deciding.confirm(running.room.manager, need(), "In de toetsweken weer nodig.")
        assert "late" not in found()
    with after(57 + 50):
        assert "late" not in found()
    with after(57 + 57):
        assert "late" in found()


def left() -> set[str]:
    """The gap that says of products what the proposal says of needs."""
    return {thing.key for thing in RULES["product-nobody-opens"].find()}


def test_gap_and_proposal_are_one_notion(running: Running) -> None:
    """On every day before, on and after the moment that a rhythm gives: the same answer in both."""
    rhythm(running, "elke maand")
    for days in (0, 55, 57, 90, 92, 94, 200):
        with after(days):
            assert left() == set(found()), days


def test_a_need_of_which_something_is_opened_is_used_and_the_other_product_is_named(running: Running) -> None:
    other = "SELECT p.first_name AS name FROM pupil AS p"
    write_product(running.room.manager, "names", need=need(), nl="Namen", shape="table", sql=other)
    with after(50):
        deliver(running.room.people["leraar-A1"], "late")
    with after(60):
        assert set(found()) == {"kinds"}
        assert left() == {"kinds", "names"}


def test_a_product_that_was_just_written_is_given_its_time(running: Running) -> None:
    with after(50):
        other = "SELECT p.first_name AS name FROM pupil AS p"
        write_product(running.room.manager, "names", need=need(), nl="Namen", shape="table", sql=other)
    with after(60):
        assert (set(found()), left()) == ({"kinds"}, {"kinds", "late"})
    with after(107):
        assert (set(found()), left()) == ({"kinds", "late"}, {"kinds", "late", "names"})


def test_the_roster_is_no_gap_either(running: Running) -> None:
    made = running.room.need("roster", sorted(ROSTER), [("board_member", "board")])
    deciding.go_live(running.room.people["ict_manager"], running.room.approve(made))
    key = sorted(ROSTER)[0]
    table, column = key.split(".")
    write_product(running.room.manager, "roster", need=need("roster"), nl="Rooster", shape="table",
                  sql=f"SELECT x.{column} AS a FROM {table} AS x")  # fmt: skip
    with after(400):
        assert left() == {"kinds", "late"}


@pytest.mark.parametrize("state", ["ended", "refused", "approved"])
def test_only_what_runs_can_be_unused(running: Running, state: str) -> None:
    if state == "ended":
        deciding.end(running.room.manager, need(), "Klaar.")
    elif state == "refused":
        deciding.refuse(running.room.manager, need(), "Te breed.")
    else:
        deciding.revise(running.room.manager, need(), purpose="Iets anders.")
    with after(400):
        assert "late" not in found()


def test_the_roster_that_every_delivery_rests_on_is_used_by_schakel_itself(running: Running) -> None:
    """To end it would close every overview for everybody."""
    made = running.room.need("roster", sorted(ROSTER), [("board_member", "board")])
    deciding.go_live(running.room.people["ict_manager"], running.room.approve(made))
    other = running.room.need("addresses", ["staff.work_email"], [("board_member", "board")])
    deciding.go_live(running.room.people["ict_manager"], running.room.approve(other))
    with after(57):
        assert found() == {"addresses": "no_product", "kinds": "never", "late": "never"}


def test_the_one_left_alone_longest_comes_first(running: Running) -> None:
    with after(20):
        deliver(running.room.people["leraar-A1"], "late")
    with after(100):
        assert [each.need.key for each in unused.unused()] == ["kinds", "late"]


def test_hours_are_known_only_when_somebody_said_all_of_it() -> None:
    def hours(**said: int) -> float | None:
        return unused.Unused(InformationNeed(**said), "never", clock.now(), 0, None).hours

    assert hours() is None
    assert hours(minutes_now=5, times_per_year=40) is None
    assert hours(minutes_now=0, times_per_year=40, people=3) == 0
    assert hours(minutes_now=5, times_per_year=40, people=3) == 10


def test_a_proposal_shows_what_the_preview_shows(running: Running) -> None:
    with after(57):
        proposed = {each.unused.need.key: each for each in unused.proposals()}
        for key in ("late", "kinds"):
            preview = ending.preview(need(key))
            assert proposed[key].elements == {going.element for going in preview.going}
            assert proposed[key].people == preview.people
    assert proposed["late"].people > 0
    assert "pupil.first_name" in proposed["late"].elements
    assert "absence.kind" not in proposed["late"].elements  # the other need asks for it too


def test_a_glance_is_no_opening_where_a_change_waits_for_one(running: Running) -> None:
    waiting = Change(kind="product", thing_key="late")
    deliver(running.room.people["leraar-A1"], "late", rendering="line")
    assert not SEERS["product"](waiting)
    deliver(running.room.people["leraar-A1"], "late")
    assert SEERS["product"](waiting)


def test_the_preview_counts_what_was_opened(running: Running) -> None:
    deliver(running.room.people["leraar-A1"], "late", rendering="line")
    assert [loss.opened for loss in ending.losses(need())] == [0]
    deliver(running.room.people["leraar-A1"], "late")
    assert [loss.opened for loss in ending.losses(need())] == [1]
    assert Product.objects.get(key="late").active


def test_every_page_counts_them_in_one_look_at_the_deliveries(running: Running, django_assert_num_queries: Any) -> None:
    """What is in use is read once for each change; deliveries only of what has stood long enough."""
    assert unused.unopened() == []
    with django_assert_num_queries(1):  # whether the register changed
        assert unused.unopened() == []
    with after(57):
        assert [product.key for product in unused.unopened()] == ["kinds", "late"]
        with django_assert_num_queries(3):  # the same, the deliveries, and the two products themselves
            unused.unopened()


def test_what_was_remembered_does_not_outlive_an_opening_or_a_change(running: Running) -> None:
    with after(57):
        assert [product.key for product in unused.unopened()] == ["kinds", "late"]
        deliver(running.room.people["leraar-A1"], "late")
        assert [product.key for product in unused.unopened()] == ["kinds"]
        write_product(running.room.manager, "kinds", active=False)
        assert unused.unopened() == []
