from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0007_case_gateway"),
    ]

    operations = [
        migrations.AddField(
            "alert", "shelf_reason", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
        migrations.AddField(
            "alert", "shelved_by_no", models.CharField(blank=True, db_default="", default="", max_length=12)
        ),
        migrations.AddField("alert", "shelved_until", models.DateTimeField(null=True)),
        migrations.AddField("alert", "sounds", models.BooleanField(db_default=True, default=True)),
        migrations.AddField("user", "pin", models.CharField(blank=True, db_default="", default="", max_length=128)),
        migrations.AddField("user", "unlock_tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
    ]
