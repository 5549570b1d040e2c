"""A fault of every kind in one chain: each gap rule finds exactly its own, and none finds what is right.

Each plant adds things of its own to a whole chain and says what must be found. A rule that is added somewhere in the
house without a plant here fails the first test.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_django

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.register import assign, put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.dividing import give
from schakel.chain.elements import SourceOfRecord
from schakel.chain.gaps import RULES, find_all
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import InformationNeed
from schakel.chain.responsibilities import Area
from schakel.chain.systems import Link, System
from schakel.collect.cases import Case
from schakel.collect.sources import Source
from schakel.distribute.products import write_product
from schakel.kits.stock import bring_in
from schakel.lib import clock
from schakel.process import snapshots
from schakel.steer.norms import Indicator, Norm
from tests.chain.conftest import Chain
from tests.chain.divided import area, divide, role
from tests.process import boards

pytestmark = pytest.mark.django_db

ELEMENTS = ("pupil.first_name", "absence.kind")
LIST = """
SELECT p.first_name, count(*) AS keren FROM pupil AS p JOIN absence AS a ON a.pupil_id = p.pupil_id
GROUP BY p.pupil_id, p.first_name ORDER BY 1
"""
ABSENT = {"absence": ["pupil_number", "site_identifier", "date", "hour", "kind"]}
HELD = {"data_owner": "teacher", "process_owner": "mentor", "functional_admin": "school_leader", "mentor": "teacher"}


@dataclass
class Ground:
    """A chain with nothing wrong in it, and the ways to add to it."""

    chain: Chain
    data: Path

    @property
    def manager(self) -> Person:
        """Who writes everything here."""
        found: Person = self.chain.manager
        return found

    @property
    def people(self) -> dict[str, Person]:
        """The stock people."""
        found: dict[str, Person] = self.chain.people
        return found

    def need(self, key: str, *elements: str, **fields: Any) -> InformationNeed:
        """Asked, with an owner, a source for what it takes and somebody who receives it."""
        given = {"owner_role": self.chain.role(), "elements": elements or ELEMENTS, "wished": (), **fields}
        found: InformationNeed = self.chain.ask(key=key, **given)
        return found

    def approved(self, key: str, product: bool = True, **fields: Any) -> InformationNeed:
        """Approved, with an overview."""
        need = self.need(key, **fields)
        deciding.assess(self.manager, need)
        if product:
            write_product(self.manager, key, need=need, nl=key, shape="table", sql=LIST)
        deciding.approve(self.people["board_member"], need, self.fresh(key).fingerprint())
        return self.fresh(key)

    def live(self, key: str) -> InformationNeed:
        """In use."""
        deciding.go_live(self.people["ict_manager"], self.approved(key))
        return self.fresh(key)

    def fresh(self, key: str) -> InformationNeed:
        """A need as it stands now."""
        found: InformationNeed = InformationNeed.objects.whole().get(key=key)
        return found

    def system(self, key: str, **fields: Any) -> System:
        """A system that is the source of an element of its own, which a need asks for."""
        system: System = put(self.manager, "system.write", System, key, name=key, **fields)[0]
        self.source(f"contact.{key}", system)
        self.need(f"for_{key}", f"contact.{key}")
        return system

    def source(self, element: str, system: System) -> None:
        """A system that is the source of record of an element."""
        made = self.chain.element(element, source=False)
        put(self.manager, "element.write", SourceOfRecord, f"{element}@{system.key}", element=made, system=system)

    def goal(self, key: str, *, work: bool = True, measured: bool = True) -> None:
        """A goal with work for it and an indicator with a norm."""
        goal, _ = put(self.manager, "goal.write", Goal, key, nl=key)
        if work:
            put(self.manager, "activity.write", Activity, f"A-{key}", nl=key, goal=goal)
        if measured:
            self.norm(self.indicator(f"I-{key}", goal=goal))

    def indicator(self, key: str, **fields: Any) -> Indicator:
        """An indicator without a norm."""
        given = {"nl": key, "en": key, "definition": "x", "unit": "%", "level": "school", "direction": "lower"}
        found: Indicator = put(self.manager, "indicator.write", Indicator, key, **given, **fields)[0]
        return found

    def norm(self, indicator: Indicator, kind: str = "own") -> None:
        """A norm for it that nobody confirmed; an ambition of one's own needs no other source."""
        fields = {"value": Decimal("0.05"), "nl": "hoogstens 5%", "valid_from": date(2024, 8, 1), "source": "koers"}
        key = f"N-{indicator.key}"
        put(self.manager, "norm.write", Norm, key, indicator=indicator, kind=kind, confirmed=False, **fields)

    def area(self, key: str) -> Area:
        """A part of the work that nobody divided yet."""
        found: Area = put(self.manager, "responsibility.write", Area, key, kind="system", nl=key)[0]
        return found

    def reading(self) -> Source:
        """A source that reads the pupil administration."""
        fields = {"name": "Leerlingen", "system": self.chain.las, "layout": "oneroster", "pattern": "*.zip"}
        found: Source = put(self.manager, "source.write", Source, "las", **fields)[0]
        return found

    def publish(self, *elements: str) -> None:
        """A snapshot that holds these elements."""
        snapshots.build(self.data, boards.board(self.data), frozenset(elements))


