"""manage.py keep_hearings: the site's clock. Hearings open and close, letters go; hourly it asks for what runs out."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.urls import reverse
from django.utils import timezone, translation

from indicators.people.services.letters import send_letters
from indicators.provisions.services.confirming import ask_to_confirm
from portal.workbench.letters import address
from rankings.hearing.services.hearings import keep_hearings
from rankings.hearing.services.statements import forget_attachments
from rankings.practices.services.assessing import note_unconfirmed
from rankings.practices.services.exchange import ask_for_follow_ups, remind_of_enquiries

HOUR = 3600  # seconds between two looks at what counts in days


class Command(BaseCommand):
    """What time asks of hearings, letters, practices, enquiries and services; safe to run at any time and again."""

    help = "Open and close hearings by the Danish clock, remind, ask to confirm, send. By cron, or --every SECONDS."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or for ever."""
        parser.add_argument("--every", type=float, default=0, help="seconds between two rounds; 0: one round")

    def handle(self, *, every: float, **_options: Any) -> None:
        """Do one round, or one after the other until a signal."""
        looked = None
        while True:
            with translation.override("da"):  # letters are to Danish offices
                if looked is None or time.monotonic() - looked >= HOUR:
                    looked = time.monotonic()
                    self._what_runs_out()
                self._round()
            if not every:
                return
            close_old_connections()
            time.sleep(every)

    def _what_runs_out(self) -> None:
        """Confirmations of practices (24 months) and services (a year), enquiries (14 days), their follow-ups."""
        now = timezone.now()
        unconfirmed, waiting, asked = (
            note_unconfirmed(now=now),
            remind_of_enquiries(now=now),
            ask_for_follow_ups(now=now),
        )
        given = ask_to_confirm(address=reverse("work-provisions"), now=now)
        if unconfirmed or waiting:
            self.stdout.write(f"unconfirmed practices: {len(unconfirmed)}, reminded of enquiries: {len(waiting)}")
        if asked or given:
            self.stdout.write(f"open follow-ups: {asked}, new tasks to confirm services: {len(given)}")

    def _round(self) -> None:
        for done in keep_hearings(address=address("workbench-hearing"), now=timezone.now()):
            self.stdout.write(done)
        forget_attachments(now=timezone.now())
        sent, failed = send_letters()
        if sent or failed:
            self.stdout.write(f"sent {sent} letters, {failed} could not be sent")
