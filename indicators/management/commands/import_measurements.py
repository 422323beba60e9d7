"""manage.py import_measurements FILE… --by USER: read, check and apply files, all or none."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.services.apply import import_files
from indicators.services.log import acting_user
from indicators.services.receive import FileOnDisk, UploadError
from indicators.upload.reading import ReadingOptions


class Command(BaseCommand):
    """Import files through the same service as an admin's upload."""

    help = "Read, check and apply files with measurements: all of them, or none."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files, who brings them, and what the files themselves do not say."""
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--by", default="", help="user name; without it the account of the command line")
        parser.add_argument("--indicator", help="code of the indicator, where the file does not name it")
        parser.add_argument("--year", type=int, help="the year, where the file does not name it")
        parser.add_argument("--sheet", help="sheet of a workbook")
        parser.add_argument(
            "--accept-warnings", action="store_true", help="take the file though something in it looks wrong"
        )
        parser.add_argument("--demo", action="store_true", help="the figures are invented")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then say what each file gave."""
        user = acting_user(options["by"])
        reading = ReadingOptions(indicator=options["indicator"], year=options["year"], sheet=options["sheet"])
        try:
            files = [FileOnDisk(path.name, path) for path in options["files"]]
            done = import_files(
                files=files,
                by=user,
                now=timezone.now(),
                options=reading,
                is_demo=options["demo"] or None,
                accept_warnings=options["accept_warnings"],
            )
        except (UploadError, OSError) as error:
            raise CommandError(str(error)) from error
        for upload, applied in done:
            self.stdout.write(
                f"{upload.name}: {applied.added} added, {applied.changed} changed, {applied.unchanged} as before"
            )
