"""The database itself refuses to change or remove a line of the audit trail (law 9)."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER access_auditline_no_update BEFORE UPDATE ON access_auditline
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER access_auditline_no_delete BEFORE DELETE ON access_auditline
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
"""
POSTGRESQL = """
CREATE FUNCTION access_auditline_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;
CREATE TRIGGER access_auditline_append_only BEFORE UPDATE OR DELETE ON access_auditline
FOR EACH ROW EXECUTE FUNCTION access_auditline_refuse();
CREATE TRIGGER access_auditline_no_truncate BEFORE TRUNCATE ON access_auditline
FOR EACH STATEMENT EXECUTE FUNCTION access_auditline_refuse();
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
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
