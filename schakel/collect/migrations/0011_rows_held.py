"""A run knows how many rows are in quarantine after it; of one from before that is what it refused itself."""

from django.db import migrations, models


def as_refused(apps, _schema_editor):
    runs = apps.get_model("collect", "Run").objects
    runs.update(rows_held=models.F("rows_quarantined"))


class Migration(migrations.Migration):
    dependencies = [("collect", "0010_old_match_decisions_go")]

    operations = [
        migrations.AddField("run", "rows_held", models.PositiveBigIntegerField(default=0)),
        migrations.RunPython(as_refused, migrations.RunPython.noop),
    ]
