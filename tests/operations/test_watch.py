"""Promises follow from needs; alerts begin and end by themselves; their owners get one letter, by day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.elements import SourceOfRecord
from schakel.chain.freshness import ByMoment, NoOlder
from schakel.chain.systems import System
from schakel.collect import schedules
from schakel.collect.alerts import Alert
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.kits.stock import bring_in
from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.operations import promises, watch
from schakel.operations.promises import Promise
from tests.desk import Desk, register_of_this_module

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=clock.AMSTERDAM)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def founded_desk(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Desk]:
    """A board with one source, read each school day at six, where absence comes from; and no needs."""
    with register_of_this_module(django_db_blocker):
        with django_db_blocker.unblock(), clock.held_at(MONDAY - 7 * DAY):
            made = Desk(bring_in()).at(tmp_path_factory.mktemp("watched"))
            system, _ = put(made.manager, "system.write", System, "las", name="LAS")
            element = made.element("absence.kind")
            put(made.manager, "element.write", SourceOfRecord, "absence.kind@las", element=element, system=system)
            fields = {"name": "Verzuim", "name_en": "Absence", "system": system, "layout": "verzuim", "pattern": "x*"}
            source = put(made.manager, "source.write", Source, "verzuim", **fields)[0]
            schedules.plan(made.manager, source, "0 6 * * 1-5", not_in_holidays=True, region="midden")
        yield made


@pytest.fixture
def desk(founded_desk, db, settings) -> Iterator[Desk]:
    """That board; what a test changes in its register is gone after it."""
    settings.DATA = founded_desk.data
    with clock.held_at(MONDAY):
        yield founded_desk


@pytest.fixture
def source(desk: Desk) -> Source:
    found: Source = Source.objects.get(key="verzuim")
    return found


def need(desk: Desk, key: str, freshness: str) -> Any:
    return desk.approve(desk.need(key, ["absence.kind"], [("mentor", "own_pupils")], freshness=freshness))


def run(of: Source, moment: datetime, state: str = "good", **fields: Any) -> Run:
    with change(None, "source.collect", of):
        made = Run(source=of, state=state, started_at=moment, finished_at=moment, file_name=f"{moment}", **fields)
        made.save()
    return made


def promise(of: Source, moment: datetime) -> Promise | None:
    with clock.held_at(moment):
        return promises.promise_of(of)


def causes(of: Source, moment: datetime) -> list[str]:
    found = promise(of, moment)
    return [risk.cause for risk in found.risks] if found else []


# The promise


def test_without_a_need_nothing_is_promised(desk, source):
    run(source, MONDAY, "failed")
    assert promise(source, MONDAY + 9 * DAY) is None
    desk.need("asked", ["absence.kind"], [("mentor", "own_pupils")])
    assert promise(source, MONDAY + 9 * DAY) is None, "a question is no approval"


def test_a_need_says_by_when(desk, source):
    asked = need(desk, "late", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    found = promise(source, MONDAY + 2 * HOUR)
    assert (found.need.pk, found.rule.days) == (asked.pk, "school")
    assert found.by == MONDAY + DAY + 1.5 * HOUR
    assert found.risks == ()
    assert [use.elements for use in found.uses] == [{"absence.kind"}]


def test_the_strictest_need_wins(desk, source):
    need(desk, "weekly", "elke week")
    strict = need(desk, "daily", "elke schooldag voor 07.30 uur")
    need(desk, "monthly", "elke maand")
    run(source, MONDAY)
    assert promise(source, MONDAY + HOUR).need.pk == strict.pk
    early = need(desk, "earlier", "elke dag voor 05.00 uur")
    found = promise(source, MONDAY + HOUR)
    assert (found.need.pk, found.by) == (early.pk, MONDAY + 23 * HOUR)


def test_words_that_say_no_moment_leave_what_was_agreed(desk, source):
    need(desk, "vague", "zo vers als het kan")
    run(source, MONDAY)
    found = promise(source, MONDAY + HOUR)
    assert (found.need, found.rule) == (None, NoOlder(26 * HOUR))
    assert found.by == MONDAY + 26 * HOUR


def test_a_weekly_promise_over_the_week_end(desk, source):
    need(desk, "weekly", "elke maandag voor 8.00 uur")
    run(source, MONDAY - 2.5 * DAY)
    assert causes(source, MONDAY) == []
    assert promise(source, MONDAY).by == MONDAY + 7 * DAY + 2 * HOUR, "what came on Friday serves this Monday"


@pytest.mark.parametrize(
    ("good", "now", "found"),
    [
        (MONDAY, MONDAY + DAY + HOUR, []),  # half past seven is still to come
        (MONDAY, MONDAY + DAY + 2 * HOUR, ["overdue"]),
        (MONDAY + DAY, MONDAY + DAY + 2 * HOUR, []),
        (MONDAY + 4 * DAY, MONDAY + 6 * DAY, []),  # the week-end
        (MONDAY - 3 * DAY, MONDAY + 2 * HOUR, ["overdue"]),  # of Friday morning: that day itself is not in it
        (MONDAY - 2.5 * DAY, MONDAY + 2 * HOUR, []),  # of Friday evening: nothing happened since
    ],
)
def test_overdue(desk, source, good, now, found):
    need(desk, "late", "elke schooldag voor 07.30 uur")
    run(source, good)
    assert causes(source, now) == found


def test_over_a_holiday_nothing_is_late_and_after_it_it_is(desk, source):
    need(desk, "late", "elke schooldag voor 07.30 uur")
    need(desk, "weekly", "elke week")
    friday = datetime(2026, 12, 18, 6, 0, tzinfo=clock.AMSTERDAM)
    run(source, friday)
    assert causes(source, friday + 14 * DAY) == []
    monday = datetime(2027, 1, 4, 6, 0, tzinfo=clock.AMSTERDAM)
    assert causes(source, monday + HOUR) == []
    assert causes(source, monday + 2 * HOUR) == ["overdue"]


def test_a_source_that_was_never_read_is_late_only_after_it_was_planned(desk, source):
    need(desk, "late", "elke schooldag voor 07.30 uur")
    assert causes(source, MONDAY - 6.9 * DAY) == []
    assert causes(source, MONDAY - 6 * DAY + 4 * HOUR) == ["overdue"]
    put(desk.manager, "source.write", Source, "verzuim", cron="", scheduled_at=None)
    source.refresh_from_db()
    assert promise(source, MONDAY).by is None
    assert causes(source, MONDAY) == []


def test_a_failed_reading_endangers_it_until_a_good_one(desk, source):
    asked = need(desk, "late", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    run(source, MONDAY + HOUR, "failed")
    (risk,) = promise(source, MONDAY + 2 * HOUR).risks
    assert (risk.cause, risk.need.pk, risk.deadline) == ("failed", asked.pk, MONDAY + DAY + 1.5 * HOUR)
    run(source, MONDAY + 2 * HOUR)
    assert causes(source, MONDAY + 2 * HOUR) == []


def test_a_plan_that_comes_too_late(desk, source):
    need(desk, "late", "elke schooldag voor 05.30 uur")
    run(source, MONDAY)
    assert causes(source, MONDAY + HOUR) == ["planned"]
    with clock.held_at(MONDAY + HOUR):
        better = schedules.plan(desk.manager, source, "0 5 * * 1-5")
    assert causes(better, MONDAY + HOUR) == []


def test_a_need_that_asks_more_often_than_it_comes(desk, source):
    fine = need(desk, "hourly", "binnen een uur")
    daily = need(desk, "late", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    found = promise(source, MONDAY + 3 * HOUR)
    assert [(risk.cause, risk.need.pk, risk.deadline) for risk in found.risks] == [("planned", fine.pk, None)]
    assert found.need.pk == daily.pk, "what can be kept is what is watched"


@pytest.mark.parametrize(
    ("hours", "says", "fits"),
    [(26, "elke dag", True), (26, "binnen een uur", False), (170, "elke week", True), (170, "elke dag", False),
     (800, "elke maand", True), (8800, "elk jaar", True)],
)  # fmt: skip
def test_what_comes_as_agreed_fits_its_rhythm(desk, source, hours, says, fits):
    put(desk.manager, "source.write", Source, "verzuim", cron="", scheduled_at=None, expected_hours=hours)
    source.refresh_from_db()
    need(desk, "asked", says)
    run(source, MONDAY)
    assert ("planned" not in causes(source, MONDAY + HOUR)) is fits


def test_a_server_that_says_that_nothing_changed_is_fresh(desk, source):
    from schakel.collect.connections import connect

    put(desk.manager, "source.write", Source, "verzuim", layout="oneroster")
    need(desk, "late", "elke schooldag voor 07.30 uur")
    connect(
        desk.people["ict_manager"], source, provider="oneroster-rest", version="1.1", address="https://las.example/x",
        method="oauth1-sha1", client="c", secret="s",
    )  # fmt: skip
    for day in range(2):
        made = run(source, MONDAY + day * DAY, "unchanged")
        with change(None, "source.collect", source):
            Run.objects.filter(pk=made.pk).update(file_name="https://las.example/x")
    assert causes(source, MONDAY + DAY + 2 * HOUR) == []


def test_each_source_gives_its_own_elements_of_a_system(desk, source):
    """Absence and reports of it lie in one system: a need of the one does not make the other late."""
    put(desk.manager, "source.write", Source, "rooster", name="Rooster", system=source.system, layout="rooster",
        pattern="y*")  # fmt: skip
    need(desk, "late", "elke schooldag voor 07.30 uur")
    assert [use.need.key for use in promises.uses_of(source)] == ["late"]
    assert promises.uses_of(Source.objects.get(key="rooster")) == ()


# Alerts


@pytest.fixture
def late(desk, source, settings):
    """Absence was due at half past seven on Tuesday, and did not come."""
    settings.SCHAKEL_MAIL_HOST = "mail.example"
    role, _ = put(desk.manager, "role.write", Role, "absence_desk", nl="verzuimbalie", en="absence desk", side="use")
    put(desk.manager, "source.write", Source, "verzuim", owner_role=role)
    desk.assign("leider-A", "absence_desk", MONDAY.date())
    need(desk, "late", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    return MONDAY + DAY + 2 * HOUR


def look(moment: datetime) -> list[Alert]:
    with clock.held_at(moment):
        return watch.look()


def sent(moment: datetime) -> int:
    with clock.held_at(moment):
        return watch.send()


def test_an_alert_begins_once_and_ends_by_itself(source, late):
    assert look(late - HOUR) == []
    (alert,) = look(late)
    assert (alert.source.key, alert.cause, alert.need.key) == ("verzuim", "overdue", "late")
    assert look(late + HOUR) == [alert]
    run(source, late + HOUR)
    assert look(late + 2 * HOUR) == []
    alert.refresh_from_db()
    assert alert.ended_at == late + 2 * HOUR
    lines = AuditLine.objects.filter(action="source.watch").order_by("number")
    assert [(line.actor_id, line.facts["state"]) for line in lines] == [(None, "begun"), (None, "ended")]


def test_it_may_begin_again(source, late):
    look(late)
    run(source, late + HOUR)
    look(late + 2 * HOUR)
    assert len(look(late + DAY)) == 1
    assert Alert.objects.count() == 2


def test_a_second_cause_is_a_second_alert(source, late):
    run(source, late, "failed")
    assert sorted(alert.cause for alert in look(late)) == ["failed", "overdue"]


def test_a_source_that_is_put_off_asks_for_nobody(desk, source, late):
    look(late)
    put(desk.manager, "source.write", Source, "verzuim", active=False)
    assert look(late) == []


def test_the_owner_gets_one_letter(desk, source, late):
    run(source, late, "failed")
    look(late)
    assert sent(late) == 0, "what a retry puts right nobody needs to know"
    assert sent(late + HOUR) == 1
    (letter,) = mail.outbox
    assert letter.to == ["leider-a@oever.example"]
    assert letter.body.count("/bronnen/verzuim") == 2, "both causes in one letter"
    assert "moesten er 24-11-2026 07:30 zijn, want: B-" in letter.body
    assert "Wat is late" in letter.body
    assert sent(late + 2 * HOUR) == 0, "and not again"
    line = AuditLine.objects.filter(action="source.watch", thing_kind="person").get()
    assert line.facts["alerts"] == 2


def test_no_letter_for_what_is_over(source, late):
    look(late)
    run(source, late + HOUR / 10)
    look(late + HOUR / 5)
    assert sent(late + HOUR) == 0


def test_what_begins_soon_after_a_letter_waits_for_the_next(source, late):
    look(late)
    assert sent(late + HOUR) == 1
    run(source, late + HOUR, "failed")
    look(late + HOUR)
    assert sent(late + 1.5 * HOUR) == 0
    assert sent(late + 2.1 * HOUR) == 1
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("hour", "night"), [(0, True), (6, True), (7, False), (12, False), (19, False), (20, True), (23, True)]
)
def test_at_night_nothing_is_sent(source, late, hour, night):
    look(late)
    moment = late.replace(hour=hour) + DAY
    assert watch.is_night(moment) is night
    assert sent(moment) == (0 if night else 1)


def test_night_is_by_the_dutch_clock():
    from datetime import UTC

    assert not watch.is_night(datetime(2026, 11, 26, 6, 0, tzinfo=UTC))
    assert watch.is_night(datetime(2026, 11, 26, 5, 59, tzinfo=UTC))
    assert not watch.is_night(datetime(2026, 6, 15, 5, 0, tzinfo=UTC))


def test_what_was_kept_for_the_morning_is_sent_then(source, late):
    evening = late.replace(hour=22)
    run(source, evening, "failed")
    look(evening)
    assert sent(evening + HOUR) == 0
    assert sent(evening.replace(hour=7) + DAY) == 1


def test_without_a_mail_server_the_pages_still_know(source, late, settings):
    settings.SCHAKEL_MAIL_HOST = ""
    look(late)
    assert sent(late + HOUR) == 0
    assert Alert.objects.standing().get().told_at is None


def test_a_letter_that_cannot_be_sent_is_tried_again(source, late, monkeypatch):
    look(late)

    def broken(_self, **_more):
        raise OSError("no route")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", broken)
        with pytest.raises(OSError, match="route"):
            sent(late + HOUR)
    assert Alert.objects.standing().get().told_at is None
    assert sent(late + HOUR) == 1


def test_when_nobody_holds_the_role_those_who_read_sources_hear_it(desk, source, late):
    put(desk.manager, "source.write", Source, "verzuim", owner_role=None)
    source.refresh_from_db()
    names = {person.email for person in watch.owners(source)}
    assert desk.people["ict_manager"].email in names
    assert "leider-a@oever.example" not in names


def test_in_english_for_who_reads_english(desk, source, late):
    from schakel.access.register import change_person

    change_person(desk.manager, desk.people["leider-A"], language="en")
    look(late)
    sent(late + HOUR)
    assert "Absence" in mail.outbox[0].body
    assert "gegevens" not in mail.outbox[0].body


def test_every_risk_is_one_sentence_without_people(desk, source):
    asked = need(desk, "late", "elke schooldag voor 07.30 uur")
    for cause in ("failed", "overdue", "planned"):
        for deadline in (None, MONDAY, MONDAY + 9000 * DAY):
            for language in ("nl", "en"):
                with spoken(language):
                    text = watch.told(source, promises.Risk(cause, asked, deadline))
                assert text.endswith("."), text
                assert "%" not in text
                assert desk.people["outsider"].name not in text


def test_a_rule_by_weekday_counts_that_day_only():
    moments = promises._moments(ByMoment("0", MONDAY.time()), MONDAY - DAY, promises.calendar())
    assert [next(moments), next(moments)] == [MONDAY, MONDAY + 7 * DAY]
