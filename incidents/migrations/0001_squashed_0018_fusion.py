"""All tables of incidents, made in one step where a database is new; the steps it replaces bring older ones here."""

import uuid
from importlib import import_module

import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

import incidents.models.ledger

journal = import_module("incidents.migrations.0002_journal")
redaction = import_module("incidents.migrations.0016_redaction")


class Migration(migrations.Migration):
    replaces = [
        ("incidents", "0001_initial"),
        ("incidents", "0002_journal"),
        ("incidents", "0003_channels"),
        ("incidents", "0004_followup"),
        ("incidents", "0005_notices"),
        ("incidents", "0006_parties"),
        ("incidents", "0007_case_gateway"),
        ("incidents", "0008_lock_and_alarms"),
        ("incidents", "0009_series_and_news"),
        ("incidents", "0010_duty"),
        ("incidents", "0011_casework"),
        ("incidents", "0012_cards"),
        ("incidents", "0013_places"),
        ("incidents", "0014_place_editions"),
        ("incidents", "0015_archive"),
        ("incidents", "0016_redaction"),
        ("incidents", "0017_late"),
        ("incidents", "0018_fusion"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "centre_id", "seq", "at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor", models.TextField()),
                ("command", models.UUIDField(null=True)),
                ("incident_id", models.BigIntegerField(null=True)),
                ("readers", models.TextField()),
                ("body", models.TextField()),
                ("body_hash", models.BinaryField(max_length=32)),
                ("prev_hash", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "db_table": "incidents_entry",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Centre",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("name_en", models.CharField(blank=True, max_length=60)),
                ("area_code", models.CharField(blank=True, max_length=6)),
                ("box", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=4)),
                ("number_prefix", models.CharField(max_length=12)),
                ("rings_in", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("detail", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=24)),
                ("code", models.CharField(max_length=24)),
                ("zh", models.CharField(max_length=60)),
                ("en", models.CharField(max_length=120)),
                ("ext_code", models.CharField(blank=True, max_length=40)),
                ("attributes", models.JSONField(default=dict)),
                ("active", models.BooleanField(default=True)),
                ("order", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("edited_by_hand", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["table", "order", "code"],
                "constraints": [models.UniqueConstraint(fields=("table", "code"), name="one_meaning_per_code")],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "centre",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="incidents.centre",
                    ),
                ),
                ("seq", models.BigIntegerField(default=0)),
                ("hash", models.BinaryField(default=incidents.models.ledger.nothing_before, max_length=32)),
                ("epoch", models.UUIDField(default=uuid.uuid4)),
            ],
        ),
        migrations.CreateModel(
            name="Denial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("route", models.CharField(max_length=120)),
                ("method", models.CharField(max_length=8)),
                ("code", models.CharField(max_length=24)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), default=list, size=None
                    ),
                ),
                ("peer", models.CharField(blank=True, max_length=64)),
                (
                    "centre",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bureau", "Bureau"),
                            ("branch", "Branch"),
                            ("station", "Station"),
                            ("squad", "Squad"),
                        ],
                        max_length=8,
                    ),
                ),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=60)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="organisations", to="incidents.centre"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="incidents.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("centre", "code"), name="one_organisation_per_code")],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("payload", models.JSONField()),
                ("queue", models.CharField(default="default", max_length=8)),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("gave_up_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("gave_up_at__isnull", True)),
                        fields=["queue", "due_at"],
                        name="job_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CardSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("loaded_at", models.DateTimeField()),
                ("content", models.JSONField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="card_sets", to="incidents.centre"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "number"), name="a_version_of_the_cards_is_loaded_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("loading", "Loading"), ("current", "Current"), ("old", "Old")],
                        default="loading",
                        max_length=8,
                    ),
                ),
                ("source", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("datum", models.CharField(max_length=8)),
                ("made_at", models.DateTimeField()),
                ("used_from", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place_editions",
                        to="incidents.centre",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "current")),
                        fields=("centre",),
                        name="one_address_index_in_use_per_centre",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("object_id", models.BigIntegerField()),
                (
                    "level",
                    models.CharField(
                        choices=[("open", "Open"), ("personal", "Personal"), ("desk", "Desk")], max_length=8
                    ),
                ),
                ("incident_id", models.BigIntegerField(null=True)),
                ("jurisdiction_id", models.BigIntegerField(null=True)),
                ("complaint", models.BooleanField(default=False)),
                ("stage", models.CharField(blank=True, max_length=12)),
                ("type_code", models.CharField(blank=True, max_length=8)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                (
                    "grams",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="search_grams"),
                    models.Index(fields=["centre", "-at"], name="search_newest"),
                    models.Index(fields=["incident_id"], name="document_of_incident"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "kind", "object_id", "level"), name="one_document_per_thing_and_level"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchPosition",
            fields=[
                (
                    "centre",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="incidents.centre",
                    ),
                ),
                ("seq", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("badge", models.CharField(blank=True, max_length=12)),
                ("name", models.CharField(blank=True, max_length=60)),
                ("sworn", models.BooleanField(default=False)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("version", models.PositiveIntegerField(default=1)),
                ("access_version", models.PositiveIntegerField(default=1)),
                ("on_unit", models.BigIntegerField(null=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="users",
                        to="incidents.centre",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="incidents.organisation",
                    ),
                ),
                ("on_seat", models.CharField(blank=True, default="", max_length=20)),
                ("pin", models.CharField(blank=True, db_default="", default="", max_length=128)),
                ("unlock_tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("badge", ""), _negated=True),
                        fields=("centre", "badge"),
                        name="one_person_per_badge",
                    )
                ],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("station", "Station"),
                            ("area_kind", "Area Kind"),
                            ("beat", "Beat"),
                            ("grid", "Grid"),
                            ("ring", "Ring"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(max_length=24)),
                ("name", models.CharField(max_length=60)),
                ("ring", models.JSONField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="incidents.centre"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="areas",
                        to="incidents.organisation",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(null=True)),
                (
                    "unit_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8), default=list, size=None
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "kind", "code"), name="one_area_per_code"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "ring"), ("minutes__range", (1, 60))),
                            models.Q(models.Q(("kind", "ring"), _negated=True), ("minutes__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_ring_and_nothing_else_has_minutes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=80)),
                ("pinyin", models.CharField(db_collation="C", max_length=240)),
                ("initials", models.CharField(db_collation="C", max_length=80)),
                ("lat", models.FloatField()),
                ("lng", models.FloatField()),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="incidents.centre"
                    ),
                ),
                ("accuracy_m", models.FloatField(null=True)),
                ("alias", models.CharField(blank=True, max_length=80)),
                ("code", models.CharField(blank=True, max_length=24)),
                ("datum", models.CharField(default="WGS84", max_length=8)),
                (
                    "grams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None
                    ),
                ),
                ("name_key", models.CharField(db_collation="C", max_length=80)),
                ("rank", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="incidents.placeedition"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["edition", "rank", "name_key"], name="place_by_name"),
                    models.Index(fields=["edition", "rank", "pinyin"], name="place_by_pinyin"),
                    models.Index(fields=["edition", "rank", "initials"], name="place_by_initials"),
                    models.Index(fields=["edition", "lat", "lng"], name="place_by_point"),
                    django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="place_by_pairs"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseRange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("street", models.CharField(max_length=80)),
                ("street_key", models.CharField(db_collation="C", max_length=80)),
                ("low", models.PositiveIntegerField()),
                ("high", models.PositiveIntegerField()),
                ("side", models.CharField(choices=[("odd", "Odd"), ("even", "Even"), ("both", "Both")], max_length=4)),
                ("lat", models.FloatField()),
                ("lng", models.FloatField()),
                ("lat2", models.FloatField()),
                ("lng2", models.FloatField()),
                ("datum", models.CharField(default="WGS84", max_length=8)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ranges", to="incidents.placeedition"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["edition", "street_key", "low"], name="house_range_of_street")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("low__lte", models.F("high"))), name="house_numbers_rise"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("incident_no", models.CharField(max_length=32, unique=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("pending", "Pending"),
                            ("dispatched", "Dispatched"),
                            ("accepted", "Accepted"),
                            ("en_route", "En Route"),
                            ("on_scene", "On Scene"),
                            ("handled", "Handled"),
                            ("reported", "Reported"),
                            ("review", "Review"),
                            ("closed", "Closed"),
                            ("archived", "Archived"),
                            ("merged", "Merged"),
                            ("handed_over", "Handed Over"),
                            ("cancelled", "Cancelled"),
                            ("invalid", "Invalid"),
                        ],
                        default="new",
                        max_length=12,
                    ),
                ),
                ("drill", models.BooleanField(default=False)),
                ("intake_class", models.CharField(blank=True, max_length=8)),
                ("type_reported", models.CharField(blank=True, max_length=8)),
                ("type_verified", models.CharField(blank=True, max_length=8)),
                ("priority", models.PositiveSmallIntegerField(default=3)),
                ("priority_at_intake", models.PositiveSmallIntegerField(default=3)),
                ("priority_log", models.JSONField(default=list)),
                ("address_text", models.CharField(blank=True, max_length=200)),
                ("place_note", models.CharField(blank=True, max_length=200)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("point_info", models.JSONField(default=dict)),
                ("point_status", models.CharField(default="none", max_length=12)),
                ("jurisdiction_name", models.CharField(blank=True, max_length=60)),
                ("area_kind", models.CharField(blank=True, max_length=12)),
                ("occurred_from", models.DateTimeField(null=True)),
                ("occurred_to", models.DateTimeField(null=True)),
                ("offenders_reported", models.PositiveIntegerField(null=True)),
                ("vehicle_plate", models.CharField(blank=True, max_length=20)),
                ("vehicle_note", models.CharField(blank=True, max_length=200)),
                (
                    "weapon",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")], default="unknown", max_length=8
                    ),
                ),
                (
                    "hazmat",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")], default="unknown", max_length=8
                    ),
                ),
                (
                    "explosion_leak",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")], default="unknown", max_length=8
                    ),
                ),
                ("trapped", models.PositiveIntegerField(null=True)),
                ("injured", models.PositiveIntegerField(null=True)),
                ("dead", models.PositiveIntegerField(null=True)),
                ("narrative", models.TextField(blank=True)),
                ("contact_name", models.CharField(blank=True, max_length=200)),
                ("contact_phone", models.CharField(blank=True, max_length=32)),
                ("silent", models.BooleanField(default=False)),
                ("mode", models.CharField(default="routine", max_length=12)),
                ("attendance", models.BooleanField(default=True)),
                ("answered_at", models.DateTimeField()),
                ("placed_at", models.DateTimeField(null=True)),
                ("first_dispatched_at", models.DateTimeField(null=True)),
                ("first_accepted_at", models.DateTimeField(null=True)),
                ("first_on_scene_at", models.DateTimeField(null=True)),
                ("handled_at", models.DateTimeField(null=True)),
                ("reported_at", models.DateTimeField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("reviewed_by_no", models.CharField(blank=True, max_length=12)),
                ("closed_at", models.DateTimeField(null=True)),
                ("result_code", models.CharField(blank=True, max_length=8)),
                ("exclusion", models.CharField(blank=True, max_length=4)),
                ("case_no", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("confidential", models.BooleanField(default=False)),
                (
                    "units",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="incidents.incident",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.organisation",
                    ),
                ),
                ("before_merge", models.JSONField(default=dict)),
                ("areas", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["centre", "answered_at"], name="incident_answered"),
                    models.Index(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "new",
                                    "pending",
                                    "dispatched",
                                    "accepted",
                                    "en_route",
                                    "on_scene",
                                    "handled",
                                    "reported",
                                    "review",
                                ],
                            )
                        ),
                        fields=["centre", "id"],
                        name="incident_open",
                    ),
                    models.Index(
                        condition=models.Q(("lat__isnull", False)),
                        fields=["centre", "lat", "lng", "answered_at"],
                        include=(
                            "id",
                            "type_reported",
                            "type_verified",
                            "stage",
                            "drill",
                            "intake_class",
                            "confidential",
                            "jurisdiction",
                        ),
                        name="incident_place",
                    ),
                    models.Index(
                        condition=models.Q(("contact_phone", ""), _negated=True),
                        fields=["centre", "contact_phone", "answered_at"],
                        name="incident_contact_phone",
                    ),
                    models.Index(
                        models.F("centre"),
                        django.db.models.functions.text.Upper(
                            models.Func(
                                models.F("vehicle_plate"),
                                models.Value(" -.·•－—"),
                                models.Value(""),
                                function="translate",
                                output_field=models.CharField(),
                            )
                        ),
                        condition=models.Q(("vehicle_plate", ""), _negated=True),
                        name="incident_plate_key",
                    ),
                    models.Index(
                        models.F("centre"),
                        django.db.models.functions.text.Upper(
                            models.Func(
                                models.F("contact_phone"),
                                models.Value(" -.·•－—"),
                                models.Value(""),
                                function="translate",
                                output_field=models.CharField(),
                            )
                        ),
                        condition=models.Q(("contact_phone", ""), _negated=True),
                        name="incident_phone_key",
                    ),
                    models.Index(
                        condition=models.Q(("contact_name", ""), _negated=True),
                        fields=["centre", "contact_name"],
                        name="incident_contact",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("priority__range", (1, 4))), name="priority_is_one_to_four"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat__isnull", True), ("lng__isnull", True)),
                            models.Q(("lat__isnull", False), ("lng__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_point_has_both_coordinates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lat__isnull", True),
                            models.Q(("lat__range", (-90, 90)), ("lng__range", (-180, 180))),
                            _connector="OR",
                        ),
                        name="a_point_is_on_earth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("stage", "merged")),
                            models.Q(("stage", "merged"), _negated=True),
                            _connector="OR",
                        ),
                        name="a_merged_incident_names_its_target",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="an_incident_never_merges_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_dispatched_at__isnull", True),
                            ("first_dispatched_at__gte", models.F("answered_at")),
                            _connector="OR",
                        ),
                        name="an_order_follows_the_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("session_key", models.CharField(max_length=40)),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Command",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField()),
                ("body_hash", models.BinaryField(max_length=32)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("answer", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="command_age")],
                "constraints": [models.UniqueConstraint(fields=("actor", "key"), name="one_effect_per_key")],
            },
        ),
        migrations.CreateModel(
            name="NumberFlag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("number", models.CharField(max_length=32)),
                (
                    "kind",
                    models.CharField(choices=[("nuisance", "Nuisance"), ("protected", "Protected")], max_length=10),
                ),
                ("reason", models.CharField(max_length=400)),
                ("asked_by_no", models.CharField(max_length=12)),
                ("approved_by_no", models.CharField(blank=True, max_length=12)),
                ("approved_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=400)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("centre", "number", "kind"),
                        name="one_flag_of_a_kind_per_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Gateway",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("exchange", "Exchange"),
                            ("text", "Text"),
                            ("web", "Web"),
                            ("device", "Device"),
                            ("body", "Body"),
                            ("case", "Case"),
                            ("watch_feed", "Watch Feed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("secret", models.CharField(max_length=128)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("active", models.BooleanField(default=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("centre", "code"), name="one_gateway_per_code")],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("series_no", models.CharField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("reason", models.CharField(max_length=400)),
                ("owner_no", models.CharField(max_length=12)),
                ("owner_name", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=8),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("close_reason", models.CharField(blank=True, max_length=400)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "series",
                "indexes": [models.Index(condition=models.Q(("state", "open")), fields=["centre"], name="series_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("closed_at__isnull", False), models.Q(("close_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_closed_series_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                (
                    "scope",
                    models.CharField(
                        choices=[("seat", "Seat"), ("shift", "Shift"), ("station", "Station")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("accepted", "Accepted"), ("withdrawn", "Withdrawn")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("seat_no", models.CharField(blank=True, max_length=20)),
                ("giver_no", models.CharField(max_length=12)),
                ("giver_name", models.CharField(max_length=60)),
                ("receiver_no", models.CharField(blank=True, max_length=12)),
                ("receiver_name", models.CharField(blank=True, max_length=60)),
                ("remark", models.TextField(blank=True)),
                ("drawn_up_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.organisation",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["centre"], name="hand_over_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("giver",), name="one_open_hand_over_per_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("receiver__isnull", True),
                            models.Q(("receiver", models.F("giver")), _negated=True),
                            _connector="OR",
                        ),
                        name="a_hand_over_has_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            models.Q(("accepted_at__isnull", False), ("receiver__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_accepted_hand_over_has_its_receiver",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Qualification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("skill", models.CharField(max_length=20)),
                ("certificate", models.CharField(blank=True, max_length=60)),
                ("starts_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="qualifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("person", "="),
                            ("skill", "="),
                            (
                                models.Func(
                                    models.F("starts_at"),
                                    models.F("expires_at"),
                                    models.Value("[)"),
                                    function="tstzrange",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="a_person_holds_a_skill_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("starts_at"))),
                        name="a_qualification_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=16)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("centre", "code"), name="one_seat_per_code")],
            },
        ),
        migrations.CreateModel(
            name="DutyLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("level", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=400)),
                ("task_sheet", models.TextField(blank=True)),
                ("set_by_no", models.CharField(blank=True, max_length=12)),
                ("set_by_name", models.CharField(blank=True, max_length=60)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("centre",),
                        name="one_present_duty_level_per_centre",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__range", (1, 3))), name="a_duty_level_is_one_to_three"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="a_duty_level_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="a_duty_level_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Camera",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("gb_code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=100)),
                ("lat", models.FloatField()),
                ("lng", models.FloatField()),
                ("bearing", models.FloatField(null=True)),
                ("fov_deg", models.FloatField(null=True)),
                ("range_m", models.FloatField(null=True)),
                ("pole_code", models.CharField(blank=True, max_length=40)),
                ("owner_net", models.CharField(choices=[("police", "Police"), ("social", "Social")], max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[("online", "Online"), ("offline", "Offline"), ("unknown", "Unknown")],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                (
                    "neighbours",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["centre", "lat", "lng"], name="camera_place")],
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "gb_code"), name="one_camera_per_code"),
                    models.CheckConstraint(
                        condition=models.Q(("lat__range", (-90, 90)), ("lng__range", (-180, 180))),
                        name="a_camera_stands_on_earth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bearing__isnull", True),
                            models.Q(("bearing__gte", 0), ("bearing__lt", 360)),
                            _connector="OR",
                        ),
                        name="a_bearing_is_below_360",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PremiseNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hazard", "Hazard"),
                            ("person_at_risk", "Person At Risk"),
                            ("access", "Access"),
                            ("contact", "Contact"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text", models.CharField(max_length=1000)),
                ("sensitive", models.BooleanField(default=False)),
                ("place_name", models.CharField(blank=True, max_length=200)),
                ("lat", models.FloatField()),
                ("lng", models.FloatField()),
                ("radius_m", models.PositiveIntegerField(default=50)),
                ("author_no", models.CharField(max_length=12)),
                ("author_name", models.CharField(blank=True, max_length=60)),
                ("review_at", models.DateTimeField()),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=400)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.organisation",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["centre", "lat", "lng"],
                        name="premise_note_in_force",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="a_premise_note_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("radius_m__range", (5, 1000))), name="a_premise_note_covers_a_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_at__lte", models.F("expires_at"))),
                        name="a_note_is_reviewed_before_it_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CatchUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(max_length=400)),
                ("began_at", models.DateTimeField()),
                ("over_at", models.DateTimeField()),
                ("opened_by_no", models.CharField(max_length=12)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_no", models.CharField(blank=True, max_length=12)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("centre",), name="one_open_catch_up"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("over_at__gt", models.F("began_at"))), name="an_outage_ends_after_it_began"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                (
                    "purpose",
                    models.CharField(choices=[("seat", "Seat"), ("paper", "Paper"), ("spool", "Spool")], max_length=8),
                ),
                ("numbers", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("seat_no", models.CharField(blank=True, max_length=20)),
                ("holder_no", models.CharField(blank=True, max_length=12)),
                ("voided", models.JSONField(default=dict)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["centre", "purpose", "id"], name="number_block_purpose")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("numbers__len__gt", 0)), name="a_block_has_numbers")
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("assignment_id", models.BigIntegerField(null=True)),
                ("unit_id", models.BigIntegerField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("order", "Order"),
                            ("deliver", "Deliver"),
                            ("accept", "Accept"),
                            ("depart", "Depart"),
                            ("arrive", "Arrive"),
                            ("report", "Report"),
                            ("arrive5_a", "Arrive5 A"),
                            ("arrive10_a", "Arrive10 A"),
                            ("arrive5_b", "Arrive5 B"),
                            ("arrive10_b", "Arrive10 B"),
                        ],
                        max_length=12,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("met", "Met"), ("missed", "Missed"), ("void", "Void")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("stopped_at", models.DateTimeField(null=True)),
                ("noticed_at", models.DateTimeField(null=True)),
                ("set_aside_until", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deadlines", to="incidents.incident"
                    ),
                ),
                ("urge_at", models.DateTimeField(null=True)),
                ("urged_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "running")), fields=["due_at"], name="deadline_running"),
                    models.Index(fields=["incident"], name="deadline_of_incident"),
                    models.Index(
                        condition=models.Q(
                            ("state", "running"), ("stopped_at__isnull", True), ("urged_at__isnull", True)
                        ),
                        fields=["urge_at"],
                        name="deadline_to_urge",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("assignment_id__isnull", True), ("state", "running")),
                        fields=("incident", "kind"),
                        name="one_running_limit_of_a_kind_per_incident",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("assignment_id__isnull", False), ("state", "running")),
                        fields=("assignment_id", "kind"),
                        name="one_running_limit_of_a_kind_per_assignment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "missed"), _negated=True), ("noticed_at__isnull", False), _connector="OR"
                        ),
                        name="a_missed_limit_was_noticed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("kind", models.CharField(max_length=24)),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("serious", "Serious"), ("caution", "Caution")], max_length=8
                    ),
                ),
                ("to", models.CharField(default="desk", max_length=8)),
                ("assignment_id", models.BigIntegerField(null=True)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("raised_at", models.DateTimeField()),
                ("data", models.JSONField(default=dict)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by_no", models.CharField(blank=True, max_length=12)),
                ("cause_ended_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="incidents.incident",
                    ),
                ),
                ("shelf_reason", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("shelved_by_no", models.CharField(blank=True, db_default="", default="", max_length=12)),
                ("shelved_until", models.DateTimeField(null=True)),
                ("sounds", models.BooleanField(db_default=True, default=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("acknowledged_at__isnull", True), ("cause_ended_at__isnull", True)),
                        fields=["centre"],
                        name="alert_open",
                    ),
                    models.Index(fields=["incident"], name="alert_of_incident"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("acknowledged_at__isnull", True),
                            ("cause_ended_at__isnull", True),
                            ("incident__isnull", True),
                        ),
                        fields=("centre", "kind", "unit_id"),
                        name="one_open_alert_of_a_kind_per_unit",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("device_no", models.CharField(max_length=40)),
                ("channel", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=100)),
                ("address_text", models.CharField(max_length=200)),
                ("place_note", models.CharField(blank=True, max_length=200)),
                ("point", models.JSONField(null=True)),
                ("contact_name", models.CharField(blank=True, max_length=60)),
                ("contact_phone", models.CharField(blank=True, max_length=32)),
                ("active", models.BooleanField(default=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "gateway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="devices", to="incidents.gateway"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("gateway", "device_no"), name="one_device_per_number")],
            },
        ),
        migrations.CreateModel(
            name="Callback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("aim", models.CharField(default="handling", max_length=8)),
                ("way", models.CharField(choices=[("sms", "Sms"), ("human", "Human")], max_length=8)),
                ("number", models.CharField(blank=True, max_length=32)),
                ("asked_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("attempts", models.JSONField(default=list)),
                ("replied_at", models.DateTimeField(null=True)),
                ("agent_no", models.CharField(blank=True, max_length=12)),
                ("grade", models.PositiveSmallIntegerField(null=True)),
                ("aspects", models.JSONField(default=list)),
                ("words", models.TextField(blank=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "Answered"),
                            ("no_answer", "No Answer"),
                            ("refused", "Refused"),
                            ("unsuitable", "Unsuitable"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="incidents.callback",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="callbacks", to="incidents.incident"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("urged_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", "")), fields=["centre", "due_at"], name="callback_open"
                    ),
                    models.Index(
                        condition=models.Q(("outcome", "")), fields=["centre", "number"], name="callback_number"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "answered"), _negated=True), ("grade__range", (1, 3)), _connector="OR"
                        ),
                        name="an_answer_has_a_grade",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "unsuitable"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_unsuitable_callback_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("follows__isnull", True)),
                        fields=("incident", "aim"),
                        name="one_callback_of_an_aim",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupervisionOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("issued_by_no", models.CharField(blank=True, max_length=12)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("overdue", "Overdue"),
                            ("dissatisfied", "Dissatisfied"),
                            ("leader", "Leader"),
                            ("quality", "Quality"),
                            ("complaint", "Complaint"),
                        ],
                        max_length=12,
                    ),
                ),
                ("demand", models.CharField(max_length=400)),
                ("to_name", models.CharField(max_length=60)),
                ("due_at", models.DateTimeField()),
                ("urge_at", models.DateTimeField()),
                ("urges", models.JSONField(default=list)),
                ("signed_at", models.DateTimeField(null=True)),
                ("reply", models.TextField(blank=True)),
                ("replied_at", models.DateTimeField(null=True)),
                ("replied_by_no", models.CharField(blank=True, max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("issued", "Issued"),
                            ("signed", "Signed"),
                            ("replied", "Replied"),
                            ("closed", "Closed"),
                            ("returned", "Returned"),
                        ],
                        default="issued",
                        max_length=10,
                    ),
                ),
                ("return_reason", models.CharField(blank=True, max_length=400)),
                ("closed_at", models.DateTimeField(null=True)),
                ("overdue_at", models.DateTimeField(null=True)),
                ("escalated_name", models.CharField(blank=True, max_length=60)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "escalated_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.organisation",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision_orders",
                        to="incidents.incident",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.organisation"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["centre", "due_at"],
                        name="supervision_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("to_zh", models.CharField(max_length=60)),
                ("to_en", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("received_at", models.DateTimeField(null=True)),
                ("received_by", models.CharField(blank=True, max_length=60)),
                ("noted_by_no", models.CharField(blank=True, max_length=12)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="incidents.incident"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["incident"], name="notice_of_incident")],
                "constraints": [models.UniqueConstraint(fields=("incident", "to_zh"), name="each_body_is_told_once")],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("vehicle", "Vehicle"), ("property", "Property")], max_length=8
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("caller", "Caller"),
                            ("victim", "Victim"),
                            ("suspect", "Suspect"),
                            ("witness", "Witness"),
                            ("missing", "Missing"),
                            ("other", "Other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=100)),
                ("description", models.CharField(blank=True, max_length=400)),
                ("sex", models.CharField(blank=True, max_length=8)),
                ("age", models.PositiveSmallIntegerField(null=True)),
                ("id_no", models.CharField(blank=True, max_length=32)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("plate", models.CharField(blank=True, max_length=20)),
                ("frame_no", models.CharField(blank=True, max_length=40)),
                ("brand", models.CharField(blank=True, max_length=40)),
                ("colour", models.CharField(blank=True, max_length=20)),
                ("value_yuan", models.FloatField(null=True)),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stolen", "Stolen"),
                            ("recovered", "Recovered"),
                            ("returned", "Returned"),
                            ("lost", "Lost"),
                        ],
                        max_length=10,
                    ),
                ),
                ("recovered_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                ("returned_to", models.CharField(blank=True, max_length=100)),
                ("receipt", models.CharField(blank=True, max_length=200)),
                ("void_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parties", to="incidents.incident"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "parties",
                "indexes": [
                    models.Index(fields=["incident"], name="party_of_incident"),
                    models.Index(
                        condition=models.Q(("plate", ""), _negated=True), fields=["centre", "plate"], name="party_plate"
                    ),
                    models.Index(
                        condition=models.Q(("phone", ""), _negated=True), fields=["centre", "phone"], name="party_phone"
                    ),
                    models.Index(
                        models.F("centre"),
                        django.db.models.functions.text.Upper(
                            models.Func(
                                models.F("plate"),
                                models.Value(" -.·•－—"),
                                models.Value(""),
                                function="translate",
                                output_field=models.CharField(),
                            )
                        ),
                        condition=models.Q(("plate", ""), _negated=True),
                        name="party_plate_key",
                    ),
                    models.Index(
                        models.F("centre"),
                        django.db.models.functions.text.Upper(
                            models.Func(
                                models.F("phone"),
                                models.Value(" -.·•－—"),
                                models.Value(""),
                                function="translate",
                                output_field=models.CharField(),
                            )
                        ),
                        condition=models.Q(("phone", ""), _negated=True),
                        name="party_phone_key",
                    ),
                    models.Index(
                        models.F("centre"),
                        django.db.models.functions.text.Upper(
                            models.Func(
                                models.F("id_no"),
                                models.Value(" -.·•－—"),
                                models.Value(""),
                                function="translate",
                                output_field=models.CharField(),
                            )
                        ),
                        condition=models.Q(("id_no", ""), _negated=True),
                        name="party_id_key",
                    ),
                    models.Index(
                        condition=models.Q(("name", ""), _negated=True), fields=["centre", "name"], name="party_name"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "person"), _negated=True),
                            models.Q(("description", ""), ("name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_person_has_a_name_or_a_description",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "returned"), _negated=True),
                            models.Q(
                                models.Q(("returned_to", ""), _negated=True), models.Q(("receipt", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="what_was_returned_has_a_receipt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value_yuan__isnull", True), ("value_yuan__gt", 0), _connector="OR"),
                        name="no_value_is_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeriesMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_at", models.DateTimeField()),
                ("joined_by", models.CharField(max_length=12)),
                ("reason", models.CharField(max_length=400)),
                ("left_at", models.DateTimeField(null=True)),
                ("left_by", models.CharField(blank=True, max_length=12)),
                ("left_reason", models.CharField(blank=True, max_length=400)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series_members",
                        to="incidents.incident",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="incidents.series"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True)),
                        fields=("incident",),
                        name="one_series_at_a_time_per_incident",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True), models.Q(("left_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="who_leaves_a_series_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOverItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("noun", models.CharField(max_length=20)),
                ("row_id", models.BigIntegerField()),
                ("number", models.CharField(blank=True, max_length=40)),
                ("words", models.CharField(blank=True, max_length=200)),
                ("matter_state", models.CharField(blank=True, max_length=24)),
                ("owner_no", models.CharField(blank=True, max_length=12)),
                ("owner_name", models.CharField(blank=True, max_length=60)),
                ("stays", models.BooleanField(default=False)),
                ("remark", models.CharField(blank=True, max_length=400)),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "hand_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="incidents.handover"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hand_over", "noun", "row_id"), name="one_line_per_matter_of_a_hand_over"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ownership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("noun", models.CharField(max_length=20)),
                ("row_id", models.BigIntegerField()),
                ("seat_no", models.CharField(blank=True, max_length=20)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.handover",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["centre", "owner"], name="owned_now"
                    )
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("noun", "="),
                            ("row_id", "="),
                            (
                                models.Func(
                                    models.F("started_at"),
                                    models.F("ended_at"),
                                    models.Value("[)"),
                                    function="tstzrange",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="a_matter_has_one_owner_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SeatPermit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(max_length=400)),
                ("allowed_by_no", models.CharField(max_length=12)),
                (
                    "lacks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="permits", to="incidents.seat"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["seat", "person", "expires_at"], name="seat_permit_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="a_seat_permit_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                ("text", models.CharField(blank=True, max_length=400)),
                ("still", models.JSONField(null=True)),
                ("by_no", models.CharField(max_length=12)),
                ("by_name", models.CharField(blank=True, max_length=60)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bookmarks", to="incidents.incident"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bookmarks", to="incidents.camera"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["incident"], name="bookmark_of_incident")],
            },
        ),
        migrations.CreateModel(
            name="FusionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("request_no", models.CharField(max_length=32, unique=True)),
                (
                    "ask",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("vehicle", "Vehicle"),
                            ("thing", "Thing"),
                            ("track", "Track"),
                            ("identity", "Identity"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(max_length=1000)),
                ("legal_basis", models.CharField(max_length=200)),
                ("by_rule", models.BooleanField(default=False)),
                ("asked_by_no", models.CharField(max_length=12)),
                ("asked_by_name", models.CharField(blank=True, max_length=60)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("working", "Working"),
                            ("locked", "Locked"),
                            ("done", "Done"),
                            ("no_result", "No Result"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("owner_no", models.CharField(blank=True, max_length=12)),
                ("owner_name", models.CharField(blank=True, max_length=60)),
                ("speciality", models.CharField(blank=True, max_length=40)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("locked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("result_text", models.TextField(blank=True)),
                ("shift_log", models.JSONField(default=list)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fusion_requests",
                        to="incidents.incident",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["incident"], name="fusion_of_incident"),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "working", "locked"])),
                        fields=["centre"],
                        name="fusion_open",
                    ),
                    models.Index(fields=["centre", "-id"], name="fusion_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "waiting"), ("state", "no_result"), ("owner__isnull", False), _connector="OR"
                        ),
                        name="fusion_work_has_an_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["done", "no_result"]), _negated=True),
                            ("ended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="ended_fusion_work_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                (
                    "subject",
                    models.CharField(
                        choices=[("person", "Person"), ("vehicle", "Vehicle"), ("number", "Number")], max_length=8
                    ),
                ),
                ("value", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=400)),
                ("legal_basis", models.CharField(max_length=200)),
                ("asked_by_no", models.CharField(max_length=12)),
                ("asked_by_name", models.CharField(blank=True, max_length=60)),
                ("approved_by_no", models.CharField(blank=True, max_length=12)),
                ("approved_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("active", "Active"),
                            ("expired", "Expired"),
                            ("withdrawn", "Withdrawn"),
                            ("refused", "Refused"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("end_reason", models.CharField(blank=True, max_length=400)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watch_entries",
                        to="incidents.incident",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "active")),
                        fields=["centre", "subject", "value"],
                        name="watch_active",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "active"])),
                        fields=["expires_at"],
                        name="watch_expiry",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "active"), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="an_active_watch_entry_was_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_the_own_watch_entry",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "active"])),
                        fields=("centre", "subject", "value"),
                        name="one_open_watch_entry_of_a_value",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("question", models.CharField(max_length=32)),
                ("kind", models.CharField(max_length=8)),
                ("zh", models.CharField(max_length=400)),
                ("en", models.CharField(max_length=400)),
                ("fills", models.CharField(blank=True, max_length=24)),
                ("answer", models.CharField(max_length=400)),
                ("cards", models.PositiveIntegerField()),
                ("answered_at", models.DateTimeField()),
                ("answered_by_no", models.CharField(max_length=12)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="card_answers",
                        to="incidents.incident",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "question"), name="one_answer_per_question_and_incident"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer", ""), _negated=True), name="an_answer_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("hold_no", models.CharField(max_length=32, unique=True)),
                (
                    "scope",
                    models.CharField(
                        choices=[("incident", "Incident"), ("subject", "Subject"), ("period", "Period")], max_length=8
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=100)),
                ("since", models.DateTimeField(null=True)),
                ("before", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=400)),
                ("legal_basis", models.CharField(max_length=200)),
                ("placed_by_no", models.CharField(max_length=12)),
                ("until", models.DateTimeField(null=True)),
                ("end_asked_at", models.DateTimeField(null=True)),
                ("end_asked_by_no", models.CharField(blank=True, max_length=12)),
                ("end_reason", models.CharField(blank=True, max_length=400)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_no", models.CharField(blank=True, max_length=12)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="incidents.incident",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("ended_at__isnull", True)), fields=["centre"], name="hold_open"),
                    models.Index(fields=["incident"], name="hold_of_incident"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("incident__isnull", False), ("scope", "incident")),
                            models.Q(("scope", "subject"), models.Q(("subject", ""), _negated=True)),
                            models.Q(("before__gt", models.F("since")), ("scope", "period"), ("since__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_hold_says_what_it_holds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("legal_basis", ""), _negated=True)
                        ),
                        name="a_hold_has_a_reason_and_a_legal_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(
                                models.Q(("end_reason", ""), _negated=True),
                                models.Q(("ended_by_no", ""), _negated=True),
                                models.Q(("ended_by_no", models.F("end_asked_by_no")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_hold_is_ended_by_two_people_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[("priority", "Priority"), ("reopen", "Reopen"), ("invalid", "Invalid")], max_length=10
                    ),
                ),
                ("to_priority", models.PositiveSmallIntegerField(null=True)),
                ("reason", models.CharField(max_length=400)),
                ("asked_by_no", models.CharField(max_length=12)),
                ("asked_by_name", models.CharField(blank=True, max_length=60)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("approved", "Approved"), ("refused", "Refused")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by_no", models.CharField(blank=True, max_length=12)),
                ("decision_reason", models.CharField(blank=True, max_length=400)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="incidents.incident"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["centre"], name="approval_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("incident", "kind"),
                        name="one_open_request_of_a_kind_per_incident",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "priority"), _negated=True),
                            ("to_priority__range", (2, 4)),
                            _connector="OR",
                        ),
                        name="a_lower_priority_is_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("decision_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_refused_request_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Retention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("retention_class", models.CharField(max_length=12)),
                ("proposed", models.CharField(max_length=12)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("set_by_no", models.CharField(blank=True, max_length=12)),
                ("ended_at", models.DateTimeField(null=True)),
                ("recordings_until", models.DateTimeField(null=True)),
                ("camera_until", models.DateTimeField(null=True)),
                ("redact_after", models.DateTimeField(null=True)),
                ("archived_at", models.DateTimeField(null=True)),
                ("redacted_at", models.DateTimeField(null=True)),
                ("redacted", models.JSONField(default=dict)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="retention", to="incidents.incident"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("archived_at__isnull", True)),
                        fields=["ended_at"],
                        name="retention_to_archive",
                    ),
                    models.Index(
                        condition=models.Q(("redact_after__isnull", False), ("redacted_at__isnull", True)),
                        fields=["retention_class", "redact_after"],
                        name="retention_to_redact",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("redacted_at__isnull", True), ("archived_at__isnull", False), _connector="OR"
                        ),
                        name="only_what_is_archived_is_redacted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("redacted_at__isnull", True), ("redact_after__isnull", False), _connector="OR"
                        ),
                        name="what_is_kept_for_good_is_never_redacted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retention_class", models.F("proposed")),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="another_class_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("call_no", models.CharField(max_length=32, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("in_progress", "In Progress"),
                            ("wrap_up", "Wrap Up"),
                            ("done", "Done"),
                            ("lost", "Lost"),
                        ],
                        max_length=12,
                    ),
                ),
                ("channel", models.CharField(max_length=8)),
                ("dialled_number", models.CharField(blank=True, max_length=32)),
                ("kind", models.CharField(blank=True, max_length=8)),
                ("validity", models.CharField(blank=True, max_length=12)),
                ("sent_at", models.DateTimeField(null=True)),
                ("ring_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("hung_up_at", models.DateTimeField(null=True)),
                ("lost_at", models.DateTimeField(null=True)),
                ("saved_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("agent_no", models.CharField(blank=True, max_length=12)),
                ("agent_name", models.CharField(blank=True, max_length=60)),
                ("seat_no", models.CharField(blank=True, max_length=20)),
                ("recording_id", models.CharField(blank=True, max_length=64)),
                ("caller_number", models.CharField(blank=True, max_length=32)),
                ("subscriber", models.CharField(blank=True, max_length=100)),
                ("subscriber_address", models.CharField(blank=True, max_length=200)),
                ("caller_name", models.CharField(blank=True, max_length=200)),
                ("caller_sex", models.CharField(blank=True, max_length=8)),
                ("contact_phone", models.CharField(blank=True, max_length=32)),
                ("caller_address", models.CharField(blank=True, max_length=200)),
                ("caller_point", models.JSONField(null=True)),
                ("narrative", models.TextField(blank=True)),
                ("supplements", models.JSONField(default=list)),
                ("foreign_language", models.BooleanField(default=False)),
                ("silent", models.BooleanField(default=False)),
                ("remote_city", models.CharField(blank=True, max_length=60)),
                ("callback_attempts", models.JSONField(default=list)),
                ("closing_reason", models.CharField(blank=True, max_length=8)),
                ("closing_text", models.CharField(blank=True, max_length=400)),
                ("reopen_reason", models.CharField(blank=True, max_length=400)),
                ("drill", models.BooleanField(default=False)),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="incidents.incident",
                    ),
                ),
                ("external_ref", models.CharField(blank=True, max_length=80)),
                ("number_flag", models.CharField(blank=True, max_length=10)),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="incidents.device",
                    ),
                ),
                (
                    "gateway",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.gateway"
                    ),
                ),
                ("before_join", models.JSONField(default=dict)),
                ("joined_at", models.DateTimeField(null=True)),
                ("coded_at", models.DateTimeField(null=True)),
                ("listened_at", models.DateTimeField(null=True)),
                ("listened_by_no", models.CharField(blank=True, max_length=12)),
                ("positions", models.JSONField(default=list)),
                ("where_asked_at", models.DateTimeField(null=True)),
                ("where_hash", models.CharField(blank=True, max_length=64)),
                ("where_until", models.DateTimeField(null=True)),
                ("redacted_at", models.DateTimeField(null=True)),
                ("source", models.CharField(blank=True, db_default="", default="", max_length=8)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=["centre", "ring_at"],
                        name="call_open",
                    ),
                    models.Index(fields=["centre", "answered_at"], name="call_answered"),
                    models.Index(
                        condition=models.Q(("caller_number", ""), _negated=True),
                        fields=["centre", "caller_number"],
                        name="call_number",
                    ),
                    models.Index(
                        condition=models.Q(("token_hash", ""), _negated=True), fields=["token_hash"], name="call_token"
                    ),
                    models.Index(
                        condition=models.Q(("where_hash", ""), _negated=True), fields=["where_hash"], name="call_where"
                    ),
                    models.Index(
                        condition=models.Q(("contact_phone", ""), _negated=True),
                        fields=["centre", "contact_phone"],
                        name="call_contact_phone",
                    ),
                    models.Index(
                        condition=models.Q(("incident__isnull", True), ("redacted_at__isnull", True)),
                        fields=["done_at"],
                        name="call_to_redact",
                    ),
                    models.Index(
                        models.F("centre"),
                        django.db.models.functions.text.Upper(
                            models.Func(
                                models.F("caller_number"),
                                models.Value(" -.·•－—"),
                                models.Value(""),
                                function="translate",
                                output_field=models.CharField(),
                            )
                        ),
                        condition=models.Q(("caller_number", ""), _negated=True),
                        name="call_number_key",
                    ),
                    models.Index(
                        models.F("centre"),
                        django.db.models.functions.text.Upper(
                            models.Func(
                                models.F("contact_phone"),
                                models.Value(" -.·•－—"),
                                models.Value(""),
                                function="translate",
                                output_field=models.CharField(),
                            )
                        ),
                        condition=models.Q(("contact_phone", ""), _negated=True),
                        name="call_phone_key",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("closing_reason", ""), _negated=True),
                            ("incident__isnull", False),
                            _connector="OR",
                        ),
                        name="a_done_call_has_an_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True), ("answered_at__gte", models.F("ring_at")), _connector="OR"
                        ),
                        name="a_call_is_answered_after_it_rings",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["in_progress", "wrap_up"]), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_call_in_progress_was_answered",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_ref", ""), _negated=True),
                        fields=("gateway", "external_ref"),
                        name="one_call_per_reference",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("coded_at__isnull", True), ("silent", True), _connector="OR"),
                        name="a_coded_call_is_never_rung_back",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sitting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "permit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.seatpermit",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sittings", to="incidents.seat"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("seat",), name="one_person_per_seat"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("person",), name="one_seat_per_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="a_sitting_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("vehicle", "Vehicle"),
                            ("phone", "Phone"),
                            ("track", "Track"),
                            ("picture", "Picture"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(max_length=1000)),
                ("value", models.CharField(blank=True, max_length=60)),
                ("source", models.CharField(max_length=100)),
                (
                    "confidence",
                    models.CharField(choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")], max_length=8),
                ),
                ("seen_at", models.DateTimeField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("pushed_at", models.DateTimeField(null=True)),
                ("by_no", models.CharField(max_length=12)),
                ("by_name", models.CharField(blank=True, max_length=60)),
                ("void_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                (
                    "bookmark",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.bookmark",
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.camera"
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clues", to="incidents.incident"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clues",
                        to="incidents.fusionrequest",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["incident"], name="clue_of_incident"),
                    models.Index(
                        condition=models.Q(("value", ""), _negated=True), fields=["centre", "value"], name="clue_value"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat__isnull", True), ("lng__isnull", True)),
                            models.Q(("lat__range", (-90, 90)), ("lng__range", (-180, 180))),
                            _connector="OR",
                        ),
                        name="a_clue_lies_on_earth",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LockedPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("lat", models.FloatField()),
                ("lng", models.FloatField()),
                ("radius_m", models.FloatField()),
                ("source", models.CharField(max_length=100)),
                (
                    "confidence",
                    models.CharField(choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")], max_length=8),
                ),
                ("locked_at", models.DateTimeField()),
                ("locked_by_no", models.CharField(max_length=12)),
                ("locked_by_name", models.CharField(blank=True, max_length=60)),
                ("valid_until", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="locked_positions",
                        to="incidents.incident",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="incidents.lockedposition",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="incidents.fusionrequest",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["incident"], name="position_of_incident")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("lat__range", (-90, 90)), ("lng__range", (-180, 180))),
                        name="a_locked_position_lies_on_earth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("radius_m__gt", 0), ("radius_m__lte", 20000)),
                        name="a_locked_position_has_a_radius",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gt", models.F("locked_at"))),
                        name="a_locked_position_is_valid_for_a_while",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("request",),
                        name="one_present_position_of_a_request",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("ring", models.JSONField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "branch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.organisation",
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="search_areas",
                        to="incidents.incident",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="search_areas",
                        to="incidents.fusionrequest",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "widens",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="widened_by",
                        to="incidents.searcharea",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["incident"], name="search_of_incident")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))), name="a_search_has_a_time_window"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchHit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("external_id", models.CharField(blank=True, max_length=100)),
                ("seen_at", models.DateTimeField()),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("source", models.CharField(max_length=100)),
                ("text", models.CharField(blank=True, max_length=400)),
                ("handled_at", models.DateTimeField(null=True)),
                ("handled_by_no", models.CharField(blank=True, max_length=12)),
                ("handling", models.CharField(blank=True, max_length=400)),
                (
                    "camera",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.camera"
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hits", to="incidents.watchentry"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["entry", "seen_at"], name="hit_of_entry")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("entry", "external_id"),
                        name="a_hit_is_taken_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                ("author_no", models.CharField(blank=True, max_length=12)),
                ("author_name", models.CharField(blank=True, max_length=60)),
                ("text", models.TextField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="incidents.incident"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="news",
                        to="incidents.call",
                    ),
                ),
                ("facts", models.JSONField(default=list)),
                (
                    "kind",
                    models.CharField(
                        choices=[("remark", "Remark"), ("news", "News"), ("retracted", "Retracted")],
                        default="remark",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("call__isnull", False)), fields=["call"], name="note_of_call")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "news"), _negated=True),
                            models.Q(("facts", []), _negated=True),
                            _connector="OR",
                        ),
                        name="news_say_what_is_new",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("direction", models.CharField(choices=[("in", "In"), ("out", "Out")], max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("queued", "Queued"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("by_no", models.CharField(blank=True, max_length=12)),
                ("external_id", models.CharField(blank=True, max_length=80)),
                ("picture", models.JSONField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="incidents.call"
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["call"], name="message_of_call")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("centre", "direction", "external_id"),
                        name="a_text_is_taken_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True), ("picture__isnull", False), _connector="OR"
                        ),
                        name="a_message_says_or_shows_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("transfer_no", models.CharField(max_length=32, unique=True)),
                ("direction", models.CharField(max_length=4)),
                ("to_body", models.CharField(max_length=8)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("one_key", "One Key"),
                            ("three_way", "Three Way"),
                            ("first_receiver", "First Receiver"),
                            ("push", "Push"),
                        ],
                        max_length=16,
                    ),
                ),
                ("danger", models.BooleanField()),
                ("told_caller", models.CharField(blank=True, max_length=400)),
                ("first_receiver", models.CharField(blank=True, max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unsent", "Unsent"),
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("finished", "Finished"),
                            ("returned", "Returned"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                ("receipt_by", models.DateTimeField(null=True)),
                ("unanswered_at", models.DateTimeField(null=True)),
                ("receipt_at", models.DateTimeField(null=True)),
                ("receipt_no", models.CharField(blank=True, max_length=60)),
                ("return_reason", models.CharField(blank=True, max_length=400)),
                ("result_text", models.TextField(blank=True)),
                ("visit_grade", models.PositiveSmallIntegerField(null=True)),
                ("push_failed", models.BooleanField(default=False)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="incidents.call"
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="incidents.incident",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("urged_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["unsent", "sent", "accepted"])),
                        fields=["centre"],
                        name="transfer_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("danger", True), _negated=True), ("incident__isnull", False), _connector="OR"
                        ),
                        name="danger_means_police_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            models.Q(("return_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_return_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchedCamera",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("checked_at", models.DateTimeField(null=True)),
                ("checked_by_no", models.CharField(blank=True, max_length=12)),
                ("checked_by_name", models.CharField(blank=True, max_length=60)),
                ("finding", models.CharField(blank=True, max_length=400)),
                (
                    "assigned_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cameras", to="incidents.searcharea"
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.camera"
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("area", "camera"), name="a_camera_is_searched_once_in_an_area")
                ],
            },
        ),
        migrations.CreateModel(
            name="LateEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                (
                    "source",
                    models.CharField(
                        choices=[("offline", "Offline"), ("spool", "Spool"), ("paper", "Paper")], max_length=8
                    ),
                ),
                ("serial", models.BigIntegerField()),
                ("entered_by_no", models.CharField(blank=True, max_length=12)),
                ("taken_by_no", models.CharField(blank=True, max_length=12)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("similar", models.JSONField(default=list)),
                ("apart_at", models.DateTimeField(null=True)),
                ("apart_by_no", models.CharField(blank=True, max_length=12)),
                ("needs_check", models.BooleanField(default=False)),
                ("checked_at", models.DateTimeField(null=True)),
                ("checked_by_no", models.CharField(blank=True, max_length=12)),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="late_entry", to="incidents.call"
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["centre", "created_at"], name="late_entry_created")],
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "serial"), name="one_entry_per_serial"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_at__isnull", True),
                            models.Q(("checked_by_no", models.F("entered_by_no")), _negated=True),
                            _connector="OR",
                        ),
                        name="a_second_person_checks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("at_large", "At Large"),
                            ("controlled", "Controlled"),
                            ("handed_over", "Handed Over"),
                            ("released", "Released"),
                        ],
                        default="at_large",
                        max_length=12,
                    ),
                ),
                ("caught_at", models.DateTimeField(null=True)),
                ("caught_point", models.JSONField(null=True)),
                ("caught_by", models.BigIntegerField(null=True)),
                ("caught_by_sign", models.CharField(blank=True, max_length=12)),
                ("handed_to", models.CharField(blank=True, max_length=100)),
                (
                    "credit_units",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suspects", to="incidents.incident"
                    ),
                ),
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suspect", to="incidents.party"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["incident"], name="suspect_of_incident"),
                    models.Index(
                        condition=models.Q(("caught_at__isnull", False)),
                        fields=["centre", "caught_at"],
                        name="suspect_caught",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "at_large"),
                            models.Q(("caught_at__isnull", False), models.Q(("caught_by_sign", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="who_was_caught_was_caught_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "handed_over"), _negated=True),
                            models.Q(("handed_to", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="who_was_handed_over_went_somewhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cleared",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_no", models.CharField(max_length=12)),
                ("reason", models.CharField(max_length=200)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"
                    ),
                ),
                (
                    "suspect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cleared_rows", to="incidents.suspect"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("suspect", "incident"), name="an_arrest_clears_an_incident_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="suspect",
            name="cleared",
            field=models.ManyToManyField(
                related_name="cleared_by", through="incidents.Cleared", to="incidents.incident"
            ),
        ),
        migrations.RunSQL(journal.TABLE, journal.BACK),
        migrations.RunSQL(redaction.REDACTABLE, redaction.BACK),
    ]
