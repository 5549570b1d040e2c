"""If this leaves, what is hit; what does it rest on: held against a matrix on random graphs, and on a small chain."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from schakel.access.changes import change
from schakel.access.register import add_person, assign, close_account, end_assignment, put
from schakel.access.roles import Role
from schakel.chain import bonds, deciding, graph, holders
from schakel.chain.bonds import Bond
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.graph import Edges, Graph, Node, Start
from schakel.chain.impact import foundation, impact, said
from schakel.chain.organisations import Organisation
from schakel.chain.responsibilities import Responsibility
from schakel.chain.systems import Link, System
from schakel.lib import clock
from schakel.lib.errors import Unknown

KINDS_OF_BOND = [
    Bond(f"{carries}{firm}", "rust op %(it)s", "draagt %(it)s", carries=carries, firm=firm)
    for carries in (True, False)
    for firm in (True, False)
]


@st.composite
def graphs(draw):
    """A few things with any edges between them, cycles and edges to themselves included."""
    count = draw(st.integers(1, 8))
    made = Graph()
    for n in range(count):
        made.add(Node("goal", n, f"g{n}", f"Doel {n}"))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1), st.sampled_from(KINDS_OF_BOND))
    drawn = draw(st.lists(ends, max_size=24))
    for upper, lower, bond in drawn:
        made.join(Edges("goal", bond, "goal", [(upper, lower)]))
    return made, drawn


def closed(count, edges):
    """Which thing reaches which in any number of steps, none included: Warshall's way, with a matrix."""
    reach = [[a == b for b in range(count)] for a in range(count)]
    for upper, lower in edges:
        reach[upper][lower] = True
    for via in range(count):
        for a in range(count):
            for b in range(count):
                reach[a][b] = reach[a][b] or (reach[a][via] and reach[via][b])
    return reach


def expected(count, drawn, *, firm):
    """All pairs (what is hit, by what): one edge of any kind, then only edges that carry."""
    edges = [(a, b, bond) for a, b, bond in drawn if bond.firm or not firm]
    carried = closed(count, [(a, b) for a, b, bond in edges if bond.carries])
    return {
        (a, low) for a, b, _bond in edges for low in range(count) if carried[b][low] and a != low
    }  # fmt: skip


def begin(made, number):
    return Start(made.nodes[number], number)


@given(graphs())
def test_both_directions_on_any_graph_equal_a_matrix(given_graph):
    made, drawn = given_graph
    count = len(made.nodes)
    for firm in (False, True):
        pairs = expected(count, drawn, firm=firm)
        for number in range(count):
            up, down = impact(made, begin(made, number)).hits, foundation(made, begin(made, number)).hits
            above = {n for n, hit in up.items() if hit.firm or not firm}
            below = {n for n, hit in down.items() if hit.firm or not firm}
            assert above == {a for a, b in pairs if b == number}
            assert below == {b for a, b in pairs if a == number}


@given(graphs())
def test_every_hit_has_a_path_that_is_there(given_graph):
    made, drawn = given_graph
    there = {(f"g{a}", bond.key, f"g{b}") for a, b, bond in drawn}
    for number, node in enumerate(made.nodes):
        for reached in (impact(made, begin(made, number)), foundation(made, begin(made, number))):
            for hit in reached.hits.values():
                legs = reached.legs(hit)
                ends = (hit.node, node) if reached.up else (node, hit.node)
                assert (legs[0].upper, legs[-1].lower) == ends
                assert all(one.lower == two.upper for one, two in zip(legs, legs[1:], strict=False))
                assert {(leg.upper.key, leg.bond.key, leg.lower.key) for leg in legs} <= there
                assert all(leg.bond.carries for leg in legs[1:])
                assert all(leg.bond.firm for leg in legs) or not hit.firm


