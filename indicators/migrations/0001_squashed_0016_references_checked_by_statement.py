"""All migrations up to here at once, for an empty database (indicators/at_once.py)."""

from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from indicators.at_once import AtOnce, chain

NAMES = [
    "0001_initial",
    "0002_log_and_sources",
    "0003_jobs",
    "0004_measurements_never_change",
    "0005_context_figures",
    "0006_jobs_after_a_publication",
    "0007_name_context_figures",
    "0008_jobs_after_a_publication_have_names",
    "0009_log_of_all_rooms",
    "0010_real_or_invented",
    "0011_what_a_figure_is_worth",
    "0012_worth_never_changes",
    "0013_readings_by_head",
    "0014_definitions_regions_people",
    "0015_log_and_clock_of_the_desk",
    "0016_references_checked_by_statement",
]
STEPS = chain("indicators.migrations", NAMES)


class Migration(migrations.Migration):
    initial = True

    replaces = [("indicators", name) for name in NAMES]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [TrigramExtension(), AtOnce(STEPS)]
