"""When nobody was free, kept by day; details found without the facts around them; and cells that are not compressed:
each command writes some anew, and compressing them took as long as all the rest of it."""

from django.db import migrations

TABLE = """
CREATE TABLE dispatch_count_nobody (
    centre_id bigint NOT NULL,
    day date NOT NULL,
    urgent bytea NOT NULL,
    other bytea NOT NULL,
    CONSTRAINT one_row_per_day PRIMARY KEY (centre_id, day)
);
CREATE INDEX dispatch_count_fact_details ON dispatch_count_fact (centre_id, kind, day) INCLUDE (detail)
WHERE detail IS NOT NULL;
ALTER TABLE dispatch_count_cell ALTER s0 SET STORAGE EXTERNAL, ALTER s1 SET STORAGE EXTERNAL,
    ALTER s2 SET STORAGE EXTERNAL, ALTER s3 SET STORAGE EXTERNAL, ALTER s4 SET STORAGE EXTERNAL,
    ALTER s5 SET STORAGE EXTERNAL;
"""
BACK = """
DROP INDEX dispatch_count_fact_details;
DROP TABLE dispatch_count_nobody;
ALTER TABLE dispatch_count_cell ALTER s0 SET STORAGE EXTENDED, ALTER s1 SET STORAGE EXTENDED,
    ALTER s2 SET STORAGE EXTENDED, ALTER s3 SET STORAGE EXTENDED, ALTER s4 SET STORAGE EXTENDED,
    ALTER s5 SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    """Make them so."""

    dependencies = [("dispatch", "0013_counted_details")]
    operations = [migrations.RunSQL(TABLE, BACK)]
