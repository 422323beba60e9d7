"""What was fetched anywhere but at the publisher's own host is never a real figure: fetch and upload say the same."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_trial_figures_as_real() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM indicators_upload
        WHERE id = NEW.upload_id AND is_demo <> NEW.is_trial
    ) THEN
        RAISE EXCEPTION 'Figures of a trial are never real' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""
WRITTEN = """
CREATE TRIGGER fetch_of_a_trial_is_invented AFTER INSERT OR UPDATE ON sources_fetch FOR EACH ROW
WHEN (NEW.upload_id IS NOT NULL) EXECUTE FUNCTION refuse_trial_figures_as_real()
"""


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial"), ("indicators", "0010_real_or_invented")]

    operations = [
        migrations.RunSQL(
            sql=[REFUSE, WRITTEN],
            reverse_sql=["DROP FUNCTION refuse_trial_figures_as_real() CASCADE"],
        ),
    ]
