"""The database itself refuses to change or remove a delivery (law 9)."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER distribute_delivery_no_update BEFORE UPDATE ON distribute_delivery
BEGIN SELECT RAISE(ABORT, 'the log of deliveries is append-only'); END;
CREATE TRIGGER distribute_delivery_no_delete BEFORE DELETE ON distribute_delivery
BEGIN SELECT RAISE(ABORT, 'the log of deliveries is append-only'); END;
"""
POSTGRESQL = """
CREATE FUNCTION distribute_delivery_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log of deliveries is append-only'; END $$;
CREATE TRIGGER distribute_delivery_append_only BEFORE UPDATE OR DELETE ON distribute_delivery
FOR EACH ROW EXECUTE FUNCTION distribute_delivery_refuse();
CREATE TRIGGER distribute_delivery_no_truncate BEFORE TRUNCATE ON distribute_delivery
FOR EACH STATEMENT EXECUTE FUNCTION distribute_delivery_refuse();
"""


def protect(apps, schema_editor):
    """Put the triggers in place for the database at hand."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE.strip().split("END;"):
            if statement.strip():
                schema_editor.execute(statement + "END;")
    else:
        schema_editor.execute(POSTGRESQL, params=None)


class Migration(migrations.Migration):
    dependencies = [("distribute", "0001_initial"), ("access", "0002_append_only")]
    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
