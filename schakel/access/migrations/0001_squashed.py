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
        ('access', '0001_initial'),
        ('access', '0002_append_only'),
        ('access', '0003_demand_side'),
    ]

    dependencies = [
    ]

    operations = [
        NewTables([
            migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('email', models.EmailField(max_length=254, unique=True)),
                    ('name', models.CharField(max_length=200)),
                    ('language', models.CharField(choices=[('nl', 'Nederlands'), ('en', 'English')], default='nl', max_length=2)),
                    ('is_active', models.BooleanField(default=True)),
                ],
                options={
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='AuditHead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveBigIntegerField(default=0)),
                    ('hash', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
                ],
            ),
            migrations.CreateModel(
                name='Role',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('nl', models.CharField(max_length=120)),
                    ('en', models.CharField(max_length=120)),
                    ('side', models.CharField(choices=[('direction', 'direction'), ('demand', 'demand'), ('supply', 'supply'), ('use', 'use')], max_length=16)),
                    ('holder', models.CharField(choices=[('person', 'person'), ('body', 'body'), ('system', 'system')], default='person', max_length=16)),
                ],
                options={
                    'ordering': ['key'],
                },
            ),
            migrations.CreateModel(
                name='AuditLine',
                fields=[
                    ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                    ('at', models.DateTimeField()),
                    ('action', models.CharField(max_length=64)),
                    ('thing_kind', models.CharField(blank=True, max_length=64)),
                    ('thing_key', models.CharField(blank=True, max_length=255)),
                    ('facts', models.JSONField(default=dict)),
                    ('previous', models.CharField(max_length=64)),
                    ('hash', models.CharField(max_length=64)),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['number'],
                    'indexes': [models.Index(fields=['thing_kind', 'thing_key'], name='access_audi_thing_k_af9d18_idx'), models.Index(fields=['action', 'at'], name='access_audi_action_7a0197_idx')],
                },
            ),
            migrations.CreateModel(
                name='Delegation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('permission', models.CharField(max_length=64)),
                    ('start', models.DateField()),
                    ('end', models.DateField()),
                    ('reason', models.CharField(max_length=250)),
                    ('at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to=settings.AUTH_USER_MODEL)),
                    ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_taken', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-start'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='delegation_to_someone_else'), models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='delegation_ends_after_start'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='delegation_has_reason')],
                },
            ),
            migrations.CreateModel(
                name='RoleAssignment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('organisation_key', models.CharField(blank=True, max_length=255)),
                    ('start', models.DateField()),
                    ('end', models.DateField(blank=True, null=True)),
                    ('source', models.CharField(choices=[('typed', 'typed'), ('roster', 'roster')], default='typed', max_length=16)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                    ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='access.role')),
                ],
                options={
                    'ordering': ['person', 'role', 'start'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('end__isnull', True), ('end__gte', models.F('start')), _connector='OR'), name='assignment_ends_after_start'), models.UniqueConstraint(fields=('person', 'role', 'organisation_key', 'start'), name='assignment_once')],
                },
            ),
        ]),
        append_only('access_auditline', 'the audit trail is append-only'),
    ]
