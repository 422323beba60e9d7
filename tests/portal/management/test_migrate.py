"""Migrations can be taken back, and none of them stops a site that is being read."""

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from portal.management.commands import migrate

OURS = ("indicators", "rankings", "portal")
SEEN = {  # looked at by a person: what the linter warns of does no harm here
    ("indicators", "0008_jobs_after_a_publication_have_names"): "ALTER_COLUMN",  # the list of choices went, no type
    ("indicators", "0013_readings_by_head"): "ADD_UNIQUE",  # wider than the one that goes: every old row passes
    ("indicators", "0015_log_and_clock_of_the_desk"): "ADD_UNIQUE",  # old code leaves its column empty
    ("indicators", "0016_references_checked_by_statement"): "ADD_UNIQUE",  # the same columns in another order
    ("rankings", "0009_surer_ranks"): "ADD_UNIQUE",  # the same
    ("rankings", "0014_what_an_edition_takes_by_its_year"): "NOT_NULL",  # has its default; the other is a condition
}


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