@pytest.fixture
def ground(db: None, tmp_path: Path, settings: pytest_django.Settings) -> Ground:
    """Everything is there: goals, work, needs in use, a division, a snapshot with what is needed."""
    settings.DATA = tmp_path
    with clock.held_at(clock.now() - timedelta(days=500)):
        people = bring_in()
    made = Ground(Chain(people), tmp_path)
    divide(made.manager)
    for key, who in HELD.items():
        assign(made.manager, people[who], role(key), clock.days_ago(400))
    made.norm(made.indicator("I-G03", goal=made.chain.goal))
    made.goal("G1")
    made.need("asked")
    made.approved("approved")
    made.live("live")
    made.system("rooster")
    made.publish(*ELEMENTS)
    return made


def found() -> set[str]:
    return {gap.id for gap in find_all()}


def goal_without_activity(at: Ground) -> set[str]:
    at.goal("idle", work=False)
    return {"idle"}


def goal_without_indicator(at: Ground) -> set[str]:
    at.goal("unseen", measured=False)
    return {"unseen"}


def activity_without_goal(at: Ground) -> set[str]:
    put(at.manager, "activity.write", Activity, "aimless", nl="Los werk")
    return {"aimless"}


def indicator_without_norm(at: Ground) -> set[str]:
    at.indicator("I_BARE")
    return {"I_BARE"}


def norm_without_evidence(at: Ground) -> set[str]:
    at.norm(at.indicator("I_LAW"), kind="law")
    return {"N-I_LAW"}


def need_without_goal(at: Ground) -> set[str]:
    at.need("aimless", activity=None)
    return {"aimless"}


def need_without_owner(at: Ground) -> set[str]:
    at.need("orphan", owner_role=None)
    return {"orphan"}


def need_without_audience(at: Ground) -> set[str]:
    deciding.revise(at.manager, at.need("unheard"), audience=[])
    return {"unheard"}


def need_without_source(at: Ground) -> set[str]:
    at.chain.element("contact.phone", source=False)
    at.need("sourceless", "contact.phone")
    return {"sourceless"}


def element_without_source(at: Ground) -> set[str]:
    at.chain.element("contact.mail", source=False)
    at.need("wishful", wished=("contact.mail",))
    return {"contact.mail"}


def element_two_sources(at: Ground) -> set[str]:
    at.chain.element("contact.street")
    at.source("contact.street", System.objects.get(key="rooster"))
    return {"contact.street"}


def system_without_agreement(at: Ground) -> set[str]:
    at.system("cloud", personal_data=True)
    return {"cloud"}


def system_without_activity(at: Ground) -> set[str]:
    put(at.manager, "system.write", System, "photos", name="Klasfoto")
    return {"photos"}


def link_carries_nothing(at: Ground) -> set[str]:
    """Out of the system that supports nothing: from any other something would go over it."""
    photos = System.objects.get(key="photos")
    put(at.manager, "link.write", Link, "photos-las", from_system=photos, to_system=at.chain.las)
    return {"photos-las"}


def system_duplicates(at: Ground) -> set[str]:
    for key in ("one", "other"):
        at.system(key, component="Roosterapplicatie", lifecycle="in_use")
    return {"one", "other"}


def need_review_overdue(at: Ground) -> set[str]:
    deciding.revise(at.manager, at.live("stale"), review_on=clock.days_ago(1))
    return {"stale"}


def need_without_product(at: Ground) -> set[str]:
    at.approved("unshown", product=False)
    return {"unshown"}


def product_nobody_opens(at: Ground) -> set[str]:
    with clock.held_at(clock.now() - timedelta(days=200)):
        at.live("unread")
    return {"unread"}


def role_nobody_holds(at: Ground) -> set[str]:
    librarian, _ = put(at.manager, "role.write", Role, "librarian", nl="mediathecaris", en="librarian", side="use")
    need = at.approved("empty_chair")
    pairs = [(line.role, line.scope) for line in need.audiences.all()]
    deciding.revise(at.manager, need, audience=[*pairs, (librarian, "own_pupils")])
    deciding.assess(at.manager, need)
    deciding.approve(at.people["board_member"], need, at.fresh("empty_chair").fingerprint())
    return {"librarian"}


def responsible_role_nobody_holds(at: Ground) -> set[str]:
    give(at.manager, role("security_officer"), area("goal"), "content", "R")
    return {"security_officer"}


def accountable_not_one(at: Ground) -> set[str]:
    at.area("devices")
    return {"devices"}


def accountable_alone(at: Ground) -> set[str]:
    give(at.manager, role("functional_admin"), at.area("printers"), "execution", "RA")
    return {"printers"}


def one_person_both_sides(at: Ground) -> set[str]:
    assign(at.manager, at.people["privacy_officer"], role("dpo"), clock.today())
    return {f"privacy@{at.people['privacy_officer'].pk}"}


