"""Migrations can be taken back, none of them stops a site that is being read, and both ways to the tables end alike."""

from collections.abc import Callable

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter
from pytest_django.plugin import DjangoDbBlocker

from portal.management.commands import migrate
from tests import world

OURS = tuple(
    config.label
    for config in apps.get_app_configs()
    if (config.name.split(".")[0]) in {"indicators", "rankings", "portal"}
)
SEEN = {  # looked at by a person: what the linter warns of does no harm here
    ("indicators", "0008_jobs_after_a_publication_have_names"): "ALTER_COLUMN",  # the list of choices went, no type
    ("indicators", "0013_readings_by_head"): "ADD_UNIQUE",  # wider than the one that goes: every old row passes
    ("indicators", "0015_log_and_clock_of_the_desk"): "ADD_UNIQUE",  # old code leaves its column empty
    ("indicators", "0016_references_checked_by_statement"): "ADD_UNIQUE",  # the same columns in another order
    ("rankings", "0009_surer_ranks"): "ADD_UNIQUE",  # the same
    ("rankings", "0014_what_an_edition_takes_by_its_year"): "NOT_NULL",  # has its default; the other is a condition
}

OWN = "c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'"
SHAPE = f"""
SELECT concat_ws(' ', c.oid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
    attgenerated, attcollation::regcollation, pg_get_expr(adbin, adrelid))
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'v') AND {OWN}
UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(t.oid), condeferrable, condeferred)
FROM pg_constraint t JOIN pg_class c ON c.oid = conrelid WHERE contype <> 'n' AND {OWN}
UNION ALL SELECT pg_get_indexdef(c.oid) FROM pg_class c WHERE relkind = 'i' AND {OWN}
UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT c.oid::regclass || pg_get_viewdef(c.oid) FROM pg_class c WHERE relkind = 'v' AND {OWN}
UNION ALL SELECT pg_get_functiondef(p.oid) FROM pg_proc p
WHERE prokind = 'f' AND pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
UNION ALL SELECT extname FROM pg_extension
UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname !~ '^pg_'
UNION ALL SELECT concat_ws(' ', schemaname, sequencename, data_type, start_value) FROM pg_sequences
UNION ALL SELECT concat_ws(' ', app_label, model, codename) FROM auth_permission
JOIN django_content_type t ON t.id = content_type_id
"""  # noqa: S608  names of the server's own tables


def test_every_migration_can_be_taken_back(db: None) -> None:
    loader = MigrationLoader(connection)
    for (app, name), migration in loader.disk_migrations.items():
        if app in OURS:
            for operation in migration.operations:
                assert operation.reversible, f"{app}.{name}: {operation.describe()}"


def test_no_migration_breaks_the_code_that_runs_beside_it(db: None) -> None:
    """The old code answers while a deployment migrates: no column may vanish, be renamed or be demanded at once."""
    linters = {
        harmless: MigrationLinter(
            str(settings.BASE_DIR),
            include_apps=list(OURS),
            no_cache=True,
            quiet=["ok", "warning"],
            exclude_migration_tests=[harmless],
        )
        for harmless in {"", *SEEN.values()}
    }
    for migration in linters[""].migration_loader.disk_migrations.values():
        if migration.app_label in OURS and not migration.name.startswith("0001"):
            linters[SEEN.get((migration.app_label, migration.name), "")].lint_migration(migration)
    assert not any(linter.has_errors for linter in linters.values())


def test_migrating_steps_aside_where_a_lock_is_taken(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrate, "TRIES", 2)
    monkeypatch.setattr(migrate, "PAUSE", 0.01)
    host, name, user = (str(connection.settings_dict[key]) for key in ("HOST", "NAME", "USER"))
    with psycopg.connect(host=host, dbname=name, user=user) as other:
        other.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(CommandError, match="held its lock"):
            call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0)


@pytest.mark.full
def test_tables_made_at_once_are_those_that_the_steps_come_to(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """An empty database gets all at once; a site that has begun with the steps goes on with them."""
    with django_db_blocker.unblock():
        assert _shape_after(lambda: None) == _shape_after(_begin_with_the_steps)


def _begin_with_the_steps() -> None:
    """As far as a site was that stopped in the middle: the next deployment finds some steps of a chain, not all."""
    executor = MigrationExecutor(connection)
    executor.loader.replace_migrations = False  # type: ignore[attr-defined]  # the stubs lack it
    executor.loader.build_graph()
    executor.migrate([("rankings", "0017_the_desk"), ("surveys", "0001_initial"), ("practices", "0001_initial")])


def _shape_after(begin: Callable[[], None]) -> list[str]:
    """The tables, rules and rows of an empty database after ``begin`` and ``manage.py migrate``."""
    name = f"{world.OWN}_shape"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        world.connect_to(name)
        begin()
        call_command("migrate", verbosity=0)
        call_command("migrate", verbosity=0, check_unapplied=True)
        with connection.cursor() as cursor:
            cursor.execute(SHAPE.replace("%", "%%"))
            return sorted(line for (line,) in cursor.fetchall())
    finally:
        world.connect_to(world.OWN)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
