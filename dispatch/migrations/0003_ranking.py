"""What a ranking rested on, kept with its orders; departure and arrival by position beside the buttons."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_initial"), ("incidents", "0002_journal")]

    operations = [
        migrations.AddField("assignment", "departed_pos_at", models.DateTimeField(null=True)),
        migrations.AddField("assignment", "on_scene_pos_at", models.DateTimeField(null=True)),
        migrations.AddField("assignment", "pos_age_s", models.FloatField(null=True)),
        migrations.AddField("assignment", "pos_accuracy_m", models.FloatField(null=True)),
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
    ]
