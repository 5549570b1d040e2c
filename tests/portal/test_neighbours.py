"""Time given back is counted: once a day for a person, and never more often than the work was done before."""

from datetime import date, datetime, timedelta

from schakel.distribute.deliveries import deliver
from schakel.lib import clock
from schakel.portal.pages import neighbours
from tests.conftest import Board


def hours() -> int:
    shown = neighbours.returned().hours.split(" ")[0]
    return int(shown or 0)


def test_nothing_delivered_is_no_time(board: Board, db: None) -> None:
    assert neighbours.returned().hours == ""
    assert "Nog niets geleverd" in neighbours.returned().how


def test_opening_twice_on_a_day_counts_once(board: Board, db: None) -> None:
    mentor = board.people["mentor"]
    deliver(mentor, "absence_16h")
    once = neighbours.returned()
    deliver(mentor, "absence_16h", rendering="csv")
    assert neighbours.returned() == once


def test_a_source_is_late_when_its_hours_have_passed(board: Board, db: None) -> None:
    assert neighbours.late_sources() == []
    later = clock.now() + timedelta(hours=30)
    with clock.held_at(later):
        late = [source.key for source, _run in neighbours.late_sources()]
    assert "oneroster" in late
    assert "vakanties" not in late  # once a year


def test_the_neighbours_speak_in_every_door(board: Board, db: None) -> None:
    with clock.held_at(datetime.combine(clock.today(), datetime.min.time(), clock.AMSTERDAM)):
        for near in (
            neighbours.for_board(),
            neighbours.for_manager(),
            neighbours.for_supply(),
            neighbours.for_everyone(),
        ):
            assert near.items
            assert all(item.term and item.text and "%(" not in item.text for item in near.items)
    assert isinstance(clock.today(), date)
