"""The database itself refuses to change or remove a decision about who is who (law 9)."""

from django.db import migrations

from schakel.access.append_only import append_only


class Migration(migrations.Migration):
    replaces = [("collect", "0009_match_decision")]  # in a register that was made before this list was short
    dependencies = [("collect", "0001_initial"), ("access", "0002_append_only")]
    operations = [append_only("collect_matchdecision", "decisions about matches are append-only")]
