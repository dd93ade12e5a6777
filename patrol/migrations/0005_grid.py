import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0022_grid"),
        ("patrol", "0001_squashed_0004_duty"),
    ]

    operations = [
        migrations.CreateModel(
            name="JointOperation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("operation_no", models.CharField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("purpose", models.CharField(max_length=1000)),
                ("meeting_place", models.CharField(blank=True, max_length=200)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(blank=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.centre"
                    ),
                ),
                (
                    "commander",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                        related_name="operations",
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
                        condition=models.Q(("closed_at__isnull", True)), fields=["centre"], name="operation_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True), models.Q(("outcome", ""), _negated=True), _connector="OR"
                        ),
                        name="a_closed_operation_has_an_outcome",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(max_length=60)),
                ("task", models.CharField(blank=True, max_length=200)),
                ("signed_in_at", models.DateTimeField(null=True)),
                ("signed_out_at", models.DateTimeField(null=True)),
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
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="patrol.jointoperation"
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
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.partnerteam",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patrol.unit"
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
                    models.UniqueConstraint(fields=("operation", "unit"), name="a_unit_joins_an_operation_once"),
                    models.UniqueConstraint(fields=("operation", "team"), name="a_team_joins_an_operation_once"),
                    models.UniqueConstraint(fields=("operation", "organisation"), name="an_organisation_joins_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation__isnull", True), ("team__isnull", True), ("unit__isnull", False)),
                            models.Q(("organisation__isnull", True), ("team__isnull", False), ("unit__isnull", True)),
                            models.Q(("organisation__isnull", False), ("team__isnull", True), ("unit__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_member_is_one_unit_team_or_organisation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RollMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("came", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("fixed_at", models.DateTimeField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("phone", "Phone"), ("track", "Track"), ("desk", "Desk"), ("none", "None")],
                        max_length=6,
                    ),
                ),
                ("place_text", models.CharField(blank=True, max_length=200)),
                ("people", models.PositiveIntegerField(null=True)),
                ("by_no", models.CharField(blank=True, max_length=12)),
                ("by_name", models.CharField(blank=True, max_length=60)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="patrol.operationmember"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["member", "at"], name="roll_of_member")],
            },
        ),
    ]
