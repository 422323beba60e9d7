"""manage.py keep_hearings: open the hearings whose moment has come, end what closed, remind, send the letters."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone, translation

from indicators.people.services.letters import send_letters
from portal.workbench.letters import address
from rankings.hearing.services.hearings import keep_hearings
from rankings.hearing.services.statements import forget_attachments


class Command(BaseCommand):
    """What the clock asks of hearings and letters; safe to run at any time and again."""

    help = "Open and close hearings by the Danish clock, write reminders, send letters. By cron, or --every SECONDS."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or for ever."""
        parser.add_argument("--every", type=float, default=0, help="seconds between two rounds; 0: one round")

    def handle(self, *, every: float, **_options: Any) -> None:
        """Do one round, or one after the other until a signal."""
        while True:
            with translation.override("da"):  # letters are to Danish offices
                self._round()
            if not every:
                return
            close_old_connections()
            time.sleep(every)

    def _round(self) -> None:
        for done in keep_hearings(address=address("workbench-hearing"), now=timezone.now()):
            self.stdout.write(done)
        forget_attachments(now=timezone.now())
        sent, failed = send_letters()
        if sent or failed:
            self.stdout.write(f"sent {sent} letters, {failed} could not be sent")
