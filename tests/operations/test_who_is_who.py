"""Who is who on the demo board: a number with a zero too many, decided by the administration, published, undone."""

import pytest
from django.db import DatabaseError, connection, transaction

from schakel.access import audit
from schakel.access.audit import AuditLine
from schakel.collect.match_decisions import DIFFERENT, OPEN, SAME, MatchDecision, last_words, write
from schakel.collect.sources import Source
from schakel.lib.errors import Refused, Unknown
from schakel.operations import who_is_who
from tests.mixed_up import advice, mixed

__all__ = ["mixed"]
pytestmark = pytest.mark.django_db


def view(mixed, who):
    return who_is_who.view(mixed.people[who], "pupil", "adviezen")


def decide(mixed, pair, verdict, who="school_admin", kind="pupil", source="adviezen"):
    return who_is_who.decide(mixed.people[who], kind, source, pair, verdict)


def test_decided_published_and_undone(mixed):
    everyone, without = advice(), mixed.publish()
    assert {row[0] for row in everyone} - {row[0] for row in without} == {mixed.own[1], mixed.other[1]}
    decide(mixed, mixed.own, SAME)
    assert advice() == without  # until the next publication
    assert mixed.publish() == [row for row in everyone if row[0] != mixed.other[1]]
    decide(mixed, mixed.own, OPEN)
    assert mixed.publish() == without
    assert [word.verdict for word in who_is_who.history(mixed.admin, "pupil", "adviezen")] == [OPEN, SAME]
    audit.verify()


def test_one_sees_only_people_of_the_own_school_but_every_count(mixed):
    seen = view(mixed, "school_admin")
    assert [(item.their_key, item.our_key) for item in seen.likely] == [mixed.own]
    assert seen.pairing.probable == 2
    for who in ("ict_manager", "information_manager", "board_member"):
        seen = view(mixed, who)
        assert (seen.likely, seen.sees_people, seen.pairing.probable) == ([], False, 2)


def test_looking_at_people_leaves_a_line_and_looking_at_counts_none(mixed):
    view(mixed, "ict_manager")
    assert not AuditLine.objects.filter(action="match.read").exists()
    view(mixed, "school_admin")
    line = AuditLine.objects.get(action="match.read")
    assert (line.thing_key, line.facts["rows"]) == ("adviezen", 1)


def test_a_decision_says_who_and_when_but_never_about_whom(mixed):
    made = decide(mixed, mixed.own, SAME)
    line = AuditLine.objects.get(action="match.decide")
    assert (line.thing_kind, line.thing_key, line.facts["verdict"]) == ("matchdecision", str(made.pk), SAME)
    assert not {*mixed.own} & {str(value) for value in line.facts.values()}
    assert made.decided_by == mixed.admin


def test_what_is_not_the_same_is_never_proposed_again_until_it_is_taken_back(mixed):
    decide(mixed, mixed.own, DIFFERENT)
    seen = view(mixed, "school_admin")
    assert seen.likely == []
    assert [word.verdict for word, _item in seen.decided] == [DIFFERENT]
    decide(mixed, mixed.own, OPEN)
    seen = view(mixed, "school_admin")
    assert [(item.their_key, item.our_key) for item in seen.likely] == [mixed.own]
    assert seen.decided == []


@pytest.mark.parametrize("who", ["school_admin", "ict_manager", "information_manager"])
def test_people_of_another_school_do_not_exist(mixed, who):
    with pytest.raises(Unknown):
        decide(mixed, mixed.other, SAME, who)
    assert not MatchDecision.objects.exists()


@pytest.mark.parametrize("who", ["teacher", "mentor", "school_leader", "privacy_officer", "board_member", "outsider"])
def test_who_may_not_decide_is_refused_and_it_is_recorded(mixed, who):
    with pytest.raises(Refused) as refused:
        decide(mixed, mixed.own, SAME, who)
    assert refused.value.code == "permission"
    assert AuditLine.objects.filter(action="refused:match.decide", actor=mixed.people[who].pk).exists()


def test_a_pair_that_nothing_proposes_cannot_be_made_up(mixed):
    for pair in (("1", mixed.own[1]), (mixed.own[0], "weg"), (mixed.own[1], mixed.own[0]), ("", "")):
        with pytest.raises(Unknown):
            decide(mixed, pair, SAME)
    for kind, source in (("staff", "adviezen"), ("pupil", "weg"), ("weg", "adviezen"), ("pupil", "oneroster")):
        with pytest.raises(Unknown):
            decide(mixed, mixed.own, SAME, kind=kind, source=source)
    with pytest.raises(Refused) as refused:
        decide(mixed, mixed.own, "misschien")
    assert refused.value.code == "verdict"
    assert not MatchDecision.objects.exists()


def test_whoever_has_a_partner_gets_no_second(mixed):
    """Decided for another number first, so that the roster's pupil is taken when the proposal is answered."""
    roster, source = (Source.objects.get(key=key) for key in ("oneroster", "adviezen"))
    decide(mixed, mixed.own, DIFFERENT)
    write(mixed.admin, "pupil", source, roster, (mixed.other[0], mixed.own[1]), SAME)
    with pytest.raises(Refused) as refused:
        decide(mixed, mixed.own, SAME)
    assert refused.value.code == "taken"
    assert view(mixed, "school_admin").likely == []


def test_the_database_keeps_each_decision_as_it_was(mixed):
    made = decide(mixed, mixed.own, SAME)
    for wrong in (lambda: MatchDecision.objects.filter(pk=made.pk)._raw_delete("default"), lambda: _altered(made.pk)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            wrong()
    assert last_words("pupil", "adviezen") == [made]


def _altered(pk):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE collect_matchdecision SET verdict = 'different' WHERE id = %s", [pk])


def test_schools_are_no_people(mixed):
    seen = who_is_who.view(mixed.people["ict_manager"], "organisation", "verzuim")
    assert not seen.people
    assert who_is_who.own_people(mixed.people["teacher"], "organisation") is None
    assert not AuditLine.objects.filter(action="match.read").exists()


def test_every_source_has_its_line_and_what_needs_a_person_comes_first(mixed):
    found = who_is_who.pairings(mixed.people["ict_manager"])
    assert (found[0].source, found[0].kind, found[0].probable) == ("adviezen", "pupil", 2)
    with pytest.raises(Refused):
        who_is_who.pairings(mixed.people["teacher"])


def test_the_counts_are_compared_again_only_when_something_changed(mixed, monkeypatch):
    before = who_is_who.pairings(mixed.admin)
    view(mixed, "school_admin")  # looking changes nothing
    with monkeypatch.context() as patch:
        patch.setattr(who_is_who.matching, "matching", lambda *_: pytest.fail("compared without a reason"))
        assert who_is_who.pairings(mixed.admin) == before
    decide(mixed, mixed.own, SAME)
    counts = {(each.source, each.kind): each.probable for each in who_is_who.pairings(mixed.admin)}
    assert counts["adviezen", "pupil"] == 1
    assert {(each.source, each.kind): each.probable for each in before}["adviezen", "pupil"] == 2
