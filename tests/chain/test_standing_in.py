"""Four eyes behind a stand-in: nobody's own question is approved by a detour; reviews and their dates."""

from datetime import date, timedelta

import pytest

from schakel.access.audit import AuditLine
from schakel.access.register import delegate
from schakel.chain import deciding
from schakel.chain.approvals import Approval, in_force
from schakel.chain.needs import REVISABLE, InformationNeed
from schakel.lib import clock
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db


def fresh(need):
    return InformationNeed.objects.whole().get(pk=need.pk)


def stand_in(chain, giver, taker="school_leader", permission="need.approve"):
    end = clock.today() + timedelta(days=7)
    delegate(chain.people[giver], chain.people[taker], permission, clock.today(), end, "vakantie")
    return chain.people[taker]


def assessed(chain, by="outsider"):
    need = chain.ask(by=by)
    deciding.assess(chain.manager, need)
    return fresh(need)


def test_a_stand_in_approves_and_the_approval_says_for_whom(chain):
    need = assessed(chain)
    approval = deciding.approve(stand_in(chain, "board_member"), need, need.fingerprint())
    assert approval.on_behalf_of == chain.people["board_member"]
    assert approval.approver == chain.people["school_leader"]
    assert [item.need.pk for item in in_force()] == [need.pk]


def test_who_decides_by_a_role_of_their_own_acts_for_nobody(chain):
    need = assessed(chain)
    assert deciding.approve(chain.people["board_member"], need, need.fingerprint()).on_behalf_of is None


def test_a_board_member_does_not_let_a_stand_in_approve_their_own_question(chain):
    need = assessed(chain, by="board_member")
    with pytest.raises(Refused) as refusal:
        deciding.approve(stand_in(chain, "board_member"), need, need.fingerprint())
    assert refusal.value.code == "four_eyes"
    assert "Marijke Terpstra" in refusal.value.message
    assert not Approval.objects.exists()


def test_who_wrote_the_version_does_not_either(chain):
    need = chain.ask(by="outsider")
    deciding.revise(chain.manager, need, decision="Morgen bellen.")
    deciding.assess(chain.manager, fresh(need))
    with pytest.raises(Refused) as refusal:
        deciding.approve(stand_in(chain, "information_manager"), fresh(need), fresh(need).fingerprint())
    assert refusal.value.code == "four_eyes"


def test_a_stand_in_who_asked_it_does_not_approve(chain):
    need = assessed(chain, by="school_leader")
    with pytest.raises(Refused) as refusal:
        deciding.approve(stand_in(chain, "board_member"), need, need.fingerprint())
    assert refusal.value.code == "four_eyes"


def test_of_two_who_are_replaced_the_one_without_a_part_in_it_counts(chain):
    need = assessed(chain, by="board_member")
    stand_in(chain, "board_member")
    person = stand_in(chain, "information_manager")
    assert deciding.approve(person, need, need.fingerprint()).on_behalf_of == chain.people["information_manager"]


def test_yesterday_s_stand_in_approves_nothing(chain):
    need = assessed(chain)
    person = stand_in(chain, "board_member")
    with clock.held_at(clock.today() + timedelta(days=8)), pytest.raises(Refused):
        deciding.approve(person, need, need.fingerprint())
    assert not Approval.objects.exists()


@pytest.mark.parametrize("field", ["requester", "state", "key", "asked_at", "refusal_reason", "approvals", "pk"])
def test_who_asked_and_the_state_are_not_revised(chain, field):
    need = chain.ask()
    assert field not in REVISABLE
    with pytest.raises(Refused) as refusal:
        deciding.revise(chain.manager, need, **{field: getattr(need, field)})
    assert refusal.value.code == "field"


def live(chain, **fields):
    need = assessed(chain)
    deciding.approve(chain.people["board_member"], need, need.fingerprint())
    deciding.realise(chain.people["ict_manager"], need)
    deciding.go_live(chain.people["ict_manager"], need)
    return fresh(need)


def test_realising_begins_after_approval_only(chain):
    need = assessed(chain)
    with pytest.raises(Refused, match="Beoordeeld"):
        deciding.realise(chain.people["ict_manager"], need)
    assert live_states(chain, need) == ["approved", "being_realised", "live"]


def live_states(chain, need):
    seen = []
    deciding.approve(chain.people["board_member"], need, need.fingerprint())
    seen.append(fresh(need).state)
    deciding.realise(chain.people["ict_manager"], need)
    seen.append(fresh(need).state)
    deciding.go_live(chain.people["ict_manager"], need)
    seen.append(fresh(need).state)
    return seen


@pytest.mark.parametrize(
    ("today", "months", "due"),
    [(date(2026, 11, 25), 12, date(2027, 11, 1)), (date(2026, 11, 25), 3, date(2027, 2, 1)),
     (date(2026, 12, 31), 1, date(2027, 1, 1)), (date(2026, 1, 1), 24, date(2028, 1, 1))],
)  # fmt: skip
def test_the_next_review_follows_from_its_rhythm(chain, today, months, due):
    need = chain.ask(review_months=months)
    with clock.held_at(today):
        assert deciding.next_review(need) == due


def test_a_review_without_a_change_plans_the_next_and_keeps_the_approval(chain):
    need = live(chain)
    before = need.approvals.get(voided_at__isnull=True).pk
    deciding.review(chain.manager, need)
    deciding.confirm(chain.manager, need, "Nog elke week gebruikt.")
    need = fresh(need)
    assert need.state == "live"
    assert need.review_on == deciding.next_review(need)
    assert need.approvals.get(voided_at__isnull=True).pk == before
    assert AuditLine.objects.latest("number").facts["why"] == "Nog elke week gebruikt."


def test_a_review_that_changed_something_is_not_confirmed(chain):
    need = live(chain)
    deciding.review(chain.manager, need)
    deciding.revise(chain.manager, need, rhythm="elke maand")
    with pytest.raises(Refused):
        deciding.confirm(chain.manager, need, "Niets aan de hand.")
    assert in_force() == []


def test_only_who_reviews_confirms(chain):
    need = live(chain)
    deciding.review(chain.manager, need)
    for who in ("teacher", "ict_manager", "board_member", "outsider"):
        with pytest.raises(Refused):
            deciding.confirm(chain.people[who], need, "ja")
    assert fresh(need).state == "under_review"