@given(graphs(), st.data())
def test_several_at_once_is_the_union(given_graph, data):
    made, _drawn = given_graph
    numbers = data.draw(st.lists(st.integers(0, len(made.nodes) - 1), unique=True, min_size=1))
    together = impact(made, *(begin(made, n) for n in numbers))
    apart = [impact(made, begin(made, n)) for n in numbers]
    assert set(together.hits) == {n for one in apart for n in one.hits} - set(numbers)
    for hit in together.hits.values():
        assert hit.causes == tuple(place for place, one in enumerate(apart) if hit.number in one.hits)
        assert hit.firm == any(one.hits[hit.number].firm for one in apart if hit.number in one.hits)
        for cause in hit.causes:
            assert together.legs(hit, cause)[-1].lower == made.nodes[numbers[cause]]


def names(reached):
    return {f"{hit.node.kind}:{hit.node.key}" for hit in reached.hits.values()}


def firm_names(reached):
    return {f"{hit.node.kind}:{hit.node.key}" for hit in reached.hits.values() if hit.firm}


def hit_by(kind, key):
    whole = graph.graph()
    return impact(whole, graph.start(whole, kind, key))


def below(kind, key):
    whole = graph.graph()
    return foundation(whole, graph.start(whole, kind, key))


def one(reached, kind, key):
    return next(hit for hit in reached.hits.values() if (hit.node.kind, hit.node.key) == (kind, key))


@pytest.fixture
def live(chain):
    """The small chain, with its need approved and in use."""
    chain.need = chain.ask(owner_role=chain.role())
    deciding.assess(chain.manager, chain.need)
    deciding.approve(chain.people["board_member"], chain.need, chain.need.fingerprint())
    deciding.go_live(chain.people["ict_manager"], chain.need)
    return chain


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_roster(settings, tmp_path):
    """Only the register counts here, whatever board another test left in the data folder."""
    settings.DATA = tmp_path


def test_a_system_that_leaves_hits_all_that_rests_on_it(live):
    found = hit_by("system", "las")
    assert {"need:absence_16h", "activity:A09", "goal:G03", "role:mentor", "element:absence.kind"} <= names(found)
    assert "role:information_manager" not in names(found)
    legs = found.legs(one(found, "goal", "G03"))
    assert said(legs) == (
        "wordt gediend door ‘Verzuim melden’; dat gebruikt het antwoord op ‘Welke leerlingen naderen 16 uur verzuim?’; "
        "dat heeft nodig: ‘first_name’; dat komt uit ‘LAS’"
    )


def test_a_goal_rests_on_what_it_is_hit_by(live):
    assert {"activity:A09", "need:absence_16h", "element:absence.kind", "system:las"} <= names(below("goal", "G03"))
    assert names(hit_by("goal", "G03")) == set()


def test_receiving_less_does_not_stop_the_rest_of_the_work(live):
    """The mentor does other work too; a source that stops does not hit that."""
    put(live.manager, "activity.write", Activity, "A77", nl="Mentorgesprek", owner_role=live.role())
    assert "activity:A77" not in names(hit_by("system", "las"))
    assert "activity:A77" in names(hit_by("role", "mentor"))


def test_a_wish_is_hit_but_not_firmly(live):
    found = hit_by("element", "absence.contact_on")
    assert "need:absence_16h" in names(found) - firm_names(found)
    assert "need:absence_16h" in firm_names(hit_by("element", "absence.kind"))
    assert said(found.legs(one(found, "need", "absence_16h"))) == "gebruikt als het er is: ‘contact_on’"


def test_a_need_that_waits_stops_nothing_today(chain):
    chain.ask()
    found = hit_by("system", "las")
    assert {"need:absence_16h"} <= firm_names(found)
    assert {"role:mentor", "activity:A09", "goal:G03"} <= names(found) - firm_names(found)


def test_a_declined_element_and_a_refused_need_hold_nothing_up(live):
    deciding.decline_element(live.manager, live.need, "absence.contact_on", "te veel werk")
    assert names(hit_by("element", "absence.contact_on")) == set()
    deciding.refuse(live.manager, live.need, "te breed")
    assert "need:absence_16h" not in names(hit_by("system", "las"))
    assert names(below("need", "absence_16h")) == set()


