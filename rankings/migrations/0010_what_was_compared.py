"""What older editions were compared with is written down; the ranking without a source is frozen with its edition.

An edition was compared with the newest revision of an earlier year that was public when it was computed last.
"""

import importlib

from django.db import migrations

FROZEN = importlib.import_module("rankings.migrations.0005_published_is_frozen")
TABLE = "rankings_variantplacement"
COMPARED = """
UPDATE rankings_edition edition SET compared_with_id = (
    SELECT before.id FROM rankings_edition before
    WHERE before.year < edition.year AND before.state IN ('published', 'corrected')
      AND before.published_at <= edition.computed_at
    ORDER BY before.year DESC, before.revision DESC LIMIT 1
) WHERE edition.computed_at IS NOT NULL;
UPDATE rankings_explanation explanation SET compared_with_id = edition.compared_with_id
FROM rankings_edition edition WHERE edition.id = explanation.edition_id;
"""
TRIGGERS = [
    f"CREATE TRIGGER {FROZEN._name(TABLE, name)} AFTER {event} ON {TABLE} REFERENCING {rows} TABLE AS touched "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_what_is_public()"
    for name, event, rows in FROZEN.EVENTS
]


class Migration(migrations.Migration):
    dependencies = [("rankings", "0009_surer_ranks")]

    operations = [
        migrations.RunSQL(sql=COMPARED, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(
            sql=TRIGGERS,
            reverse_sql=[f"DROP TRIGGER {FROZEN._name(TABLE, name)} ON {TABLE}" for name, _, _ in FROZEN.EVENTS],
        ),
    ]
