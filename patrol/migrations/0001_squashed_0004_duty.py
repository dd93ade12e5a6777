"""All tables of patrol, made in one step where a database is new (see the step of incidents)."""

from importlib import import_module

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

track = import_module("patrol.migrations.0002_track")


class Migration(migrations.Migration):
    replaces = [
        ("patrol", "0001_initial"),
        ("patrol", "0002_track"),
        ("patrol", "0003_road_closure"),
        ("patrol", "0004_duty"),
    ]

    initial = True

    dependencies = [
        ("incidents", "0001_squashed_0018_fusion"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fix",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit_id",
                        "received_at",
                        "fixed_at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("unit_id", models.BigIntegerField()),
                ("lat", models.FloatField()),
                ("lng", models.FloatField()),
                ("accuracy_m", models.FloatField(null=True)),
                ("speed_kmh", models.FloatField(null=True)),
                ("heading", models.FloatField(null=True)),
                ("fixed_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("source", models.CharField(blank=True, max_length=12)),
                ("suspect", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "patrol_fix",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("call_sign", models.CharField(max_length=12)),
                ("label", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=4)),
                ("squad_name", models.CharField(blank=True, max_length=60)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("off_duty", "Off Duty"),
                            ("available", "Available"),
                            ("on_task", "On Task"),
                            ("assigned", "Assigned"),
                            ("en_route", "En Route"),
                            ("on_scene", "On Scene"),
                            ("transporting", "Transporting"),
                            ("break", "Break"),
                            ("out_of_service", "Out Of Service"),
                        ],
                        default="off_duty",
                        max_length=16,
                    ),
                ),
                ("status_at", models.DateTimeField()),
                ("status_reason", models.CharField(blank=True, max_length=200)),
                ("on_shift", models.JSONField(null=True)),
                ("assignment_id", models.BigIntegerField(null=True)),
                (
                    "equipment",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("armed", models.BooleanField(default=False)),
                ("carries_detainees", models.BooleanField(default=False)),
                ("radio_id", models.CharField(blank=True, max_length=20)),
                ("radio_channel", models.CharField(blank=True, max_length=20)),
                ("terminal_id", models.CharField(blank=True, max_length=40)),
                ("emergency_at", models.DateTimeField(null=True)),
                ("silent_since", models.DateTimeField(null=True)),
                ("home_lat", models.FloatField(null=True)),
                ("home_lng", models.FloatField(null=True)),
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
                    "squad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="incidents.organisation"
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
                ("away_reason", models.CharField(blank=True, max_length=16)),
                ("back_by", models.DateTimeField(null=True)),
                ("return_overdue_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("back_by__isnull", False), ("return_overdue_at__isnull", True)),
                        fields=["back_by"],
                        name="unit_expected_back",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "call_sign"), name="one_unit_per_call_sign"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["assigned", "en_route", "on_scene"]), _negated=True),
                            ("assignment_id__isnull", False),
                            _connector="OR",
                        ),
                        name="a_unit_at_work_has_its_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assignment_id__isnull", True), ("status", "off_duty")),
                            models.Q(("status", "off_duty"), _negated=True),
                            _connector="OR",
                        ),
                        name="an_off_duty_unit_has_no_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoadClosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("shape", models.JSONField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
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
                        fields=["centre", "starts_at"],
                        name="road_closed",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                        ),
                        name="a_closure_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PostCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("asked_by_no", models.CharField(max_length=12)),
                ("asked_by_name", models.CharField(max_length=60)),
                ("scope", models.CharField(max_length=8)),
                ("scope_name", models.CharField(blank=True, max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("published_at__isnull", True)), fields=["due_at"], name="post_check_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("asked_at"))),
                        name="a_post_check_leaves_time_to_answer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="position",
                        serialize=False,
                        to="patrol.unit",
                    ),
                ),
                ("centre_id", models.BigIntegerField()),
                ("lat", models.FloatField()),
                ("lng", models.FloatField()),
                ("accuracy_m", models.FloatField(null=True)),
                ("speed_kmh", models.FloatField(null=True)),
                ("heading", models.FloatField(null=True)),
                ("fixed_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("source", models.CharField(blank=True, max_length=12)),
                ("suspect", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "equipment",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="patrol.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("unit", "="),
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
                        name="a_units_shifts_never_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="a_shift_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("off_duty", "Off Duty"),
                            ("available", "Available"),
                            ("on_task", "On Task"),
                            ("assigned", "Assigned"),
                            ("en_route", "En Route"),
                            ("on_scene", "On Scene"),
                            ("transporting", "Transporting"),
                            ("break", "Break"),
                            ("out_of_service", "Out Of Service"),
                        ],
                        max_length=16,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="periods", to="patrol.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("unit",),
                        name="one_present_status_per_unit",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PostAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("call_sign", models.CharField(max_length=12)),
                ("lead_name", models.CharField(blank=True, max_length=60)),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("answered", "Answered"),
                            ("no_answer", "No Answer"),
                            ("late", "Late"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by_no", models.CharField(blank=True, max_length=12)),
                ("by_proxy", models.BooleanField(default=False)),
                ("place_text", models.CharField(blank=True, max_length=200)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("fix_age_s", models.FloatField(null=True)),
                ("post", models.CharField(blank=True, max_length=100)),
                ("post_lat", models.FloatField(null=True)),
                ("post_lng", models.FloatField(null=True)),
                ("distance_m", models.FloatField(null=True)),
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
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patrol.unit"),
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
                    "check_asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="patrol.postcheck"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "asked")), fields=["unit"], name="post_answer_open")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("check_asked", "unit"), name="a_check_asks_a_unit_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["answered", "late"]), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="an_answer_has_its_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CrewMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="patrol.shift"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("person", "="),
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
                        name="a_person_is_on_one_shift_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedShift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("crew", models.JSONField(default=list)),
                ("vehicle", models.CharField(blank=True, max_length=20)),
                ("post", models.CharField(blank=True, max_length=100)),
                ("post_lat", models.FloatField(null=True)),
                ("post_lng", models.FloatField(null=True)),
                ("beat", models.CharField(blank=True, max_length=60)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("signed_on_at", models.DateTimeField(null=True)),
                ("missing", models.JSONField(default=list)),
                ("late_noticed_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancel_reason", models.CharField(blank=True, max_length=200)),
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
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patrol.shift"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="planned", to="patrol.unit"
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
                        condition=models.Q(("cancelled_at__isnull", True)),
                        fields=["centre", "starts_at"],
                        name="roster_span",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("cancelled_at__isnull", True),
                            ("late_noticed_at__isnull", True),
                            ("signed_on_at__isnull", True),
                        ),
                        fields=["starts_at"],
                        name="roster_not_signed_on",
                    ),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("cancelled_at__isnull", True)),
                        expressions=[
                            ("unit", "="),
                            (
                                models.Func(
                                    models.F("starts_at"),
                                    models.F("ends_at"),
                                    models.Value("[)"),
                                    function="tstzrange",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="a_units_planned_shifts_never_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="a_planned_shift_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled_at__isnull", True),
                            models.Q(("cancel_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_cancelled_shift_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "planned",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="patrol.plannedshift"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        expressions=[
                            ("person", "="),
                            (
                                models.Func(
                                    models.F("starts_at"),
                                    models.F("ends_at"),
                                    models.Value("[)"),
                                    function="tstzrange",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="a_person_is_planned_on_one_shift_at_a_time",
                    )
                ],
            },
        ),
        *track.Migration.operations,
    ]
