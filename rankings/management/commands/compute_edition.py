"""manage.py compute_edition 2026: prepare the year's draft where there is none, and compute it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.services.log import acting_user
from rankings.models import Edition
from rankings.services.computing import EditionError
from rankings.services.editions import prepare_edition, renew_edition


class Command(BaseCommand):
    """Compute an open edition from the current measurements."""

    help = "Prepare (where needed) and compute a year's draft edition."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which year, and who is doing it."""
        parser.add_argument("year", type=int)
        parser.add_argument("--by", default="", help="user name; without it the account of the command line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and say how many placements there are."""
        user = acting_user(options["by"])
        edition = Edition.objects.still_open().filter(year=options["year"]).first()
        try:
            if edition is None:
                edition = prepare_edition(year=options["year"], by=user, now=timezone.now())
            else:
                edition = renew_edition(edition=edition, by=user, now=timezone.now())
        except EditionError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Edition {edition.release}: {edition.placement_set.count()} placements computed.")
