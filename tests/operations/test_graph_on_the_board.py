"""On the demo board: for every thing there is, what removing it hits is what plain recursion over the tables says.

The recursion below knows nothing of the graph: it walks from row to row, one at a time, as a person would.
"""

import sys
from functools import cache

import pytest
import sqlglot

from schakel.access.people import Person
from schakel.access.register import assign, end_assignment
from schakel.access.roles import Role, RoleAssignment
from schakel.chain import graph, holders
from schakel.chain.elements import DataElement, InformationObject
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.impact import foundation, impact
from schakel.chain.needs import InformationNeed
from schakel.chain.organisations import Organisation
from schakel.chain.responsibilities import Responsibility
from schakel.chain.systems import Link, System
from schakel.collect.sources import Source
from schakel.distribute.deliveries import deliver
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.products import Product
from schakel.engine import duck
from schakel.lib import clock
from schakel.process.mappings import FOLDER
from schakel.steer.indicators import definitions
from schakel.steer.norms import Indicator

pytestmark = pytest.mark.django_db
IN_USE = ("approved", "being_realised", "live", "under_review")
OVER = ("ended", "refused")


@cache
def given_by(layout):
    """The elements that the mapping files of a layout select."""
    found = set()
    for path in sorted(FOLDER.rglob("*.sql")):
        if path.parent.name == layout:
            names = sqlglot.parse_one(path.read_text(), dialect="duckdb").named_selects
            found |= {f"{path.stem}.{name}" for name in names}
    return found


@cache
def counted_by(key):
    return next((d.elements for d in definitions() if d.key == key), frozenset())


class Walk:
    """Answers from the rows themselves: on what does this row rest, with the strength of each step."""

    def __init__(self):
        self.asked = {}

    def steps(self, kind, row):
        """(kind, row, carries, firm) for everything that one row rests on directly."""
        if (kind, row.pk) not in self.asked:
            self.asked[kind, row.pk] = [*getattr(self, kind)(row), *self.answering(kind, row)]
        return self.asked[kind, row.pk]

    @staticmethod
    def owner(row):
        if row.owner_role:
            yield "role", row.owner_role, False, True

    @staticmethod
    def answering(kind, row):
        """By RACI: who carries it out and who answers for it."""
        if getattr(row, "state", "") not in OVER or kind != "need":
            said = Responsibility.objects.filter(thing_kind=row.noun(), thing_key=row.key, letter__in="RA")
            yield from (("role", each.role, False, True) for each in said)

    def goal(self, row):
        yield from (("goal", part, True, True) for part in row.parts.all())
        yield from (("activity", work, True, True) for work in row.activities.all())
        yield from (("indicator", figure, True, True) for figure in row.indicators.all())
        yield from self.owner(row)

    def process(self, row):
        yield from (("process", part, True, True) for part in row.parts.all())
        yield from (("activity", work, True, True) for work in row.activities.all())

    def activity(self, row):
        yield from (("need", n, True, n.state in IN_USE) for n in row.needs.all() if n.state not in OVER)
        if row.owner_role:
            yield "role", row.owner_role, True, True

    def need(self, row):
        if row.state in OVER:
            return
        for line in row.elements.all():
            if not line.declined:
                yield "element", line.element, True, line.demand == "required"
        yield from self.owner(row)

    def product(self, row):
        if row.need.state not in OVER:
            yield "need", row.need, True, row.need.state in IN_USE

    def role(self, row):
        for need in InformationNeed.objects.filter(audiences__role=row).distinct():
            if need.state in OVER:
                continue
            yield "need", need, False, need.state in IN_USE
            for product in need.products.filter(active=True):
                yield "product", product, False, need.state in IN_USE

    def element(self, row):
        yield "object", row.object, True, True
        yield from (("system", record.system, True, True) for record in row.sources_of_record.all())
        for source in Source.objects.filter(active=True):
            if row.key in given_by(source.layout):
                yield "source", source, True, True

    def indicator(self, row):
        yield from (("element", e, True, True) for e in DataElement.objects.filter(key__in=counted_by(row.key)))

    def object(self, row):
        yield from self.owner(row)

    def system(self, row):
        yield from (("link", link, False, True) for link in row.links_in.all())
        yield from self.owner(row)

    def link(self, row):
        yield "system", row.from_system, True, True
        yield "system", row.to_system, True, True
        yield from self.owner(row)

    def source(self, row):
        yield "system", row.system, True, True
        yield from (("link", link, True, True) for link in row.system.links_out.filter(to_system__key="schakel"))
        yield from self.owner(row)
        if row.repairs_role:
            yield "role", row.repairs_role, False, True

    def organisation(self, row):
        if row.parent:
            yield "organisation", row.parent, True, True


