"""The information manager's front door: what waits on whom, in which order, with the counts of the register."""

from datetime import timedelta

import pytest
from django.db import connection

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.deciding import Wanted, ask
from schakel.chain.goals import Goal
from schakel.chain.needs import STATES, InformationNeed
from schakel.lib import clock
from schakel.portal.pages import manager, needs
from schakel.portal.parts import TodoList
from tests.desk import SENTENCE, Desk
from tests.distribute.school import DAY
from tests.portal.conftest import browser, heading
from tests.portal.supplies import HOSTILE


def door(room: Desk, name: str = "information_manager") -> manager.Manager:
    return manager.page(room.people[name], {})


def titles(room: Desk, name: str = "information_manager") -> list[str]:
    return [todo.title for todo in door(room, name).todo.items]


def waiting(room: Desk, key: str = "wacht") -> InformationNeed:
    return room.need(key, ["absence.kind"], [("school_leader", "own_school")], "school")


def fresh(key: str) -> InformationNeed:
    found: InformationNeed = InformationNeed.objects.get(key=key)
    return found


# Who decides


def test_a_need_of_someone_else_waits_on_me(room: Desk) -> None:
    waiting(room)
    todo = door(room).todo.items[0]
    assert (todo.tone, todo.title) == ("bad", "Besluit over ‘Wat is wacht?’")
    assert todo.reason == "Gevraagd door Olivier Smit. U bent de tweede persoon."
    assert todo.when == "sinds vandaag"
    assert todo.action.href == "/behoeften/wacht"


@pytest.mark.parametrize("change", ["asked", "wrote"])
def test_what_i_asked_or_wrote_waits_on_someone_else(room: Desk, change: str) -> None:
    """The page of the need has no button for me then: the front door may not say that I decide."""
    waiting(room)
    if change == "wrote":
        deciding.revise(room.manager, fresh("wacht"), rhythm="elke maand")
        deciding.assess(room.manager, fresh("wacht"))
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE chain_informationneed SET requester_id = %s WHERE key = 'wacht'", [room.manager.pk])
    assert "Eén behoefte wacht op een besluit van Marijke Terpstra" in titles(room)
    assert "Besluit over ‘Wat is wacht?’" not in titles(room)
    assert "Besluit over ‘Wat is wacht?’" in titles(room, "board_member")
    html = browser(room.manager).get("/behoeften/wacht").content.decode()
    assert "Keur versie" not in html


def test_who_may_not_decide_reads_who_does(room: Desk) -> None:
    waiting(room)
    waiting(room, "wacht2")
    (first,) = [
        t for t in door(room, "outsider").todo.items if t.title.startswith("Twee behoeften wachten op een besluit")
    ]
    assert "Youssef Haddou" in first.title
    assert first.action.href == "/behoeften?t-stand=assessed"


def test_since_when_it_waits(room: Desk) -> None:
    waiting(room)
    with clock.held_at(clock.now() + timedelta(days=4)):
        assert door(room).todo.items[0].when == "wacht 4 dagen"


# The order


def test_the_most_urgent_first_one_filled_button_at_most_seven(room: Desk) -> None:
    for number in range(9):
        waiting(room, f"w{number}")
    found = door(room)
    assert len(found.todo.items) == TodoList.LIMIT
    tones = [todo.tone for todo in found.todo.items]
    assert tones == sorted(tones, key=["bad", "warn", "now"].index)
    assert [todo.action.main for todo in found.todo.items] == [True] + [False] * 6
    html = browser(room.manager).get("/informatiemanager").content.decode()
    assert html.count('class="btn go') == 1


