"""A need under review: the page says since when, that it goes on, and the three ways out; the doors and letters too."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_django

from schakel.chain import deciding, reviewing
from schakel.chain.consultation import Consultation
from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import deliver
from schakel.lib import clock
from schakel.operations import agenda, flow, reminders
from schakel.portal.pages import board, decision, expected, manager, neighbours
from schakel.portal.pages import need as one_need
from schakel.portal.pages.next_steps import mover
from tests.desk import Desk
from tests.distribute.school import DAY
from tests.portal.conftest import browser


def late() -> InformationNeed:
    found: InformationNeed = InformationNeed.objects.whole().get(key="late")
    return found


@pytest.fixture
def reached(room: Desk) -> Iterator[Desk]:
    """The need `late` was in use, and its day of review is three days ago; the schedule looked on the day itself."""
    deciding.go_live(room.people["ict_manager"], late())
    deciding.revise(room.manager, late(), review_on=clock.today() + timedelta(days=1))
    moment = clock.now() + timedelta(days=1)
    with clock.held_at(moment):
        assert [need.key for need in reviewing.look()] == ["late"]
    with clock.held_at(moment + timedelta(days=3)):
        yield room


def of(room: Desk, who: str) -> decision.Decision:
    found = decision.of(room.people[who], late())
    assert found is not None
    return found


def test_since_when_why_and_what_to_do(reached: Desk) -> None:
    note = of(reached, "information_manager").review
    assert note is not None
    assert note.strong.startswith("In herziening sinds ")
    assert note.text.startswith("De dag van herziening was ")
    assert "gewoon geleverd" in note.text
    assert note.text.endswith("Dat is aan Youssef Haddou.")


def test_keep_change_and_end_are_each_one_click(reached: Desk) -> None:
    html = browser(reached.manager).get("/behoeften/late").content.decode()
    for address in ("/behoeften/late/bevestigen", "/behoeften/late/wijzigen", "/behoeften/late/beeindigen"):
        assert address in html
    found = of(reached, "information_manager")
    assert found.confirm == "/behoeften/late/bevestigen"


def test_who_may_not_end_has_no_way_to_it(reached: Desk) -> None:
    html = browser(reached.people["teacher"]).get("/behoeften/late").content.decode()
    assert "In herziening sinds" in html
    assert "beeindigen" not in html
    assert "bevestigen" not in html


def test_a_need_that_is_not_under_review_says_nothing_of_it(room: Desk) -> None:
    deciding.go_live(room.people["ict_manager"], late())
    assert of(room, "information_manager").review is None
    assert "In herziening sinds" not in browser(room.manager).get("/behoeften/late").content.decode()


def test_a_review_that_a_person_began_names_no_day_that_was_reached(room: Desk) -> None:
    deciding.go_live(room.people["ict_manager"], late())
    deciding.review(room.manager, late())
    note = of(room, "information_manager").review
    assert note is not None
    assert note.text.startswith("Er wordt intussen")


def test_the_life_of_the_need_says_that_schakel_did_it(reached: Desk) -> None:
    found = one_need.page(reached.manager, "late", {})
    assert "Schakel nam in herziening, want de dag van herziening was er" in [e.title for e in found.events.items]
    step = next(step for step in found.life.steps if step.place == "here")
    assert (step.word, bool(step.when)) == ("In herziening", True)


def test_delivery_goes_on(room: Desk) -> None:
    deciding.go_live(room.people["ict_manager"], late())
    deciding.revise(room.manager, late(), review_on=DAY)
    with clock.held_at(DAY):
        assert reviewing.look()
        assert deliver(room.people["leraar-A1"], "late").number
    assert late().state == "under_review"


def test_the_managers_door_asks_to_close_it_and_the_board_is_not_asked_to_decide(reached: Desk) -> None:
    found = manager.page(reached.manager, {})
    todo = next(todo for todo in found.todo.items if todo.action and todo.action.href == "/behoeften/late")
    assert todo.title == "Eén behoefte is in herziening"
    assert todo.when.startswith("sinds ")
    asked = [todo.action.href for todo in board.page(reached.board_member).todo.items if todo.action]
    assert "/behoeften/late" not in asked


def test_the_list_of_needs_says_what_comes_next(reached: Desk) -> None:
    assert mover(reached.manager).next_step(late()) == "Houd, wijzig of beëindig"
    assert mover(reached.board_member).next_step(late()) == "Wordt herzien, loopt intussen door"


def test_the_owner_gets_a_letter_at_once_and_nobody_after_the_decision(reached: Desk) -> None:
    def told() -> list[str]:
        return [item.person.name for item in reminders.waiting() if item.address == "/behoeften/late"]

    assert told() == ["Youssef Haddou"]
    text = next(item.text for item in reminders.waiting() if item.address == "/behoeften/late")
    assert f"{late().number} is in herziening sinds haar dag" in text
    deciding.confirm(reached.manager, late(), "Nog elke dag nodig.")
    assert told() == []


def test_the_schedule_does_it_in_each_round(room: Desk, tmp_path: Path, settings: pytest_django.Settings) -> None:
    settings.DATA = tmp_path
    deciding.go_live(room.people["ict_manager"], late())
    deciding.revise(room.manager, late(), review_on=clock.today())
    flow.run_all(None, [])
    assert late().state == "under_review"
    flow.run_all(None, [])
    assert late().state == "under_review"


def test_a_review_is_no_decision_of_the_board(reached: Desk) -> None:
    """The approval stands: the owner keeps, changes or ends it; nobody is told to wait for a second person."""
    for who in ("information_manager", "board_member", "teacher"):
        found = of(reached, who)
        assert found.title == "Versie 1 in herziening"
        assert found.note is None
        assert found.who == "De goedkeuring geldt tot de inhoud verandert."
    assert [item.text for item in neighbours.for_manager().items if "wacht" in item.text] == []


def test_what_is_expected_of_the_owner_names_the_review(reached: Desk) -> None:
    def waits(who: str) -> list[str]:
        section = expected.own(reached.people[who]).sections[0]
        return [door.line for door in section.doors.items if door.href == "/behoeften/late"] if section.doors else []

    assert waits("information_manager")[0].startswith("in herziening sinds ")
    assert waits("board_member") == []
    assert waits("teacher") == []


def test_the_tactical_agenda_has_it_under_reviews_and_not_under_decisions(reached: Desk) -> None:
    points = {point.key: [line.key for line in point.lines] for point in agenda.draw(Consultation(level="tactical"))}
    assert "late" in points["reviews"]
    assert "late" not in points.get("decisions", [])
