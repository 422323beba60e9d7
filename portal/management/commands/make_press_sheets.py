"""manage.py make_press_sheets 2026: the PDF sheets and share cards of a published edition, made and kept."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.models import Indicator, Municipality
from portal.pictures.pdf import NoPango
from portal.press.making import everyone, make_sheets
from rankings.models import Edition


class Command(BaseCommand):
    """Make the sheets of all municipalities and the national one; with --indicators those of the indicators too."""

    help = "Make the press sheets (PDF) and share cards (PNG) of a year's published edition."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which edition, in which languages."""
        parser.add_argument("year", type=int)
        parser.add_argument("--languages", nargs="+", default=["da"], choices=["da", "en"])
        parser.add_argument("--only", nargs="+", help="slugs of the municipalities, where not all")
        parser.add_argument("--indicators", action="store_true", help="also a sheet for each indicator")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them, one line of progress, and say how long it took."""
        edition = Edition.objects.published().filter(year=options["year"]).first()
        if edition is None:
            msg = f"There is no published edition {options['year']}."
            raise CommandError(msg)
        started = time.monotonic()
        subjects = everyone()
        if options["only"]:
            subjects = [None, *_named(options["only"])]
        if options["indicators"]:
            subjects += Indicator.objects.filter(criterion__edition=edition).select_related("theme__area", "source")

        for language in options["languages"]:

            def say(done: int, language: str = language) -> None:
                self.stdout.write(f"\r{language}: {done} of {len(subjects)} sheets", ending="")
                self.stdout.flush()

            try:
                make_sheets(edition, subjects, language, say)
            except NoPango as missing:
                raise CommandError(str(missing)) from missing
        self.stdout.write(f"\nEdition {edition.release}: done in {time.monotonic() - started:.1f} s.")


def _named(slugs: list[str]) -> list[Municipality]:
    found = list(Municipality.objects.select_related("region").filter(slug__in=slugs))
    if unknown := set(slugs) - {one.slug for one in found}:
        msg = f"There is no municipality {', '.join(sorted(unknown))}: name it as in addresses, such as roedovre."
        raise CommandError(msg)
    return found
