"""Four eyes, bound to the exact version (law 7); no need, no data (law 1)."""

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.asked import looking
from schakel.access.changes import change
from schakel.chain import deciding
from schakel.chain.approvals import Approval, in_force, needed_elements, standing_approval
from schakel.chain.needs import InformationNeed, NeedElement
from schakel.lib import clock
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db


def approved(chain, **kwargs):
    need = chain.ask(**kwargs)
    deciding.assess(chain.manager, need)
    deciding.approve(chain.people["board_member"], need, need.fingerprint())
    return InformationNeed.objects.get(pk=need.pk)


def test_asking_alone_moves_nothing(chain):
    chain.ask()
    assert needed_elements() == frozenset()


def test_an_approved_need_names_what_may_be_stored(chain):
    approved(chain)
    assert needed_elements() == {"pupil.first_name", "absence.kind", "absence.contact_on"}


def test_a_declined_wish_is_not_stored_and_the_rest_goes_on(chain):
    need = chain.ask()
    deciding.decline_element(chain.manager, need, "absence.contact_on", "staat al in het LAS")
    need.refresh_from_db()
    deciding.assess(chain.manager, need)
    deciding.approve(chain.people["board_member"], need, InformationNeed.objects.get(pk=need.pk).fingerprint())
    assert needed_elements() == {"pupil.first_name", "absence.kind"}


def test_a_required_element_cannot_be_declined(chain):
    need = chain.ask()
    with pytest.raises(Exception, match="required_is_not_declined"):
        deciding.decline_element(chain.manager, need, "absence.kind", "liever niet")
    assert not NeedElement.objects.filter(declined=True).exists()


def test_the_asker_does_not_approve(chain):
    need = chain.ask(by="board_member")
    deciding.assess(chain.manager, need)
    with pytest.raises(Refused) as refusal:
        deciding.approve(chain.people["board_member"], need, need.fingerprint())
    assert refusal.value.code == "four_eyes"
    assert not in_force()


def test_who_wrote_the_last_version_does_not_approve(chain):
    need = chain.ask(by="outsider")
    deciding.revise(chain.manager, need, decision="Morgen bellen.")
    need.refresh_from_db()
    deciding.assess(chain.manager, need)
    with pytest.raises(Refused) as refusal:
        deciding.approve(chain.manager, need, InformationNeed.objects.get(pk=need.pk).fingerprint())
    assert refusal.value.code == "four_eyes"


@pytest.mark.parametrize("double", ["requester", "writer"])
def test_the_database_itself_refuses_one_pair_of_eyes(chain, double):
    need = approved(chain)
    first = need.approvals.get()
    people = {
        "requester": chain.people["outsider"],
        "writer": chain.people["outsider"],
        "approver": chain.people["board_member"],
    }
    people["approver"] = people[double] = chain.people["teacher"]
    with pytest.raises(IntegrityError), change(chain.manager, "need.revise"):
        Approval.objects.filter(pk=first.pk).update(voided_at=clock.now())
        Approval.objects.create(need=need, version=first.version, content_hash=first.content_hash, **people)


def test_the_database_refuses_it_in_plain_sql_too(chain):
    need = approved(chain)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE chain_approval SET approver_id = requester_id WHERE need_id = %s", [need.pk])


def test_only_who_may_approve_can(chain):
    need = chain.ask()
    deciding.assess(chain.manager, need)
    for who in ("teacher", "ict_manager", "privacy_officer", "outsider"):
        with pytest.raises(Refused):
            deciding.approve(chain.people[who], need, need.fingerprint())
    assert not Approval.objects.exists()


def test_approving_something_else_than_was_read_is_refused(chain):
    need = chain.ask()
    read = need.fingerprint()
    deciding.revise(chain.manager, need, purpose="Iets heel anders.")
    need.refresh_from_db()
    deciding.assess(chain.manager, need)
    with pytest.raises(Refused) as refusal:
        deciding.approve(chain.people["board_member"], need, read)
    assert refusal.value.code == "stale"


def test_a_need_not_assessed_is_not_approved(chain):
    need = chain.ask()
    with pytest.raises(Refused, match="Gevraagd"):
        deciding.approve(chain.people["board_member"], need, need.fingerprint())


MATERIAL_CHANGES = {
    "question": "Een andere vraag?",
    "decision": "Iets anders.",
    "rhythm": "maandelijks",
    "level": "group",
    "freshness": "maandelijks",
    "purpose": "Ander doel.",
    "legal_basis": "AVG art. 6 lid 1e",
    "art9_exception": "AVG art. 9 lid 2g",
    "law": "Leerplichtwet 1969 art. 21",
    "retention": "altijd",
    "question_en": "Another question?",
}


@pytest.mark.parametrize("field", sorted(MATERIAL_CHANGES))
def test_a_material_change_voids_the_approval_at_once(chain, field):
    need = approved(chain)
    assert deciding.revise(chain.manager, need, **{field: MATERIAL_CHANGES[field]})
    need.refresh_from_db()
    assert need.state == "asked"
    assert standing_approval(need) is None
    assert needed_elements() == frozenset()
    assert need.approvals.get().void_reason == "De inhoud is gewijzigd."


