"""The tables of this room in one step, for a new register; one that was made earlier goes on by the steps it replaces."""

from importlib import import_module

import django.db.models.deletion
import schakel.lib.clock
from django.conf import settings
from django.db import migrations, models

from schakel.access.new_tables import NewTables

full_text = import_module("schakel.chain.migrations.0003_search").full_text


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('chain', '0001_initial'),
        ('chain', '0002_demand_side'),
        ('chain', '0003_search'),
        ('chain', '0004_model_identifiers'),
        ('chain', '0005_unsent_questions'),
    ]

    dependencies = [
        ('access', '0003_demand_side'),
    ]

    operations = [
        NewTables([
            migrations.CreateModel(
                name='Area',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('kind', models.CharField(max_length=16)),
                    ('nl', models.CharField(max_length=200)),
                    ('en', models.CharField(blank=True, max_length=200)),
                ],
                options={
                    'ordering': ['kind', 'key'],
                },
            ),
            migrations.CreateModel(
                name='ReferenceComponent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=120, unique=True)),
                    ('nl', models.CharField(max_length=200)),
                    ('en', models.CharField(blank=True, max_length=200)),
                    ('part_of', models.CharField(blank=True, max_length=200)),
                    ('description', models.TextField(blank=True)),
                    ('source', models.CharField(blank=True, max_length=300)),
                    ('evidence', models.CharField(blank=True, max_length=40)),
                ],
                options={
                    'ordering': ['nl'],
                },
            ),
            migrations.CreateModel(
                name='Consultation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('nl', models.CharField(max_length=200)),
                    ('en', models.CharField(blank=True, max_length=200)),
                    ('level', models.CharField(choices=[('strategic', 'strategic'), ('tactical', 'tactical'), ('operational', 'operational')], max_length=12)),
                    ('rhythm', models.CharField(choices=[('weekly', 'weekly'), ('fortnightly', 'fortnightly'), ('monthly', 'monthly'), ('quarterly', 'quarterly'), ('yearly', 'yearly')], max_length=12)),
                    ('active', models.BooleanField(default=True)),
                    ('chair_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='chairs', to='access.role')),
                ],
                options={
                    'ordering': ['level', 'key'],
                },
            ),
            migrations.CreateModel(
                name='GapSighting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rule', models.CharField(max_length=64)),
                    ('thing_kind', models.CharField(max_length=64)),
                    ('thing_key', models.CharField(max_length=255)),
                    ('first_seen', models.DateField()),
                    ('last_seen', models.DateField()),
                    ('gone_on', models.DateField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['rule', 'thing_key', 'first_seen'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('gone_on__isnull', True)), fields=('rule', 'thing_kind', 'thing_key'), name='gap_seen_once_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='Goal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('nl', models.CharField(max_length=250)),
                    ('en', models.CharField(blank=True, max_length=250)),
                    ('level', models.CharField(choices=[('board', 'bestuur'), ('school', 'school')], default='board', max_length=8)),
                    ('sector', models.CharField(blank=True, max_length=16)),
                    ('period_start', models.DateField(blank=True, null=True)),
                    ('period_end', models.DateField(blank=True, null=True)),
                    ('law', models.CharField(blank=True, max_length=250)),
                    ('law_confirmed', models.BooleanField(default=False)),
                    ('owner_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='access.role')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='chain.goal')),
                ],
                options={
                    'ordering': ['key'],
                },
            ),
            migrations.CreateModel(
                name='Process',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=120, unique=True)),
                    ('nl', models.CharField(max_length=200)),
                    ('en', models.CharField(blank=True, max_length=200)),
                    ('description', models.TextField(blank=True)),
                    ('source', models.CharField(blank=True, max_length=300)),
                    ('evidence', models.CharField(blank=True, max_length=40)),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='chain.process')),
                ],
                options={
                    'ordering': ['key'],
                },
            ),
            migrations.CreateModel(
                name='Activity',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('nl', models.CharField(max_length=250)),
                    ('en', models.CharField(blank=True, max_length=250)),
                    ('law', models.CharField(blank=True, max_length=250)),
                    ('law_confirmed', models.BooleanField(default=False)),
                    ('owner_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='access.role')),
                    ('goal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='chain.goal')),
                    ('process', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='chain.process')),
                ],
                options={
                    'ordering': ['key'],
                },
            ),
            migrations.CreateModel(
                name='InformationNeed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('sector', models.CharField(default='fo', max_length=8)),
                    ('question', models.CharField(max_length=300)),
                    ('question_en', models.CharField(blank=True, max_length=300)),
                    ('decision', models.CharField(max_length=300)),
                    ('decision_en', models.CharField(blank=True, max_length=300)),
                    ('rhythm', models.CharField(max_length=120)),
                    ('rhythm_en', models.CharField(blank=True, max_length=120)),
                    ('level', models.CharField(blank=True, choices=[('person', 'person'), ('group', 'group'), ('school', 'school'), ('board', 'board')], max_length=8)),
                    ('freshness', models.CharField(blank=True, max_length=200)),
                    ('freshness_en', models.CharField(blank=True, max_length=200)),
                    ('purpose', models.CharField(blank=True, max_length=300)),
                    ('purpose_en', models.CharField(blank=True, max_length=300)),
                    ('legal_basis', models.CharField(blank=True, max_length=250)),
                    ('art9_exception', models.CharField(blank=True, max_length=250)),
                    ('law', models.CharField(blank=True, max_length=250)),
                    ('law_confirmed', models.BooleanField(default=False)),
                    ('retention', models.CharField(blank=True, max_length=250)),
                    ('retention_en', models.CharField(blank=True, max_length=250)),
                    ('note', models.TextField(blank=True)),
                    ('today_how', models.CharField(blank=True, max_length=300)),
                    ('minutes_before', models.PositiveIntegerField(blank=True, null=True)),
                    ('minutes_now', models.PositiveIntegerField(blank=True, null=True)),
                    ('times_per_year', models.PositiveIntegerField(blank=True, null=True)),
                    ('people', models.PositiveIntegerField(blank=True, null=True)),
                    ('asked_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('review_on', models.DateField(blank=True, null=True)),
                    ('review_months', models.PositiveSmallIntegerField(default=12)),
                    ('expires_on', models.DateField(blank=True, null=True)),
                    ('priority', models.PositiveSmallIntegerField(default=2)),
                    ('state', models.CharField(choices=[('asked', 'Gevraagd'), ('assessed', 'Beoordeeld'), ('approved', 'Goedgekeurd'), ('being_realised', 'In aanleg'), ('live', 'In gebruik'), ('under_review', 'In herziening'), ('ended', 'Beëindigd'), ('refused', 'Afgewezen')], default='asked', max_length=16)),
                    ('refusal_reason', models.TextField(blank=True)),
                    ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='chain.activity')),
                    ('alternative', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='instead_of', to='chain.informationneed')),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs_owned', to=settings.AUTH_USER_MODEL)),
                    ('owner_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs_owned', to='access.role')),
                    ('requester', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs_asked', to=settings.AUTH_USER_MODEL)),
                    ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='access.role')),
                ],
                options={
                    'ordering': ['priority', 'key'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('refusal_reason', ''), ('state', 'refused'), _negated=True), name='refusal_has_reason')],
                },
            ),
            migrations.CreateModel(
                name='Advice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('content_hash', models.CharField(max_length=64)),
                    ('positive', models.BooleanField()),
                    ('text', models.TextField()),
                    ('at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('adviser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='advices', to='chain.informationneed')),
                ],
                options={
                    'ordering': ['-at'],
                },
            ),
            migrations.CreateModel(
                name='InformationObject',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('nl', models.CharField(max_length=120)),
                    ('en', models.CharField(max_length=120)),
                    ('origin', models.CharField(choices=[('source', 'source'), ('register', 'register'), ('reference', 'reference')], default='source', max_length=12)),
                    ('purpose', models.TextField(blank=True)),
                    ('purpose_en', models.TextField(blank=True)),
                    ('legal_basis', models.CharField(blank=True, max_length=250)),
                    ('description', models.TextField(blank=True)),
                    ('source', models.CharField(blank=True, max_length=300)),
                    ('evidence', models.CharField(blank=True, max_length=40)),
                    ('owner_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objects_owned', to='access.role')),
                ],
                options={
                    'ordering': ['key'],
                },
            ),
            migrations.CreateModel(
                name='DataElement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=130, unique=True)),
                    ('nl', models.CharField(max_length=120)),
                    ('en', models.CharField(max_length=120)),
                    ('description', models.TextField(blank=True)),
                    ('type', models.CharField(max_length=120)),
                    ('unit', models.CharField(blank=True, max_length=120)),
                    ('structural', models.BooleanField(default=False)),
                    ('personal', models.BooleanField(default=False)),
                    ('special', models.CharField(choices=[('no', 'no'), ('sensitive', 'sensitive'), ('art9_health', 'art9_health'), ('art9_ethnic_origin', 'art9_ethnic_origin')], default='no', max_length=24)),
                    ('identifier', models.BooleanField(default=False)),
                    ('availability', models.CharField(choices=[('laag', 'laag'), ('midden', 'midden'), ('hoog', 'hoog')], default='midden', max_length=8)),
                    ('integrity', models.CharField(choices=[('laag', 'laag'), ('midden', 'midden'), ('hoog', 'hoog')], default='midden', max_length=8)),
                    ('confidentiality', models.CharField(choices=[('laag', 'laag'), ('midden', 'midden'), ('hoog', 'hoog')], default='midden', max_length=8)),
                    ('retention', models.CharField(blank=True, max_length=200)),
                    ('object', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='elements', to='chain.informationobject')),
                ],
                options={
                    'ordering': ['key'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('special__startswith', 'art9'), ('structural', True), _negated=True), name='special_data_never_structural'), models.CheckConstraint(condition=models.Q(('special', 'no'), ('personal', True), _connector='OR'), name='special_data_are_personal')],
                },
            ),
            migrations.CreateModel(
                name='Meeting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('held_at', models.DateTimeField(blank=True, null=True)),
                    ('agenda', models.JSONField(blank=True, default=list)),
                    ('minutes', models.TextField(blank=True)),
                    ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='chain.consultation')),
                ],
                options={
                    'ordering': ['-day', '-pk'],
                    'constraints': [models.UniqueConstraint(fields=('consultation', 'day'), name='meeting_once_a_day')],
                },
            ),
            migrations.CreateModel(
                name='ModelIdentifier',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('thing_kind', models.CharField(max_length=64)),
                    ('thing_key', models.CharField(max_length=255)),
                    ('identifier', models.CharField(max_length=255, unique=True)),
                ],
                options={
                    'ordering': ['thing_kind', 'thing_key'],
                    'constraints': [models.UniqueConstraint(fields=('thing_kind', 'thing_key'), name='one_identifier_per_thing')],
                },
            ),
            migrations.CreateModel(
                name='NeedAudience',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scope', models.CharField(choices=[('self', 'self'), ('own_pupils', 'own_pupils'), ('own_groups', 'own_groups'), ('own_school', 'own_school'), ('board', 'board')], max_length=12)),
                    ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audiences', to='chain.informationneed')),
                    ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audiences', to='access.role')),
                ],
                options={
                    'ordering': ['role', 'scope'],
                    'constraints': [models.UniqueConstraint(fields=('need', 'role', 'scope'), name='audience_once_per_need')],
                },
            ),
            migrations.CreateModel(
                name='NeedElement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('demand', models.CharField(choices=[('required', 'nodig'), ('wished', 'gewenst')], max_length=8)),
                    ('reason', models.CharField(max_length=250)),
                    ('reason_en', models.CharField(blank=True, max_length=250)),
                    ('declined', models.BooleanField(default=False)),
                    ('declined_reason', models.CharField(blank=True, max_length=250)),
                    ('element', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='chain.dataelement')),
                    ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='elements', to='chain.informationneed')),
                ],
                options={
                    'ordering': ['demand', 'element'],
                    'constraints': [models.UniqueConstraint(fields=('need', 'element'), name='element_once_per_need'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='element_has_reason'), models.CheckConstraint(condition=models.Q(('declined', True), ('demand', 'required'), _negated=True), name='required_is_not_declined'), models.CheckConstraint(condition=models.Q(('declined', True), ('declined_reason', ''), _negated=True), name='declining_has_reason')],
                },
            ),
            migrations.CreateModel(
                name='NeedVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('content', models.JSONField()),
                    ('content_hash', models.CharField(max_length=64)),
                    ('written_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='chain.informationneed')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['need', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('need', 'number'), name='version_once_per_need')],
                },
            ),
            migrations.CreateModel(
                name='Approval',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('content_hash', models.CharField(max_length=64)),
                    ('at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('note', models.TextField(blank=True)),
                    ('voided_at', models.DateTimeField(blank=True, null=True)),
                    ('void_reason', models.CharField(blank=True, max_length=250)),
                    ('approver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to=settings.AUTH_USER_MODEL)),
                    ('on_behalf_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('requester', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('writer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='chain.informationneed')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='chain.needversion')),
                ],
                options={
                    'ordering': ['-at'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('approver', models.F('requester')), _negated=True), models.Q(('approver', models.F('writer')), _negated=True)), name='four_eyes'), models.CheckConstraint(condition=models.Q(('on_behalf_of__isnull', True), models.Q(models.Q(('on_behalf_of', models.F('requester')), _negated=True), models.Q(('on_behalf_of', models.F('writer')), _negated=True)), _connector='OR'), name='four_eyes_behind_a_stand_in'), models.UniqueConstraint(condition=models.Q(('voided_at__isnull', True)), fields=('need',), name='one_standing_approval')],
                },
            ),
            migrations.CreateModel(
                name='Organisation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=255, unique=True)),
                    ('name', models.CharField(max_length=200)),
                    ('level', models.CharField(choices=[('board', 'bestuur'), ('school', 'school')], max_length=8)),
                    ('sector', models.CharField(blank=True, choices=[('po', 'po'), ('vo', 'vo'), ('so', 'so')], max_length=2)),
                    ('board_number', models.CharField(blank=True, max_length=5)),
                    ('brin', models.CharField(blank=True, max_length=4)),
                    ('site_number', models.CharField(blank=True, max_length=2)),
                    ('start', models.DateField(blank=True, null=True)),
                    ('end', models.DateField(blank=True, null=True)),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='chain.organisation')),
                ],
                options={
                    'ordering': ['level', 'name'],
                },
            ),
            migrations.CreateModel(
                name='Resolution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.TextField()),
                    ('about_kind', models.CharField(blank=True, max_length=64)),
                    ('about_key', models.CharField(blank=True, max_length=255)),
                    ('at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='chain.meeting')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['meeting', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='resolution_says_something')],
                },
            ),
            migrations.CreateModel(
                name='Change',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('link', 'link'), ('column', 'column'), ('source', 'source'), ('product', 'product'), ('person', 'person'), ('agreement', 'agreement'), ('configuration', 'configuration'), ('other', 'other')], max_length=16)),
                    ('title', models.CharField(max_length=250)),
                    ('thing_kind', models.CharField(blank=True, max_length=64)),
                    ('thing_key', models.CharField(blank=True, max_length=255)),
                    ('effort_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=7, null=True)),
                    ('due_on', models.DateField(blank=True, null=True)),
                    ('state', models.CharField(choices=[('proposed', 'Voorgesteld'), ('planned', 'Gepland'), ('doing', 'In uitvoering'), ('done', 'Klaar'), ('dropped', 'Vervallen')], default='proposed', max_length=12)),
                    ('seen_done_at', models.DateTimeField(blank=True, null=True)),
                    ('done_at', models.DateTimeField(blank=True, null=True)),
                    ('dropped_reason', models.CharField(blank=True, max_length=250)),
                    ('note', models.TextField(blank=True)),
                    ('made_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes_owned', to=settings.AUTH_USER_MODEL)),
                    ('owner_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes_owned', to='access.role')),
                    ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='chain.informationneed')),
                    ('resolution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='chain.resolution')),
                ],
                options={
                    'ordering': ['due_on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('dropped_reason', ''), ('state', 'dropped'), _negated=True), name='dropping_has_reason'), models.UniqueConstraint(condition=models.Q(('need__isnull', False), models.Q(('thing_key', ''), _negated=True)), fields=('need', 'kind', 'thing_kind', 'thing_key'), name='change_once_per_need')],
                },
            ),
            migrations.CreateModel(
                name='Responsibility',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('thing_kind', models.CharField(max_length=64)),
                    ('thing_key', models.CharField(max_length=255)),
                    ('aspect', models.CharField(choices=[('content', 'content'), ('execution', 'execution')], max_length=12)),
                    ('letter', models.CharField(choices=[('R', 'R'), ('A', 'A'), ('C', 'C'), ('I', 'I')], max_length=1)),
                    ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responsibilities', to='access.role')),
                ],
                options={
                    'verbose_name_plural': 'responsibilities',
                    'ordering': ['thing_kind', 'thing_key', 'aspect', 'letter'],
                    'indexes': [models.Index(fields=['thing_kind', 'thing_key'], name='chain_respo_thing_k_82c4a5_idx')],
                    'constraints': [models.UniqueConstraint(fields=('role', 'thing_kind', 'thing_key', 'aspect', 'letter'), name='responsibility_once')],
                },
            ),
            migrations.CreateModel(
                name='SearchEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=64)),
                    ('thing_key', models.CharField(max_length=255)),
                    ('words', models.TextField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('kind', 'thing_key'), name='search_entry_once')],
                },
            ),
            migrations.CreateModel(
                name='System',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('name', models.CharField(max_length=200)),
                    ('name_en', models.CharField(blank=True, max_length=200)),
                    ('component', models.CharField(blank=True, max_length=200)),
                    ('supplier', models.CharField(blank=True, max_length=200)),
                    ('personal_data', models.BooleanField(default=False)),
                    ('agreement_until', models.DateField(blank=True, null=True)),
                    ('contract_until', models.DateField(blank=True, null=True)),
                    ('cost_per_year', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                    ('lifecycle', models.CharField(choices=[('planned', 'planned'), ('in_use', 'in_use'), ('phasing_out', 'phasing_out'), ('ended', 'ended')], default='in_use', max_length=12)),
                    ('owner_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='systems', to='access.role')),
                ],
                options={
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='SourceOfRecord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=200, unique=True)),
                    ('element', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources_of_record', to='chain.dataelement')),
                    ('system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='elements_of_record', to='chain.system')),
                ],
                options={
                    'ordering': ['element', 'system'],
                    'constraints': [models.UniqueConstraint(fields=('element', 'system'), name='source_of_record_once')],
                },
            ),
            migrations.CreateModel(
                name='Link',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=64, unique=True)),
                    ('standard', models.CharField(blank=True, max_length=120)),
                    ('frequency', models.CharField(blank=True, max_length=120)),
                    ('secret_expires_on', models.DateField(blank=True, null=True)),
                    ('state', models.CharField(choices=[('ok', 'ok'), ('late', 'late'), ('failing', 'failing'), ('off', 'off')], default='ok', max_length=8)),
                    ('owner_role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='access.role')),
                    ('from_system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_out', to='chain.system')),
                    ('to_system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_in', to='chain.system')),
                ],
                options={
                    'ordering': ['key'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('from_system', models.F('to_system')), _negated=True), name='link_joins_two_systems')],
                },
            ),
            migrations.CreateModel(
                name='TimeCorrection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('minutes_before', models.PositiveIntegerField()),
                    ('minutes_now', models.PositiveIntegerField(default=0)),
                    ('note', models.CharField(blank=True, max_length=250)),
                    ('at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='time_corrections', to='chain.informationneed')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='time_corrections', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['need', '-at'],
                },
            ),
            migrations.CreateModel(
                name='UnsentQuestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('content', models.JSONField(default=dict)),
                    ('kept_at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unsent_questions', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-kept_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='ChangeDependency',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dependencies', to='chain.change')),
                    ('waits_for', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waited_for_by', to='chain.change')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('change', 'waits_for'), name='dependency_once'), models.CheckConstraint(condition=models.Q(('change', models.F('waits_for')), _negated=True), name='change_waits_for_another')],
                },
            ),
            migrations.CreateModel(
                name='ConsultationRole',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='chain.consultation')),
                    ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='access.role')),
                ],
                options={
                    'ordering': ['role'],
                    'constraints': [models.UniqueConstraint(fields=('consultation', 'role'), name='role_once_per_consultation')],
                },
            ),
            migrations.CreateModel(
                name='GapAcceptance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rule', models.CharField(max_length=64)),
                    ('thing_kind', models.CharField(max_length=64)),
                    ('thing_key', models.CharField(max_length=255)),
                    ('reason', models.CharField(max_length=250)),
                    ('until', models.DateField()),
                    ('at', models.DateTimeField(default=schakel.lib.clock.now)),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('accepted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-at'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='acceptance_has_reason')],
                },
            ),
        ]),
        migrations.RunPython(full_text, migrations.RunPython.noop),
    ]
