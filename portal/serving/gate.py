"""A small gate for dear addresses, so that a hit never waits behind a miss.

A process answers four readers at once. A picture, a PDF or a thousand rows takes a third of a second of a core: four of
them in a row, and those who ask for a finished page stand behind. So no more than one is worked on at a time, one may
wait for a moment, and the next is told to come back. What is dear is known by its ending, or learnt: every render is
timed in processor seconds, and a view that took long last time is dear the next.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import redis
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.operating.security import is_here, visitor_of
from portal.serving.middleware import language_of

AT_WORK, WAITING, PATIENCE = 1, 1, 2.0  # worked on in a process, waiting behind it, and for how many seconds
RETRY = 5
DEAR_ENDINGS = (".png", ".pdf", ".xlsx")
DEAR_ROWS = ("/api/v1/measurements", "/api/v1/placements", "/api/v1/own-weights", "/api/v1/comparisons")
DEAR = 0.15  # processor seconds
MINUTE = 60


class Full(Exception):  # noqa: N818  said by an answer, not by a log
    """The gate is full: the visitor may come back."""


class Gate:
    """Lets a few through at a time. ``costs`` are the processor seconds that a kind of address took last."""

    def __init__(self, at_work: int = AT_WORK, waiting: int = WAITING, patience: float = PATIENCE) -> None:
        self._places = threading.BoundedSemaphore(at_work)
        self._queue = threading.BoundedSemaphore(waiting)
        self._patience = patience
        self.costs: dict[str, float] = {}

    def is_dear(self, path: str) -> bool:
        """Whether an address is known to cost much."""
        return path.endswith(DEAR_ENDINGS) or path.startswith(DEAR_ROWS) or self.costs.get(kind_of(path), 0) > DEAR

    def took(self, path: str, seconds: float) -> None:
        """Note what a render cost. Half of what was known before stays: one slow moment makes nothing dear for ever."""
        kind = kind_of(path)
        self.costs[kind] = (self.costs.get(kind, seconds) + seconds) / 2

    @contextmanager
    def through(self, path: str) -> Iterator[None]:
        """Inside, one of the few places is taken, where the address is dear. Raises Full where there is none."""
        if not self.is_dear(path):
            yield
            return
        self._enter()
        try:
            yield
        finally:
            self._places.release()

    def _enter(self) -> None:
        if self._places.acquire(blocking=False):
            return
        if not self._queue.acquire(blocking=False):
            raise Full
        try:
            if not self._places.acquire(timeout=self._patience):
                raise Full
        finally:
            self._queue.release()


def kind_of(path: str) -> str:
    """An address without its names: its first word, and its ending or how many words it has. There are few of them."""
    words = [word for word in path.split("/") if word and not word.startswith("@")]
    if not words:
        return ""
    last = words[-1].rpartition(".")[2] if "." in words[-1] else str(len(words))
    return f"{words[0]}/{last}"


def come_back(request: HttpRequest, seconds: int = RETRY, status: int = 503) -> HttpResponse:
    """503 or 429 in words, with how long to wait; kept nowhere."""
    with translation.override(language_of(request.path_info)):
        text = _("Der er trængsel lige nu. Prøv igen om %(seconds)s sekunder.") % {"seconds": seconds}
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


_elsewhere = threading.local()


def spent_elsewhere(seconds: float) -> None:
    """Note what another process took for the answer that this thread is making."""
    _elsewhere.seconds = getattr(_elsewhere, "seconds", 0.0) + seconds


def taken_elsewhere() -> float:
    """What other processes took since this was last asked in this thread."""
    seconds: float = getattr(_elsewhere, "seconds", 0.0)
    _elsewhere.seconds = 0.0
    return seconds


def spent(request: HttpRequest) -> int:
    """Seconds to wait for who has used up this minute's budget of processor time; 0 for all others.

    Who asks from this very machine is ours, or a proxy that does not say for whom it asks.
    """
    if is_here(request):
        return 0
    now = time.time()
    with suppress(redis.RedisError):
        used = caches["limits"].get(_key(request, now), 0)
        if used > settings.PROCESSOR_SECONDS_A_MINUTE * 1000:
            return MINUTE - int(now % MINUTE)
    return 0


def charge(request: HttpRequest, seconds: float) -> None:
    """Put a render on the visitor's account of this minute, in processor time: a hit costs nothing."""
    if is_here(request):
        return
    key = _key(request, time.time())
    with suppress(ValueError, redis.RedisError):  # it ran out in between, or Redis is away: nobody waits for that
        caches["limits"].add(key, 0, MINUTE + 5)
        caches["limits"].incr(key, round(seconds * 1000))


def _key(request: HttpRequest, now: float) -> str:
    return f"processor:{visitor_of(request)}:{int(now // MINUTE)}"
