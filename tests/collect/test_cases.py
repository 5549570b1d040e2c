"""The life of a finding as readings show it: new, still there, repaired at the source, back again."""

from datetime import timedelta

import pytest

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.kept import UnrecordedWrite
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.systems import System
from schakel.collect import cases, runs
from schakel.collect.cases import Case, CaseCount, trends
from schakel.collect.causes import Cause, Judgement
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import spoken

pytestmark = pytest.mark.django_db


@pytest.fixture
def las(people):
    system, _ = put(people["ict_manager"], "system.write", System, "las", name="LAS")
    source, _ = put(people["ict_manager"], "source.write", Source, "las", name="Leerlingen", system=system,
                    layout="oneroster", pattern="las_*.zip")  # fmt: skip
    return source


def cause(count: int = 3, **fields) -> Cause:
    given = {
        "file": "users", "column": "email", "rule": "pattern", "field": "email", "severity": "error",
        "action": "drop value", "expected": "a@b", "count": count, "refused": 0, "of_rows": True,
    }  # fmt: skip
    return Cause(**{**given, **fields})


def judged(*causes: Cause, read=None, unseen=()) -> Judgement:
    return Judgement(causes, {"users": 100} if read is None else read, frozenset(unseen))


def follow(las: Source, judgement: Judgement | None, *, whole: bool = True) -> Run:
    run = runs.close(None, runs.begin(None, las, "las_1.zip"), "repaired" if whole else "stopped")
    cases.follow(None, run, judgement, whole=whole)
    return run


def the_case() -> Case:
    found: Case = Case.objects.get()
    return found


def test_a_new_cause_begins_a_case(las):
    run = follow(las, judged(cause()))
    case = the_case()
    assert (case.state, case.count, case.read, case.severity) == ("new", 3, 100, "error")
    assert case.first_seen == case.last_seen == run.started_at
    assert case.number == f"B-{case.pk:04d}"


def test_it_stays_one_case_with_the_counts_of_each_reading(las):
    for count in (3, 5, 2):
        follow(las, judged(cause(count)))
    case = the_case()
    assert case.count == 2
    assert case.last_seen > case.first_seen
    assert trends([case]) == {case.pk: [3, 5, 2]}


def test_what_is_gone_is_repaired_at_the_source(las):
    follow(las, judged(cause()))
    run = follow(las, judged())
    case = the_case()
    assert (case.state, case.repaired_at) == ("repaired", run.finished_at)
    assert trends([case])[case.pk] == [3, 0]


def test_what_comes_back_is_opened_again(las):
    for found in ((cause(),), (), (cause(4),)):
        follow(las, judged(*found))
    case = the_case()
    assert (case.state, case.reopened, case.repaired_at, case.count) == ("reopened", 1, None, 4)
    assert case.first_seen < case.open_since == case.last_seen
    assert trends([case])[case.pk] == [3, 0, 4]


def test_repaired_stays_repaired_and_is_counted_no_more(las):
    for found in ((cause(),), (), ()):
        follow(las, judged(*found))
    assert the_case().state == "repaired"
    assert CaseCount.objects.count() == 2


@pytest.mark.parametrize(
    "silent",
    [
        {"read": {}},
        {"read": {"orgs": 3}},
        {"unseen": [("users", "email")]},
    ],
)
def test_a_delivery_that_cannot_tell_repairs_nothing(las, silent):
    follow(las, judged(cause()))
    follow(las, judged(**silent))
    case = the_case()
    assert case.state == "new"
    assert trends([case])[case.pk] == [3, None]


def test_a_delivery_that_was_stopped_tells_what_is_wrong_and_repairs_nothing(las):
    follow(las, judged(cause()))
    follow(las, judged(cause(1, rule="header-missing-key", action="stop", column="sourcedId")), whole=False)
    assert {case.rule: case.state for case in Case.objects.all()} == {"pattern": "new", "header-missing-key": "new"}


def test_what_people_said_stays_while_it_is_there(las, people):
    follow(las, judged(cause()))
    case = the_case()
    with change(people["ict_manager"], "finding.handle", case):
        case.state, case.assignee = "reported", people["teacher"]
        case.save()
    follow(las, judged(cause(9)))
    case.refresh_from_db()
    assert (case.state, case.assignee, case.count) == ("reported", people["teacher"], 9)


def accept(case: Case, person, until) -> None:
    with change(person, "finding.accept", case):
        case.accepted_until, case.accepted_by, case.accepted_reason = until, person, "Pas in mei."
        case.save()


