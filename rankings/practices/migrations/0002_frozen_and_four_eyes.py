"""What must never be, where a constraint on one row cannot say it.

A practice is published on two assessments that agree, by a third person; its texts and aims are frozen from then on.
What was measured with an edition is never changed or deleted once that edition is public (a practice published later
is measured then, so rows may be added).
"""

from django.db import migrations

FOUR_EYES = """
CREATE FUNCTION practice_needs_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(DISTINCT editor_id) FROM practices_assessment
        WHERE practice_id = NEW.id AND knowledge = NEW.knowledge AND editor_id <> NEW.published_by_id) < 2
       OR EXISTS (SELECT 1 FROM practices_assessment
                  WHERE practice_id = NEW.id AND editor_id = NEW.published_by_id) THEN
        RAISE EXCEPTION 'A practice is published on two assessments that agree, by a third person'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER practice_needs_four_eyes_to_be_published AFTER UPDATE ON practices_practice FOR EACH ROW
WHEN (NEW.state = 'published' AND OLD.published_at IS NULL) EXECUTE FUNCTION practice_needs_four_eyes();
CREATE TRIGGER practice_born_public_needs_four_eyes AFTER INSERT ON practices_practice FOR EACH ROW
WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION practice_needs_four_eyes();
"""
FROZEN = """
CREATE FUNCTION refuse_change_of_a_public_practice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'A published practice is never rewritten, only withdrawn' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER practice_is_frozen AFTER UPDATE ON practices_practice FOR EACH ROW
WHEN (OLD.published_at IS NOT NULL AND
    (OLD.slug, OLD.organisation_id, OLD.title, OLD.title_en, OLD.summary, OLD.summary_en, OLD.done, OLD.done_en, OLD.took,
     OLD.took_en, OLD.failed, OLD.failed_en, OLD.started_on, OLD.persons, OLD.knowledge, OLD.published_at,
     OLD.published_by_id, OLD.submitted_by_id)
    IS DISTINCT FROM
    (NEW.slug, NEW.organisation_id, NEW.title, NEW.title_en, NEW.summary, NEW.summary_en, NEW.done, NEW.done_en, NEW.took,
     NEW.took_en, NEW.failed, NEW.failed_en, NEW.started_on, NEW.persons, NEW.knowledge, NEW.published_at,
     NEW.published_by_id, NEW.submitted_by_id))
EXECUTE FUNCTION refuse_change_of_a_public_practice();
CREATE TRIGGER practice_is_kept AFTER DELETE ON practices_practice FOR EACH ROW
WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION refuse_change_of_a_public_practice();
CREATE FUNCTION refuse_change_of_an_aim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM practices_practice WHERE id = OLD.practice_id AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'The aims of a published practice are never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER aim_is_frozen AFTER UPDATE OR DELETE ON practices_aim FOR EACH ROW
EXECUTE FUNCTION refuse_change_of_an_aim();
CREATE FUNCTION refuse_change_of_what_was_measured() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM rankings_edition
               WHERE state IN ('published', 'corrected') AND id IN (SELECT DISTINCT edition_id FROM touched)) THEN
        RAISE EXCEPTION 'What was measured with a published edition is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER measured_here_is_frozen_update AFTER UPDATE ON practices_measuredhere
REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_what_was_measured();
CREATE TRIGGER measured_here_is_frozen_delete AFTER DELETE ON practices_measuredhere
REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_what_was_measured();
"""
BACK = """
DROP TRIGGER measured_here_is_frozen_delete ON practices_measuredhere;
DROP TRIGGER measured_here_is_frozen_update ON practices_measuredhere;
DROP FUNCTION refuse_change_of_what_was_measured();
DROP TRIGGER aim_is_frozen ON practices_aim;
DROP FUNCTION refuse_change_of_an_aim();
DROP TRIGGER practice_is_kept ON practices_practice;
DROP TRIGGER practice_is_frozen ON practices_practice;
DROP FUNCTION refuse_change_of_a_public_practice();
DROP TRIGGER practice_born_public_needs_four_eyes ON practices_practice;
DROP TRIGGER practice_needs_four_eyes_to_be_published ON practices_practice;
DROP FUNCTION practice_needs_four_eyes();
"""


class Migration(migrations.Migration):
    dependencies = [("practices", "0001_initial")]

    operations = [migrations.RunSQL(sql=FOUR_EYES + FROZEN, reverse_sql=BACK)]