TABLES = {
    "goal": Goal, "activity": Activity, "process": Process, "need": InformationNeed, "product": Product,
    "element": DataElement, "object": InformationObject, "system": System, "link": Link, "source": Source,
    "indicator": Indicator, "role": Role, "organisation": Organisation,
}  # fmt: skip


def foundations(walk, kind, row, *, firm):
    """Everything that a row rests on, by recursion: any first step, after that only steps that carry."""
    seen = set()

    def down(kind, row, first):
        for other_kind, other, carries, strong in walk.steps(kind, row):
            name = (other_kind, other.key)
            if (first or carries) and (strong or not firm) and name not in seen:
                seen.add(name)
                down(other_kind, other, first=False)

    down(kind, row, first=True)
    return seen - {(kind, row.key)}


@pytest.fixture(scope="module")
def walked(board, django_db_blocker):
    """For every row of every table what it rests on, firmly and anyhow."""
    sys.setrecursionlimit(5000)
    with django_db_blocker.unblock():
        walk = Walk()
        every = [(kind, row) for kind, table in TABLES.items() for row in table.objects.all()]
        every = [(kind, row) for kind, row in every if kind != "product" or row.active]
        return {
            firm: {(kind, row.key): foundations(walk, kind, row, firm=firm) for kind, row in every}
            for firm in (False, True)
        }


def reached(found, *, firm):
    return {(hit.node.kind, hit.node.key) for hit in found.hits.values() if hit.firm or not firm}


def test_the_graph_holds_everything_and_nothing_else(walked):
    assert {(node.kind, node.key) for node in graph.graph().nodes} == set(walked[False])
    assert len(walked[False]) > 400


def test_what_everything_rests_on(walked):
    whole = graph.graph()
    for firm, rests_on in walked.items():
        for (kind, key), expected in rests_on.items():
            assert reached(foundation(whole, graph.start(whole, kind, key)), firm=firm) == expected, (kind, key)


def test_what_removing_anything_hits(walked):
    """One thing is hit by another exactly when it rests on it; for schools the people there come on top (below)."""
    whole = graph.graph()
    for firm, rests_on in walked.items():
        hit_by = {name: set() for name in rests_on}
        for upper, lowers in rests_on.items():
            for lower in lowers:
                hit_by[lower].add(upper)
        for (kind, key), expected in hit_by.items():
            found = reached(impact(whole, graph.start(whole, kind, key)), firm=firm)
            if kind == "organisation":
                found = {name for name in found if name[0] == "organisation"}
            assert found == expected, (kind, key)


def roster():
    """Who holds which role where today, row by row, in register and roster together: work address -> (role, place)."""
    found = {}
    with duck.reader(current_snapshot().model) as con:
        site_of = dict(con.execute("SELECT site_id, organisation_id FROM site").fetchall())
        group_of = dict(con.execute('SELECT group_id, site_id FROM "group"').fetchall())
        email_of = dict(con.execute("SELECT staff_id, work_email FROM staff").fetchall())
        rows = con.execute("SELECT staff_id, role, site_id, group_id, start_date, end_date FROM staff_role").fetchall()
    for staff, role, site, group, start, end in rows:
        if start <= clock.today() and (end is None or end >= clock.today()):
            who = (email_of[staff] or staff).strip().lower()
            found.setdefault(who, set()).add((role, site_of.get(site or group_of.get(group), "")))
    for held in RoleAssignment.objects.on(clock.today()).filter(person__is_active=True):
        found.setdefault(held.person.email.lower(), set()).add((held.role.key, held.organisation_key))
    return found


