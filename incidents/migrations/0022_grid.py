import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0021_premise_reviews"),
    ]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="partner_brief",
            field=models.CharField(blank=True, db_default="", default="", max_length=400),
        ),
        migrations.AddField(
            model_name="incident",
            name="partners",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name="user",
            name="on_team",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="PartnerTeam",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(max_length=60)),
                ("call_sign", models.CharField(blank=True, max_length=12)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("patrol", "Patrol"),
                            ("legal_aid", "Legal Aid"),
                            ("volunteer", "Volunteer"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                ("leader", models.CharField(max_length=60)),
                ("phone", models.CharField(max_length=32)),
                ("members", models.PositiveIntegerField(null=True)),
                (
                    "view_level",
                    models.CharField(choices=[("plate", "Plate"), ("point", "Point")], default="plate", max_length=8),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="incidents.area",
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
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("centre", "name"),
                        name="one_partner_team_per_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("leader", ""), _negated=True), models.Q(("phone", ""), _negated=True)
                        ),
                        name="a_team_has_a_leader_and_a_phone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GridTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("task_no", models.CharField(max_length=32, unique=True)),
                ("duty", models.CharField(max_length=4)),
                ("demand", models.CharField(max_length=1000)),
                ("place_text", models.CharField(blank=True, max_length=200)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("by_rule", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("todo", "Todo"), ("doing", "Doing"), ("done", "Done"), ("returned", "Returned")],
                        default="todo",
                        max_length=8,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("urged_at", models.DateTimeField(null=True)),
                ("overdue_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("result", models.TextField(blank=True)),
                ("return_reason", models.CharField(blank=True, max_length=400)),
                ("recheck_at", models.DateTimeField(null=True)),
                ("rechecks", models.JSONField(default=list)),
                ("reopened", models.JSONField(default=list)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="incidents.area"
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
                        related_name="grid_tasks",
                        to="incidents.incident",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.organisation",
                    ),
                ),
                (
                    "transfer",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grid_task",
                        to="incidents.transfer",
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
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["centre", "due_at"],
                        name="grid_task_live",
                    ),
                    models.Index(fields=["worker", "id"], name="grid_task_of_worker"),
                    models.Index(fields=["incident"], name="grid_task_of_incident"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("demand", ""), _negated=True), name="a_grid_task_says_what_is_asked"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("result", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_grid_task_ends_with_a_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            models.Q(("return_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_returned_grid_task_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("duty", "GD4"), ("state", "done"), _negated=True),
                            ("recheck_at__isnull", False),
                            ("ended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_settled_dispute_is_looked_at_again",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("incident__isnull", False), ("state__in", ["todo", "doing"])),
                        fields=("incident", "duty"),
                        name="one_open_grid_task_of_a_duty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GridReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("report_no", models.CharField(max_length=32, unique=True)),
                (
                    "kind",
                    models.CharField(choices=[("hazard", "Hazard"), ("information", "Information")], max_length=12),
                ),
                ("urgent", models.BooleanField(default=False)),
                ("text", models.CharField(max_length=1000)),
                ("place_text", models.CharField(blank=True, max_length=200)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("filed_at", models.DateTimeField()),
                ("device_at", models.DateTimeField(null=True)),
                ("take_by", models.DateTimeField()),
                ("waited_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("taken", "Taken"), ("settled", "Settled")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("premise_note", "Note"),
                            ("incident", "Incident"),
                            ("task", "Task"),
                            ("passed_on", "Passed On"),
                            ("kept", "Kept"),
                        ],
                        max_length=12,
                    ),
                ),
                ("outcome_text", models.CharField(blank=True, max_length=1000)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.area"
                    ),
                ),
                (
                    "author",
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
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.premisenote",
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
                    "station",
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
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.gridtask",
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "settled"), _negated=True),
                        fields=["centre", "take_by"],
                        name="grid_report_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="a_grid_report_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("owner__isnull", False), _connector="OR"),
                        name="a_report_taken_on_has_an_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "settled"), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_settled_report_has_an_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GridPicture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        to="incidents.gridreport",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pictures",
                        to="incidents.gridtask",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartnerAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("attached", "Attached"),
                            ("refused", "Refused"),
                            ("ended", "Ended"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("asked_by_no", models.CharField(blank=True, max_length=12)),
                ("approved_by_no", models.CharField(blank=True, max_length=12)),
                ("approved_by_name", models.CharField(blank=True, max_length=60)),
                ("approved_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="incidents.incident"
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
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="incidents.partnerteam",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["asked", "attached"])),
                        fields=["until_at"],
                        name="attachment_running",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "attached"])),
                        fields=("team", "incident"),
                        name="a_team_is_attached_to_an_incident_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gt", models.F("from_at"))),
                        name="an_attachment_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "attached"), _negated=True),
                            models.Q(("approved_by_no", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_is_attached_without_approval",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GridPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("worker_phone", models.CharField(blank=True, max_length=32)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="incidents.area"
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
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("area",), name="one_post_per_grid"
                    )
                ],
            },
        ),
    ]
