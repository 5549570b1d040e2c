from django.db import migrations

from schakel.access.append_only import kept_for


class Migration(migrations.Migration):

    dependencies = [
        ("collect", "0009_match_decision"),
    ]

    operations = [
        kept_for("collect_matchdecision", "decided_at", 730, "decisions about matches are append-only"),
    ]
