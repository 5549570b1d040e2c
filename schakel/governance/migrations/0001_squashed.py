"""The tables of this room in one step, for a new register; one that was made earlier goes on by the steps it replaces."""

import django.db.models.deletion
from django.db import migrations, models

from schakel.access.new_tables import NewTables


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('governance', '0001_initial'),
        ('governance', '0002_demand_side'),
    ]

    dependencies = [
        ('access', '0003_demand_side'),
    ]

    operations = [
        NewTables([
            migrations.CreateModel(
                name='RetentionRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=200, unique=True)),
                    ('trigger', models.CharField(max_length=120)),
                    ('minimum', models.CharField(blank=True, max_length=60)),
                    ('maximum', models.CharField(blank=True, max_length=60)),
                    ('basis', models.CharField(blank=True, max_length=200)),
                    ('confirmed', models.BooleanField(default=False)),
                    ('source', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'ordering': ['key'],
                },
            ),
            migrations.CreateModel(
                name='Policy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('nl', models.CharField(max_length=200)),
                    ('en', models.CharField(blank=True, max_length=200)),
                    ('adopted_on', models.DateField(blank=True, null=True)),
                    ('review_on', models.DateField(blank=True, null=True)),
                    ('owner_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='access.role')),
                ],
                options={
                    'verbose_name_plural': 'policies',
                    'ordering': ['key'],
                },
            ),
        ]),
    ]
