"""The track, partitioned by month, and room for HOT updates of the positions (design 3, platform: fillfactor 50)."""

from django.db import migrations

TABLE = """
CREATE TABLE patrol_fix (
    unit_id bigint NOT NULL,
    lat double precision NOT NULL,
    lng double precision NOT NULL,
    accuracy_m double precision,
    speed_kmh double precision,
    heading double precision,
    fixed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    source varchar(12) NOT NULL,
    suspect boolean NOT NULL,
    PRIMARY KEY (unit_id, received_at, fixed_at)
) PARTITION BY RANGE (received_at);
CREATE TABLE patrol_fix_default PARTITION OF patrol_fix DEFAULT;
ALTER TABLE patrol_position SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    """Make the track."""

    dependencies = [("patrol", "0001_initial")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE patrol_fix;")]
