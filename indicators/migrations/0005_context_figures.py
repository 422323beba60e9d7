"""The context figures that hold, as a view: what peers and populations are read from, and what an edition keeps."""

import django.db.models.deletion
from django.db import migrations, models

VIEW = """
CREATE VIEW indicators_contextfigure AS
SELECT m.id, m.municipality_id, i.code, m.year, m.value
FROM indicators_measurement m JOIN indicators_indicator i ON i.id = m.indicator_id
WHERE m.is_current AND i.role = 'context' AND m.value IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_measurements_never_change")]

    operations = [
        migrations.RunSQL(sql=VIEW, reverse_sql="DROP VIEW indicators_contextfigure"),
        migrations.CreateModel(
            name="ContextFigure",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="indicators.municipality"
                    ),
                ),
                ("code", models.CharField(max_length=50)),
                ("year", models.PositiveSmallIntegerField()),
                ("value", models.FloatField()),
            ],
            options={
                "db_table": "indicators_contextfigure",
                "managed": False,
                "verbose_name": "vilkårstal",
                "verbose_name_plural": "vilkårstal",
            },
        ),
    ]
