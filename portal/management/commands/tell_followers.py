"""manage.py tell_followers: letters about what is new, to those who asked. To be run after each publication."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.following.telling import tell_followers


class Command(BaseCommand):
    """Write to the followers."""

    help = "Write to everyone who follows about editions and corrections they have not been told of."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Send and say how many."""
        self.stdout.write(f"{tell_followers(now=timezone.now())} letters sent.")
