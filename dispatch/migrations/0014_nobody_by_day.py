"""When nobody was free, kept by day."""

from django.db import migrations

TABLE = """
CREATE TABLE dispatch_count_nobody (
    centre_id bigint NOT NULL,
    day date NOT NULL,
    urgent bytea NOT NULL,
    other bytea NOT NULL,
    CONSTRAINT one_row_per_day PRIMARY KEY (centre_id, day)
);
"""


class Migration(migrations.Migration):
    """Add it."""

    dependencies = [("dispatch", "0013_counted_details")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE dispatch_count_nobody")]
