"""The database itself refuses to change or remove a delivery (law 9)."""

from django.db import migrations

from schakel.access.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("distribute", "0001_initial"), ("access", "0002_append_only")]
    operations = [append_only("distribute_delivery", "the log of deliveries is append-only")]
