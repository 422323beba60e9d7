"""Published is frozen, by the database: no placement, criterion or spread of a public edition is added, changed or
deleted, and the edition itself only becomes "corrected".

Statement triggers with transition tables: one look at the editions a statement touched, also for COPY of 12 000 rows.
"""

from django.db import migrations

FROZEN = ("rankings_placement", "rankings_criterion", "rankings_spread")
EVENTS = (
    ("insert", "INSERT", "NEW"),
    ("update_from", "UPDATE", "OLD"),
    ("update_to", "UPDATE", "NEW"),
    ("delete", "DELETE", "OLD"),
)
REFUSE = """
CREATE FUNCTION refuse_change_of_what_is_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM rankings_edition
        WHERE state IN ('published', 'corrected') AND id IN (SELECT DISTINCT edition_id FROM touched)
    ) THEN
        RAISE EXCEPTION 'What is published is never changed (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""
REFUSE_EDITION = """
CREATE FUNCTION refuse_change_of_a_public_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'A published edition is never changed, only corrected' USING ERRCODE = 'restrict_violation'; END $$
"""
EDITION_UPDATED = """
CREATE TRIGGER edition_is_frozen AFTER UPDATE ON rankings_edition FOR EACH ROW
WHEN (
    OLD.state IN ('published', 'corrected') AND (
        (NEW.state <> OLD.state AND NOT (OLD.state = 'published' AND NEW.state = 'corrected'))
        OR (OLD.year, OLD.revision, OLD.method, OLD.reason, OLD.published_at, OLD.published_by_id)
           IS DISTINCT FROM (NEW.year, NEW.revision, NEW.method, NEW.reason, NEW.published_at, NEW.published_by_id)
    )
)
EXECUTE FUNCTION refuse_change_of_a_public_edition()
"""
EDITION_DELETED = """
CREATE TRIGGER edition_is_kept AFTER DELETE ON rankings_edition FOR EACH ROW
WHEN (OLD.state IN ('published', 'corrected'))
EXECUTE FUNCTION refuse_change_of_a_public_edition()
"""


def _name(table: str, event: str) -> str:
    return f"{table.removeprefix('rankings_')}_is_frozen_{event}"


class Migration(migrations.Migration):
    dependencies = [("rankings", "0004_reason_in_english")]

    operations = [
        migrations.RunSQL(
            sql=[
                REFUSE,
                *(
                    f"CREATE TRIGGER {_name(table, name)} AFTER {event} ON {table} "
                    f"REFERENCING {rows} TABLE AS touched "
                    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_what_is_public()"
                    for table in FROZEN
                    for name, event, rows in EVENTS
                ),
                REFUSE_EDITION,
                EDITION_UPDATED,
                EDITION_DELETED,
            ],
            reverse_sql=[
                "DROP FUNCTION refuse_change_of_what_is_public() CASCADE",
                "DROP FUNCTION refuse_change_of_a_public_edition() CASCADE",
            ],
        ),
    ]
