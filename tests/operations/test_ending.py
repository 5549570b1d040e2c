"""What ending a need takes away is shown before, and is exactly what goes (law 1)."""

import shutil

import pytest

from schakel.access.audit import AuditLine
from schakel.chain import deciding
from schakel.chain.approvals import in_force
from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import deliver
from schakel.distribute.ending import preview
from schakel.distribute.products import Product
from schakel.engine import duck
from schakel.lib.errors import Refused
from schakel.operations import flow
from schakel.process import snapshots

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(board, tmp_path, settings):
    """A copy of the board's folder, to publish in without touching what other tests stand on."""
    for name in ("inbox", "landing", "quarantine", "snapshots"):
        shutil.copytree(board.data / name, tmp_path / name, symlinks=True)
    settings.DATA = tmp_path
    return board


def columns(data) -> dict[str, int]:
    """Every column of the current snapshot with the number of values in it, counted here on its own."""
    snapshot = snapshots.current(data)
    found = {}
    with duck.reader(snapshot.model) as con:
        rows = con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main'").fetchall()
        for table, column in rows:
            found[f"{table}.{column}"] = con.execute(f'SELECT count("{column}") FROM "{table}"').fetchone()[0]
    return found


def moving_keys():
    return sorted(item.need.key for item in in_force())


def test_every_need_that_moves_has_a_preview_that_names_only_its_own(board):
    for item in in_force():
        going = {g.element for g in preview(item.need).going}
        others = frozenset().union(*(i.need.element_keys() for i in in_force() if i.need.pk != item.need.pk))
        assert not going & others, item.need.key


@pytest.mark.parametrize("key", ["absence_16h", "sick_leave_rate", "finance_ratios"])
def test_what_was_shown_is_what_goes(own, settings, key):
    need = InformationNeed.objects.whole().get(key=key)
    before, shown = columns(settings.DATA), preview(need)
    stored = {g.element: g.values for g in shown.going if g.values is not None}
    assert {element: before[element] for element in stored} == stored
    deciding.end(own.people["board_member"], need, "Niemand gebruikt het nog.")
    flow.run_all(own.people["ict_manager"])
    gone = {c for c in set(before) - set(columns(settings.DATA)) if not c.startswith("indicator_value.")}
    assert gone == set(stored)


def test_who_loses_something_is_named_before(board):
    shown = preview(InformationNeed.objects.whole().get(key="absence_16h"))
    assert [loss.product.key for loss in shown.losses] == sorted(
        Product.objects.filter(need__key="absence_16h").values_list("key", flat=True)
    )
    emails = {seer.email for loss in shown.losses for seer in loss.seers}
    assert board.people["mentor"].email in emails
    assert board.people["outsider"].email not in emails
    assert shown.people == len({email.lower() for email in emails})


def test_looking_ends_nothing(board):
    lines, before = AuditLine.objects.count(), moving_keys()
    for item in in_force():
        preview(item.need)
    assert AuditLine.objects.count() == lines
    assert moving_keys() == before


def test_a_need_that_moves_nothing_takes_nothing_away(board):
    asked = InformationNeed.objects.whole().filter(state__in=("asked", "assessed")).first()
    shown = preview(asked)
    assert shown.going == ()
    assert shown.values == 0
    assert shown.people == 0


def test_from_the_moment_of_ending_nothing_is_delivered(own):
    need = InformationNeed.objects.whole().get(key="absence_16h")
    product = need.products.filter(active=True).first()
    assert deliver(own.people["mentor"], product.key)
    deciding.end(own.people["board_member"], need, "Klaar.")
    with pytest.raises(Refused):
        deliver(own.people["mentor"], product.key)


def test_what_was_forgotten_stands_in_the_log(own):
    need = InformationNeed.objects.whole().get(key="absence_16h")
    deciding.end(own.people["board_member"], need, "Klaar.")
    forgotten = flow.run_all(own.people["ict_manager"]).forgotten
    told = [line.facts for line in AuditLine.objects.filter(action="snapshot.publish")]
    lines = [facts["forgotten"] for facts in told if "forgotten" in facts]
    assert lines == ([forgotten] if forgotten else [])
    assert all("@" not in text for text in forgotten)
