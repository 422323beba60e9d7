"""What older editions were compared with is written down and frozen; so is the ranking without a source.

An edition was compared with the newest revision of an earlier year that was public when it was computed last. An
explanation of a public edition is added only where a later revision of what it was compared with has come.
"""

from django.db import migrations

EVENTS = (
    ("insert", "INSERT", "NEW"),
    ("update_from", "UPDATE", "OLD"),
    ("update_to", "UPDATE", "NEW"),
    ("delete", "DELETE", "OLD"),
)
COMPARED = """
ALTER TABLE rankings_explanation DISABLE TRIGGER USER;
UPDATE rankings_edition edition SET compared_with_id = (
    SELECT before.id FROM rankings_edition before
    WHERE before.year < edition.year AND before.state IN ('published', 'corrected')
      AND before.published_at <= edition.computed_at
    ORDER BY before.year DESC, before.revision DESC LIMIT 1
) WHERE edition.computed_at IS NOT NULL;
UPDATE rankings_explanation explanation SET compared_with_id = edition.compared_with_id
FROM rankings_edition edition WHERE edition.id = explanation.edition_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE rankings_explanation ENABLE TRIGGER USER;
"""
VARIANTS = "\n".join(
    f"CREATE TRIGGER variantplacement_is_frozen_{name} AFTER {event} ON rankings_variantplacement "
    f"REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_what_is_public();"
    for name, event, rows in EVENTS
)
NO_VARIANTS = "\n".join(
    f"DROP TRIGGER variantplacement_is_frozen_{name} ON rankings_variantplacement;" for name, _event, _rows in EVENTS
)
EXPLAINED = """
CREATE FUNCTION refuse_explanation_of_what_is_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT edition_id, compared_with_id FROM touched) added
        JOIN rankings_edition edition ON edition.id = added.edition_id
        LEFT JOIN rankings_edition first ON first.id = edition.compared_with_id
        LEFT JOIN rankings_edition later ON later.id = added.compared_with_id
        WHERE edition.state IN ('published', 'corrected')
          AND NOT coalesce(later.year = first.year AND later.revision > first.revision, false)
    ) THEN
        RAISE EXCEPTION 'What is published is never changed (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER explanation_is_frozen_insert ON rankings_explanation;
CREATE TRIGGER explanation_is_frozen_insert AFTER INSERT ON rankings_explanation
REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_explanation_of_what_is_public();
CREATE TRIGGER edition_keeps_its_comparison AFTER UPDATE ON rankings_edition FOR EACH ROW
WHEN (OLD.state IN ('published', 'corrected') AND OLD.compared_with_id IS DISTINCT FROM NEW.compared_with_id)
EXECUTE FUNCTION refuse_change_of_a_public_edition();
"""
UNEXPLAINED = """
DROP TRIGGER edition_keeps_its_comparison ON rankings_edition;
DROP TRIGGER explanation_is_frozen_insert ON rankings_explanation;
CREATE TRIGGER explanation_is_frozen_insert AFTER INSERT ON rankings_explanation
REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_what_is_public();
DROP FUNCTION refuse_explanation_of_what_is_public();
"""


class Migration(migrations.Migration):
    dependencies = [("rankings", "0009_surer_ranks")]

    operations = [
        migrations.RunSQL(sql=COMPARED, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(sql=VARIANTS, reverse_sql=NO_VARIANTS),
        migrations.RunSQL(sql=EXPLAINED, reverse_sql=UNEXPLAINED),
    ]
