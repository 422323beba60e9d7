"""All migrations up to here at once, for an empty database (indicators/at_once.py)."""

from django.conf import settings
from django.db import migrations

from indicators.at_once import AtOnce, chain

NAMES = [
    "0001_initial",
    "0002_trial_figures_are_invented",
]
STEPS = chain("indicators.sources.migrations", NAMES)


class Migration(migrations.Migration):
    initial = True

    replaces = [("sources", name) for name in NAMES]

    dependencies = [
        ("indicators", "0010_real_or_invented"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AtOnce(STEPS)]
