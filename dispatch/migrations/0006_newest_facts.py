"""The newest facts first: a page of the rows behind a figure reads as many as it shows."""

from django.db import migrations


class Migration(migrations.Migration):
    """Index them."""

    dependencies = [("dispatch", "0005_statistics")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX count_fact_newest ON dispatch_count_fact (centre_id, kind, at, source)",
            "DROP INDEX count_fact_newest",
        )
    ]
