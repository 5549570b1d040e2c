"""The starter kit in a real register, loaded once: what is there afterwards, and what is not."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from schakel.access.audit import AuditLine, verify
from schakel.chain import deciding
from schakel.chain.approvals import Approval, needed_elements
from schakel.chain.consultation import Consultation, seated
from schakel.chain.elements import DataElement, InformationObject
from schakel.chain.gaps import find_all
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.needs import InformationNeed
from schakel.chain.responsibilities import Area, Responsibility, standing
from schakel.chain.systems import System
from schakel.collect.sources import Source
from schakel.distribute.products import Product
from schakel.kits.decisions import decide_all
from schakel.kits.difference import diff
from schakel.kits.loading import Loaded, load
from schakel.kits.stock import bring_in
from schakel.lib.errors import Refused
from schakel.process.model import school_model
from schakel.steer.norms import Indicator

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def board(django_db_setup: None, django_db_blocker) -> Iterator[tuple[Loaded, dict]]:
    """The register with the kit in it, for every test of this module; each test is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = bring_in()
        yield load(people["information_manager"], "starter"), people
        transaction.set_rollback(True)


@pytest.fixture
def started(board: tuple[Loaded, dict]) -> Loaded:
    return board[0]


@pytest.fixture
def people(board: tuple[Loaded, dict]) -> dict:
    return board[1]


@pytest.fixture
def manager(people: dict):
    return people["information_manager"]


def test_the_starter_kit_fills_the_register(started):
    assert started.wrote and not started.changed and not started.kept
    counts = [noun.objects.count() for noun in (Goal, Activity, Indicator, Source)]
    assert counts == [12, 40, 20, 8]
    assert InformationNeed.objects.count() == len(started.kit.of("needs"))
    assert Product.objects.count() == len(started.kit.of("products"))
    assert DataElement.objects.count() == sum(len(each.get("elements")) for each in started.kit.of("objects"))


def test_needs_arrive_as_questions_and_open_nothing(started):
    states = set(InformationNeed.objects.values_list("state", flat=True))
    assert states == {"asked", "refused"}
    assert not Approval.objects.exists()
    assert needed_elements() == frozenset()


def test_refused_needs_keep_their_reason(started):
    need = InformationNeed.objects.get(key="teacher_ranking")
    assert need.state == "refused" and "results_overview" in need.refusal_reason
    assert need.alternative.key == "results_overview" and need.alternative.state == "asked"


def test_a_need_says_everything_it_should(started):
    need = InformationNeed.objects.whole().get(key="absence_16h")
    assert need.goal.key == "G03" and need.role.key == "absence_coordinator"
    assert need.minutes_before == 45 and need.times_per_year == 160 and need.people == 24
    assert ("mentor", "own_pupils") in need.audience_pairs()
    assert {"pupil.first_name", "absence.kind", "holiday.start_date"} <= need.element_keys()
    assert need.review_on.day == 1 and need.review_months == 12
    assert need.today_how == "lijst uit de leerlingadministratie, uren tellen in een spreadsheet"
    assert "De regel staat op het scherm" in need.note and need.today_how not in need.note


def test_read_as_values_a_need_says_what_it_says_as_an_object(started):
    each = {need.pk: need.content() for need in InformationNeed.objects.whole()}
    assert InformationNeed.objects.contents() == each
    chosen = InformationNeed.objects.filter(sector="po")
    assert {need.pk: each[need.pk] for need in chosen} == chosen.contents()
    assert 0 < len(chosen) < len(each)


def test_a_need_says_everything_in_english_too(started):
    """Every text of a need that has a place for English is filled, and not with the Dutch."""
    names = [f.name for f in InformationNeed._meta.get_fields() if f.name.endswith("_en")]
    assert len(names) == 6
    for need in InformationNeed.objects.whole():
        for name in names:
            assert getattr(need, name) and getattr(need, name) != getattr(need, name[:-3]), (need.key, name)
        for line in need.elements.all():
            assert line.reason_en and line.reason_en != line.reason, (need.key, line.element.key)


def test_systems_have_an_english_name(started):
    assert System.objects.get(key="las").name_en == "Pupil administration (SIS)"
    assert not System.objects.filter(name_en="")


