"""manage.py restore BACKUP: bring a backup back into an empty database, and prove that it is the same."""

import json
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from .backup import DUMP, FILES, SUMS, checksums, database, placements, run


class Command(BaseCommand):
    """Restore database and uploaded files."""

    help = "Restore a backup into the empty database of DATABASE_URL and an empty MEDIA_ROOT; compare every placement."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which backup."""
        parser.add_argument("backup", type=Path)

    def handle(self, *, backup: Path, **_options: Any) -> None:
        """Check the backup, restore, compare. Raises CommandError; an occupied database or folder is never touched."""
        if not (backup / SUMS).exists():
            msg = f"{backup} is no backup: it has no {SUMS}. Name the folder that manage.py backup printed."
            raise CommandError(msg)
        facts = json.loads((backup / SUMS).read_text())
        if checksums(backup) != facts["sha256"]:
            msg = f"{backup} is damaged: its files are not those that were backed up."
            raise CommandError(msg)
        if connection.introspection.table_names():
            msg = "The database is not empty. Make a new one and name it in DATABASE_URL."
            raise CommandError(msg)
        files = Path(settings.MEDIA_ROOT)
        if files.exists() and any(files.iterdir()):
            msg = f"{files} is not empty."
            raise CommandError(msg)
        connection.close()
        run(
            "pg_restore",
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            f"--dbname={database()}",
            str(backup / DUMP),
        )
        shutil.copytree(backup / FILES, files, dirs_exist_ok=True)
        found = placements()
        if found != facts["placements"]:
            msg = f"The placements differ: {found} here, {facts['placements']} in the backup."
            raise CommandError(msg)
        self.stdout.write(f"{found['rows']} placements compared with the backup, none different; files are back.")
