"""The journal's table: partitioned by month, append-only by trigger (design 3, style rules 30, 31)."""

from django.db import migrations

TABLE = """
CREATE TABLE incidents_entry (
    centre_id bigint NOT NULL REFERENCES incidents_centre (id),
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    kind varchar(40) NOT NULL,
    actor_id bigint,
    actor text NOT NULL,
    command uuid,
    incident_id bigint,
    readers text NOT NULL,
    body text NOT NULL,
    body_hash bytea NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (centre_id, seq, at)
) PARTITION BY RANGE (at);
CREATE TABLE incidents_entry_default PARTITION OF incidents_entry DEFAULT;
CREATE INDEX entry_of_incident ON incidents_entry (incident_id, seq) WHERE incident_id IS NOT NULL;

CREATE INDEX entry_at ON incidents_entry USING brin (at);

CREATE FUNCTION zz110_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER entries_are_never_changed BEFORE UPDATE OR DELETE ON incidents_entry
    FOR EACH ROW EXECUTE FUNCTION zz110_append_only();
CREATE TRIGGER entries_are_never_truncated BEFORE TRUNCATE ON incidents_entry
    FOR EACH STATEMENT EXECUTE FUNCTION zz110_append_only();
CREATE TRIGGER entries_are_never_truncated BEFORE TRUNCATE ON incidents_entry_default
    FOR EACH STATEMENT EXECUTE FUNCTION zz110_append_only();
"""

BACK = "DROP TABLE incidents_entry; DROP FUNCTION zz110_append_only();"


class Migration(migrations.Migration):
    """Make the journal."""

    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunSQL(TABLE, BACK)]
