from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Who was free at a moment months ago is asked of all units at once."""

    dependencies = [("patrol", "0005_grid")]

    operations = [
        migrations.AddIndex("statusperiod", models.Index(fields=["started_at"], name="status_period_began")),
    ]