def test_a_link_is_hit_from_both_ends_and_feeds_the_far_one(live):
    other, _ = put(live.manager, "system.write", System, "rooster", name="Rooster")
    put(live.manager, "link.write", Link, "las-rooster", from_system=live.las, to_system=other)
    assert {"link:las-rooster", "system:rooster"} <= names(hit_by("system", "las"))
    assert names(hit_by("system", "rooster")) == {"link:las-rooster"}
    assert names(hit_by("link", "las-rooster")) == {"system:rooster"}


def test_circles_end(live):
    first, _ = put(live.manager, "goal.write", Goal, "G50", nl="Een", parent=live.goal)
    put(live.manager, "goal.write", Goal, "G03", parent=first)
    one_, _ = put(live.manager, "activity.write", Process, "p1", nl="Proces een")
    two, _ = put(live.manager, "activity.write", Process, "p2", nl="Proces twee", parent=one_)
    put(live.manager, "activity.write", Process, "p1", parent=two)
    assert {"goal:G50", "goal:G03"} <= names(hit_by("system", "las"))
    assert "goal:G50" in names(below("goal", "G03"))
    assert names(hit_by("process", "p1")) == {"process:p2"}


def test_who_answers_for_it_by_raci(live):
    leader, _ = put(live.manager, "role.write", Role, "leader", nl="teamleider", en="team leader", side="use")
    rows = [("informationneed", "absence_16h", "A"), ("system", "las", "R"), ("goal", "G03", "C"), ("area", "x", "A")]
    with change(live.manager, "responsibility.write"):
        for kind, key, letter in rows:
            Responsibility(role=leader, thing_kind=kind, thing_key=key, aspect="content", letter=letter).save()
        Responsibility(role=leader, thing_kind="system", thing_key="weg", aspect="content", letter="R").save()
    found = hit_by("role", "leader")
    assert names(found) == {"need:absence_16h", "system:las"}
    assert said(found.legs(one(found, "system", "las"))) == "wordt uitgevoerd door ‘teamleider’"


def test_a_role_rests_on_the_only_person_who_holds_it(live):
    mentor, second = live.people["mentor"], live.people["teacher"]
    put(live.manager, "activity.write", Activity, "A09", owner_role=live.role())
    assign(live.manager, mentor, live.role(), clock.today())
    found = hit_by("person", mentor.key)
    assert {"role:mentor", "activity:A09", "goal:G03"} <= firm_names(found)
    assert said(found.legs(one(found, "role", "mentor"))) == "wordt alleen vervuld door ‘Sanne de Wit’"
    held = assign(live.manager, second, live.role(), clock.today())
    found = hit_by("person", mentor.key)
    assert "role:mentor" in names(found) - firm_names(found)
    close_account(live.manager, second)
    assert "role:mentor" in firm_names(hit_by("person", mentor.key))
    assert held.pk


def test_a_role_that_ended_yesterday_rests_on_nobody(live):
    mentor = live.people["mentor"]
    held = assign(live.manager, mentor, live.role(), clock.today() - timedelta(days=9))
    end_assignment(live.manager, held, clock.today() - timedelta(days=1))
    assert names(hit_by("person", mentor.key)) == set()


def test_what_someone_owns_is_hit_when_they_leave(live):
    deciding.revise(live.manager, live.need, owner=live.people["teacher"])
    assert names(hit_by("person", live.people["teacher"].key)) == {"need:absence_16h"}


def test_what_a_person_rests_on_is_what_their_roles_rest_on(live):
    assign(live.manager, live.people["mentor"], live.role(), clock.today())
    found = below("person", live.people["mentor"].key)
    assert {"role:mentor", "need:absence_16h", "element:absence.kind", "system:las"} <= names(found)
    assert names(found) == {"role:mentor"} | names(below("role", "mentor"))


@pytest.fixture
def schools(live):
    """A board with two schools, and a mentor at each."""
    board, _ = put(live.manager, "organisation.write", Organisation, "bestuur", name="Bestuur", level="board")
    for key in ("kiem", "veld"):
        put(live.manager, "organisation.write", Organisation, key, name=key.title(), level="school", parent=board)
    assign(live.manager, live.people["mentor"], live.role(), clock.today(), organisation_key="kiem")
    live.elsewhere = assign(
        live.manager, live.people["teacher"], live.role(), clock.today(), organisation_key="veld"
    )  # fmt: skip
    return live


