"""Many things put in one go: as if each was put, but asked once, and all or nothing."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access import audit
from schakel.access.audit import AuditLine, verify
from schakel.access.register import put, putting
from schakel.chain.goals import Activity, Goal
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db
SOME = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = st.sampled_from(["G01", "G02", "G03"])
WORDS = st.sampled_from(["Lezen", "Rekenen", "Schrijven"])


@pytest.fixture
def manager(people):
    return people["information_manager"]


def told(key: str) -> list[dict[str, object]]:
    return [line.facts for line in audit.history("goal", key).order_by("number")]


@SOME
@given(st.lists(st.tuples(KEYS, WORDS), max_size=6), st.uuids())
def test_it_leaves_what_putting_each_leaves(manager, offered, apart):
    with putting(manager, "goal.write", Goal, [f"a{apart}{key}" for key, _words in offered]) as put_one:
        for key, words in offered:
            assert put_one(f"a{apart}{key}", {"nl": words}).nl == words
    for key, words in offered:
        put(manager, "goal.write", Goal, f"b{apart}{key}", nl=words)
    for key, words in dict(offered).items():
        assert told(f"a{apart}{key}") == told(f"b{apart}{key}") != []
        assert Goal.objects.get(key=f"a{apart}{key}").nl == words


def test_what_does_not_differ_leaves_no_line(manager):
    put(manager, "goal.write", Goal, "G01", nl="Lezen")
    before = AuditLine.objects.count()
    with putting(manager, "goal.write", Goal, ["G01"]) as put_one:
        put_one("G01", {"nl": "Lezen"})
    assert AuditLine.objects.count() == before


def test_a_thing_may_point_at_one_that_was_put_before_it(manager):
    with putting(manager, "goal.write", Goal, ["G01", "G02"]) as put_one:
        above = put_one("G01", {"nl": "Lezen"})
        put_one("G02", {"nl": "Vlot lezen", "parent": above})
    assert Goal.objects.get(key="G02").parent == above


def test_one_that_is_wrong_takes_all_with_it(manager):
    before = AuditLine.objects.count()
    with pytest.raises(ValidationError), putting(manager, "goal.write", Goal, ["G01", "G02"]) as put_one:
        put_one("G01", {"nl": "Lezen"})
        put_one("G02", {"nl": ""})
    assert not Goal.objects.exists()
    assert AuditLine.objects.count() == before


def test_who_may_not_is_refused_before_anything_is_written(people):
    with pytest.raises(Refused), putting(people["teacher"], "goal.write", Goal, ["G01"]) as put_one:
        put_one("G01", {"nl": "Lezen"})
    assert not Goal.objects.exists()
    assert AuditLine.objects.latest("number").action == "refused:goal.write"


def test_each_has_a_line_with_the_reason_and_the_chain_holds(manager):
    with putting(manager, "goal.write", Goal, ["G01", "G02"]) as put_one:
        put_one("G01", {"nl": "Lezen"})
        put_one("G02", {"nl": "Rekenen"})
    with putting(manager, "activity.write", Activity, ["A01"]) as put_one:
        put_one("A01", {"nl": "Toetsen", "goal": Goal.objects.get(key="G02")})
    assert [facts["changed"] for facts in told("G01")] == [{"nl": [None, "Lezen"]}]
    assert all("informatiemanager" in str(facts["reason"]) for facts in told("G01") + told("G02"))
    assert audit.history("activity", "A01").get().facts["changed"]["goal"] == [None, "G02"]
    assert verify().holds
