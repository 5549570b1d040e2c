"""Taking a file in by the set: every thing its own line, the first that is refused named, nothing half."""

import pytest

from schakel.access.audit import AuditLine, verify
from schakel.access.register import by_key, put
from schakel.chain import deciding
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.kits.exchange import taking
from schakel.kits.exchange.needs import AUDIENCE, CLOSED, ELEMENT
from schakel.kits.exchange.nouns import Finder, Write
from schakel.kits.exchange.offers import Fault, Offered, Offers, Place
from schakel.kits.exchange.register import NOUNS
from schakel.kits.exchange.taking import NotTaken, Outdated, rehearse, take_in
from schakel.lib.errors import Refused, Unknown
from tests.kits.registers import filled

pytestmark = pytest.mark.django_db
LINE = ("required", "omdat het moet", "", "")
SENTENCE = {
    "role": "teacher", "question": "Wie is er?", "decision": "Bellen.", "rhythm": "elke dag", "activity": "A1",
    "level": "person", "freshness": "elke dag", "purpose": "Lesgeven.", "legal_basis": "AVG art. 6 lid 1e",
    f"{ELEMENT}slot.start_time": LINE, f"{AUDIENCE}teacher:self": True,
}  # fmt: skip


@pytest.fixture
def manager(people, tmp_path):
    return filled(people, tmp_path)["information_manager"]


def offered(noun, key, **fields):
    return Offered(noun, key, Place(f"hier, {key}"), fields)


def need(key, **fields):
    return offered("needs", key, **{**SENTENCE, **fields})


def file(*things, faults=()):
    """A file that offers these things; what it points at is known."""

    def read(standing):
        for each in things:
            standing.offer(each.noun, each.key, [])
        return Offers("0" * 64, [*things], [*faults])

    return read


def taken(manager, *things):
    read = file(*things)
    return take_in(manager, read, rehearse(manager, read).fingerprint)


def lines(since):
    return list(AuditLine.objects.filter(number__gt=since).order_by("number").values_list("action", "thing_key"))


def last():
    return AuditLine.objects.latest("number").number


def test_every_thing_has_its_line_and_the_file_the_last(manager):
    since = last()
    taken(manager, need("a"), offered("goals", "G8", nl="Rust"), need("b"))
    assert lines(since) == [("goal.write", "G8"), ("need.ask", "a"), ("need.ask", "b"), ("exchange.import", "0" * 16)]
    assert verify().holds


def test_what_comes_in_says_what_the_file_said(manager):
    taken(manager, need("a", note="let op", people=3))
    found = InformationNeed.objects.whole().get(key="a")
    assert (found.question, found.note, found.people, found.requester) == ("Wie is er?", "let op", 3, manager)
    assert found.element_keys() == {"slot.start_time"}
    assert found.audience_pairs() == {("teacher", "self")}
    assert found.versions.get().content_hash == found.fingerprint()


@pytest.mark.parametrize("size", [1, 2, 3, 200])
def test_in_sets_of_any_size_all_come_in(manager, monkeypatch, size):
    monkeypatch.setattr(taking, "_SET", size)
    found = taken(manager, *[need(f"n{n}") for n in range(5)])
    assert len(found.of("added")) == 5
    assert InformationNeed.objects.filter(key__startswith="n").count() == 5


def closing_what_is_refused(manager):
    """A need that was refused cannot end: only the writing finds out."""
    deciding.refuse(manager, by_key(InformationNeed, "my_rooms"), "liever niet")
    return offered("needs", "my_rooms", **{CLOSED: ("ended", "klaar")})


@pytest.mark.parametrize("size", [1, 2, 200])
def test_the_first_that_is_refused_on_writing_is_named_and_nothing_remains(manager, monkeypatch, size):
    monkeypatch.setattr(taking, "_SET", size)
    wrong, since = closing_what_is_refused(manager), last()
    with pytest.raises(NotTaken) as refusal:
        taken(manager, need("a"), need("b"), wrong, need("c"), offered("goals", "G8", nl="Rust"))
    assert refusal.value.where == "hier, my_rooms"
    assert "stand" in refusal.value.message
    assert lines(since) == []
    assert not InformationNeed.objects.filter(key__in="abc").exists()
    assert not Goal.objects.filter(key="G8").exists()
    assert verify().holds


