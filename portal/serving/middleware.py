"""Small steps around every request, the gate for dear ones, and the answers where no page can be given."""

import errno
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache

import redis
from django.conf import settings
from django.core.cache import caches
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import trans_real
from django.views import defaults

from portal.operating.security import is_here, is_personal, visitor_of

GetResponse = Callable[[HttpRequest], HttpResponse]


def language_of(path: str) -> str:
    """The language of an address: /en/… is English, everything else Danish."""
    return "en" if f"{path}/".startswith("/en/") else settings.LANGUAGE_CODE


def language_of_the_address(get_response: GetResponse) -> GetResponse:
    """The address alone decides the language: /en/… is English, everything else Danish.

    Django's own middleware would vary the answer on Accept-Language, and a link would then not say
    the same to everybody.
    """
    _know_the_language_quickly()

    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


ACTIVE = "_active"  # where Django keeps the language of a thread


def _know_the_language_quickly() -> None:
    """A page asks a thousand times which language is active and four hundred times for a text.

    Django keeps the language where coroutines find it too, behind a lock; here threads answer, and none awaits. Its
    texts are looked for in a dozen catalogues; here each is found once a process.
    """
    before, quick = getattr(trans_real, ACTIVE), threading.local()
    if isinstance(before, threading.local):
        return
    if active := getattr(before, "value", None):
        quick.value = active
    setattr(trans_real, ACTIVE, quick)
    for language, _name in settings.LANGUAGES:
        texts = trans_real.translation(language)
        vars(texts)["gettext"] = lru_cache(maxsize=16_384)(texts.gettext)


log = logging.getLogger(__name__)


class Refused(Exception):  # noqa: N818  the message is the answer
    """A question that a file, a picture or an embed cannot answer, where nothing can be said beside the answer.

    A filter, a code or a column that it does not know. The message, in the reader's language, names it.
    """

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


def refuse_repeated(query: QueryDict, *but: str) -> None:
    """Raise Refused for a parameter that stands more than once, but for those that are lists."""
    if twice := sorted(name for name in set(query) - set(but) if len(query.getlist(name)) > 1):
        raise Refused(_("Kun én værdi ad gangen: %(names)s står flere gange.") % {"names": ", ".join(twice)})


def refused(error: Refused) -> HttpResponse:
    """404 or 422 in words. Plain text: who asks for a file or a picture reads no page."""
    response = HttpResponse(f"{error}\n", status=error.status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def unreachable(request: HttpRequest, reason: object = "") -> HttpResponse:
    """503 for a reader who asks for a page that is not kept, or for an admin, who is told that nothing was saved."""
    return _later(request, reason, "admin_unreachable.html" if is_personal(request) else "maintenance.html")


def answer_to(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """A refusal in words, or 503 for a failure that is neither the visitor's nor the code's; None for any other."""
    if isinstance(exception, Refused):
        return refused(exception)
    if isinstance(exception, OperationalError | InterfaceError):
        return unreachable(request, exception)
    if isinstance(exception, OSError) and exception.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _later(request, exception, "admin_no_room.html")
    return None


def _later(request: HttpRequest, reason: object, template: str) -> HttpResponse:
    log.error("503 %s: %s", request.path, reason)
    response = HttpResponse(get_template(template).render(), status=503)
    response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody caught. Middleware that meets no database (a session, a signed-in person) raises where no view could
    answer for it: 503 then too, not the words for an error of ours."""
    return answer_to(request, sys.exc_info()[1]) or defaults.server_error(request)


AT_WORK, WAITING, PATIENCE = 1, 1, 2.0  # worked on in a process, waiting behind it, and for how many seconds
RETRY = 5
DEAR_ENDINGS = (".png", ".pdf", ".xlsx")
DEAR_ROWS = ("/api/v1/measurements", "/api/v1/placements", "/api/v1/own-weights", "/api/v1/comparisons")
DEAR = 0.15  # processor seconds
MINUTE = 60


class Full(Exception):  # noqa: N818  said by an answer, not by a log
    """The gate is full: the visitor may come back."""


class Gate:
    """Lets a few dear addresses through at a time, so that a hit never waits behind a miss.

    A process answers four readers at once. A picture, a PDF or a thousand rows takes a third of a second of a core:
    four in a row, and those who ask for a finished page stand behind. So no more than one is worked on at a time, one
    may wait for a moment, and the next is told to come back. What is dear is known by its ending, or learnt: every
    render is timed in processor seconds, and a view that took long last time is dear the next. ``costs`` are the
    processor seconds that a kind of address took last.
    """

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
