"""The world every test looks at, built once through the services that production uses.

The shipped catalogue, and the invented figures of `manage.py demo` as files that were imported: three published
editions, the middle one corrected afterwards (2025.2 replaced 2025.1). It has every kind of missing, ties, shared
places, an indicator that is new in 2025, one with a series break in 2024 and one counted every second year.

The first process that asks builds it into a template database named after the code that made it; every process
copies that (a fraction of a second) into a database of its own, so several runs on one server never meet.
"""

import contextlib
import functools
import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import override_settings

EDITIONS = (2024, 2025, 2026)
NEWEST, CORRECTED, OLDEST = 2026, 2025, 2024
MADE_BY = ("indicators", "rankings", "portal", "tests/world.py", "requirements/runtime.txt")
AS_BUILT = "as it was built"
state = AS_BUILT  # another text while a module's own additions to it are there: see tests/conftest.py
LOCK = 5_014_114  # an advisory lock of the server: one process builds, the others wait
OWN = f"test_of_{os.getpid()}"


def build() -> None:
    """Fill an empty, migrated database and MEDIA_ROOT, with the files of the newest edition as on the site."""
    from rankings.bundle.writing import write_edition  # noqa: PLC0415  after django.setup() in a script
    from rankings.models import Edition  # noqa: PLC0415

    said = io.StringIO()
    call_command("load_catalogue", stdout=said)
    call_command("demo", editions=list(EDITIONS), draws=1000, stdout=said)
    write_edition(Edition.objects.published().get(year=NEWEST))  # else both processes of the tests write them: 6 s each


@contextlib.contextmanager
def inhabited() -> Iterator[None]:
    """Let this process's connections lead to its own copy of the world, and its uploads to its own folder."""
    home, files = connection.settings_dict["NAME"], _files_of(OWN)
    _drop_what_the_dead_left()
    restore()
    with override_settings(MEDIA_ROOT=files):
        yield
    connect_to(home)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{OWN}" WITH (FORCE)')
    shutil.rmtree(files, ignore_errors=True)


def restore() -> None:
    """Make this process's copy anew: also after a test that committed, when every table has been emptied."""
    global state  # noqa: PLW0603  one database, one state of it
    state = AS_BUILT
    template = _template()
    connect_to(OWN)  # closes what would keep the old copy in use
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{OWN}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{OWN}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    shutil.rmtree(_files_of(OWN), ignore_errors=True)
    shutil.copytree(_files_of(template), _files_of(OWN))


def _template() -> str:
    """Name of the template database; built here if nobody has built it."""
    name = f"world_{fingerprint()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'world\\_%%'", [])
        known = {row[0] for row in cursor.fetchall()}
        if name in known and _files_of(name).exists():
            return name
        for old in known:
            with contextlib.suppress(DatabaseError):  # somebody still copies it
                cursor.execute(f'DROP DATABASE "{old}"')
            shutil.rmtree(_files_of(old), ignore_errors=True)
        unfinished = f"{name}_unfinished"
        cursor.execute(f'CREATE DATABASE "{unfinished}"')
        connect_to(unfinished)
        with override_settings(MEDIA_ROOT=_files_of(name)):
            call_command("migrate", verbosity=0)
            build()
        connect_to(OWN)
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


@functools.cache
def fingerprint() -> str:
    """A short checksum of everything the world is made from; or another's, whose world is to be looked at.

    tests/trials/mutations.py tries code with a fault in it on the world that the sound code made.
    """
    if given := os.environ.get("WORLD_OF_TESTS"):
        return given
    found = hashlib.sha256()
    for name in MADE_BY:
        path = settings.BASE_DIR / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in {".py", ".csv", ".json", ".txt"}:
                found.update(file.read_bytes())
    return found.hexdigest()[:12]


def _files_of(template: str) -> Path:
    return Path(settings.VAR_DIR) / "files-of-tests" / template


def connect_to(name: str) -> None:
    """Let this process's connections lead to another database of the same server."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # the PostgreSQL wrapper has it
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _drop_what_the_dead_left() -> None:
    """Drop the databases of test processes that were killed."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_of\\_%%'", [])
        for (name,) in cursor.fetchall():
            if not Path("/proc", name.rpartition("_")[2]).exists() and Path("/proc/self").exists():
                with contextlib.suppress(DatabaseError):  # one of another machine, in use
                    cursor.execute(f'DROP DATABASE "{name}"')
                shutil.rmtree(_files_of(name), ignore_errors=True)


if __name__ == "__main__":
    django.setup()
    _template()  # before anybody asks: the processes of xdist still import their tests
