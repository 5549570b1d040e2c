"""The assessment on the demo board: the work a need takes, and where groups are too small to show a count."""

import pytest

from schakel.chain.assessment import assess
from schakel.chain.needs import InformationNeed
from schakel.chain.realising import proposals
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.query import THRESHOLD
from schakel.engine import duck
from schakel.lib import clock

pytestmark = pytest.mark.django_db


def seen(key: str) -> dict[str, object]:
    return {o.code: o for o in assess(InformationNeed.objects.whole().get(key=key))}


def test_the_effort_is_the_sum_of_what_is_proposed(board):
    for need in InformationNeed.objects.whole().exclude(state__in=("refused", "ended")):
        found, effort = proposals(need), seen(need.key)["effort"]
        assert effort.state == ("warn" if found else "ok"), need.key
        if found:
            assert str(sum(p.hours for p in found)) in effort.text
            assert effort.detail == tuple(p.title for p in found)


def test_a_need_that_runs_takes_no_more_work(board):
    assert seen("absence_16h")["effort"].state == "ok"


@pytest.mark.parametrize(
    ("table", "place", "level"), [("membership", "group_id", "group"), ("enrolment", "site_id", "school")]
)
def test_where_groups_are_too_small_is_counted_from_the_roster(board, table, place, level):
    need = next(
        n for n in InformationNeed.objects.whole()
        if n.level == level and any(line.element.personal for line in n.elements.all())
    )  # fmt: skip
    with duck.reader(current_snapshot().model) as con:
        rows = con.execute(f'SELECT {place}, pupil_id, start_date, end_date FROM "{table}"').fetchall()
    today, pupils = clock.today(), {}
    for where, pupil, start, end in rows:
        if start <= today and (end is None or end >= today):
            pupils.setdefault(where, set()).add(pupil)
    small = sum(1 for found in pupils.values() if len(found) < THRESHOLD)
    said = seen(need.key)["small"]
    assert said.state == ("warn" if small else "ok")
    if small:
        assert f"{small} van de {len(pupils)}" in said.text


def test_lists_of_people_hide_no_groups(board):
    assert "small" not in seen("absence_16h")


def test_without_a_snapshot_nothing_is_guessed(board, settings, tmp_path):
    settings.DATA = tmp_path
    for need in InformationNeed.objects.filter(level__in=("group", "school")):
        assert "small" not in seen(need.key)
