"""Every number explains itself (law 10): the need and its ground, the sources, how complete, who repairs."""

from datetime import date, datetime, timedelta

import pytest

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import System
from schakel.collect.sources import Source
from schakel.distribute.deliveries import deliver
from schakel.distribute.explanation import SourceFact, audience_words
from schakel.lib import clock
from schakel.lib.text import spoken
from tests.distribute.school import DAY, START

pytestmark = pytest.mark.django_db


def why(room, name="leraar-A1", key="late"):
    return deliver(room.people[name], key).why()


def source(room, key="las", **fields):
    system, _ = put(room.manager, "system.write", System, "las", name="Leerlingadministratie")
    given = {"name": "Leerlingen", "name_en": "Pupils", "system": system, "layout": "oneroster", "pattern": "*.zip"}
    return put(room.manager, "source.write", Source, key, **{**given, **fields})[0]


def fact(**fields):
    given = {"key": "k", "name": "n", "system": "s", "landed_at": None, "rows": 1, "quarantined": 0, "repairs": ""}
    return SourceFact(**{**given, **fields})


# How complete


@pytest.mark.parametrize(
    ("rows", "quarantined", "complete"),
    [(90, 10, 0.9), (100, 0, 1.0), (0, 10, 0.0), (0, 0, None), (None, 0, None), (5, None, None), (None, None, None)],
)
def test_complete_is_a_share_of_what_arrived_and_nothing_of_nothing(rows, quarantined, complete):
    """0 of 0 is not 0%, and what was not counted is not complete (law 11)."""
    assert fact(rows=rows, quarantined=quarantined).complete == (
        complete if complete is None else pytest.approx(complete)
    )


@pytest.mark.parametrize(
    ("counts", "complete"),
    [
        ({"rows": 30, "quarantined": 10}, 0.75),
        ({"rows": {"users": 20, "enrollments": 10}, "quarantined": {"users": 10}}, 0.75),
        ({"rows": 30, "quarantined": {"f": 4}, "quarantined_stayed": {"f": 5, "g": 1}}, 0.75),
        ({"rows": 1, "quarantined_stayed": {"f": 5}}, None),
        ({"rows": {}, "quarantined": {}}, None),
        ({"rows": 30}, None),
        ({}, None),
    ],
)
def test_rows_may_be_said_for_the_whole_or_per_file(room, counts, complete):
    with room.another_snapshot(sources=[{"source": "las", **counts}]):
        (only,) = why(room).sources
    assert only.complete == (complete if complete is None else pytest.approx(complete))


# Which sources


def test_only_the_sources_of_the_tables_that_the_need_names(room):
    sources = [{"source": name, "rows": 1, "quarantined": 0} for name in ("las", "salaris", "toetsen")]
    tables = {"pupil": {"sources": ["las"]}, "staff": {"sources": ["salaris"]}, "absence": {"sources": ["las"]}}
    with room.another_snapshot(sources=sources, tables=tables):
        assert [found.key for found in why(room).sources] == ["las"]


def test_a_figure_comes_from_what_it_was_computed_from(room):
    """Not only from where the names of the schools beside it stand; what was not computed has no source."""
    elements = ["indicator_value.value", "indicator_value.indicator_key", "indicator_value.period", "site.name"]
    need = room.need("figures", elements, [("board_member", "board")], level="board")
    sql = "SELECT i.indicator_key AS k, i.period AS p, i.site_id AS site, i.value AS v FROM indicator_value AS i"
    room.product(need, sql)
    room.product(need, f"{sql} WHERE i.indicator_key IN ('I_MONEY')", key="money")
    room.approve(need)
    sources = [{"source": name, "rows": 1, "quarantined": 0} for name in ("las", "salaris", "bank", "vakanties")]
    feeds = {"site": "las", "sick_leave": "salaris", "finance_year": "bank", "holiday": "vakanties"}
    tables = {table: {"sources": [name]} for table, name in feeds.items()}
    computed = {"I_SICK": {"state": "computed", "elements": ["sick_leave.kind", "site.site_id"]},
                "I_MONEY": {"state": "computed", "elements": ["finance_year.year"]},
                "I_LOSS": {"state": "not computed", "missing": ["holiday.start_date"]}}  # fmt: skip
    with room.another_snapshot(sources=sources, tables=tables, indicators=computed):
        assert [found.key for found in why(room, "bestuurder", "figures").sources] == ["las", "salaris", "bank"]
        assert [found.key for found in why(room, "bestuurder", "money").sources] == ["las", "bank"], "no other figure"
    with room.another_snapshot(sources=sources, tables=tables):
        assert [found.key for found in why(room, "bestuurder", "figures").sources] == ["las"]


def test_all_of_them_when_it_is_not_known_which(room):
    with room.another_snapshot(sources=[{"source": "las"}, {"source": "toetsen"}], tables={}):
        assert [found.key for found in why(room).sources] == ["las", "toetsen"]


def test_a_snapshot_without_sources_says_none(room):
    with room.another_snapshot(sources=[], finished=None):
        found = why(room)
    assert found.sources == ()
    assert found.snapshot_at is None
    assert found.whom_to_tell == ()


