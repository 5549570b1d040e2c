"""Many needs at once: each with its own line, version and hash; all of them or none; in a fixed number of queries."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schakel.access.audit import AuditLine, verify
from schakel.access.changes import Log, changes
from schakel.access.kept import UnrecordedWrite
from schakel.chain import deciding
from schakel.chain.approvals import Approval, NeedVersion, standing_approval
from schakel.chain.asking import Question, Revision, Wanted, ask_all, revise_all, void
from schakel.chain.elements import DataElement
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed, NeedAudience, NeedElement
from schakel.chain.search import find
from schakel.lib.errors import Refused
from tests.chain.conftest import SENTENCE

pytestmark = pytest.mark.django_db


def question(chain, key, elements=("pupil.first_name",), audience=("own_pupils",), **fields):
    said = {"role": chain.role(), "activity": chain.activity, **SENTENCE, **fields}
    return Question(key, said, chain.wanted(*elements), [(chain.role(), scope) for scope in audience])


def asked(chain, *keys):
    return ask_all(chain.manager, [question(chain, key) for key in keys])


def lines(action):
    return list(AuditLine.objects.filter(action=action).order_by("number"))


def fresh(need):
    return InformationNeed.objects.whole().get(pk=need.pk)


def approved(chain, need):
    deciding.assess(chain.manager, need)
    deciding.approve(chain.people["board_member"], need, fresh(need).fingerprint())


def queries(act):
    with CaptureQueriesContext(connection) as seen:
        act()
    return len(seen)


def test_each_has_its_own_line_version_and_hash(chain):
    needs = asked(chain, "een", "twee", "drie")
    told = lines("need.ask")[-3:]
    assert [line.thing_key for line in told] == ["een", "twee", "drie"]
    for need, line in zip(needs, told, strict=True):
        version = NeedVersion.objects.get(need=need)
        assert version.content_hash == line.facts["content_hash"] == fresh(need).fingerprint()
        assert (version.number, version.written_by, version.content["key"]) == (1, chain.manager, need.key)
    assert len({line.facts["content_hash"] for line in told}) == 3
    assert verify().holds


def test_they_are_found_by_their_words(chain):
    ask_all(chain.manager, [question(chain, "trein", question="Welke treinen rijden vandaag?"), question(chain, "x")])
    assert [hit.key for hit in find("trein", ["informationneed"])] == ["trein"]


def test_lines_belong_to_the_need_that_asked_for_them(chain):
    ask_all(
        chain.manager,
        [
            question(chain, "a", elements=("absence.kind",), audience=("board",)),
            question(chain, "b", elements=("pupil.first_name", "absence.contact_on"), audience=("self", "own_school")),
        ],
    )
    of = {need.key: need for need in InformationNeed.objects.whole()}
    assert of["a"].element_keys() == {"absence.kind"}
    assert of["b"].element_keys() == {"pupil.first_name", "absence.contact_on"}
    assert of["a"].audience_pairs() == {("mentor", "board")}
    assert of["b"].audience_pairs() == {("mentor", "self"), ("mentor", "own_school")}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"key": "goed"}, "key"),
        ({"key": "er al"}, "key"),
        ({"key": "k" * 65}, "key"),
        ({"question": ""}, "question"),
        ({"question": "v" * 301}, "question"),
        ({"level": "heelal"}, "level"),
        ({"role": None}, "role"),
        ({"priority": -1}, "priority"),
        ({"expires_on": "morgen"}, "expires_on"),
    ],
)
def test_one_that_cannot_be_stops_all(chain, wrong, field):
    before = AuditLine.objects.count()
    with pytest.raises(ValidationError) as refusal:
        ask_all(chain.manager, [question(chain, "goed"), question(chain, **{"key": "fout", **wrong})])
    assert field in refusal.value.message_dict
    assert not InformationNeed.objects.exists()
    assert not NeedElement.objects.exists()
    assert AuditLine.objects.count() == before
    assert not find("verzuim", ["informationneed"])


def test_a_key_that_stands_already_stops_all(chain):
    asked(chain, "een")
    with pytest.raises(ValidationError) as refusal:
        asked(chain, "twee", "een")
    assert "key" in refusal.value.message_dict
    assert InformationNeed.objects.count() == 1


@pytest.mark.parametrize("twice", ["element", "receiver"])
def test_a_line_that_is_there_twice_stops_all(chain, twice):
    elements = ("absence.kind", "absence.kind") if twice == "element" else ("absence.kind",)
    audience = ("board", "board") if twice == "receiver" else ("board",)
    with pytest.raises(ValidationError):
        ask_all(chain.manager, [question(chain, "goed"), question(chain, "fout", elements, audience)])
    assert not InformationNeed.objects.exists()


@pytest.mark.parametrize(("demand", "reason"), [("required", ""), ("liefst", "omdat"), ("required", "r" * 251)])
def test_a_line_that_says_nothing_sensible_stops_all(chain, demand, reason):
    wanted = Wanted(DataElement.objects.get(key="absence.kind"), demand, reason)
    wrong = question(chain, "fout")
    with pytest.raises(ValidationError):
        ask_all(chain.manager, [question(chain, "goed"), Question("fout", wrong.fields, [wanted], wrong.audience)])
    assert not InformationNeed.objects.exists()


def test_more_needs_take_no_more_queries(chain):
    some, more = ([question(chain, f"{letter}{n}") for n in range(count)] for letter, count in (("a", 3), ("b", 12)))
    few = queries(lambda: ask_all(chain.manager, some))
    assert queries(lambda: ask_all(chain.manager, more)) == few
    needs = list(InformationNeed.objects.order_by("key"))
    few = queries(lambda: revise_all(chain.manager, [Revision(n, {"rhythm": "elk uur"}) for n in needs[:3]]))
    assert queries(lambda: revise_all(chain.manager, [Revision(n, {"rhythm": "elk uur"}) for n in needs[3:]])) == few


def test_only_what_changed_materially_gets_a_version(chain):
    one, two, three = asked(chain, "een", "twee", "drie")
    revisions = [Revision(one, {"purpose": "Anders."}), Revision(two, {"note": "erbij"}), Revision(three, {})]
    assert revise_all(chain.manager, revisions) == [True, False, False]
    assert [need.versions.count() for need in (one, two, three)] == [2, 1, 1]
    told = lines("need.revise")
    assert [(line.thing_key, line.facts["material"], line.facts["fields"]) for line in told] == [
        ("een", True, ["purpose"]), ("twee", False, ["note"]), ("drie", False, []),
    ]  # fmt: skip
    assert fresh(two).note == "erbij"
    assert fresh(two).purpose == SENTENCE["purpose"]


def test_approvals_fall_only_with_what_changed(chain):
    other = ask_all(chain.people["outsider"], [question(chain, "drie")])[0]
    fourth = ask_all(chain.people["outsider"], [question(chain, "vier")])[0]
    approved(chain, other)
    approved(chain, fourth)
    revise_all(chain.manager, [Revision(other, {"decision": "Anders."}), Revision(fourth, {"priority": 3})])
    assert standing_approval(fresh(other)) is None
    assert Approval.objects.get(need=other).void_reason == "De inhoud is gewijzigd."
    assert fresh(other).state == "asked"
    assert standing_approval(fresh(fourth)) is not None
    assert fresh(fourth).state == "approved"


def test_a_wish_that_was_left_out_stays_so_in_a_set(chain):
    need, other = chain.ask(), asked(chain, "een")[0]
    deciding.decline_element(chain.manager, need, "absence.contact_on", "staat al elders")
    again = chain.wanted("pupil.first_name", wished=["absence.contact_on"])
    revise_all(chain.manager, [Revision(need, elements=again), Revision(other, elements=again)])
    assert [line.declined_reason for line in NeedElement.objects.filter(declined=True)] == ["staat al elders"]
    assert fresh(need).element_keys() == {"pupil.first_name"}
    assert fresh(other).element_keys() == {"pupil.first_name", "absence.contact_on"}


def test_lines_that_are_not_named_stay(chain):
    need = asked(chain, "een")[0]
    revise_all(chain.manager, [Revision(need, audience=[(chain.role(), "board")])])
    assert fresh(need).element_keys() == {"pupil.first_name"}
    revise_all(chain.manager, [Revision(need, elements=())])
    assert not fresh(need).element_keys()
    assert [line.scope for line in NeedAudience.objects.filter(need=need)] == ["board"]


def test_a_revision_that_cannot_be_stops_all(chain):
    one, two = asked(chain, "een", "twee")
    with pytest.raises(ValidationError):
        revise_all(chain.manager, [Revision(one, {"rhythm": "elk uur"}), Revision(two, {"question": ""})])
    assert fresh(one).rhythm == SENTENCE["rhythm"]
    assert not lines("need.revise")


@pytest.mark.parametrize("name", ["state", "requester", "key", "refusal_reason", "asked_at"])
def test_what_follows_from_steps_is_never_revised(chain, name):
    one, two = asked(chain, "een", "twee")
    with pytest.raises(Refused, match=name):
        revise_all(chain.manager, [Revision(one, {"note": "x"}), Revision(two, {name: "live"})])
    assert fresh(one).note == ""


def test_who_may_not_revise_changes_none(chain):
    needs = asked(chain, "een", "twee")
    with pytest.raises(Refused):
        revise_all(chain.people["teacher"], [Revision(need, {"note": "x"}) for need in needs])
    assert not InformationNeed.objects.exclude(note="").exists()
    assert AuditLine.objects.latest("number").action == "refused:need.revise"


def test_voiding_says_which_needs_had_an_approval(chain):
    need, other = chain.ask(), asked(chain, "een")[0]
    approved(chain, need)
    with changes(chain.manager, "need.revise"):
        assert void([need, other], "omdat" * 100) == {need.pk}
        assert void([need, other], "nog eens") == frozenset()
    assert len(Approval.objects.get(need=need).void_reason) == 250


def test_nothing_to_ask_is_nothing(chain):
    before = AuditLine.objects.count()
    assert ask_all(chain.manager, []) == []
    assert AuditLine.objects.count() == before


def test_several_things_are_written_with_their_lines_or_not_at_all(chain):
    before = AuditLine.objects.count()
    with pytest.raises(RuntimeError), changes(chain.manager, "goal.write") as logs:
        Goal(key="G90", nl="Half").save()
        logs.append(Log({}, "goal", "G90"))
        raise RuntimeError
    assert not Goal.objects.filter(key="G90").exists()
    assert AuditLine.objects.count() == before
    with pytest.raises(UnrecordedWrite):
        Goal(key="G90", nl="Half").save()
