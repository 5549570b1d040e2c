"""Who moves next: a verb only for whoever may do it; everybody else reads what is waited for."""

import pytest

from schakel.access.register import delegate
from schakel.chain import deciding
from schakel.chain.needs import STATES, InformationNeed
from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.portal.pages import needs
from schakel.portal.pages.next_steps import mover
from tests.desk import Desk
from tests.distribute.school import DAY
from tests.portal.conftest import Seen, browser

DECIDE = "Keur goed of wijs af"


def asked(room: Desk) -> InformationNeed:
    """A need that the teacher asked and the manager wrote, ready for a decision."""
    return room.need("wacht", ["pupil.first_name"], [("teacher", "own_groups")])


def steps(room: Desk, who: str) -> dict[str, str]:
    """The column of next steps as this person reads it, by need."""
    table = needs.page(room.people[who], {}).table
    rows = [dict((column.key, cell) for column, cell in row) for row in table.rows]
    return {row["need"].href.rsplit("/", 1)[-1]: row["next"].figure.text for row in rows}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ["information_manager", "teacher"])
def test_every_state_says_who_moves_next(room: Desk, state: str, who: str) -> None:
    reader, made = mover(room.people[who]), InformationNeed(state=state)
    dutch = reader.next_step(made)
    with spoken("en"):
        assert reader.next_step(made) != dutch != ""


@pytest.mark.parametrize(
    ("state", "who", "words"),
    [
        ("asked", "information_manager", "Beoordeel de vraag"), ("asked", "board_member", "Wacht op beoordeling"),
        ("approved", "ict_manager", "Zet in gebruik"), ("approved", "teacher", "Ict zet in gebruik"),
        ("being_realised", "ict_manager", "Zet in gebruik"), ("being_realised", "board_member", "Ict zet in gebruik"),
        ("under_review", "information_manager", "Houd, wijzig of beëindig"),
        ("under_review", "teacher", "Wordt herzien, loopt intussen door"), ("live", "teacher", "Loopt"),
        ("assessed", "outsider", "Wacht op een besluit"), ("assessed", "ict_manager", "Wacht op een besluit"),
    ],
)  # fmt: skip
def test_a_verb_is_for_who_may_do_it(room: Desk, state: str, who: str, words: str) -> None:
    assert mover(room.people[who]).next_step(InformationNeed(state=state)) == words


def test_what_runs_says_when_it_is_reviewed(room: Desk) -> None:
    with clock.held_at(DAY):
        due = InformationNeed(state="live", review_on=DAY)
        assert mover(room.people["teacher"]).next_step(due) == "Herzien op 23 nov"


def test_the_reason_is_for_who_asked(room: Desk) -> None:
    deciding.refuse(room.board_member, asked(room), "Te breed.")
    refused = InformationNeed.objects.get(key="wacht")
    assert mover(refused.requester).next_step(refused) == "Lees de reden"
    assert mover(room.board_member).next_step(refused) == "De vrager leest de reden"


def test_only_who_may_approve_this_text_is_told_to_approve_it(room: Desk) -> None:
    """The manager may approve, but wrote it; the board member did not; the teacher may not approve at all."""
    need = asked(room)
    deciding.revise(room.manager, need, purpose="Iets anders.")
    deciding.assess(room.manager, need)
    shown = {who: steps(room, who)["wacht"] for who in ("board_member", "information_manager", "teacher", "outsider")}
    assert shown.pop("board_member") == DECIDE
    assert set(shown.values()) == {"Wacht op een besluit"}


def test_who_writes_it_last_is_who_does_not_decide(room: Desk) -> None:
    need = asked(room)
    assert mover(room.board_member).decides(need)
    need.requester_id = room.board_member.pk
    assert not mover(room.board_member).decides(need)


def test_a_stand_in_for_the_board_is_told_and_one_for_who_wrote_it_is_not(room: Desk) -> None:
    need = asked(room)
    deciding.revise(room.manager, need, purpose="Iets anders.")
    deciding.assess(room.manager, need)
    today = clock.today()
    delegate(room.manager, room.people["privacy_officer"], "need.approve", today, today, "Vrij.")
    assert not mover(room.people["privacy_officer"]).decides(need)
    delegate(room.board_member, room.people["privacy_officer"], "need.approve", today, today, "Vrij.")
    assert mover(room.people["privacy_officer"]).decides(need)


def test_a_list_is_read_in_a_fixed_number_of_queries(room: Desk, django_assert_num_queries) -> None:
    asked(room)
    found = list(needs.changed(InformationNeed.objects.all()))
    reader = mover(room.people["teacher"])
    with django_assert_num_queries(0):
        assert len([reader.next_step(need) for need in found]) == len(found)


@pytest.mark.parametrize("address", ["/behoeften", "/vragen"])
def test_on_the_pages(room: Desk, address: str) -> None:
    asked(room)
    for who in ("teacher", "ict_manager", "outsider"):
        assert DECIDE not in Seen(browser(room.people[who]).get(address).content.decode()).text
