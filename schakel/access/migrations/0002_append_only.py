"""The database itself refuses to change or remove a line of the audit trail (law 9)."""

from django.db import migrations

from schakel.access.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [append_only("access_auditline", "the audit trail is append-only")]
