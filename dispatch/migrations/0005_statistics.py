"""The counts of the statistics: facts by month, cells by day and month, and how far the journal was followed."""

from django.db import migrations

TABLES = """
CREATE TABLE dispatch_count_head (
    centre_id bigint PRIMARY KEY REFERENCES incidents_centre (id),
    seq bigint NOT NULL DEFAULT 0,
    version smallint NOT NULL,
    rebuild_from date,
    rebuild_next date,
    rebuild_until date,
    CONSTRAINT a_rebuild_knows_its_days CHECK (
        num_nulls(rebuild_from, rebuild_next, rebuild_until) IN (0, 3))
);
CREATE TABLE dispatch_count_facet (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_id bigint NOT NULL REFERENCES incidents_centre (id),
    dimension smallint NOT NULL,
    value varchar(40) NOT NULL,
    CONSTRAINT one_facet_per_value UNIQUE (centre_id, dimension, value)
);
CREATE TABLE dispatch_count_fact (
    centre_id bigint NOT NULL,
    kind smallint NOT NULL,
    source bigint NOT NULL,
    day date NOT NULL,
    at timestamptz NOT NULL,
    incident bigint,
    root bigint,
    urgent boolean NOT NULL,
    facets integer[] NOT NULL,
    marks integer[] NOT NULL,
    turns jsonb,
    turns_until timestamptz,
    CONSTRAINT one_fact_per_source_and_day PRIMARY KEY (kind, source, day)
) PARTITION BY RANGE (day);
CREATE INDEX count_fact_day ON dispatch_count_fact (centre_id, kind, day);
CREATE INDEX count_fact_incident ON dispatch_count_fact (incident) WHERE incident IS NOT NULL;
CREATE INDEX count_fact_root ON dispatch_count_fact (root) WHERE root IS NOT NULL;
CREATE INDEX count_fact_turning ON dispatch_count_fact (centre_id, turns_until) WHERE turns_until IS NOT NULL;

CREATE TABLE dispatch_count_cell (
    centre_id bigint NOT NULL,
    kind smallint NOT NULL,
    urgent boolean NOT NULL,
    monthly boolean NOT NULL,
    dimension smallint NOT NULL,
    date date NOT NULL,
    facet integer NOT NULL,
    s0 bytea, s1 bytea, s2 bytea, s3 bytea, s4 bytea, s5 bytea,
    CONSTRAINT one_cell_per_facet_and_date PRIMARY KEY (centre_id, kind, urgent, monthly, dimension, date, facet)
) WITH (fillfactor = 80);
CREATE TABLE dispatch_count_month (
    centre_id bigint NOT NULL,
    month date NOT NULL,
    whole boolean NOT NULL DEFAULT false,
    CONSTRAINT one_state_per_month PRIMARY KEY (centre_id, month)
);
"""
BACK = """
DROP TABLE dispatch_count_month; DROP TABLE dispatch_count_cell; DROP TABLE dispatch_count_fact;
DROP TABLE dispatch_count_facet; DROP TABLE dispatch_count_head;
"""


class Migration(migrations.Migration):
    """Make them."""

    dependencies = [("dispatch", "0004_checks"), ("incidents", "0011_casework"), ("patrol", "0004_duty")]
    operations = [migrations.RunSQL(TABLES, BACK)]
