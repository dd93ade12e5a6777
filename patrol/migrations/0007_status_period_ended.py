from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Who was free in a span is found by the end of the periods: those of the last days are the last ones."""

    dependencies = [("patrol", "0006_status_began")]

    operations = [
        migrations.AddIndex("statusperiod", models.Index(fields=["ended_at"], name="status_period_ended")),
        migrations.RemoveIndex("statusperiod", "status_period_began"),
    ]
