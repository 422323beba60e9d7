"""A rank is never made of real and invented figures together, and an edition says which of the two it has.

Conditions (population, income) have no placement, so they are not asked. Also: an edition of registers only is no
edition of the whole index.
"""

from django.db import migrations, models

REFUSE = """
CREATE FUNCTION refuse_real_and_invented_together() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT edition_id, upload_id FROM touched WHERE upload_id IS NOT NULL) AS placed
        JOIN rankings_edition AS edition ON edition.id = placed.edition_id
        JOIN indicators_upload AS upload ON upload.id = placed.upload_id
        WHERE upload.is_demo <> edition.is_demo
    ) THEN
        RAISE EXCEPTION 'No rank is made of real and invented figures together' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""
REFUSE_EDITION = """
CREATE FUNCTION refuse_to_publish_real_and_invented() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM rankings_placement AS placed JOIN indicators_upload AS upload ON upload.id = placed.upload_id
        WHERE placed.edition_id = NEW.id AND upload.is_demo <> NEW.is_demo
    ) THEN
        RAISE EXCEPTION 'An edition with real and invented figures is never published'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""
PLACED = """
CREATE TRIGGER placement_is_real_or_invented_{name} AFTER {event} ON rankings_placement
REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_real_and_invented_together()
"""
PUBLISHED = """
CREATE TRIGGER edition_is_real_or_invented AFTER UPDATE ON rankings_edition FOR EACH ROW
WHEN (NEW.state = 'published' AND OLD.state <> 'published') EXECUTE FUNCTION refuse_to_publish_real_and_invented()
"""


class Migration(migrations.Migration):
    dependencies = [("rankings", "0010_what_was_compared"), ("indicators", "0010_real_or_invented")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="registers_only",
            field=models.BooleanField(db_default=False, default=False, verbose_name="registerudgave"),
        ),
        migrations.RunSQL(
            sql=[
                REFUSE,
                *(PLACED.format(name=event.lower(), event=event) for event in ("INSERT", "UPDATE")),
                REFUSE_EDITION,
                PUBLISHED,
            ],
            reverse_sql=[
                "DROP FUNCTION refuse_real_and_invented_together() CASCADE",
                "DROP FUNCTION refuse_to_publish_real_and_invented() CASCADE",
            ],
        ),
    ]
