"""manage.py load_practices: enter the documented examples that ship with the code, for editors to assess."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from indicators.people.models import OrganisationKind
from indicators.people.services.members import found_organisation
from indicators.services.log import acting_user
from rankings.practices.services.documented import load_documented


class Command(BaseCommand):
    """Enter what is not there yet."""

    help = "Enter the documented practices (Herning, Housing First) as proposals of the editorial office."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who is doing it."""
        parser.add_argument("--by", default="", help="user name; without it the account of the command line")
        parser.add_argument("--office", default="Redaktionen", help="the organisation that proposes them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say which are new."""
        now = timezone.now()
        office = found_organisation(kind=OrganisationKind.OFFICE, name=options["office"], now=now)
        new = load_documented(office=office, by=acting_user(options["by"]), now=now)
        self.stdout.write(
            "\n".join(f"New: {practice.title}" for practice in new) or "All documented practices are there."
        )
