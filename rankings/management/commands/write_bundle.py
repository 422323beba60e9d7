"""manage.py write_bundle: the files of published editions, for those that have none yet."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rankings.bundle.writing import write_edition
from rankings.models import Edition


class Command(BaseCommand):
    """Write what publication writes: CSV, XLSX, JSON, Parquet and the zip of an edition."""

    help = "Write the files of published editions that have none yet; files that exist are never touched."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name a release to write only that."""
        parser.add_argument("release", nargs="?", help="edition and revision, as 2026.1; left out: all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and say where."""
        editions = list(Edition.objects.ever_published().newest_first())
        if options["release"]:
            editions = [edition for edition in editions if edition.release == options["release"]]
        if not editions:
            raise CommandError("There is no such published edition.")
        for edition in editions:
            self.stdout.write(f"{edition.release}: {write_edition(edition)}")
