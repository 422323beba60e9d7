"""manage.py make_demo_data: invented figures as files in the upload format."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from indicators.demo.world import write_files


class Command(BaseCommand):
    """Write the demo files. The same seed gives the same files."""

    help = "Write demo data (invented figures) as files in the upload format; those of surveys come with `demo`."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and from which seed."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--seed", type=int, default=2014)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and say how many."""
        paths = write_files(options["folder"], seed=options["seed"])
        self.stdout.write(f"{sum(map(len, paths.values()))} files of demo data in {options['folder']}")
