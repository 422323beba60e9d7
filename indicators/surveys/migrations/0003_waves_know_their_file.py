"""Waves whose result has gone in as a file know that file: from a number one walks back to what was asked."""

from django.db import migrations

KNOWN = """
UPDATE surveys_wave w SET upload_id = u.id FROM indicators_upload u
WHERE w.upload_id IS NULL AND w.result_sha256 <> '' AND u.sha256 = w.result_sha256 AND u.state = 'applied'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0002_frozen_forms"),
        ("indicators", "0011_what_a_figure_is_worth"),
    ]

    operations = [migrations.RunSQL(KNOWN, migrations.RunSQL.noop)]
