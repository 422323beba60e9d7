"""All migrations up to here at once, for an empty database (indicators/at_once.py)."""

from django.conf import settings
from django.db import migrations

from indicators.at_once import AtOnce, chain

NAMES = [
    "0001_initial",
    "0002_what_must_never_be",
]
STEPS = chain("rankings.hearing.migrations", NAMES)


class Migration(migrations.Migration):
    initial = True

    replaces = [("hearing", name) for name in NAMES]

    dependencies = [
        ("indicators", "0009_log_of_all_rooms"),
        ("people", "0001_initial"),
        ("rankings", "0008_change_below"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AtOnce(STEPS)]