def test_roles_are_counted_as_the_rows_say(board):
    everyone = roster()
    expected = {}
    for pairs in everyone.values():
        for role in {role for role, _place in pairs}:
            expected[role] = expected.get(role, 0) + 1
    assert holders.holders().of_role == expected
    at = {}
    for pairs in everyone.values():
        for role, place in pairs:
            at.setdefault(role, {}).setdefault(place, 0)
            at[role][place] += 1
    assert holders.holders().at == at


def test_people_who_are_hit_are_counted_once_for_every_thing(board):
    everyone, whole = roster(), graph.graph()
    for node in whole.nodes:
        who = impact(whole, graph.start(whole, node.kind, node.key)).who(firm=False)
        hit = {
            person
            for person, pairs in everyone.items()
            if any(role in who.roles or place in who.places for role, place in pairs)
        }
        assert holders.people(who) == len(hit), node


def test_a_school_hits_its_roles_and_what_reaches_them(board):
    """Held against the rows: which roles have people there, and whether anyone elsewhere."""
    everyone, whole = roster(), graph.graph()
    for school in Organisation.objects.filter(level="school"):
        pairs = {pair for mine in everyone.values() for pair in mine}
        here = {role for role, place in pairs if place == school.key}
        elsewhere = {role for role, place in pairs if place != school.key}
        found = impact(whole, graph.start(whole, "organisation", school.key))
        assert {hit.node.key: hit.firm for hit in found.of_kind("role")} == {r: r not in elsewhere for r in here}
        expected = {}
        for need in InformationNeed.objects.filter(state__in=IN_USE):
            receiving = {a.role.key for a in need.audiences.all()} & (here | elsewhere)
            if receiving & here:
                expected[need.key] = not receiving & elsewhere
        assert {hit.node.key: hit.firm for hit in found.of_kind("need")} == expected
        products = {p.key: expected[p.need.key] for p in Product.objects.filter(active=True, need__key__in=expected)}
        assert {hit.node.key: hit.firm for hit in found.of_kind("product")} == products


def test_everyone_who_leaves_hits_what_only_they_hold_up(walked, board):
    whole, everyone = graph.graph(), roster()
    for person in Person.objects.all():
        roles = {a.role.key for a in RoleAssignment.objects.on(clock.today()).filter(person=person)}
        alone = {
            role
            for role in roles
            if not any(
                who != person.email.lower() and role in {r for r, _p in pairs} for who, pairs in everyone.items()
            )
        }
        for firm, mine in ((True, alone), (False, roles)):
            expected = {("role", role) for role in mine} | {
                upper for upper, lowers in walked[firm].items() if lowers & {("role", role) for role in mine}
            }
            expected |= {("need", n.key) for n in InformationNeed.objects.filter(owner=person).exclude(state__in=OVER)}
            found = impact(whole, graph.start(whole, "person", person.key))
            assert reached(found, firm=firm) == expected, person


def test_the_roster_says_whether_a_role_is_shared(board):
    """The teacher is one of many in the roster; the only mentor in the register is not the only mentor."""
    manager, teacher = board.people["information_manager"], board.people["teacher"]
    held = assign(manager, teacher, Role.objects.get(key="mentor"), clock.today())
    whole = graph.graph()
    found = impact(whole, graph.start(whole, "person", teacher.key))
    assert [hit.firm for hit in found.of_kind("role")] == [False]
    end_assignment(manager, held, clock.today())


def test_a_delivery_leaves_the_graph_as_it_was(board):
    before = graph.graph()
    deliver(board.people["board_member"], "goals_state")
    assert graph.graph() is before


def test_without_a_snapshot_only_the_register_counts(board, settings, tmp_path):
    settings.DATA = tmp_path
    assert holders.holders().of_role == {
        "board_member": 1, "ict_manager": 1, "information_manager": 1, "privacy_officer": 1, "school_admin": 1,
    }  # fmt: skip
    assert holders.people(holders.Who(frozenset({"mentor", "teacher"}))) == 0
