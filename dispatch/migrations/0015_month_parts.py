"""Up to which day each part of a month (kind and dimension) is rolled up: a part is a transaction of its own, so that
counting never waits for a whole month. Part 0, 0 is when nobody was free.

`until` of the month is not used any more and is emptied: a process of the release before then reads days, which are
always right. The parts are rolled up anew, after the recount that the slots of 0016 bring.
"""

from django.db import migrations

TABLE = """
CREATE TABLE dispatch_count_month_part (
    centre_id bigint NOT NULL,
    month date NOT NULL,
    kind smallint NOT NULL,
    dimension smallint NOT NULL,
    until date NOT NULL,
    CONSTRAINT one_state_per_month_part PRIMARY KEY (centre_id, month, kind, dimension)
);
UPDATE dispatch_count_month SET until = NULL;
"""
BACK = "DROP TABLE dispatch_count_month_part;"


class Migration(migrations.Migration):
    """Make the table."""

    dependencies = [("dispatch", "0014_counts_kept_closer")]
    operations = [migrations.RunSQL(TABLE, BACK)]
