"""Random forgeries of the trail by someone who first lifted the protection: each is found by `verify` (law 9).

And the reverse: whatever an honest change has to say, its line holds.
"""

import json
import math
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access import audit
from schakel.access.audit import FIRST, AuditHead, AuditLine, record, verify
from schakel.lib import clock
from tests.access.test_audit import lift_protection, run

pytestmark = pytest.mark.django_db

SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TRAIL = 12  # lines at least: what founding the board and letting its people in leaves behind


class Undone(Exception):
    """Ends a forgery, so that the next one begins with the same trail."""


@pytest.fixture
def open_trail(people):
    """A trail that nothing protects any more but its own hashes; the number of its lines."""
    record(people["ict_manager"].pk, "source.collect", "run", "1", {"source": "las", "state": "good"})
    lift_protection()
    count = AuditLine.objects.count()
    assert count > TRAIL
    return count


def verdict_after(*statements: tuple[str, list[object]]) -> audit.Verdict:
    """What verify says after these statements, which are undone again."""
    found = []
    try:
        with transaction.atomic():
            for sql, parameters in statements:
                run(sql, *parameters)
            found.append(verify())
            raise Undone
    except Undone:
        assert verify().holds, "the trail is as it was"
    return found[0]


numbers = st.integers(1, TRAIL)
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=20)
values = {
    "action": texts,
    "thing_kind": texts,
    "thing_key": texts,
    "previous": st.text("123456789abcdef", min_size=64, max_size=64),
    "hash": st.text("123456789abcdef", min_size=64, max_size=64),
    "facts": st.dictionaries(texts, st.integers() | texts, min_size=1, max_size=3).map(json.dumps),
    "at": st.datetimes(datetime(2001, 1, 1), datetime(2040, 1, 1)).map(lambda at: f"{at.isoformat(' ')}+00:00"),
}


@SOME
@given(st.data())
def test_one_cell_altered(open_trail, data):
    column = data.draw(st.sampled_from(sorted(values)))
    number, value = data.draw(numbers), data.draw(values[column])
    verdict = verdict_after((f"UPDATE access_auditline SET {column} = %s WHERE number = %s", [value, number]))
    assert verdict.broken_at == number
    assert verdict.reason


@SOME
@given(st.sets(numbers, min_size=1, max_size=TRAIL - 1))
def test_lines_removed(open_trail, gone):
    holes = ", ".join(map(str, sorted(gone)))
    verdict = verdict_after((f"DELETE FROM access_auditline WHERE number IN ({holes})", []))
    assert not verdict.holds
    assert verdict.broken_at is not None
    assert verdict.broken_at > min(gone), "everything before the first hole was read and fits"


@SOME
@given(st.lists(numbers, min_size=2, max_size=2, unique=True))
def test_two_lines_in_each_others_place(open_trail, places):
    first, second = places
    assert not verdict_after(
        ("UPDATE access_auditline SET number = 1000 WHERE number = %s", [first]),
        ("UPDATE access_auditline SET number = %s WHERE number = %s", [first, second]),
        ("UPDATE access_auditline SET number = %s WHERE number = 1000", [second]),
    ).holds


@SOME
@given(numbers, texts)
def test_a_line_altered_and_its_own_hash_made_again(open_trail, number, action):
    """Who alters a line and hashes it again breaks the link with the next one."""
    line = AuditLine.objects.get(pk=number)
    line.action = action
    verdict = verdict_after(
        ("UPDATE access_auditline SET action = %s, hash = %s WHERE number = %s", [action, line.fingerprint(), number])
    )
    assert verdict.broken_at == number + 1


@SOME
@given(numbers)
def test_a_line_removed_and_all_that_follow_moved_up(open_trail, number):
    assert not verdict_after(
        ("DELETE FROM access_auditline WHERE number = %s", [number]),
        ("UPDATE access_auditline SET number = number + 1000 WHERE number > %s", [number]),
        ("UPDATE access_auditline SET number = number - 1001 WHERE number > 1000", []),
    ).holds


@SOME
@given(st.integers(0, TRAIL), texts)
def test_a_head_that_points_elsewhere(open_trail, number, text):
    assert not verdict_after(("UPDATE access_audithead SET number = %s", [number])).holds
    assert not verdict_after(("UPDATE access_audithead SET hash = %s", [text])).holds


