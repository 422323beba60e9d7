"""manage.py load_provision_words [LIST…]: paragraphs, points, regions' successors; then lists of terms from files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from indicators.provisions.services.vocabularies import SchemeError, load_scheme, load_vocabularies


class Command(BaseCommand):
    """Load the words that services are described in. A second run changes nothing."""

    help = "Load paragraphs, points of places and lists of terms (target groups, service types, levels)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The lists of terms: none ships with the code whose licence is not clear."""
        parser.add_argument("lists", nargs="*", type=Path)
        parser.add_argument("--demo", action="store_true", help="the lists are invented")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then say what there is."""
        self.stdout.write(f"{load_vocabularies()} paragraphs and points added")
        for path in options["lists"]:
            try:
                scheme = load_scheme(content=path.read_text("utf-8-sig"), is_demo=options["demo"])
            except (SchemeError, OSError, UnicodeError) as error:
                msg = f"{path.name}: {error}"
                raise CommandError(msg) from error
            self.stdout.write(f"{scheme}: {scheme.terms.count()} terms")
