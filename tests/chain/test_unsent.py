"""Questions that were begun and not sent: one person's own, no needs, and their words stand in no trail."""

from datetime import date, datetime, timedelta

import pytest

from schakel.access.audit import AuditLine, verify
from schakel.access.changes import change
from schakel.chain import unsent
from schakel.chain.gaps import find_all
from schakel.chain.needs import InformationNeed
from schakel.chain.search import SearchEntry, find
from schakel.chain.unsent import UnsentQuestion
from schakel.cli import work
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown

pytestmark = pytest.mark.django_db
WORDS = {"question": "waarom Zebedea Quist zo vaak ontbreekt", "decision": "", "lines": []}


def test_a_question_is_kept_and_written_over(people):
    kept = unsent.keep(people["teacher"], WORDS)
    again = unsent.keep(people["teacher"], {**WORDS, "decision": "bellen"}, kept.pk)
    assert again.pk == kept.pk
    assert [each.content["decision"] for each in unsent.own(people["teacher"])] == ["bellen"]
    assert again.kept_at >= kept.kept_at


def test_the_last_one_stands_first(people):
    first, second = (unsent.keep(people["teacher"], {"question": text}) for text in ("een", "twee"))
    assert [each.pk for each in unsent.own(people["teacher"])] == [second.pk, first.pk]
    unsent.keep(people["teacher"], {"question": "een, verder"}, first.pk)
    assert [each.pk for each in unsent.own(people["teacher"])] == [first.pk, second.pk]


@pytest.mark.parametrize("who", ["mentor", "information_manager", "board_member", "privacy_officer", "outsider"])
def test_nobody_else_reads_writes_or_throws_away(people, who):
    kept = unsent.keep(people["teacher"], WORDS)
    for attempt in (
        lambda: unsent.one(people[who], kept.pk),
        lambda: unsent.keep(people[who], {"question": "iets anders"}, kept.pk),
        lambda: unsent.throw_away(people[who], kept.pk),
    ):
        with pytest.raises(Unknown) as refusal:
            attempt()
        assert "Zebedea" not in str(refusal.value)
    assert unsent.own(people[who]) == []
    assert UnsentQuestion.objects.get(pk=kept.pk).content == WORDS


def test_a_number_of_someone_else_reads_as_one_that_does_not_exist(people):
    kept = unsent.keep(people["teacher"], WORDS)
    said = []
    for number in (kept.pk, kept.pk + 1):
        with pytest.raises(Unknown) as refusal:
            unsent.one(people["mentor"], number)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_what_was_thrown_away_is_gone(people):
    kept = unsent.keep(people["teacher"], WORDS)
    unsent.throw_away(people["teacher"], kept.pk)
    assert not UnsentQuestion.objects.exists()
    with pytest.raises(Unknown):
        unsent.throw_away(people["teacher"], kept.pk)


def test_an_unsent_question_is_no_need(people):
    before = find_all()
    unsent.keep(people["teacher"], WORDS)
    assert InformationNeed.objects.count() == 0
    assert find_all() == before
    assert find("waarom Zebedea Quist zo vaak ontbreekt", ("informationneed", "unsentquestion")) == []
    assert not SearchEntry.objects.exists()


def test_the_trail_says_that_and_never_what(people):
    kept = unsent.keep(people["teacher"], WORDS)
    unsent.throw_away(people["teacher"], kept.pk)
    lines = AuditLine.objects.filter(action="draft.write").order_by("number")
    assert [(line.actor, line.thing_kind, line.thing_key) for line in lines] == [
        (people["teacher"], "unsentquestion", str(kept.pk))
    ] * 2
    assert [line.facts.get("thrown_away") for line in lines] == [None, True]
    assert not [line for line in lines if "Zebedea" in str(line.facts)]
    assert verify().holds


def test_there_is_an_end_to_what_one_person_keeps(people):
    for number in range(unsent.MOST):
        unsent.keep(people["teacher"], {"question": f"vraag {number}"})
    with pytest.raises(Refused, match="20 vragen bewaard"):
        unsent.keep(people["teacher"], WORDS)
    assert len(unsent.own(people["teacher"])) == unsent.MOST
    unsent.keep(people["teacher"], WORDS, unsent.own(people["teacher"])[0].pk)
    unsent.keep(people["mentor"], WORDS)


def test_what_nobody_goes_on_with_is_erased_after_its_last_day(people):
    noon = datetime(2026, 11, 25, 12, tzinfo=clock.AMSTERDAM)
    with clock.held_at(noon):
        left = unsent.keep(people["teacher"], WORDS)
        going_on = unsent.keep(people["mentor"], WORDS)
    assert left.until == date(2027, 2, 23)
    with clock.held_at(noon + timedelta(days=60)):
        going_on = unsent.keep(people["mentor"], WORDS, going_on.pk)
    with clock.held_at(datetime(2027, 2, 23, 23, 59, tzinfo=clock.AMSTERDAM)):
        assert unsent.erase() == 0
    with clock.held_at(datetime(2027, 2, 24, 0, 1, tzinfo=clock.AMSTERDAM)):
        assert unsent.erase() == 1
        assert unsent.erase() == 0
    assert list(UnsentQuestion.objects.all()) == [going_on]
    line = AuditLine.objects.latest("number")
    assert (line.action, line.actor, line.facts["questions"]) == ("draft.erase", None, [left.pk])
    assert verify().holds


def test_late_in_the_evening_is_the_day_that_people_see(people):
    with clock.held_at(datetime(2026, 7, 1, 0, 30, tzinfo=clock.AMSTERDAM)):
        assert unsent.keep(people["teacher"], WORDS).until == date(2026, 9, 29)


@pytest.mark.parametrize("who", ["information_manager", "board_member", "teacher"])
def test_a_person_erases_nothing_for_another(people, who):
    unsent.keep(people["teacher"], WORDS)
    with pytest.raises(Refused), change(people[who], "draft.erase"):
        UnsentQuestion.objects.all().delete()
    assert UnsentQuestion.objects.count() == 1


def test_the_schedule_erases_also_when_its_round_breaks_off(people, monkeypatch, capsys):
    with clock.held_at(clock.today() - timedelta(days=100)):
        unsent.keep(people["teacher"], WORDS)

    def broken(_actor):
        raise Refused("De bron is weg.")

    monkeypatch.setattr("schakel.operations.flow.run_all", broken)
    with pytest.raises(Refused, match="bron is weg"):
        work.round_()
    assert not UnsentQuestion.objects.exists()
    told = capsys.readouterr().out
    assert "1 vraag die niet was ingestuurd is gewist." in told
    assert "Zebedea" not in told


def test_a_closed_account_keeps_nothing(people):
    people["teacher"].is_active = False
    with pytest.raises(Refused, match="afgesloten"):
        unsent.keep(people["teacher"], WORDS)
    assert not UnsentQuestion.objects.exists()
