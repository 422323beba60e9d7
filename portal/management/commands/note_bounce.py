"""manage.py note_bounce < message: mark the letter that a returned message is about; for a mail server's pipe."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from indicators.people.services.letters import note_bounce

MOST = 1_000_000  # characters: a report and the head of what it returns


class Command(BaseCommand):
    """Read one returned message."""

    help = "Read a returned message on standard input and mark the letter it is about (RFC 3464)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Mark; say which."""
        letter = note_bounce(returned=sys.stdin.read(MOST), now=timezone.now())
        self.stdout.write(f"letter {letter.pk} came back" if letter else "none of our letters")
