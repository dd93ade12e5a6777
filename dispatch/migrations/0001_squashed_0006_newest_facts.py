"""All tables of dispatch, made in one step where a database is new (see the step of incidents)."""

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

statistics = import_module("dispatch.migrations.0005_statistics")
newest_facts = import_module("dispatch.migrations.0006_newest_facts")


class Migration(migrations.Migration):
    replaces = [
        ("dispatch", "0001_initial"),
        ("dispatch", "0002_initial"),
        ("dispatch", "0003_ranking"),
        ("dispatch", "0004_checks"),
        ("dispatch", "0005_statistics"),
        ("dispatch", "0006_newest_facts"),
    ]

    initial = True

    dependencies = [
        ("incidents", "0001_squashed_0018_fusion"),
        ("patrol", "0001_squashed_0004_duty"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("assignment_no", models.CharField(max_length=32, unique=True)),
                ("call_sign", models.CharField(max_length=12)),
                ("unit_kind", models.CharField(max_length=4)),
                ("purpose", models.CharField(default="first", max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("dispatched", "Dispatched"),
                            ("delivered", "Delivered"),
                            ("accepted", "Accepted"),
                            ("en_route", "En Route"),
                            ("on_scene", "On Scene"),
                            ("finished", "Finished"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("lead_no", models.CharField(blank=True, max_length=12)),
                ("lead_name", models.CharField(blank=True, max_length=60)),
                ("crew", models.JSONField(default=list)),
                ("order_text", models.TextField(blank=True)),
                ("dispatcher_no", models.CharField(blank=True, max_length=12)),
                ("dispatcher_name", models.CharField(blank=True, max_length=60)),
                ("seat_no", models.CharField(blank=True, max_length=20)),
                ("auto", models.BooleanField(default=False)),
                ("recommended", models.CharField(blank=True, max_length=12)),
                ("rank_basis", models.JSONField(default=dict)),
                ("override_reason", models.CharField(blank=True, max_length=4)),
                ("override_text", models.CharField(blank=True, max_length=200)),
                ("dispatched_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("departed_at", models.DateTimeField(null=True)),
                ("on_scene_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("marks", models.JSONField(default=dict)),
                ("refused_at", models.DateTimeField(null=True)),
                ("refusal_code", models.CharField(blank=True, max_length=4)),
                ("refusal_text", models.CharField(blank=True, max_length=400)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("cancel_code", models.CharField(blank=True, max_length=4)),
                ("cancel_text", models.CharField(blank=True, max_length=400)),
                ("withdrawal_confirmed_at", models.DateTimeField(null=True)),
                ("delay_at", models.DateTimeField(null=True)),
                ("delay_code", models.CharField(blank=True, max_length=4)),
                ("delay_text", models.CharField(blank=True, max_length=400)),
                ("caller_told_at", models.DateTimeField(null=True)),
                ("result_code", models.CharField(blank=True, max_length=4)),
                ("no_attendance", models.BooleanField(default=False)),
                ("reported_at", models.DateTimeField(null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="incidents.incident"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorders",
                        to="dispatch.assignment",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="patrol.unit"
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
                ("departed_pos_at", models.DateTimeField(null=True)),
                ("on_scene_pos_at", models.DateTimeField(null=True)),
                ("pos_age_s", models.FloatField(null=True)),
                ("pos_accuracy_m", models.FloatField(null=True)),
                ("handed_at", models.DateTimeField(null=True)),
                ("handed_contact", models.CharField(blank=True, max_length=100)),
                ("handed_received_at", models.DateTimeField(null=True)),
                ("handed_received_by", models.CharField(blank=True, max_length=100)),
                ("handed_reply", models.CharField(blank=True, max_length=200)),
                (
                    "handed_to",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.organisation",
                    ),
                ),
                ("handed_to_name", models.CharField(blank=True, max_length=100)),
                ("return_reason", models.CharField(blank=True, max_length=400)),
                ("returned_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["centre", "dispatched_at"], name="assignment_dispatched"),
                    models.Index(
                        condition=models.Q(("state", "withdrawn"), ("withdrawal_confirmed_at__isnull", True)),
                        fields=["unit"],
                        name="withdrawal_unconfirmed",
                    ),
                    models.Index(
                        condition=models.Q(("returned_at__isnull", False)), fields=["unit"], name="report_to_correct"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["dispatched", "delivered", "accepted", "en_route", "on_scene"])
                        ),
                        fields=("unit",),
                        name="one_live_assignment_per_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delivered_at__isnull", True),
                            ("delivered_at__gte", models.F("dispatched_at")),
                            _connector="OR",
                        ),
                        name="delivered_after_dispatched",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("departed_at__isnull", True),
                            ("departed_at__gte", models.F("accepted_at")),
                            _connector="OR",
                        ),
                        name="departed_after_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("on_scene_at__isnull", True),
                            ("on_scene_at__gte", models.F("departed_at")),
                            _connector="OR",
                        ),
                        name="on_scene_after_departed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            ("finished_at__gte", models.F("accepted_at")),
                            _connector="OR",
                        ),
                        name="finished_after_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("refusal_code", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_refusal_names_its_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            models.Q(("cancel_code", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_withdrawal_names_its_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "on_scene"), _negated=True),
                            ("on_scene_at__isnull", False),
                            _connector="OR",
                        ),
                        name="on_scene_has_its_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handed_received_at__isnull", True),
                            models.Q(("handed_at__isnull", False), models.Q(("handed_received_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_hand_over_names_who_took_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RankRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("policy", models.PositiveIntegerField()),
                ("question", models.JSONField()),
                ("answer", models.JSONField()),
                ("seen", models.JSONField(default=list)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SampleDraw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.CharField(max_length=7)),
                ("drawn_at", models.DateTimeField()),
                ("seed", models.CharField(max_length=64)),
                ("population", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("centre", "month"), name="a_month_is_sampled_once")],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("report_no", models.CharField(max_length=32, unique=True)),
                ("unit_id", models.BigIntegerField()),
                ("call_sign", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=12)),
                ("reported_by_no", models.CharField(blank=True, max_length=12)),
                ("reported_by_name", models.CharField(blank=True, max_length=60)),
                ("reported_at", models.DateTimeField()),
                ("device_at", models.DateTimeField(null=True)),
                ("type_verified", models.CharField(blank=True, max_length=8)),
                ("address_verified", models.CharField(blank=True, max_length=200)),
                ("handled_point", models.JSONField(null=True)),
                (
                    "result_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4), default=list, size=None
                    ),
                ),
                ("result_place", models.CharField(blank=True, max_length=200)),
                ("process_text", models.TextField(blank=True)),
                ("rescued", models.PositiveIntegerField(null=True)),
                ("injured", models.PositiveIntegerField(null=True)),
                ("dead", models.PositiveIntegerField(null=True)),
                ("caught", models.PositiveIntegerField(null=True)),
                ("involved", models.PositiveIntegerField(null=True)),
                ("escaped", models.PositiveIntegerField(null=True)),
                ("loss_yuan", models.FloatField(null=True)),
                ("recovered_yuan", models.FloatField(null=True)),
                ("case_no", models.CharField(blank=True, max_length=40)),
                ("camera_ref", models.CharField(blank=True, max_length=64)),
                ("photos", models.JSONField(default=list)),
                ("complete", models.BooleanField(default=False)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="dispatch.assignment"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="incidents.incident"
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
                ("community", models.CharField(blank=True, max_length=100)),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="dispatch.report",
                    ),
                ),
                ("handover_contact", models.CharField(blank=True, max_length=100)),
                ("handover_reply", models.CharField(blank=True, max_length=200)),
                ("handover_to", models.CharField(blank=True, max_length=100)),
                ("loss_unknown", models.BooleanField(default=False)),
                ("officers", models.PositiveIntegerField(null=True)),
                ("property_text", models.CharField(blank=True, max_length=200)),
                ("receipt", models.CharField(blank=True, max_length=200)),
                ("road_surface", models.CharField(blank=True, max_length=4)),
                ("traffic_cause", models.CharField(blank=True, max_length=4)),
                ("traffic_form", models.CharField(blank=True, max_length=4)),
                ("vehicles_damaged", models.PositiveIntegerField(null=True)),
                ("visibility", models.CharField(blank=True, max_length=4)),
                ("weather", models.CharField(blank=True, max_length=4)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("corrects__isnull", False)),
                        fields=("corrects",),
                        name="a_report_is_corrected_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("unit_id", models.BigIntegerField()),
                ("item", models.CharField(max_length=32)),
                ("zh", models.CharField(max_length=400)),
                ("en", models.CharField(max_length=400)),
                ("done", models.BooleanField()),
                ("ticked_at", models.DateTimeField()),
                ("ticked_by_no", models.CharField(max_length=12)),
                ("device_at", models.DateTimeField(null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ticks", to="dispatch.assignment"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="ticks", to="incidents.incident"
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
                "indexes": [models.Index(fields=["incident"], name="tick_of_incident")],
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "item"), name="each_step_is_ticked_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_id", models.BigIntegerField(null=True)),
                ("file", models.CharField(max_length=80)),
                ("sha256", models.CharField(max_length=64)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pictures",
                        to="dispatch.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QualityMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("marks", models.JSONField(default=dict)),
                ("remarks", models.CharField(blank=True, max_length=400)),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("", "Open"), ("passed", "Passed"), ("failed", "Failed")], max_length=8
                    ),
                ),
                ("marked_at", models.DateTimeField(null=True)),
                ("marked_by_no", models.CharField(blank=True, max_length=12)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="quality_marks", to="dispatch.report"
                    ),
                ),
                (
                    "supervision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.supervisionorder",
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
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="dispatch.sampledraw"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "report"), name="a_report_is_in_a_sample_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "failed"), _negated=True),
                            models.Q(("remarks", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_failed_report_says_why",
                    ),
                ],
            },
        ),
        *statistics.Migration.operations,
        *newest_facts.Migration.operations,
    ]
