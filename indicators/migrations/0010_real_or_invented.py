"""Whether a file's figures are real or invented is said when it comes and never changed."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_change_of_what_is_real() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'Real figures never become invented ones, nor the other way' USING ERRCODE = 'restrict_violation';
END $$
"""
CHANGED = """
CREATE TRIGGER upload_is_real_or_invented_for_good AFTER UPDATE ON indicators_upload FOR EACH ROW
WHEN (OLD.is_demo IS DISTINCT FROM NEW.is_demo) EXECUTE FUNCTION refuse_change_of_what_is_real()
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0009_log_of_all_rooms")]

    operations = [
        migrations.RunSQL(
            sql=[REFUSE, CHANGED],
            reverse_sql=["DROP FUNCTION refuse_change_of_what_is_real() CASCADE"],
        ),
    ]
