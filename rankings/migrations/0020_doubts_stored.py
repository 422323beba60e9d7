"""What is held against each figure of an edition is stored when it is computed; of those that are there it is worked out
here, once: a page worked it out of all of them."""

from typing import Any

from django.db import connection, migrations, models

from rankings.models import Edition
from rankings.pinned import as_published
from rankings.quality import packed_anew

STORE = """
UPDATE rankings_placement p SET doubts = d.doubts
FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS d (municipality, indicator, doubts)
WHERE p.edition_id = %s AND p.municipality_id = d.municipality AND p.indicator_id = d.indicator
"""


def store_doubts(apps: Any, _schema_editor: Any) -> None:
    """Only columns are read here that this step knows: models may have more by then."""
    editions = apps.get_model("rankings", "Edition").objects.values("pk", "year", "revision", "state")
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE rankings_placement DISABLE TRIGGER USER"
        )  # what is public is frozen, as it shall be
        for edition in [Edition(**row) for row in editions]:
            with as_published(edition):
                found = packed_anew(edition)
            who, which = ([key[place] for key in found] for place in (0, 1))
            cursor.execute(STORE, [who, which, list(found.values()), edition.pk])
        cursor.execute("ALTER TABLE rankings_placement ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [("rankings", "0019_what_rows_refer_to")]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="doubts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="forbehold"),
        ),
        migrations.RunPython(store_doubts, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                name="placement_doubts_only_a_value",
                condition=models.Q(doubts=0) | models.Q(value__isnull=False),
            ),
        ),
    ]
