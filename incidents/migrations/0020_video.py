"""The video desk: who opened which camera, and a spatial index of the register."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = models.ForeignKey(
    db_index=False,
    null=True,
    on_delete=django.db.models.deletion.PROTECT,
    related_name="+",
    to=settings.AUTH_USER_MODEL,
)
KINDS = ["exchange", "text", "web", "device", "body", "case", "watch_feed", "video"]


class Migration(migrations.Migration):
    dependencies = [("incidents", "0019_directives")]

    operations = [
        migrations.CreateModel(
            name="Viewing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("terminal", models.CharField(blank=True, max_length=40)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("purpose", models.CharField(max_length=200)),
                ("mode", models.CharField(max_length=10)),
                ("by_no", models.CharField(max_length=12)),
                ("by_name", models.CharField(blank=True, max_length=60)),
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
                ("created_by", PERSON.clone()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="viewings", to="incidents.incident"
                    ),
                ),
                ("updated_by", PERSON.clone()),
            ],
            options={
                "indexes": [models.Index(fields=["incident"], name="viewing_of_incident")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))), name="a_viewing_has_a_period"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="camera",
            index=django.contrib.postgres.indexes.GistIndex(
                models.Func(models.F("lng"), models.F("lat"), function="point"), name="camera_at"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="clue",
                    name="bookmark",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clues",
                        to="incidents.bookmark",
                    ),
                ),
                migrations.AlterField(
                    model_name="gateway",
                    name="kind",
                    field=models.CharField(
                        choices=[(kind, kind.replace("_", " ").title()) for kind in KINDS], max_length=12
                    ),
                ),
            ],
        ),
    ]
