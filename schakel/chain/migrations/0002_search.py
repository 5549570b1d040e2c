"""The words of the register are searched by the database itself: FTS5 on SQLite, GIN on PostgreSQL."""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE chain_searchentry_fts
    USING fts5(words, content='chain_searchentry', content_rowid='id', tokenize='unicode61')
    """,
    """
    CREATE TRIGGER chain_searchentry_added AFTER INSERT ON chain_searchentry BEGIN
    INSERT INTO chain_searchentry_fts (rowid, words) VALUES (new.id, new.words); END
    """,
    """
    CREATE TRIGGER chain_searchentry_gone AFTER DELETE ON chain_searchentry BEGIN
    INSERT INTO chain_searchentry_fts (chain_searchentry_fts, rowid, words) VALUES ('delete', old.id, old.words); END
    """,
    """
    CREATE TRIGGER chain_searchentry_changed AFTER UPDATE ON chain_searchentry BEGIN
    INSERT INTO chain_searchentry_fts (chain_searchentry_fts, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO chain_searchentry_fts (rowid, words) VALUES (new.id, new.words); END
    """,
]
POSTGRESQL = ["CREATE INDEX chain_searchentry_gin ON chain_searchentry USING gin (to_tsvector('simple', words))"]


def full_text(_apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    replaces = [("chain", "0003_search")]  # in a register that was made before this list was short
    dependencies = [("chain", "0001_initial")]

    operations = [migrations.RunPython(full_text, migrations.RunPython.noop)]
