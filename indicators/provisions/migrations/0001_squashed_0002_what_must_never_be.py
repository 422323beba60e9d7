"""All migrations up to here at once, for an empty database (indicators/at_once.py)."""

from django.conf import settings
from django.db import migrations

from indicators.at_once import AtOnce, chain

NAMES = [
    "0001_initial",
    "0002_what_must_never_be",
]
STEPS = chain("indicators.provisions.migrations", NAMES)


class Migration(migrations.Migration):
    initial = True

    replaces = [("provisions", name) for name in NAMES]

    dependencies = [
        ("indicators", "0009_log_of_all_rooms"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AtOnce(STEPS)]
