"""The track, partitioned by month, and room for HOT updates of the positions (design 3, platform: fillfactor 50)."""

from django.db import migrations
from django.utils import timezone

from incidents import partitions

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


def first_partitions(apps: object, schema_editor: object) -> None:
    """Make the first months' partitions, so that no row of them lands in the default one."""
    partitions.ensure(timezone.now())


class Migration(migrations.Migration):
    """Make the track."""

    dependencies = [("patrol", "0001_initial"), ("incidents", "0002_journal")]
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE patrol_fix;"),
        migrations.RunPython(first_partitions, migrations.RunPython.noop),
    ]
