"""manage.py work: do the long jobs that wait in the database, until SIGTERM."""

import logging
import signal
import sys
import time
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone

from indicators.models import Job
from indicators.services.child_process import ChildDiedError, in_a_child
from indicators.services.queue import control_connection, work_on_next
from portal.desk.fetching import SOURCE_WORK, ask_when_due
from portal.desk.publication import EDITION_WORK
from portal.publishing import FOLLOW_UPS

log = logging.getLogger(__name__)
_WAIT = 30.0
_AFTER_TROUBLE = 2.0


class Command(BaseCommand):
    """The worker. Any number may run; each job is done by one."""

    help = "Read and apply large files in the background. Ends at SIGTERM; an unfinished job is taken up again."

    def add_arguments(self, parser: CommandParser) -> None:
        """--once is for tests and for those who run it by hand."""
        parser.add_argument("--once", action="store_true", help="do what waits, then end")

    def handle(self, *, once: bool, **_options: Any) -> None:
        """Work, wait to be woken, work. What a signal interrupts is rolled back by the database."""
        if not once:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        while True:
            try:
                with control_connection() as control:
                    _work(control, once=once)
            except (psycopg.Error, DatabaseError):
                if once:
                    raise
                log.warning("The database is away; trying again in %s s", _AFTER_TROUBLE)
                time.sleep(_AFTER_TROUBLE)
            finally:
                connection.close()
            if once:
                return


def _work(control: psycopg.Connection[Any], *, once: bool) -> None:
    while True:
        if not once:
            ask_when_due(timezone.now())
        while Job.objects.unfinished().due(timezone.now()).exists() and _next_in_a_child(patient=not once):
            pass
        wait = _until_the_next()
        connection.close()
        if once:
            return
        for _notice in control.notifies(timeout=wait, stop_after=1):
            pass


def _until_the_next() -> float:
    """Seconds to sleep: what waits for a stated time begins at that time."""
    next_one = Job.objects.unfinished().filter(not_before__gt=timezone.now()).order_by("not_before").first()
    if next_one is None or next_one.not_before is None:
        return _WAIT
    return max(0.0, min(_WAIT, (next_one.not_before - timezone.now()).total_seconds()))


def _next_in_a_child(*, patient: bool) -> bool:
    """Do the next job with limited memory. One that ends its child is taken up again, until it counts as failed."""
    _let_go()
    try:
        return in_a_child(_next, memory=settings.UPLOAD_MEMORY)
    except ChildDiedError as error:
        if not patient:
            raise
        log.error("The process of a job died (%s)", error)  # noqa: TRY400  its own words stand above
        time.sleep(_AFTER_TROUBLE)
        return True


def _next() -> bool:
    try:
        with control_connection() as control:
            return work_on_next(control, follow_ups={**FOLLOW_UPS, **SOURCE_WORK, **EDITION_WORK})
    finally:
        _let_go()


def _let_go() -> None:
    """Close the connection and the pool behind it: a child must not use those of its parent."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # the PostgreSQL wrapper has it
