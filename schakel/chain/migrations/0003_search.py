from django.db import migrations, models

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
    dependencies = [("chain", "0002_demand_side")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=64)),
                ("thing_key", models.CharField(max_length=255)),
                ("words", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "thing_key"), name="search_entry_once")]
            },
        ),
        migrations.RunPython(full_text, migrations.RunPython.noop),
    ]
