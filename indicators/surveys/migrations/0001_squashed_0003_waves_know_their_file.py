"""All migrations up to here at once, for an empty database (indicators/at_once.py)."""

from django.conf import settings
from django.db import migrations

from indicators.at_once import AtOnce, chain

NAMES = [
    "0001_initial",
    "0002_frozen_forms",
    "0003_waves_know_their_file",
]
STEPS = chain("indicators.surveys.migrations", NAMES)


class Migration(migrations.Migration):
    initial = True

    replaces = [("surveys", name) for name in NAMES]

    dependencies = [
        ("indicators", "0012_worth_never_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AtOnce(STEPS)]
