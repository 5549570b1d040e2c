"""The tables of this room in one step, for a new register; one that was made earlier goes on by the steps it replaces."""

import django.db.models.deletion
import schakel.lib.clock
from django.conf import settings
from django.db import migrations, models

from schakel.access.append_only import append_only
from schakel.access.new_tables import NewTables


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('distribute', '0001_initial'),
        ('distribute', '0002_append_only'),
        ('distribute', '0003_wrong_data'),
    ]

    dependencies = [
        ('access', '0003_demand_side'),
        ('chain', '0005_unsent_questions'),
    ]

    operations = [
        NewTables([
            migrations.CreateModel(
                name='Product',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('nl', models.CharField(max_length=200)),
                    ('en', models.CharField(blank=True, max_length=200)),
                    ('shape', models.CharField(choices=[('worklist', 'worklist'), ('table', 'table'), ('trend', 'trend'), ('score', 'score'), ('roster', 'roster')], max_length=12)),
                    ('sql', models.TextField()),
                    ('columns', models.JSONField(blank=True, default=list)),
                    ('sort', models.JSONField(blank=True, default=list)),
                    ('chart', models.JSONField(blank=True, default=dict)),
                    ('signals', models.JSONField(blank=True, default=dict)),
                    ('finding', models.JSONField(blank=True, default=list)),
                    ('empty', models.JSONField(blank=True, default=dict)),
                    ('active', models.BooleanField(default=True)),
                    ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='chain.informationneed')),
                ],
                options={
                    'ordering': ['key'],
                },
            ),
            migrations.CreateModel(
                name='WrongData',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('column', models.CharField(blank=True, max_length=63)),
                    ('sites', models.JSONField(blank=True, default=list)),
                    ('state', models.CharField(choices=[('reported', 'reported'), ('repairing', 'repairing'), ('repaired', 'repaired'), ('declined', 'declined')], default='reported', max_length=12)),
                    ('reported_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('handler', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wrong_data', to='distribute.product')),
                    ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wrong_data_reported', to=settings.AUTH_USER_MODEL)),
                    ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wrong_data', to='access.role')),
                ],
                options={
                    'ordering': ['-reported_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='WrongDataText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('wrong', models.TextField(max_length=2000)),
                    ('should_be', models.TextField(blank=True, max_length=2000)),
                    ('answer', models.TextField(blank=True, max_length=2000)),
                    ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='distribute.wrongdata')),
                ],
                options={
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='delivery', serialize=False, to='access.auditline')),
                    ('approval_hash', models.CharField(max_length=64)),
                    ('snapshot', models.CharField(max_length=64)),
                    ('rendering', models.CharField(max_length=12)),
                    ('rows', models.PositiveIntegerField()),
                    ('hidden', models.PositiveIntegerField()),
                    ('at', models.DateTimeField()),
                    ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='chain.informationneed')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
                    ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='distribute.product')),
                ],
                options={
                    'ordering': ['-line'],
                    'indexes': [models.Index(fields=['product', 'at'], name='distribute__product_de67ef_idx'), models.Index(fields=['person', 'at'], name='distribute__person__aa0634_idx')],
                },
            ),
        ]),
        append_only('distribute_delivery', 'the log of deliveries is append-only'),
    ]