def test_an_acceptance_ends_by_itself(las, people):
    follow(las, judged(cause()))
    case = the_case()
    accept(case, people["ict_manager"], clock.today() + timedelta(days=2))
    assert case.standing == "accepted"
    assert not Case.objects.open().exists()
    with clock.held_at(clock.now() + timedelta(days=2)):
        assert case.standing == "accepted", "the last day counts"
    with clock.held_at(clock.now() + timedelta(days=3)):
        assert case.standing == "new"
        assert list(Case.objects.open()) == [case]


def test_what_is_repaired_need_not_be_lived_with(las, people):
    follow(las, judged(cause()))
    accept(the_case(), people["ict_manager"], clock.today() + timedelta(days=90))
    follow(las, judged())
    follow(las, judged(cause()))
    assert the_case().standing == "reopened"


def test_following_again_changes_nothing(las):
    run = follow(las, judged(cause()))
    lines = AuditLine.objects.count()
    cases.follow(None, run, judged(cause()))
    cases.follow(None, run, judged())
    assert the_case().state == "new"
    assert AuditLine.objects.count() == lines


def test_a_reading_without_causes_to_tell_is_let_be(las):
    follow(las, judged(cause()))
    follow(las, None)
    assert the_case().state == "new"


def test_each_reading_leaves_one_line_with_counts_and_no_values(las):
    follow(las, judged(cause(), cause(rule="required", column="givenName")))
    line = AuditLine.objects.get(action="finding.follow")
    assert (line.facts["source"], line.facts["new"]) == ("las", 2)


def test_only_who_collects_lets_cases_follow(las, people):
    run = runs.close(None, runs.begin(None, las, "las_1.zip"), "repaired")
    for who in ("teacher", "board_member", "school_admin"):
        with pytest.raises(Refused):
            cases.follow(people[who], run, judged(cause()))
    assert not Case.objects.exists()


def test_a_case_is_written_in_a_recorded_change_only(las):
    with pytest.raises(UnrecordedWrite):
        Case(source=las).save()
    with pytest.raises(UnrecordedWrite):
        Case.objects.update(state="seen")


def test_sources_that_were_put_away_ask_for_nothing(las, people):
    follow(las, judged(cause()))
    put(people["ict_manager"], "source.write", Source, "las", active=False)
    assert not Case.objects.there().exists()


def test_what_is_wrong_is_said_in_both_languages(las):
    follow(las, judged(cause(rule="vocabulary", expected="ja, nee")))
    case = the_case()
    assert case.sentence == "De waarde in email hoort niet bij de toegestane waarden: ja, nee."
    with spoken("en"):
        assert case.sentence == "The value in email is not one of the allowed values: ja, nee."


def test_a_form_is_said_in_words_once(las):
    follow(las, judged(cause(rule="pattern", expected="[0-9]{4}-[0-9]{4}")))
    assert "(4 cijfers, ‘-’, 4 cijfers)" in the_case().sentence
    with spoken("en"):
        assert "(4 digits, ‘-’, 4 digits)" in the_case().sentence


@pytest.mark.parametrize(
    ("rule", "nl", "en"),
    [
        ("header-duplicate", "Een kolom staat er twee keer; de eerste telt.", "A column occurs twice; the first one"),
        ("sheet-unknown", "Een werkblad is onbekend; het is niet gelezen.", "A sheet is unknown; it was not read."),
        ("said-again", "email zegt, tellen één keer.", "email says count once."),
    ],
)
def test_what_a_case_does_not_know_is_left_out_of_its_sentence(las, rule, nl, en):
    """A name in a file may be of a person, so that a case does not keep it."""
    follow(las, judged(cause(rule=rule, column="" if rule != "said-again" else "email")))
    case = the_case()
    assert nl in case.sentence and "…" not in case.sentence
    with spoken("en"):
        assert en in case.sentence and "…" not in case.sentence


def test_a_rule_that_is_no_more_is_named(las):
    follow(las, judged(cause(rule="of-before")))
    assert the_case().sentence == "Regel ‘of-before’"


def test_a_broken_value_is_for_who_enters_it_and_a_broken_file_for_who_keeps_the_source(las, people):
    enters, keeps = Role.objects.get(key="school_admin"), Role.objects.get(key="ict_manager")
    put(people["ict_manager"], "source.write", Source, "las", repairs_role=enters, owner_role=keeps)
    follow(las, judged(cause(), cause(rule="header-order", column="", of_rows=False)))
    assert {case.rule: case.role for case in Case.objects.all()} == {"pattern": enters, "header-order": keeps}
    put(people["ict_manager"], "source.write", Source, "las", repairs_role=None)
    assert {case.role for case in Case.objects.all()} == {keeps}
