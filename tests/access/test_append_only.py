"""The database refuses to change, replace, remove or empty the rows of a log (law 9), SQLite and PostgreSQL alike."""

from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from schakel.access.append_only import append_only
from schakel.access.audit import AuditHead, AuditLine, record, verify

pytestmark = pytest.mark.django_db

COLUMNS = "number, at, actor_id, action, thing_kind, thing_key, facts, previous, hash"
OTHERWISE = COLUMNS.replace("action", "'forged'")
EVERYWHERE = (
    "UPDATE access_auditline SET action = 'forged'",
    "UPDATE access_auditline SET action = action WHERE number = 1",
    "UPDATE access_auditline SET number = number + 1000",
    "UPDATE access_auditline SET facts = '{}' WHERE number IN (SELECT max(number) FROM access_auditline)",
    "DELETE FROM access_auditline",
    "DELETE FROM access_auditline WHERE number = 1",
    f"INSERT INTO access_auditline ({COLUMNS}) SELECT {OTHERWISE} FROM access_auditline WHERE number = 2"
    " ON CONFLICT (number) DO UPDATE SET action = 'forged'",
)
SQLITE = (
    f"INSERT OR REPLACE INTO access_auditline ({COLUMNS}) SELECT {OTHERWISE} FROM access_auditline WHERE number = 2",
    f"REPLACE INTO access_auditline ({COLUMNS}) SELECT {OTHERWISE} FROM access_auditline WHERE number = 2",
    "UPDATE OR REPLACE access_auditline SET number = 1 WHERE number = 2",
    "UPDATE OR IGNORE access_auditline SET action = 'forged' WHERE number = 2",
)
POSTGRESQL = (
    "UPDATE ONLY access_auditline SET action = 'forged'",
    "WITH gone AS (DELETE FROM access_auditline RETURNING number) SELECT count(*) FROM gone",
    "MERGE INTO access_auditline AS t USING (SELECT 2 AS n) AS s ON t.number = s.n WHEN MATCHED THEN DELETE",
    "TRUNCATE access_auditline CASCADE",
    "TRUNCATE TABLE access_person CASCADE",
)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def lines(people):
    """A trail of some length; the stock people alone leave a dozen lines."""
    record(people["information_manager"].pk, "test.made", "thing", "1", {"n": 1})
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
    return list(AuditLine.objects.values_list())


def attempted(sql: str) -> str:
    try:
        with transaction.atomic():
            run(sql)
    except DatabaseError as error:
        return "refused" if "append-only" in str(error) else f"failed for another reason: {error}"
    return "got through"


def test_every_statement_that_would_alter_the_trail_is_refused(lines):
    statements = EVERYWHERE + (SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
    outcome = {sql: attempted(sql) for sql in statements}
    assert {sql: became for sql, became in outcome.items() if became != "refused"} == {}
    assert list(AuditLine.objects.values_list()) == lines
    assert verify().holds


@pytest.mark.parametrize("route", ["save", "update", "bulk update", "delete", "delete one", "bulk create over it"])
def test_django_does_not_get_round_it(lines, route):
    line = AuditLine.objects.order_by("number").first()
    line.action = "forged"
    routes = {
        "save": line.save,
        "update": lambda: AuditLine.objects.filter(pk=line.pk).update(action="forged"),
        "bulk update": lambda: AuditLine.objects.bulk_update([line], ["action"]),
        "delete": lambda: AuditLine.objects.all().delete(),
        "delete one": line.delete,
        "bulk create over it": lambda: AuditLine.objects.bulk_create(
            [line], update_conflicts=True, unique_fields=["number"], update_fields=["action"]
        ),
    }
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        routes[route]()
    assert list(AuditLine.objects.values_list()) == lines


def test_writing_the_same_number_again_is_no_way_in(lines):
    """Ignoring the conflict leaves the line that was there."""
    line = AuditLine.objects.order_by("number").first()
    line.action = "forged"
    AuditLine.objects.bulk_create([line], ignore_conflicts=True)
    assert list(AuditLine.objects.values_list()) == lines


def test_a_person_with_a_past_cannot_be_removed_with_it(lines, people):
    with pytest.raises(DatabaseError), transaction.atomic():
        run(f"DELETE FROM access_person WHERE id = {people['information_manager'].pk}")
        if connection.vendor == "sqlite":
            connection.check_constraints()


def test_the_end_of_the_chain_moves_on_while_the_lines_stay(lines):
    before = AuditHead.objects.get(pk=1)
    line = record(None, "test.next")
    after = AuditHead.objects.get(pk=1)
    assert (line.number, line.previous) == (before.number + 1, before.hash)
    assert (after.number, after.hash) == (line.number, line.hash)


def protected(table: str, sentence: str) -> None:
    """A small log of its own, with the protection that a migration puts on it."""
    run(f"CREATE TABLE {table} (number INTEGER PRIMARY KEY, words TEXT)")
    protect = append_only(table, sentence).code
    protect(None, SimpleNamespace(connection=connection, execute=lambda sql, params: run(sql)))


def test_one_piece_of_code_protects_any_table(db):
    protected("scratch_log", "this log is append-only")
    run("INSERT INTO scratch_log VALUES (1, 'a'), (2, 'b')")
    for sql in ("UPDATE scratch_log SET words = 'x'", "DELETE FROM scratch_log WHERE number = 1"):
        with pytest.raises(DatabaseError, match="this log is append-only"), transaction.atomic():
            run(sql)
    run("INSERT INTO scratch_log VALUES (3, 'c')")
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, words FROM scratch_log ORDER BY number")
        assert cursor.fetchall() == [(1, "a"), (2, "b"), (3, "c")]


def test_two_protected_tables_do_not_share_their_sentence(db):
    protected("scratch_one", "one is append-only")
    protected("scratch_two", "two is append-only")
    run("INSERT INTO scratch_one VALUES (1, 'a')")
    run("INSERT INTO scratch_two VALUES (1, 'a')")
    with pytest.raises(DatabaseError, match="two is append-only"), transaction.atomic():
        run("DELETE FROM scratch_two")
    with pytest.raises(DatabaseError, match="one is append-only"), transaction.atomic():
        run("DELETE FROM scratch_one")


def test_deliveries_are_protected_like_the_trail(db):
    tables = {"access_auditline", "distribute_delivery", "collect_matchdecision"}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            refusing = "type = 'trigger' AND sql LIKE '%RAISE(ABORT%'"  # others only keep an index up to date
            cursor.execute(f"SELECT tbl_name, count(*) FROM sqlite_master WHERE {refusing} GROUP BY 1")
        else:
            cursor.execute(
                "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
                " GROUP BY 1"
            )
        assert dict(cursor.fetchall()) == dict.fromkeys(tables, 2)
