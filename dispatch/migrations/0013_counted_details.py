"""Up to which day a month is rolled up, also the one that runs; which years are; and what is asked of a fact by itself
and never added.

Only additions: `whole` stays for a process of the release before, and is not read any more.
"""

from django.db import migrations

COLUMNS = """
ALTER TABLE dispatch_count_month ADD COLUMN until date;
UPDATE dispatch_count_month SET until = (month + interval '1 month - 1 day')::date WHERE whole;
CREATE TABLE dispatch_count_year (
    centre_id bigint NOT NULL,
    year smallint NOT NULL,
    kind smallint NOT NULL,
    dimension smallint NOT NULL,
    CONSTRAINT one_state_per_year PRIMARY KEY (centre_id, year, kind, dimension)
);
ALTER TABLE dispatch_count_fact ADD COLUMN detail bytea;
"""
BACK = """
ALTER TABLE dispatch_count_fact DROP COLUMN detail;
DROP TABLE dispatch_count_year;
ALTER TABLE dispatch_count_month DROP COLUMN until;
"""


class Migration(migrations.Migration):
    """Add them."""

    dependencies = [("dispatch", "0012_standing")]
    operations = [migrations.RunSQL(COLUMNS, BACK)]
