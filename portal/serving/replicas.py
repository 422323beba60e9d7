"""Reading from replicas: pages of readers may come from any, everything of the admin from the primary.

REPLICA_URLS names streaming standbys. A page is rendered in one snapshot of one server and kept with that snapshot's
release, so a standby that lags gives an old page whole, never a mixed one. A server that does not answer is left alone
for a second; readers go on with the others, also while the primary is away.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import sample
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

PAUSE = 1.0  # seconds
reading_from: ContextVar[str] = ContextVar("reading_from", default=DEFAULT_DB_ALIAS)
_away: dict[str, float] = {}


class Router:
    """Reads go where the page reads from, writes and migrations to the primary."""

    def db_for_read(self, model: type[Any], **hints: Any) -> str:
        """The server of this page; the primary outside of pages."""
        return reading_from.get()

    def db_for_write(self, model: type[Any], **hints: Any) -> str:
        """The primary."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: object, other: object, **hints: Any) -> bool:
        """All servers hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Standbys follow by themselves."""
        return db == DEFAULT_DB_ALIAS


def servers() -> list[str]:
    """The servers to try for a page, standbys first and in any order; those away come last."""
    standbys = sample(settings.REPLICAS, len(settings.REPLICAS))
    now = time.monotonic()
    return sorted([*standbys, DEFAULT_DB_ALIAS], key=lambda alias: _away.get(alias, 0.0) > now)


@contextmanager
def a_server() -> Iterator[str]:
    """The first server that answers, for everything that is read inside. Raises OperationalError when none does."""
    if connections[DEFAULT_DB_ALIAS].in_atomic_block or not settings.REPLICAS:
        yield DEFAULT_DB_ALIAS
        return
    token = reading_from.set(_first_that_answers())
    try:
        yield reading_from.get()
    finally:
        reading_from.reset(token)


def _first_that_answers() -> str:
    failure: Exception | None = None
    for alias in servers():
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        except (OperationalError, InterfaceError) as error:
            connections[alias].close()
            _away[alias] = time.monotonic() + PAUSE
            failure = error
        else:
            return alias
    raise OperationalError("No server answers") from failure