def test_a_new_question_is_something_to_assess(room: Desk) -> None:
    role = Role.objects.get(key="teacher")
    for number in (1, 2):
        ask(
            room.people["outsider"], f"n{number}", elements=[Wanted(room.element("absence.kind"), "required", "x")],
            audience=[(role, "own_groups")], role=role, activity=room.activity, question=f"Vraag {number}?",
            level="person", **SENTENCE,
        )  # fmt: skip
        found = titles(room)
        assert f"Beoordeel {['nul', 'één', 'twee'][number]} nieuwe vra{'ag' if number == 1 else 'gen'}" in found
    assert any(title.startswith("Twee vragen hebben geen eigenaar") for title in titles(room))


@pytest.mark.parametrize(("days", "due"), [(-3, True), (0, True), (30, True), (31, False)])
def test_a_review_within_a_month_is_planned(room: Desk, days: int, due: bool) -> None:
    deciding.go_live(room.people["ict_manager"], fresh("late"))
    deciding.revise(room.manager, fresh("late"), review_on=DAY + timedelta(days=days))
    assert ("Herzie één behoefte" in titles(room)) is due


def test_serious_gaps_of_one_kind_are_one_line(room: Desk) -> None:
    before = len(titles(room))
    for number in range(4):
        put(room.manager, "goal.write", Goal, f"X{number}", nl=f"Doel {number}")
    found = door(room)
    kinds = [todo for todo in found.todo.items if todo.action.href.startswith("/hiaten?t-soort=")]
    assert len({todo.action.href for todo in kinds}) == len(kinds)
    assert before <= len(found.todo.items) <= TodoList.LIMIT


# The counts


def test_tiles_count_every_need_once_and_lead_to_it(room: Desk) -> None:
    waiting(room)
    deciding.end(room.manager, fresh("kinds"), "klaar")
    found = list(needs.changed(InformationNeed.objects.all()))
    tiles = {tile.href.rsplit("=", 1)[-1]: int(tile.value) for tile in needs.tiles(found).items}
    for state, count in tiles.items():
        assert count == sum(need.state == state for need in found)
        table = needs.page(room.manager, {"t-stand": state}).table
        assert table.found == count
    assert set(tiles) <= set(STATES)
    assert door(room).total == "3 in totaal"


@pytest.mark.parametrize("state", ["asked", "assessed", "approved", "being_realised", "live", "under_review"])
def test_a_tile_without_needs_says_so(state: str) -> None:
    assert needs._consequence(state, []) == "nu geen"


def test_what_moves_is_not_what_runs_or_is_done(room: Desk) -> None:
    waiting(room)
    deciding.go_live(room.people["ict_manager"], fresh("late"))
    deciding.end(room.manager, fresh("kinds"), "klaar")
    moving = needs.moving(room.manager, list(needs.changed(InformationNeed.objects.all())))
    assert [row.cells["need"].figure.text for row in moving.rows] == ["Wat is wacht?"]
    assert not moving.search
    assert not moving.filters


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_title_counts_what_is_listed(room: Desk, count: int) -> None:
    for number in range(count):
        waiting(room, f"w{number}")
    found = door(room, "board_member")
    listed = len(found.todo.items)
    words = {0: "Er wacht niets op u", 1: "Eén ding wacht op u", 2: "Twee dingen wachten op u"}
    if listed in words:
        assert found.head.title == words[listed]
    assert listed >= count


def test_hostile_questions_are_words(room: Desk) -> None:
    waiting(room)
    deciding.revise(room.manager, fresh("late"), question=HOSTILE)
    deciding.revise(room.manager, fresh("wacht"), question=HOSTILE, question_en=HOSTILE, decision=HOSTILE)
    put(room.manager, "goal.write", Goal, "X1", nl=HOSTILE)
    for name, address in (
        ("information_manager", "/informatiemanager"),
        ("outsider", "/behoeften"),
        ("outsider", "/hiaten"),
        ("outsider", "/mijn"),
        ("board_member", "/bestuur"),
    ):
        for language in ("nl", "en"):
            html = browser(room.people[name], taal=language).get(address).content.decode()
            assert "<b>&\"'" not in html, address
    assert heading(browser(room.manager).get("/behoeften/wacht").content.decode()) == HOSTILE
