"""A measurement is never changed: what it says, of whom, when and from which file. A better figure is a new row.

Only whether it holds (is_current, superseded_by) may change. After the row's own checks, so that those speak first.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_change_of_a_measurement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'A measurement is never changed: add a new one' USING ERRCODE = 'restrict_violation'; END $$
"""
SAID = "value", "missing", "year", "indicator_id", "municipality_id", "upload_id"
CHANGED = f"""
CREATE TRIGGER measurement_is_never_changed AFTER UPDATE ON indicators_measurement FOR EACH ROW
WHEN (({", ".join(f"OLD.{name}" for name in SAID)}) IS DISTINCT FROM ({", ".join(f"NEW.{name}" for name in SAID)}))
EXECUTE FUNCTION refuse_change_of_a_measurement()
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_jobs")]

    operations = [
        migrations.RunSQL(
            sql=[REFUSE, CHANGED],
            reverse_sql=["DROP FUNCTION refuse_change_of_a_measurement() CASCADE"],
        ),
    ]
