"""The journal's one exception: retention may redact a body, and nothing else of an entry (README, decisions)."""

from django.db import migrations

# Hashes cover the body's hash, not the body: the chain still verifies. The setting is made for one statement of the
# redaction's own transaction; a body is redacted once, and whatever else differs is refused as before.
REDACTABLE = """
CREATE OR REPLACE FUNCTION zz110_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF current_setting('zz110.redacting', true) = 'on'
            AND NEW.body::jsonb -> 'redacted' = 'true'::jsonb AND NOT OLD.body::jsonb ? 'redacted'
            AND (NEW.centre_id, NEW.seq, NEW.at, NEW.kind, NEW.actor_id, NEW.actor, NEW.command, NEW.incident_id,
                 NEW.readers, NEW.body_hash, NEW.prev_hash, NEW.hash)
                IS NOT DISTINCT FROM
                (OLD.centre_id, OLD.seq, OLD.at, OLD.kind, OLD.actor_id, OLD.actor, OLD.command, OLD.incident_id,
                 OLD.readers, OLD.body_hash, OLD.prev_hash, OLD.hash)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the journal is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""

BACK = """
CREATE OR REPLACE FUNCTION zz110_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    """Let retention redact bodies."""

    dependencies = [("incidents", "0015_archive")]
    operations = [migrations.RunSQL(REDACTABLE, BACK)]
