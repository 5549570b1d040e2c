"""Retention rules and policies: written by who may, recorded, with their source; laws are data, never constants."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from schakel.access import audit
from schakel.access.changes import change
from schakel.access.kept import UnrecordedWrite
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.governance.policies import Policy
from schakel.governance.retention import RetentionRule
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db

RULE = {
    "trigger": "uitschrijving",
    "minimum": "5 jaar",
    "maximum": "5 jaar",
    "basis": "Voorbeeldbesluit art. 1",
    "source": "https://wetten.example/1",
}


@pytest.mark.parametrize("who", ["information_manager", "privacy_officer"])
def test_a_rule_is_written_by_who_may_and_leaves_a_line(people, who):
    rule, changed = put(people[who], "retention.write", RetentionRule, "verzuim", **RULE)
    assert {d.field for d in changed} == set(RULE)
    line = audit.history("retentionrule", "verzuim").get()
    assert (line.actor, line.action) == (people[who], "retention.write")
    assert line.facts["changed"]["maximum"] == [None, "5 jaar"]
    assert str(rule) == "verzuim"
    assert not rule.confirmed, "what a kit brings is not confirmed by the board"


@pytest.mark.parametrize("who", ["board_member", "ict_manager", "school_admin", "teacher", "outsider"])
def test_nobody_else_sets_how_long_data_stay(people, who):
    with pytest.raises(Refused):
        put(people[who], "retention.write", RetentionRule, "verzuim", **RULE)
    assert not RetentionRule.objects.exists()


def test_confirming_is_a_change_of_its_own(people):
    put(people["information_manager"], "retention.write", RetentionRule, "verzuim", **RULE)
    put(people["privacy_officer"], "retention.write", RetentionRule, "verzuim", confirmed=True)
    newest = audit.history("retentionrule", "verzuim").first()
    assert newest.facts["changed"] == {"confirmed": [False, True]}
    assert newest.actor == people["privacy_officer"]


def test_one_rule_for_one_kind_of_data(people):
    put(people["information_manager"], "retention.write", RetentionRule, "verzuim", **RULE)
    with pytest.raises(IntegrityError), transaction.atomic(), change(people["privacy_officer"], "retention.write"):
        RetentionRule(key="verzuim", trigger="anders").save()
    assert RetentionRule.objects.get().trigger == "uitschrijving"


@pytest.mark.parametrize("fields", [{"trigger": ""}, {"trigger": "x" * 121}, {"trigger": "x", "source": "x" * 301}])
def test_a_rule_that_does_not_fit_is_refused_whole(people, fields):
    before = audit.AuditLine.objects.count()
    with pytest.raises(ValidationError):
        put(people["information_manager"], "retention.write", RetentionRule, "verzuim", **fields)
    assert not RetentionRule.objects.exists()
    assert audit.AuditLine.objects.count() == before


def test_rules_and_policies_are_written_inside_a_change_only(people):
    for thing in (RetentionRule(key="verzuim", trigger="x"), Policy(key="toelating", nl="Toelating")):
        with pytest.raises(UnrecordedWrite):
            thing.save()
    assert not RetentionRule.objects.exists()
    assert not Policy.objects.exists()


def test_rules_are_listed_by_what_they_are_about(people):
    for key in ("verzuim", "advies", "leerling"):
        put(people["information_manager"], "retention.write", RetentionRule, key, trigger="x")
    assert [rule.key for rule in RetentionRule.objects.all()] == ["advies", "leerling", "verzuim"]


def test_a_policy_has_an_owner_a_day_and_a_review(people):
    owner = Role.objects.get(key="board_member")
    fields = {"nl": "Toelating", "owner_role": owner, "adopted_on": date(2026, 1, 12), "review_on": date(2028, 1, 12)}
    policy, _ = put(people["board_member"], "policy.write", Policy, "toelating", **fields)
    assert str(policy) == "Toelating"
    changed = audit.history("policy", "toelating").get().facts["changed"]
    assert changed["owner_role"] == [None, "board_member"]
    assert changed["review_on"] == [None, "2028-01-12"]
    with pytest.raises(Refused):
        put(people["teacher"], "policy.write", Policy, "toelating", nl="Iets anders")
    assert Policy.objects.get().nl == "Toelating"