def test_a_school_that_merges_hits_the_roles_and_needs_that_reach_it(schools):
    found = hit_by("organisation", "kiem")
    assert names(found) == {"role:mentor", "need:absence_16h"}
    assert firm_names(found) == set()
    assert holders.people(found.who(firm=True)) == 1
    end_assignment(schools.manager, schools.elsewhere, clock.today())
    with clock.held_at(clock.now() + timedelta(days=1)):
        assert firm_names(hit_by("organisation", "kiem")) == {"role:mentor", "need:absence_16h"}


def test_the_board_takes_its_schools_along(schools):
    found = hit_by("organisation", "bestuur")
    assert {"organisation:kiem", "organisation:veld", "role:mentor"} <= firm_names(found)
    assert holders.people(found.who(firm=True)) == 7  # two mentors, and the five with a role for the whole board


def test_people_are_counted_once(schools):
    assert holders.people(hit_by("system", "las").who(firm=True)) == 2
    assign(schools.manager, schools.people["mentor"], schools.role(), clock.today(), organisation_key="veld")
    assert holders.people(hit_by("system", "las").who(firm=True)) == 2
    assert holders.holders().of_role["mentor"] == 2
    assert holders.holders().places_of("mentor") == {"kiem": 1, "veld": 2}
    whole = graph.graph()
    both = impact(whole, graph.start(whole, "system", "las"), graph.start(whole, "organisation", "kiem"))
    assert holders.people(both.who(firm=True)) == 2


def test_nobody_is_hit_by_nothing(people):
    assert holders.people(holders.Who()) == 0


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("system", "weg"),
        ("person", "0"),
        ("person", "9" * 30),
        ("person", "x"),
        ("person", "²"),
        ("banaan", "x"),
        ("", ""),
    ],
)
def test_what_is_not_there_is_unknown(people, kind, key):
    with pytest.raises(Unknown, match="staat niet in de keten"):
        graph.start(graph.graph(), kind, key)


def test_the_graph_is_kept_until_something_changes(live, django_assert_num_queries):
    before = graph.graph()
    with django_assert_num_queries(1):
        assert graph.graph() is before
    put(live.manager, "goal.write", Goal, "G51", nl="Nieuw doel")
    assert graph.graph().find("goal", "G51") is not None


def test_reading_does_not_make_the_graph_anew(live):
    from schakel.access import audit
    from schakel.access.remembered import changes_nothing

    before = graph.graph()
    audit.record(live.manager.pk, "refused:need.approve")
    assert graph.graph() is before
    changes_nothing("test.looked")
    audit.record(live.manager.pk, "test.looked")
    assert graph.graph() is before
    audit.record(live.manager.pk, "test.did")
    assert graph.graph() is not before


def test_what_is_undone_is_not_remembered(live):
    class Undone(Exception):
        pass

    with pytest.raises(Undone), change(live.manager, "goal.write"):
        Goal(key="G52", nl="Half").save()
        assert graph.graph().find("goal", "G52") is not None
        raise Undone
    assert graph.graph().find("goal", "G52") is None


def test_the_number_of_queries_does_not_grow(live):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            graph.build()
        return len(seen)

    before = queries()
    for n in range(30):
        goal, _ = put(live.manager, "goal.write", Goal, f"X{n}", nl=f"Doel {n}")
        put(live.manager, "activity.write", Activity, f"Y{n}", nl=f"Werk {n}", goal=goal)
        add_person(live.manager, f"p{n}@example.org", f"Mens {n}")
    assert queries() == before < 60


def test_every_bond_reads_from_both_sides():
    found = [bond for bond in vars(bonds).values() if isinstance(bond, Bond)]
    assert len({bond.key for bond in found}) == len(found) > 20
    for bond in found:
        assert "%(it)s" in str(bond.down)
        assert "%(it)s" in str(bond.up)
