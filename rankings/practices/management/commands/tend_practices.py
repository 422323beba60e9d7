"""manage.py tend_practices: what time does to practices and enquiries; to be run daily."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from rankings.practices.services.assessing import note_unconfirmed
from rankings.practices.services.exchange import ask_for_follow_ups, remind_of_enquiries


class Command(BaseCommand):
    """Run the three clocks: 24 months, 14 days, twelve months."""

    help = "Mark practices that nobody confirmed, remind of unanswered enquiries, ask what came of answers."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run them; running twice changes nothing more."""
        now = timezone.now()
        unconfirmed, waiting = note_unconfirmed(now=now), remind_of_enquiries(now=now)
        asked = ask_for_follow_ups(now=now)
        self.stdout.write(
            f"Unconfirmed: {len(unconfirmed)}. Reminded of: {len(waiting)}. Asked what came of it: {asked}."
        )