def test_changing_elements_or_audience_is_material_too(chain):
    need = approved(chain)
    assert deciding.revise(chain.manager, need, elements=chain.wanted("pupil.first_name"))
    need = approved(chain, key="second")
    assert deciding.revise(chain.manager, need, audience=[(chain.role(), "own_school")])
    assert not in_force()


@pytest.mark.parametrize("fields", [{"minutes_before": 10}, {"priority": 1}, {"note": "hoi"}, {"people": 3}])
def test_what_is_not_material_leaves_the_approval(chain, fields):
    need = approved(chain)
    assert not deciding.revise(chain.manager, need, **fields)
    assert needed_elements()
    assert need.versions.count() == 1


def test_a_row_changed_behind_our_back_opens_nothing(chain):
    need = approved(chain)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chain_informationneed SET purpose = 'iets anders' WHERE id = %s", [need.pk])
    assert not in_force()
    assert not needed_elements()
    assert standing_approval(InformationNeed.objects.get(pk=need.pk)) is None


@pytest.mark.parametrize("statement", [
    "UPDATE chain_needaudience SET scope = 'board'",
    "UPDATE chain_needelement SET reason = 'iets anders'",
    "DELETE FROM chain_needelement",
    "UPDATE chain_informationneed SET activity_id = NULL",
])  # fmt: skip
def test_whatever_else_is_changed_behind_our_back_no_element_is_needed_any_more(chain, statement):
    approved(chain)
    assert needed_elements()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert needed_elements() == frozenset()
    assert in_force() == []


def test_an_element_slipped_in_behind_our_back_opens_nothing(chain):
    need = approved(chain)
    chain.element("pupil.email")
    with change(chain.manager, "element.write"):
        for line in chain.wanted("pupil.email"):
            NeedElement.objects.create(need=need, element=line.element, demand="required", reason="x")
    assert needed_elements() == frozenset()


def test_on_one_page_what_is_in_force_is_read_once_and_again_after_a_write(chain):
    need = approved(chain)
    named = need.element_keys()
    with looking():
        assert [item.need.key for item in in_force()] == [need.key]
        assert needed_elements() == named
        with CaptureQueriesContext(connection) as queries:
            in_force().clear()  # each asker has a list of its own
            assert needed_elements() == named
        assert len(queries) == 0
        deciding.end(chain.people["board_member"], need, "Klaar.")
        assert in_force() == []
        assert needed_elements() == frozenset()


def test_an_expired_need_moves_nothing(chain):
    approved(chain, expires_on=clock.today())
    assert needed_elements()
    with clock.held_at(clock.today() + timedelta(days=1)):
        assert not needed_elements()


def test_ending_takes_the_data_away_and_keeps_the_reason(chain):
    need = approved(chain)
    deciding.end(chain.people["board_member"], need, "niet meer nodig")
    assert not needed_elements()
    assert need.approvals.get().void_reason == "niet meer nodig"


def test_a_refusal_needs_a_reason(chain):
    need = chain.ask()
    with pytest.raises(Exception, match="refusal_has_reason"):
        deciding.refuse(chain.people["board_member"], need, "")
    deciding.refuse(chain.people["board_member"], need, "te breed")
    assert InformationNeed.objects.get(pk=need.pk).state == "refused"


def test_special_data_wait_for_the_privacy_officer(chain):
    need = chain.ask(elements=("absence.reason_group",), wished=(), art9_exception="AVG art. 9 lid 2g")
    deciding.assess(chain.manager, need)
    board = chain.people["board_member"]
    with pytest.raises(Refused) as refusal:
        deciding.approve(board, need, need.fingerprint())
    assert refusal.value.code == "advice"
    deciding.advise(chain.people["privacy_officer"], need, positive=False, text="te veel")
    with pytest.raises(Refused):
        deciding.approve(board, need, need.fingerprint())
    deciding.advise(chain.people["privacy_officer"], need, positive=True, text="zo wel")
    assert deciding.approve(board, need, need.fingerprint())


def test_advice_on_an_earlier_version_does_not_count(chain):
    need = chain.ask(elements=("absence.reason_group",), wished=())
    deciding.advise(chain.people["privacy_officer"], need, positive=True, text="goed")
    deciding.revise(chain.manager, need, purpose="Iets anders.")
    need.refresh_from_db()
    deciding.assess(chain.manager, need)
    with pytest.raises(Refused) as refusal:
        deciding.approve(chain.people["board_member"], need, InformationNeed.objects.get(pk=need.pk).fingerprint())
    assert refusal.value.code == "advice"


def test_only_the_privacy_officer_advises(chain):
    need = chain.ask()
    with pytest.raises(Refused):
        deciding.advise(chain.manager, need, positive=True, text="ik vind van wel")


