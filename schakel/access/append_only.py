"""Tables that the database itself refuses to change or empty: triggers for SQLite and PostgreSQL (law 9)."""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
"""
SQLITE_DELETE = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
"""
POSTGRESQL = """
CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse();
"""


def append_only(table: str, sentence: str) -> migrations.RunPython:
    """The migration step that protects a table, for the database at hand. Both texts are our own, never a user's."""

    def protect(_apps: Any, schema_editor: Any) -> None:
        statements = [SQLITE, SQLITE_DELETE] if schema_editor.connection.vendor == "sqlite" else [POSTGRESQL]
        for statement in statements:
            schema_editor.execute(statement.format(table=table, sentence=sentence), params=None)

    return migrations.RunPython(protect, migrations.RunPython.noop)


SQLITE_RELEASE = "DROP TRIGGER {table}_no_delete"
SQLITE_YOUNG = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN julianday('now') - julianday(OLD.{moment}) < {days}
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
"""
POSTGRESQL_YOUNG = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.{moment} <= now() - interval '{days} days' THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION '{sentence}';
END $$
"""


def kept_for(table: str, moment: str, days: int, sentence: str) -> migrations.RunPython:
    """The step that lets rows of a protected table go once this many days passed since `moment`, and not before."""

    def release(_apps: Any, schema_editor: Any) -> None:
        sqlite = schema_editor.connection.vendor == "sqlite"
        for statement in [SQLITE_RELEASE, SQLITE_YOUNG] if sqlite else [POSTGRESQL_YOUNG]:
            told = statement.format(table=table, moment=moment, days=days, sentence=sentence)
            schema_editor.execute(told, params=None)

    return migrations.RunPython(release, migrations.RunPython.noop)
