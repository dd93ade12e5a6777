"""Two more slots of a cell: what pages ask most, shares by published times and the base set, is read without the rest."""

from django.db import migrations

COLUMNS = """
ALTER TABLE dispatch_count_cell ADD COLUMN s6 bytea, ADD COLUMN s7 bytea;
ALTER TABLE dispatch_count_cell ALTER s6 SET STORAGE EXTERNAL, ALTER s7 SET STORAGE EXTERNAL;
"""
BACK = "ALTER TABLE dispatch_count_cell DROP COLUMN s6, DROP COLUMN s7;"


class Migration(migrations.Migration):
    """Add them."""

    dependencies = [("dispatch", "0015_month_parts")]
    operations = [migrations.RunSQL(COLUMNS, BACK)]