def test_live_needs_an_approval_that_holds(chain):
    need = approved(chain)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chain_informationneed SET purpose = 'x' WHERE id = %s", [need.pk])
    with pytest.raises(Refused):
        deciding.go_live(chain.people["ict_manager"], InformationNeed.objects.get(pk=need.pk))


def test_review_keeps_data_moving_until_the_content_changes(chain):
    need = approved(chain)
    deciding.go_live(chain.people["ict_manager"], need)
    deciding.review(chain.manager, need)
    assert needed_elements()
    deciding.approve(chain.people["board_member"], need, need.fingerprint())
    assert Approval.objects.filter(voided_at__isnull=True).count() == 1


def test_every_version_can_be_read_as_it_was(chain):
    need = chain.ask()
    first = need.fingerprint()
    deciding.revise(chain.manager, need, decision="Later bellen.")
    versions = list(need.versions.all())
    assert [v.number for v in versions] == [1, 2]
    assert versions[0].content["decision"] == "Vandaag bellen."
    assert versions[0].content_hash == first


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.sampled_from(["assess", "approve", "revise", "live", "review", "end", "refuse", "slip"]), max_size=8
    )
)
def test_whatever_happens_data_moves_only_on_four_eyes_for_this_very_content(chain, steps):
    """Any order of steps, by whoever: what is in force was approved as it stands, by someone else."""
    with transaction.atomic():
        need = chain.ask(key="walk")
        for number, step in enumerate(steps):
            _try(chain, need, step, number)
            need = InformationNeed.objects.get(pk=need.pk)
            for item in in_force():
                assert item.approval.content_hash == item.need.fingerprint()
                assert item.approval.approver_id not in (item.need.requester_id, item.approval.writer_id)
                assert item.need.state in ("approved", "being_realised", "live", "under_review")
        transaction.set_rollback(True)


def _try(chain, need, step, number):
    board, manager = chain.people["board_member"], chain.manager
    acts = {
        "assess": lambda: deciding.assess(manager, need),
        "approve": lambda: deciding.approve(board, need, need.fingerprint()),
        "revise": lambda: deciding.revise(manager, need, purpose=f"doel {number}"),
        "live": lambda: deciding.go_live(manager, need),
        "review": lambda: deciding.review(manager, need),
        "end": lambda: deciding.end(board, need, "klaar"),
        "refuse": lambda: deciding.refuse(board, need, "nee"),
        "slip": lambda: _slip(need, number),
    }
    with contextlib.suppress(Refused):
        acts[step]()


def _slip(need, number):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chain_informationneed SET rhythm = %s WHERE id = %s", [f"stiekem {number}", need.pk])


@pytest.mark.parametrize("field", ["level", "freshness", "purpose", "legal_basis"])
def test_a_question_may_be_unfinished_but_not_a_decision(chain, field):
    need = chain.ask(**{field: ""})
    with pytest.raises(Refused) as refusal:
        deciding.assess(chain.manager, need)
    assert refusal.value.code == "incomplete"
    need.refresh_from_db()
    assert need.state == "asked"


def test_a_need_without_elements_is_not_ready_for_a_decision(chain):
    need = chain.ask(elements=(), wished=())
    with pytest.raises(Refused, match="ten minste één gegeven"):
        deciding.assess(chain.manager, need)


def test_what_became_incomplete_is_not_approved(chain):
    need = chain.ask(purpose="")
    with change(chain.manager, "need.revise"):
        need.state = "assessed"
        need.save()
    with pytest.raises(Refused) as refusal:
        deciding.approve(chain.people["board_member"], need, need.fingerprint())
    assert refusal.value.code == "incomplete"


def test_the_database_refuses_a_stand_in_for_who_asked(chain):
    need = approved(chain)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE chain_approval SET on_behalf_of_id = requester_id WHERE need_id = %s", [need.pk])


def test_a_wish_that_was_left_out_stays_out_through_a_revision(chain):
    need = chain.ask()
    deciding.decline_element(chain.manager, need, "absence.contact_on", "staat al in het LAS")
    lines = chain.wanted("pupil.first_name", "absence.kind", wished=("absence.contact_on",))
    assert deciding.revise(chain.manager, need, elements=lines) is False
    line = NeedElement.objects.get(element__key="absence.contact_on")
    assert (line.declined, line.declined_reason) == (True, "staat al in het LAS")


def test_a_wish_that_became_required_is_no_longer_left_out(chain):
    need = chain.ask()
    deciding.decline_element(chain.manager, need, "absence.contact_on", "staat al in het LAS")
    assert deciding.revise(chain.manager, need, elements=chain.wanted("pupil.first_name", "absence.contact_on"))
    assert not NeedElement.objects.filter(declined=True).exists()


def test_the_english_reason_is_kept_and_material(chain):
    need = approved(chain)
    lines = [replace(wanted, reason_en="to call home") for wanted in chain.wanted("pupil.first_name")]
    assert deciding.revise(chain.manager, need, elements=lines)
    assert InformationNeed.objects.get(pk=need.pk).content()["elements"]["pupil.first_name"][2] == "to call home"
    assert standing_approval(need) is None