def data_without_need(at: Ground) -> set[str]:
    at.publish(*ELEMENTS, "pupil.birth_date")
    return {"pupil.birth_date"}


def rows_without_place(at: Ground) -> set[str]:
    fields = {"name": "Uren", "system": at.chain.las, "layout": "verzuim", "pattern": "*.csv"}
    put(at.manager, "source.write", Source, "uren", **fields)
    nobody = [{**row, "pupil_number": f"9{n:03}"} for n in range(3) for row in boards.absence()]
    landed = [*boards.board(at.data), boards.land(at.data, "uren", "verzuim", {"absence": nobody})]
    snapshots.build(at.data, landed, frozenset((*ELEMENTS, "pupil.birth_date")))
    return {"uren"}


def same_rows(at: Ground) -> list[boards.LandedHere]:
    """Two sources of absence, of which one tells what the other does."""
    rows = [{**boards.absence()[0], "date": date(2026, 11, day)} for day in range(2, 14)]
    nobody = [{**row, "pupil_number": "9999"} for row in rows]
    uren = boards.land(at.data, "uren", "verzuim", {"absence": rows + nobody}, unique=ABSENT)
    nieuw = boards.land(at.data, "nieuw", "verzuim", {"absence": rows}, unique=ABSENT)
    return [*boards.board(at.data), uren, nieuw]


def two_sources_same_rows(at: Ground) -> set[str]:
    fields = {"name": "Uren", "system": at.chain.las, "layout": "verzuim", "pattern": "*.csv"}
    for key in ("uren", "nieuw"):
        put(at.manager, "source.write", Source, key, **fields)
    snapshots.build(at.data, same_rows(at), frozenset((*ELEMENTS, "pupil.birth_date")))
    return {"nieuw"}


def sources_contradict(at: Ground) -> set[str]:
    """Two exports of one package, made on two days: some pupils have another name in the second."""
    fields = {"name": "Later", "system": at.chain.las, "layout": "oneroster", "pattern": "*.zip"}
    put(at.manager, "source.write", Source, "later", **fields)
    names = {f"n{number}": "Vos" for number in range(30)}
    other = {key: "Bos" if number < 12 else name for number, (key, name) in enumerate(names.items())}
    rest = [item for item in same_rows(at) if item.source != "las"]
    rosters = {"las": names, "later": other}
    both = [
        boards.land(at.data, key, "oneroster", boards.with_more_pupils(told), "d2") for key, told in rosters.items()
    ]
    snapshots.build(at.data, [*rest, *both], frozenset((*ELEMENTS, "pupil.birth_date")))
    return {"later"}


def finding_nobody_takes_up(at: Ground) -> set[str]:
    long_ago = clock.now() - timedelta(days=30)
    with change(None, "finding.follow"):
        case = Case(
            source=at.reading(), file="users", column="email", rule="pattern", severity="error", action="accept"
        )
        case.first_seen = case.last_seen = case.open_since = long_ago
        case.save()
    return {str(case.pk)}


PLANTS: dict[str, Callable[[Ground], set[str]]] = {
    plant.__name__.replace("_", "-"): plant
    for plant in (
        goal_without_activity, goal_without_indicator, activity_without_goal, indicator_without_norm,
        norm_without_evidence, need_without_goal, need_without_owner, need_without_audience, need_without_source,
        element_without_source, element_two_sources, system_without_agreement, system_without_activity,
        link_carries_nothing, system_duplicates, need_review_overdue, need_without_product, product_nobody_opens,
        role_nobody_holds, responsible_role_nobody_holds, accountable_not_one, accountable_alone,
        one_person_both_sides, data_without_need, rows_without_place, two_sources_same_rows,
        finding_nobody_takes_up, sources_contradict,
    )
}  # fmt: skip


def test_every_rule_of_the_house_has_a_plant() -> None:
    assert sorted(PLANTS) == sorted(RULES)


def test_each_rule_finds_its_own_fault_and_nothing_else(ground: Ground) -> None:
    """One board, planted fault by fault: what is found grows by exactly what was planted, until all are there."""
    assert found() == set(), "the chain with nothing wrong in it"
    expected: set[str] = set()
    for rule, plant in PLANTS.items():
        expected |= {f"{rule}:{key}" for key in plant(ground)}
        assert found() == expected, rule
    assert {gap.rule.id for gap in find_all()} == set(RULES)


def test_a_snapshot_that_did_not_count_all_rows_is_no_gap_and_no_error(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows_without_place(ground)
    assert "rows-without-place:uren" in found()
    now = snapshots.current(ground.data)
    assert now is not None
    told = copy.deepcopy(dict(now.manifest))
    for table in told["tables"].values():
        for each in table["unplaced"]:
            del each["of"]
    before = replace(now, manifest=told)
    assert {each.of for each in before.unplaced} == {0}
    monkeypatch.setattr(snapshots, "current", lambda _data: before)
    ground.goal("later")  # a change of the register: the gaps are looked for anew
    assert found() == {"data-without-need:pupil.birth_date"}, "which came along with it"