def test_every_information_object_says_what_it_is_for(started):
    assert not InformationObject.objects.filter(purpose="") and not InformationObject.objects.filter(purpose_en="")
    absence = InformationObject.objects.get(key="absence")
    assert absence.purpose.startswith("Weten waar leerlingen zijn") and absence.legal_basis.startswith("AVG art. 6")
    assert absence.description


def test_who_loads_is_who_asks_so_somebody_else_approves(started, manager):
    need = InformationNeed.objects.whole().get(key="class_size")
    assert need.requester == manager
    deciding.assess(manager, need)
    with pytest.raises(Refused) as refusal:
        deciding.approve(manager, need, need.fingerprint())
    assert refusal.value.code == "four_eyes"


def test_special_data_still_wait_for_advice(started, people):
    need = InformationNeed.objects.whole().get(key="sick_reported_often")
    deciding.assess(people["information_manager"], need)
    with pytest.raises(Refused) as refusal:
        deciding.approve(people["board_member"], need, need.fingerprint())
    assert refusal.value.code == "advice"


def test_each_thing_leaves_its_own_line_and_the_trail_holds(started):
    assert AuditLine.objects.filter(action="goal.write").count() == 12
    assert AuditLine.objects.filter(action="need.ask").count() == len(started.kit.of("needs"))
    loads = {line.thing_key: line for line in AuditLine.objects.filter(action="kit.load", thing_kind="kit")}
    assert set(loads) == {"starter", "base", "po", "vo", "board"}, "each kit that content came from, and the choice"
    assert loads["starter"].facts["version"] == started.kit.version
    assert loads["starter"].facts["added"] == len(started.added)
    assert sum(line.facts["added"] for key, line in loads.items() if key != "starter") == len(started.added)
    assert verify().holds


def test_a_second_time_nothing_happens(started, manager):
    lines = AuditLine.objects.count()
    again = load(manager, "starter")
    assert not again.wrote and not again.kept and not again.removed
    assert AuditLine.objects.count() == lines


def test_the_starter_kit_brings_responsibilities_and_consultations(started):
    assert Area.objects.count() == 39 and Responsibility.objects.count() == 398
    assert standing("area", "need_approve", "content")["A"] == ["board_member"]
    assert {meeting.level for meeting in Consultation.objects.all()} == {"strategic", "tactical", "operational"}
    meeting = Consultation.objects.get(key="demand_and_supply")
    assert meeting.chair_role.key == "information_manager" and "ict_manager" in seated(meeting)


def test_the_starter_kit_takes_no_more_than_its_needs_ask_for(started):
    assert not InformationObject.objects.filter(key__in=("account", "transfer", "breach"))
    assert not InformationObject.objects.filter(origin="reference")
    function = Process.objects.get(key="tlv_aanvraag")
    assert function.evidence == "fora" and function.parent.key == "organisatie_passend_onderwijs"


def test_words_for_codes_travel_with_the_columns(started):
    product = Product.objects.get(key="my_day")
    state = next(column for column in product.columns if column["key"] == "state")
    assert state["words"]["cancelled"] == {"nl": "uitgevallen", "en": "cancelled"}


def test_the_demo_board_can_decide_on_it(started, people):
    decided = decide_all(people)
    assert {"absence_16h", "goals_state", "who_may_see_what", "sick_leave_rate"} <= set(decided.approved)
    assert set(decided.without_source) == {"absence_unexplained_today", "safety_monitor", "health_instructions"}
    assert "sick_reported_often" in decided.waiting
    moving = {e for e in needed_elements() if e.partition(".")[0] in school_model()}
    assert moving == needed_elements(), "what may flow exists in the school model"
    assert verify().holds
    kinds = {change.kind for change in diff("starter").changes}
    assert not kinds & {"changed", "added"}, "after deciding the kit still has nothing to say"


def test_gaps_show_what_is_missing(started):
    gaps = {gap.id for gap in find_all()}
    assert {f"need-without-source:{key}" for key in ("safety_monitor", "health_instructions")} <= gaps
    assert "system-without-agreement:las" in gaps
    assert not [
        gap for gap in gaps if gap.startswith(("goal-without-activity", "activity-without-goal", "need-without-owner"))
    ]
    assert "need-without-source:goals_state" not in gaps
