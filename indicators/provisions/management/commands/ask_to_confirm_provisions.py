"""manage.py ask_to_confirm_provisions ADDRESS: give municipalities the task to confirm their services, once a day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from indicators.provisions.services.confirming import ask_to_confirm


class Command(BaseCommand):
    """Safe to repeat: the same task is given once."""

    help = "Give each municipality a task for the services whose confirmation runs out within thirty days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where it is done: a path of the site, which this app does not know."""
        parser.add_argument("address", help="the path where services are confirmed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, then say how many."""
        tasks = ask_to_confirm(address=options["address"], now=timezone.now())
        self.stdout.write(f"{len(tasks)} municipalities have services to confirm")