@pytest.mark.parametrize(
    "error", [Refused("Dat mag niet.", code="x"), Unknown("Dat is er niet.", code="x")], ids=["refused", "unknown"]
)
def test_a_refusal_of_one_in_a_set_keeps_its_own_words(manager, monkeypatch, error):
    wrong, real = "b", type(NOUNS["goals"]).write

    def write(self, actor, key, changed, standing, find):
        if key == wrong:
            raise error
        real(self, actor, key, changed, standing, find)

    monkeypatch.setattr(type(NOUNS["goals"]), "write", write)
    with pytest.raises(NotTaken) as refusal:
        taken(manager, *[offered("goals", key, nl=key) for key in "abc"])
    assert (refusal.value.message, refusal.value.where) == (error.message, "hier, b")
    assert not Goal.objects.filter(key__in="abc").exists()


def test_needs_that_stand_in_for_each_other_both_come_in(manager):
    taken(manager, need("a", alternative="b"), need("b", alternative="a"), need("c", alternative="c2"), need("c2"))
    found = dict(InformationNeed.objects.filter(alternative__isnull=False).values_list("key", "alternative__key"))
    assert found == {"a": "b", "b": "a", "c": "c2"}


def test_one_that_stands_there_already_takes_no_second_line(manager):
    since = last()
    taken(manager, need("a", alternative="my_day"))
    assert by_key(InformationNeed, "a").alternative.key == "my_day"
    assert [action for action, _key in lines(since)] == ["need.ask", "exchange.import"]


def test_one_that_comes_later_takes_one(manager):
    since = last()
    taken(manager, need("a", alternative="b"), need("b"))
    assert [action for action, _key in lines(since)] == ["need.ask", "need.ask", "need.revise", "exchange.import"]


def test_new_and_changed_needs_go_together(manager):
    since = last()
    taken(manager, need("a"), offered("needs", "my_day", rhythm="elk uur"), offered("needs", "my_rooms", note="x"))
    assert lines(since)[:-1] == [("need.ask", "a"), ("need.revise", "my_day"), ("need.revise", "my_rooms")]
    assert by_key(InformationNeed, "my_day").rhythm == "elk uur"
    assert by_key(InformationNeed, "my_day").versions.count() == 2
    assert by_key(InformationNeed, "my_rooms").versions.count() == 1


def test_a_wish_is_left_out_and_a_need_refused_in_the_same_file(manager):
    wish = {f"{ELEMENT}slot.room": ("wished", "handig", "", "staat op de deur")}
    taken(manager, need("a", **wish), need("b", **{CLOSED: ("refused", "te veel werk")}))
    whole = InformationNeed.objects.whole()
    assert whole.get(key="a").element_keys() == {"slot.start_time"}
    assert (whole.get(key="b").state, whole.get(key="b").refusal_reason) == ("refused", "te veel werk")


def test_a_line_that_falls_away_is_gone(manager):
    before = InformationNeed.objects.whole().get(key="my_day").element_keys()
    gone = sorted(before)[0]
    taken(manager, offered("needs", "my_day", **{f"{ELEMENT}{gone}": None}))
    assert InformationNeed.objects.whole().get(key="my_day").element_keys() == before - {gone}


def test_another_fingerprint_is_outdated_and_shows_how_it_looks_now(manager):
    read = file(need("a"))
    shown = rehearse(manager, read).fingerprint
    put(manager, "goal.write", Goal, "G1", nl="Anders")
    assert take_in(manager, read, shown), "what the file does not touch may change"
    with pytest.raises(Outdated) as refusal:
        take_in(manager, read, shown)
    assert refusal.value.now.changes == ()


def test_faults_and_nothing_to_do_are_two_refusals(manager):
    fault = Fault(Place("hier, x"), "Past niet.", "Verbeter het.")
    for read, words in ((file(need("a"), faults=[fault]), "Herstel"), (file(), "niets om over te nemen")):
        with pytest.raises(NotTaken, match=words):
            take_in(manager, read, rehearse(manager, read).fingerprint)
    assert not InformationNeed.objects.filter(key="a").exists()


def test_a_teacher_may_ask_and_not_revise_by_file(manager, people):
    found = rehearse(people["teacher"], file(need("a"), offered("needs", "my_day", rhythm="elk uur")))
    assert [fault.place.where for fault in found.faults] == ["hier, my_day"]
    taken(people["teacher"], need("a"))
    assert by_key(InformationNeed, "a").requester == people["teacher"]


@pytest.mark.parametrize("writes", [[], [Write("my_day", {}, {})]])
def test_nothing_to_write_writes_nothing(manager, writes):
    since = last()
    NOUNS["needs"].write_all(manager, writes, Finder(NOUNS))
    assert lines(since) == []
