"""manage.py publish_edition 2026: make a year's open edition public."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.services.log import acting_user
from portal.publishing import publish
from rankings.bundle.writing import write_edition
from rankings.models import Edition
from rankings.services.computing import EditionError


class Command(BaseCommand):
    """Publish an open edition in one transaction."""

    help = "Compute a year's open edition once more and make it public."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which year, and who is doing it."""
        parser.add_argument("year", type=int)
        parser.add_argument(
            "--unheard-because", default="", help="why no municipality was asked, in public; needed without a hearing"
        )
        parser.add_argument("--by", default="", help="user name; without it the account of the command line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish and say which revision."""
        user = acting_user(options["by"])
        edition = Edition.objects.still_open().filter(year=options["year"]).first()
        if edition is None:
            msg = f"There is no open edition {options['year']}. Run compute_edition first."
            raise CommandError(msg)
        try:
            edition = publish(edition=edition, by=user, now=timezone.now(), unheard_because=options["unheard_because"])
        except EditionError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Edition {edition.release} is public.")
        self.stdout.write(f"Its files: {write_edition(edition)}")
