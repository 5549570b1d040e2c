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
        ('collect', '0001_initial'),
        ('collect', '0002_requests'),
        ('collect', '0003_connections'),
        ('collect', '0004_source_mapping'),
        ('collect', '0005_cases'),
        ('collect', '0006_schedules_and_alerts'),
        ('collect', '0007_ways_in'),
        ('collect', '0008_contracts'),
        ('collect', '0009_match_decision'),
    ]

    dependencies = [
        ('access', '0003_demand_side'),
        ('chain', '0005_unsent_questions'),
    ]

    operations = [
        NewTables([
            migrations.CreateModel(
                name='FreeDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('first', models.DateField()),
                    ('last', models.DateField()),
                    ('name', models.CharField(max_length=120)),
                ],
                options={
                    'ordering': ['first', 'name'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='free_day_ends_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='Source',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('name', models.CharField(max_length=200)),
                    ('name_en', models.CharField(blank=True, max_length=200)),
                    ('layout', models.SlugField(max_length=64)),
                    ('pattern', models.CharField(max_length=200)),
                    ('rhythm', models.CharField(blank=True, max_length=120)),
                    ('expected_hours', models.PositiveIntegerField(default=26)),
                    ('active', models.BooleanField(default=True)),
                    ('cron', models.CharField(blank=True, max_length=120)),
                    ('not_in_holidays', models.BooleanField(default=False)),
                    ('region', models.CharField(blank=True, choices=[('noord', 'noord'), ('midden', 'midden'), ('zuid', 'zuid')], max_length=8)),
                    ('scheduled_at', models.DateTimeField(blank=True, null=True)),
                    ('contact_name', models.CharField(blank=True, max_length=120)),
                    ('contact_email', models.EmailField(blank=True, max_length=254)),
                    ('contact_phone', models.CharField(blank=True, max_length=40)),
                    ('credentials_expire_on', models.DateField(blank=True, null=True)),
                    ('owner_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='access.role')),
                    ('repairs_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repairs', to='access.role')),
                    ('system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='chain.system')),
                ],
                options={
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='Run',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_at', models.DateTimeField(blank=True, null=True)),
                    ('started_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('state', models.CharField(choices=[('waiting', 'Wacht'), ('running', 'Bezig'), ('good', 'Goed'), ('repaired', 'Met reparaties'), ('unchanged', 'Ongewijzigd'), ('stopped', 'Gestopt'), ('failed', 'Mislukt'), ('interrupted', 'Afgebroken')], default='running', max_length=12)),
                    ('file_name', models.CharField(blank=True, max_length=255)),
                    ('delivered', models.CharField(blank=True, max_length=64)),
                    ('digest', models.CharField(blank=True, max_length=64)),
                    ('layout_version', models.CharField(blank=True, max_length=16)),
                    ('conformant', models.BooleanField(null=True)),
                    ('usable', models.BooleanField(null=True)),
                    ('rows_read', models.PositiveBigIntegerField(default=0)),
                    ('rows_quarantined', models.PositiveBigIntegerField(default=0)),
                    ('columns_dropped', models.PositiveIntegerField(default=0)),
                    ('findings', models.PositiveBigIntegerField(default=0)),
                    ('folder', models.CharField(blank=True, max_length=500)),
                    ('message', models.TextField(blank=True)),
                    ('planned_for', models.DateTimeField(blank=True, null=True)),
                    ('attempt', models.PositiveSmallIntegerField(default=1)),
                    ('retry_at', models.DateTimeField(blank=True, null=True)),
                    ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='collect.source')),
                ],
                options={
                    'ordering': ['-started_at', '-pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'running'))), fields=('source',), name='one_open_run_a_source'), models.UniqueConstraint(fields=('source', 'planned_for', 'attempt'), name='one_run_a_planned_moment')],
                },
            ),
            migrations.CreateModel(
                name='MatchDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=16)),
                    ('their_key', models.CharField(max_length=255)),
                    ('our_key', models.CharField(max_length=255)),
                    ('verdict', models.CharField(choices=[('same', 'same'), ('different', 'different'), ('open', 'open')], max_length=12)),
                    ('reason', models.CharField(blank=True, max_length=250)),
                    ('decided_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('roster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collect.source')),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collect.source')),
                ],
                options={
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['kind', 'source'], name='match_by_kind_and_source')],
                },
            ),
            migrations.CreateModel(
                name='LowCount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('counts', models.JSONField()),
                    ('asked_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                    ('reason', models.CharField(blank=True, max_length=500)),
                    ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='low_counts', to='collect.source')),
                ],
                options={
                    'ordering': ['source', '-asked_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Connection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('provider', models.SlugField(max_length=64)),
                    ('version', models.CharField(blank=True, max_length=16)),
                    ('address', models.CharField(max_length=500)),
                    ('method', models.CharField(choices=[('oauth2', 'OAuth 2 (client credentials)'), ('oauth1-sha256', 'OAuth 1.0a, HMAC-SHA256'), ('oauth1-sha1', 'OAuth 1.0a, HMAC-SHA1'), ('none', 'Zonder aanmelden'), ('basic', 'Naam en wachtwoord'), ('bearer', 'Vast token (bearer)'), ('key', 'Sleutelbestand (SSH)')], max_length=16)),
                    ('token_address', models.CharField(blank=True, max_length=500)),
                    ('client', models.CharField(blank=True, max_length=200)),
                    ('sealed', models.TextField(blank=True)),
                    ('secret_set_at', models.DateTimeField(blank=True, null=True)),
                    ('secret_expires_on', models.DateField(blank=True, null=True)),
                    ('every_hours', models.PositiveIntegerField(default=24)),
                    ('details', models.JSONField(blank=True, default=dict)),
                    ('source', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='connection', to='collect.source')),
                ],
                options={
                    'ordering': ['source'],
                },
            ),
            migrations.CreateModel(
                name='ChosenAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file', models.CharField(max_length=120)),
                    ('column', models.CharField(max_length=200)),
                    ('rule', models.CharField(max_length=64)),
                    ('answer', models.CharField(blank=True, max_length=12)),
                    ('reason', models.CharField(max_length=500)),
                    ('chosen_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('chosen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chosen_answers', to='collect.source')),
                ],
                options={
                    'ordering': ['source', '-chosen_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Case',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file', models.CharField(blank=True, max_length=255)),
                    ('column', models.CharField(blank=True, max_length=255)),
                    ('rule', models.CharField(max_length=64)),
                    ('field', models.CharField(blank=True, max_length=255)),
                    ('severity', models.CharField(choices=[('error', 'error'), ('warning', 'warning'), ('info', 'info')], max_length=8)),
                    ('action', models.CharField(max_length=12)),
                    ('expected', models.CharField(blank=True, max_length=250)),
                    ('of_rows', models.BooleanField(default=True)),
                    ('count', models.PositiveBigIntegerField(default=0)),
                    ('refused', models.PositiveBigIntegerField(default=0)),
                    ('read', models.PositiveBigIntegerField(default=0)),
                    ('state', models.CharField(choices=[('new', 'Nieuw'), ('seen', 'Gezien'), ('reported', 'Doorgegeven'), ('reopened', 'Teruggekomen'), ('repaired', 'Hersteld bij de bron')], default='new', max_length=12)),
                    ('first_seen', models.DateTimeField()),
                    ('last_seen', models.DateTimeField()),
                    ('open_since', models.DateTimeField()),
                    ('repaired_at', models.DateTimeField(blank=True, null=True)),
                    ('reopened', models.PositiveIntegerField(default=0)),
                    ('reported_at', models.DateTimeField(blank=True, null=True)),
                    ('accepted_until', models.DateField(blank=True, null=True)),
                    ('accepted_reason', models.CharField(blank=True, max_length=250)),
                    ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to=settings.AUTH_USER_MODEL)),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='collect.source')),
                ],
                options={
                    'ordering': ['-last_seen', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('source', 'file', 'column', 'rule'), name='one_case_a_cause'), models.CheckConstraint(condition=models.Q(('accepted_until__isnull', True), models.Q(('accepted_reason', ''), _negated=True), _connector='OR'), name='acceptance_of_case_has_reason')],
                },
            ),
            migrations.CreateModel(
                name='Alert',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('cause', models.CharField(choices=[('failed', 'De laatste keer lezen mislukte'), ('overdue', 'De gegevens zijn er niet op tijd'), ('planned', 'De planning is te ruim voor wat is beloofd')], max_length=8)),
                    ('deadline', models.DateTimeField(blank=True, null=True)),
                    ('begun_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('told_at', models.DateTimeField(blank=True, null=True)),
                    ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chain.informationneed')),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='collect.source')),
                ],
                options={
                    'ordering': ['begun_at', 'pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('source', 'cause'), name='one_open_alert_a_cause')],
                },
            ),
            migrations.CreateModel(
                name='SourceMapping',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('name', models.CharField(max_length=120)),
                    ('declaration', models.JSONField()),
                    ('made_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mappings', to='collect.source')),
                ],
                options={
                    'ordering': ['source', '-number'],
                    'constraints': [models.UniqueConstraint(fields=('source', 'number'), name='one_mapping_a_number')],
                },
            ),
            migrations.CreateModel(
                name='CaseCount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('count', models.PositiveBigIntegerField(null=True)),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='collect.case')),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collect.run')),
                ],
                options={
                    'ordering': ['run__started_at', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('case', 'run'), name='one_count_a_reading')],
                },
            ),
        ]),
        append_only('collect_matchdecision', 'decisions about matches are append-only'),
    ]
