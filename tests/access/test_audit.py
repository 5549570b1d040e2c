"""The audit trail cannot be altered, and a single altered, removed or inserted line is found (law 9)."""

import pytest
from django.db import DatabaseError, connection, transaction

from schakel.access import audit
from schakel.access.audit import AuditHead, AuditLine, record, verify
from schakel.lib.identifiers import content_hash

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(people):
    for number in range(5):
        record(people["information_manager"].pk, "test.made", "thing", str(number), {"n": number})
    return list(AuditLine.objects.all())


def lift_protection() -> None:
    """What someone with the keys of the database would do first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER access_auditline_no_update")
            cursor.execute("DROP TRIGGER access_auditline_no_delete")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE access_auditline DISABLE TRIGGER ALL")


def run(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_an_untouched_trail_holds(lines):
    verdict = verify()
    assert verdict.holds
    assert verdict.lines == len(lines)


def test_an_empty_trail_holds(db):
    assert verify() == audit.Verdict(0)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE access_auditline SET action = 'x' WHERE number = 2",
        "DELETE FROM access_auditline WHERE number = 2",
        "DELETE FROM access_auditline",
    ],
)
def test_the_database_refuses_to_alter_or_remove(lines, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(sql)
    assert verify().holds


def test_postgresql_refuses_to_empty_the_table(lines):
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE exists on PostgreSQL only; run there by tests/system/test_postgresql.py")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run("TRUNCATE access_auditline CASCADE")


@pytest.mark.parametrize("column", ["action", "thing_kind", "thing_key", "previous", "hash"])
def test_an_altered_line_is_found(lines, column):
    lift_protection()
    run(f"UPDATE access_auditline SET {column} = 'forged' WHERE number = %s", lines[2].number)
    assert verify().broken_at == lines[2].number


def test_altered_facts_or_actor_or_time_are_found(lines, people):
    lift_protection()
    for change in (
        ("UPDATE access_auditline SET facts = %s WHERE number = %s", '{"n": 99}'),
        ("UPDATE access_auditline SET actor_id = %s WHERE number = %s", people["teacher"].pk),
        ("UPDATE access_auditline SET at = %s WHERE number = %s", "2020-01-01 00:00:00+00:00"),
    ):
        with transaction.atomic():
            run(change[0], change[1], lines[3].number)
            assert verify().broken_at == lines[3].number
            transaction.set_rollback(True)
        assert verify().holds


def test_a_removed_line_is_found(lines):
    lift_protection()
    run("DELETE FROM access_auditline WHERE number = %s", lines[1].number)
    assert not verify().holds


def test_a_removed_last_line_is_found(lines):
    lift_protection()
    run("DELETE FROM access_auditline WHERE number = %s", lines[-1].number)
    assert verify().broken_at == lines[-1].number


def test_all_lines_removed_is_found(lines):
    lift_protection()
    run("DELETE FROM access_auditline")
    assert not verify().holds


def test_a_line_put_in_between_is_found(lines):
    before = lines[2]
    forged = AuditLine(number=lines[-1].number + 1, at=before.at, action="forged", previous=before.hash, facts={})
    forged.hash = content_hash("anything")
    forged.save(force_insert=True)
    assert verify().broken_at == forged.number


def test_a_well_made_line_behind_the_head_is_found(lines):
    forged = AuditLine(number=lines[-1].number + 1, at=lines[-1].at, action="forged", previous=lines[-1].hash, facts={})
    forged.hash = forged.fingerprint()
    forged.save(force_insert=True)
    assert not verify().holds


def test_a_turned_back_head_is_found(lines):
    AuditHead.objects.filter(pk=1).update(number=lines[-2].number, hash=lines[-2].hash)
    assert not verify().holds


def test_a_line_rolls_back_with_its_transaction(lines):
    try:
        with transaction.atomic():
            record(None, "test.lost")
            raise RuntimeError
    except RuntimeError:
        pass
    assert not AuditLine.objects.filter(action="test.lost").exists()
    assert verify().holds
