"""All migrations up to here at once, for an empty database (indicators/at_once.py)."""

from importlib import import_module

from django.conf import settings
from django.db import migrations

from indicators.at_once import AtOnce, chain, sql_of

NAMES = [
    "0001_initial",
    "0002_followers_and_press_links",
    "0003_bridge_rank",
    "0004_reason_in_english",
    "0005_published_is_frozen",
    "0006_kept_catalogue",
    "0007_name_goalposts",
    "0008_change_below",
    "0009_surer_ranks",
    "0010_what_was_compared",
    "0011_real_or_invented",
    "0012_kinds_of_missing",
    "0013_audit",
    "0014_what_an_edition_takes_by_its_year",
    "0015_unheard_because",
    "0016_interval_of_method_and_sampling",
    "0017_the_desk",
    "0018_what_an_edition_was_computed_from",
    "0019_what_rows_refer_to",
]
STEPS = chain("rankings.migrations", NAMES)
# Two columns that no model has any more (0016).
JOINT = migrations.RunSQL(
    sql=[
        f"ALTER TABLE rankings_placement ADD COLUMN {name} integer NULL CHECK ({name} >= 0)"
        for name in ("joint_low", "joint_high")
    ],
    reverse_sql=migrations.RunSQL.noop,
)
# What is kept has the columns of 0014 from the beginning, but no default of its own.
DATED = chain("rankings.migrations", ["0014_what_an_edition_takes_by_its_year"])[0]
DEFAULT = "ALTER TABLE kept.indicators_indicator ALTER COLUMN period_rule SET DEFAULT ''"


def _rules() -> "list[migrations.RunSQL]":
    found = sql_of(STEPS)
    dated = found.index(DATED)
    columns = import_module("rankings.migrations.0014_what_an_edition_takes_by_its_year").COLUMNS
    found[dated] = migrations.RunSQL(sql=[DEFAULT, *DATED.sql[len(columns) :]], reverse_sql=DATED.reverse_sql)
    return [*found, JOINT]


class Migration(migrations.Migration):
    initial = True

    replaces = [("rankings", name) for name in NAMES]

    dependencies = [
        ("indicators", "0016_references_checked_by_statement"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AtOnce(STEPS, _rules())]
