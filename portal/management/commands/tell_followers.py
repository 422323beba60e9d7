"""manage.py tell_followers: letters about what is new. The worker writes them after each publication."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.following.page import tell_followers


class Command(BaseCommand):
    """Write to the followers."""

    help = "Write to everyone who follows about editions and corrections they have not been told of."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send and say how many."""
        told = tell_followers(now=timezone.now())
        self.stdout.write(f"{told.sent} letters sent, {told.refused} refused.")
