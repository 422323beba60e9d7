"""What a measurement is worth belongs to what it says: it is never changed either."""

from django.db import migrations

BEFORE = "value", "missing", "year", "indicator_id", "municipality_id", "upload_id"
AFTER = (*BEFORE, "asked", "answered", "low", "high", "interval", "shown")
DROP = "DROP TRIGGER measurement_is_never_changed ON indicators_measurement"


def _trigger(said: tuple[str, ...]) -> str:
    old, new = (", ".join(f'{row}."{name}"' for name in said) for row in ("OLD", "NEW"))
    return f"""
CREATE TRIGGER measurement_is_never_changed AFTER UPDATE ON indicators_measurement FOR EACH ROW
WHEN (({old}) IS DISTINCT FROM ({new}))
EXECUTE FUNCTION refuse_change_of_a_measurement()
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0011_what_a_figure_is_worth")]

    operations = [
        migrations.RunSQL(sql=[DROP, _trigger(AFTER)], reverse_sql=[DROP, _trigger(BEFORE)]),
    ]