@pytest.mark.parametrize(
    "statements",
    [
        ("DELETE FROM access_auditline",),
        ("DELETE FROM access_audithead",),
        ("DELETE FROM access_auditline", "DELETE FROM access_audithead"),
        ("DELETE FROM access_auditline", f"UPDATE access_audithead SET number = 0, hash = '{FIRST}'"),
        ("UPDATE access_auditline SET number = number + 1000",),
        ("UPDATE access_audithead SET id = 2",),
    ],
)
def test_a_trail_that_was_emptied_or_cut_loose_is_found(open_trail, statements):
    """Also when its end was wiped out with it: a register with people has a trail."""
    verdict = verdict_after(*((sql, []) for sql in statements))
    assert not verdict.holds
    assert verdict.broken_at is not None


def test_a_line_before_the_first_is_found(open_trail):
    forged = AuditLine(number=0, at=clock.now(), action="forged", previous=FIRST, facts={})
    forged.hash = forged.fingerprint()
    forged.save(force_insert=True)
    assert verify().broken_at == 0


def test_the_verdict_speaks_the_language_of_who_asks(open_trail):
    from schakel.lib.text import spoken

    statement = ("UPDATE access_auditline SET action = 'x' WHERE number = %s", [3])
    dutch = verdict_after(statement).reason
    with spoken("en"):
        english = verdict_after(statement).reason
    assert dutch == "inhoud is gewijzigd"
    assert english not in {"", dutch}


facts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.integers() | st.dates(), inner, max_size=3)
        | st.tuples(inner, inner)
    ),
    max_leaves=8,
)


@SOME
@given(st.dictionaries(st.text(max_size=6) | st.integers(), facts, max_size=4))
def test_whatever_a_change_has_to_say_its_line_holds(people, said):
    """A false alarm would be as bad as none: the database may write a number otherwise than it was told."""
    try:
        with transaction.atomic():
            line = record(people["teacher"].pk, "test.made", "thing", "1", said)
            assert verify().holds
            json.dumps(AuditLine.objects.get(pk=line.pk).facts, allow_nan=False).encode()
            raise Undone
    except Undone:
        pass


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"n": 1, "t": "x", "b": True, "u": None}, {"n": 1, "t": "x", "b": True, "u": None}),
        ({2: "two", 10: "ten"}, {"2": "two", "10": "ten"}),
        ({"d": date(2026, 11, 23)}, {"d": "2026-11-23"}),
        ({"d": Decimal("1.50")}, {"d": "1.50"}),
        ({"f": 1e16, "g": -0.0, "h": 0.25}, {"f": 10**16, "g": 0, "h": 0.25}),
        ({"f": math.inf, "g": math.nan}, {"f": "inf", "g": "nan"}),
        ({"t": "voor\0na", "u": "\ud800"}, {"t": "voorna", "u": "?"}),
        ({"a": (1, (2, 3))}, {"a": [1, [2, 3]]}),
    ],
)
def test_facts_are_kept_as_every_database_gives_them_back(people, said, kept):
    record(None, "test.made", facts=said)
    assert AuditLine.objects.get(action="test.made").facts == kept
    assert verify().holds


def test_the_same_moment_is_the_same_fingerprint_in_any_zone(people):
    """Also in the hour that comes twice when summer time ends."""
    for hour in (datetime(2026, 10, 25, 2, 30, fold=0), datetime(2026, 10, 25, 2, 30, fold=1)):
        with clock.held_at(hour.replace(tzinfo=clock.AMSTERDAM)):
            record(None, "test.made")
    first, second = AuditLine.objects.filter(action="test.made").order_by("number")
    assert (second.at - first.at).total_seconds() == 3600
    assert verify().holds


def test_what_happened_to_one_thing_newest_first_and_since_when(people):
    manager = people["information_manager"]
    for day in (1, 2, 3):
        with clock.held_at(datetime(2026, 11, day, 9, tzinfo=clock.AMSTERDAM)):
            record(manager.pk, f"step.{day}", "need", "absence", {})
            record(manager.pk, "elsewhere", "need", "absence_16h", {})
            record(manager.pk, "elsewhere", "goal", "absence", {})
    assert [line.action for line in audit.history("need", "absence")] == ["step.3", "step.2", "step.1"]
    since = datetime(2026, 11, 2, 9, tzinfo=clock.AMSTERDAM)
    assert [line.action for line in audit.history("need", "absence", since)] == ["step.3", "step.2"]
    assert AuditHead.objects.count() == 1
    assert connection.vendor in {"sqlite", "postgresql"}
