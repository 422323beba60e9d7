"""What was found when an edition was looked over is kept with it; once it is public that is never changed.

It may still be added: an edition that was computed before there were audits has none.
"""

import django.db.models.deletion
from django.db import migrations, models

EVENTS = (("update_from", "UPDATE", "OLD"), ("update_to", "UPDATE", "NEW"), ("delete", "DELETE", "OLD"))
FROZEN = "\n".join(
    f"CREATE TRIGGER audit_is_frozen_{name} AFTER {event} ON rankings_audit "
    f"REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_what_is_public();"
    for name, event, rows in EVENTS
)
THAWED = "\n".join(f"DROP TRIGGER audit_is_frozen_{name} ON rankings_audit;" for name, _event, _rows in EVENTS)


class Migration(migrations.Migration):
    dependencies = [("rankings", "0012_kinds_of_missing")]

    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("findings", models.JSONField(verbose_name="fund")),
                ("made_at", models.DateTimeField(verbose_name="efterset")),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="audit",
                        to="rankings.edition",
                        verbose_name="udgave",
                    ),
                ),
            ],
            options={"verbose_name": "eftersyn", "verbose_name_plural": "eftersyn"},
        ),
        migrations.RunSQL(sql=FROZEN, reverse_sql=THAWED),
    ]
