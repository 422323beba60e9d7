"""manage.py make_press_link 2026 --to "Ritzau" --hours 48 --by anna: a draft's press sheets for one recipient."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from indicators.services.log import acting_user
from rankings.models import Edition
from rankings.services.embargo import EmbargoError, make_press_link, token_of


class Command(BaseCommand):
    """Make a press link."""

    help = "Make a signed link to an open edition's press sheets. It expires, and every opening is logged."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which edition, for whom, for how long, and who is doing it."""
        parser.add_argument("year", type=int)
        parser.add_argument("--to", required=True, help="who gets the link")
        parser.add_argument("--hours", type=float, default=48)
        parser.add_argument("--by", required=True, help="user name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print its address."""
        user = acting_user(options["by"])
        edition = Edition.objects.still_open().filter(year=options["year"]).first()
        if edition is None:
            msg = f"There is no open edition {options['year']}. Run compute_edition first."
            raise CommandError(msg)
        now = timezone.now()
        until = now + dt.timedelta(hours=options["hours"])
        try:
            link = make_press_link(edition=edition, recipient=options["to"], until=until, by=user, now=now)
        except EmbargoError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{settings.SITE_ADDRESS}{reverse('embargo', kwargs={'token': token_of(link)})}")
