"""The conditions are found by their handful of indicators, instead of by looking through all measurements.

The planner cannot know which indicators are conditions before it has read them, so it read every measurement of a large
country for every page; told them first, it takes the index."""

from django.db import migrations

VIEW = """
CREATE OR REPLACE VIEW indicators_contextfigure AS
SELECT m.id, m.municipality_id, i.code, m.year, m.value
FROM indicators_measurement m JOIN indicators_indicator i ON i.id = m.indicator_id
WHERE m.is_current AND i.role = 'context' AND m.value IS NOT NULL{first}
"""
FIRST = " AND m.indicator_id = ANY (ARRAY(SELECT id FROM indicators_indicator WHERE role = 'context'))"


class Migration(migrations.Migration):
    dependencies = [("indicators", "0016_references_checked_by_statement")]

    operations = [migrations.RunSQL(sql=VIEW.format(first=FIRST), reverse_sql=VIEW.format(first=""))]