def test_a_source_is_called_by_its_name_in_the_language_of_the_page(room):
    source(room)
    (found,) = why(room).sources
    assert (found.name, found.system) == ("Leerlingen", "Leerlingadministratie")
    with spoken("en"):
        assert why(room).sources[0].name == "Pupils"
    source(room, name_en="")
    with spoken("en"):
        assert why(room).sources[0].name == "Leerlingen"


def test_a_source_that_left_the_register_is_called_by_its_key(room):
    (found,) = why(room).sources
    assert (found.name, found.system, found.repairs) == ("las", "", "")


def test_when_a_source_was_read_is_a_moment_with_its_zone(room):
    (found,) = why(room).sources
    assert found.landed_at == datetime.fromisoformat("2026-11-23T06:00:00+01:00")
    with room.another_snapshot(sources=[{"source": "las"}]):
        assert why(room).sources[0].landed_at is None


def test_who_repairs_is_named_once(room):
    role = Role.objects.get(key="school_admin")
    put(room.manager, "role.write", Role, "school_admin", nl="administratie", en="administration")
    source(room, "las", repairs_role=role)
    source(room, "toetsen", repairs_role=role)
    source(room, "rooster")
    with room.another_snapshot(sources=[{"source": key} for key in ("las", "toetsen", "rooster")], tables={}):
        assert why(room).whom_to_tell == ("administratie",)
        with spoken("en"):
            assert why(room).whom_to_tell == ("administration",)


# The need


def test_the_question_follows_the_language_and_falls_back_on_dutch(room):
    with spoken("en"):
        assert why(room).question == "Wat is late?"
    need = InformationNeed.objects.get(key="late")
    deciding.revise(room.manager, need, question_en="Who is late?")
    deciding.assess(room.manager, InformationNeed.objects.get(key="late"))
    room.approve(need)
    assert why(room).question == "Wat is late?"
    with spoken("en"):
        assert why(room).question == "Who is late?"


def test_the_goal_that_it_serves(room):
    assert why(room).goal == "Elke leerling op school"
    put(room.manager, "goal.write", Goal, "G1", en="Every pupil at school")
    with spoken("en"):
        assert why(room).goal == "Every pupil at school"


def test_a_need_without_a_goal_says_nothing_of_one(room):
    bare = room.need("bare", ["absence.kind"], [("school_leader", "own_school")], "school")
    deciding.revise(room.manager, bare, activity=None)
    deciding.assess(room.manager, InformationNeed.objects.get(key="bare"))
    room.product(room.approve(bare), "SELECT site_id, count(*) AS n FROM absence GROUP BY 1")
    assert why(room, "leider-A", "bare").goal == ""


@pytest.mark.parametrize(("days", "due"), [(-1, True), (0, False), (1, False)])
def test_a_review_is_due_the_day_after(room, days, due):
    need = InformationNeed.objects.get(key="late")
    deciding.revise(room.manager, need, review_on=DAY + timedelta(days=days))
    assert why(room).review_due is due


def test_who_approved_it_and_on_which_day(room):
    found = why(room)
    assert (found.approved_by, found.approved_on) == ("Marijke Terpstra", DAY)


def test_the_day_of_an_approval_is_the_day_in_the_netherlands(room):
    """Half past midnight in Amsterdam is still yesterday in Greenwich."""
    need = room.need("nacht", ["absence.kind"], [("school_leader", "own_school")], "school")
    with clock.held_at(datetime(2026, 11, 23, 0, 30, tzinfo=clock.AMSTERDAM)):
        room.product(room.approve(need), "SELECT site_id, count(*) AS n FROM absence GROUP BY 1")
    assert why(room, "leider-A", "nacht").approved_on == date(2026, 11, 23)


def test_since_and_until_when_someone_may_see_it(room):
    found = why(room)
    assert (found.since, found.until) == (START, None)
    room.assign("niemand", "school_leader", date(2026, 9, 1), organisation_key="school-A", end=DAY)
    found = why(room, "niemand", "kinds")
    assert (found.since, found.until) == (date(2026, 9, 1), DAY)


def test_who_else_receives_it_in_words(room):
    need = InformationNeed.objects.whole().get(key="late")
    names = {"teacher": "leraar", "mentor": "mentor"}
    assert audience_words(need, names) == ("mentor voor de eigen leerlingen", "leraar voor de eigen groepen")
    assert audience_words(need, {}) == ("mentor voor de eigen leerlingen", "teacher voor de eigen groepen")
    with spoken("en"):
        assert audience_words(need, names)[0].startswith("mentor for")


def test_every_part_of_the_panel_is_filled_for_whoever_receives(room):
    for name, key in (("leraar-A1", "late"), ("mentor-B1", "late"), ("leider-A", "kinds"), ("bestuurder", "kinds")):
        found = why(room, name, key)
        for part in ("number", "question", "purpose", "legal_basis", "standings", "others", "freshness", "sources"):
            assert getattr(found, part), (name, part)
