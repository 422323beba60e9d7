"""Finished pages: every public GET is a pure function of its address (language included) and the release.

`released` marks such a view; `FinishedPages`, the outermost middleware, answers it from memory. A page is rendered
in one snapshot of the database and kept with that snapshot's release, so no page ever mixes two releases, and a
new release leaves all older pages behind by itself: nothing is purged. What is not in the key is taken out of the
request before the view sees it: cookies, tracking parameters, the visitor's spelling of our host name.
"""

import re
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.http import http_date
from django.utils.translation import gettext as _

from portal.operating import logs
from portal.serving import middleware, page_store, release
from portal.serving.middleware import Refused, answer_to, language_of, refused, unreachable
from portal.serving.page_store import Memory, Page, shelf

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
GetResponse = Callable[[HttpRequest], HttpResponse]

FRESH = "public, max-age=0, s-maxage=2, stale-while-revalidate=30, stale-if-error=86400"
FOR_EVER = "public, max-age=31536000, s-maxage=60, immutable"
"""Of a pinned file. Caches that many readers share ask again each minute (304): what is withdrawn is gone from them."""
LONGEST_PATH = 300
CONDITIONAL = "If-None-Match, If-Modified-Since"
READING, OTHER_METHODS = ("GET", "HEAD"), ("POST", "OPTIONS", "PUT", "PATCH", "DELETE")
OF_ONE_ANSWER = {"vary", "etag", "last-modified", "cache-control", "content-length", "content-encoding", "x-request-id"}


NOTHING_TO_READ = ("utm_", "fbclid", "gclid", "dclid", "msclkid", "mc_", "_hs", "igshid", "ref_src")
LONGEST_QUERY, MOST_PARAMETERS = 2000, 250
MINE = "min"
"""The reader's own municipality, which pages mark (portal.frame.mine). It makes another page, never another file."""
A_SLUG = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Policy:
    """How a view is kept. ``parameters`` are those it reads; None: all that are no tracking parameters.

    ``strict``: another one is refused. A file in which a misspelt filter is left out has other rows than were meant,
    and so has one that knows no filter: all files, pictures and embeds are strict, as nothing can be said beside them.
    ``marks_mine``: the answer is a page, which marks the reader's own municipality; a file or an embed never does.
    """

    parameters: frozenset[str] | None = None
    strict: bool = False
    marks_mine: bool = False

    def unknown(self, raw: str) -> list[str]:
        """The names in a query that a strict view does not know and that track nobody."""
        if not self.strict or self.parameters is None:
            return []
        names = {name for name, _value in parse_qsl(raw, keep_blank_values=True)}
        ignored = (*NOTHING_TO_READ, MINE)
        return sorted(name for name in names if name not in self.parameters and not name.startswith(ignored))

    def query(self, raw: str) -> str | None:
        """The query as the view shall see it, in one spelling; None where it is too long to be kept."""
        try:
            pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
        except ValueError:
            return None
        pairs = [_in_one_spelling(pair) for pair in pairs if self._reads(*pair)]
        query = urlencode(sorted(pairs, key=lambda pair: (pair[0], pair[1] if pair[0] == "fields" else "")))
        return query if len(query) <= LONGEST_QUERY else None

    def reads_all(self, raw: str) -> bool:
        """Whether the view reads every parameter of a query that is short enough."""
        return all(self._reads(*pair) for pair in parse_qsl(raw, keep_blank_values=True))

    def _reads(self, name: str, value: str) -> bool:
        if name == MINE:
            return self.marks_mine and A_SLUG.fullmatch(value) is not None
        if self.parameters is None:
            return not name.startswith(NOTHING_TO_READ)
        return name in self.parameters


FINE = re.compile(r"[?&]indbyggere_(?:fra|til)=(?!(?:\d*000)?(?:&|$))")
"""A population that is no whole thousand: such questions are without number, so their answers are given, never kept."""


def _in_one_spelling(pair: tuple[str, str]) -> tuple[str, str]:
    """A parameter as it is kept: the names of fields in order."""
    name, value = pair
    return (name, ",".join(sorted(value.split(",")))) if name == "fields" else pair


def released(*, parameters: Collection[str] | None = None, strict: bool = False) -> Callable[[View], View]:
    """Mark a view as a pure function of address and release: its answer is kept until the release changes.

    Such a view must read nothing else of the request: no cookie, user, header or clock. An answer that is not 200,
    sets a cookie or says no-store or private is never kept.
    """
    policy = Policy(None if parameters is None else frozenset(parameters), strict)

    def mark(view: View) -> View:
        view.released = policy  # type: ignore[attr-defined]
        return view

    return mark


class FinishedPages:
    """Middleware: answers from memory, else from the shelf, else renders and keeps.

    It stands outermost, so that a hit runs nothing else.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        self.memory = Memory(settings.PAGE_MEMORY)
        self.shelf = shelf(settings.REDIS_URL, Path(settings.VAR_DIR) / "pages")
        self.gate = middleware.Gate()
        self._at_work = [threading.Lock() for _ in range(64)]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if (
            request.method not in READING
            or request.path_info.startswith(settings.STATIC_URL)
            or (settings.SECURE_SSL_REDIRECT and not request.is_secure())
        ):
            return self._get_response(request)
        request.get_host()  # raises DisallowedHost: an unknown host gets nothing, not even from memory
        if raw := request.META.get("QUERY_STRING", ""):
            policy = _policy(request.path_info)
            query = policy.query(raw) if policy else None
            if policy and query is not None and (names := policy.unknown(raw)):
                return _unknown_parameters(request, names, policy)
            if policy is None or query is None:
                return self._get_response(request)
            if settings.CACHE_PAGES or not policy.reads_all(raw):
                request.META["QUERY_STRING"] = query
        if not settings.CACHE_PAGES or len(request.path_info) > LONGEST_PATH:
            return self._get_response(request)
        answer = self._render if "portal.warming" in request.META else self._answer
        return answer(request, _key(request))

    def process_view(self, request: HttpRequest, view: Any, _args: object, _words: object) -> HttpResponse | None:
        """A page can be read, nothing else; the API says so in its own way. Nobody knows TRACE, nor what is made up."""
        page = hasattr(view, "released") and not hasattr(view, "refuses")
        if page and request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return preflight()
        if request.method in READING or (request.method in OTHER_METHODS and not page):
            return None
        return HttpResponseNotAllowed(READING if page else READING + OTHER_METHODS)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view that met no database, or a full disk: 503, whoever asked."""
        return answer_to(request, exception)

    def _answer(self, request: HttpRequest, key: str) -> HttpResponse:
        state = release.watch.now()
        page = self.memory.get(key)
        if page is not None and page.release == state.fingerprint:
            return self._respond(request, key, page, "hit" if state.reachable else 'hit; detail="database unreachable"')
        if _policy(request.path_info) is None:
            return self._get_response(request)
        if not state.reachable:
            return self._last_good(request, key)
        if (page := self.shelf.get(state.fingerprint, key)) is not None:
            self.memory.put(key, page)
            return self._respond(request, key, page, "hit; detail=shelf")
        return self._made(request, key)

    def _made(self, request: HttpRequest, key: str) -> HttpResponse:
        """A miss: through the gate where it is dear, and on the visitor's account."""
        if seconds := middleware.spent(request):
            return middleware.come_back(request, seconds, 429)
        try:
            with self.gate.through(request.path_info), self._at_work[hash(key) % len(self._at_work)]:
                page = self.memory.get(key)
                if page is not None and page.release == release.watch.now().fingerprint:
                    return self._respond(request, key, page, "hit; detail=waited")
                return self._charged(request, key)
        except middleware.Full:
            return middleware.come_back(request)

    def _charged(self, request: HttpRequest, key: str) -> HttpResponse:
        """Render, and put it on the visitor's account."""
        began = time.thread_time()
        middleware.taken_elsewhere()  # what an earlier answer of this thread left
        try:
            return self._render(request, key)
        finally:
            seconds = time.thread_time() - began + middleware.taken_elsewhere()
            self.gate.took(request.path_info, seconds)
            middleware.charge(request, seconds)

    def _render(self, request: HttpRequest, key: str) -> HttpResponse:
        request.META["HTTP_HOST"] = urlsplit(settings.SITE_ADDRESS).netloc
        request.META.pop("HTTP_COOKIE", None)
        try:
            with _snapshot() as fingerprint, release.rendering(fingerprint):
                response = self._get_response(request)
        except (OperationalError, InterfaceError):
            return self._last_good(request, key)
        if response.status_code == 503:
            return self._last_good(request, key, response)
        if not _may_be_kept(response):
            return response
        page = _page(response, fingerprint, pinned="/@" in key)
        page = page.encoded(page.possible[0] if "portal.warming" in request.META else _preferred(request, page))
        if FINE.search(key):
            return self._respond(request, key, page, "fwd=miss")
        self.memory.put(key, page)
        if "?" not in key:
            self.shelf.put(key, page)
        return self._respond(request, key, page, "fwd=miss; stored")

    def _last_good(self, request: HttpRequest, key: str, response: HttpResponse | None = None) -> HttpResponse:
        page = self.memory.get(key) or self.shelf.last(key)
        if page is None:
            return response or unreachable(request)
        return self._respond(request, key, page, 'hit; detail="database unreachable"')

    def _respond(self, request: HttpRequest, key: str, page: Page, status: str) -> HttpResponse:
        """In an encoding that the visitor takes; one that nobody has asked for yet is made now, once."""
        encoding = _preferred(request, page)
        if encoding not in page.bodies:
            page = page.encoded(encoding)
            self.memory.put(key, page)
        return _response(request, page, encoding, status)


def preflight() -> HttpResponse:
    """What a browser is told that asks, for another site's script, whether it may read: yes, and ask whether it is new.

    Everything here is open, and no cookie makes an answer personal.
    """
    methods = ", ".join((*READING, "OPTIONS"))
    return HttpResponse(
        status=204,
        headers={
            "Allow": methods,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": CONDITIONAL,
            "Access-Control-Max-Age": "86400",
        },
    )


def refuse_parameters(request: HttpRequest) -> None:
    """For a file that is not kept here and reads no parameters: raise what is said of one that tracks nobody."""
    policy = Policy(frozenset(), strict=True)
    if names := policy.unknown(request.META.get("QUERY_STRING", "")):
        raise Refused(_unknown_words(names, policy))


def _unknown_parameters(request: HttpRequest, names: list[str], policy: Policy) -> HttpResponse:
    with translation.override(language_of(request.path_info)):
        return refused(Refused(_unknown_words(names, policy)))


def _unknown_words(names: list[str], policy: Policy) -> str:
    text = _("Her er intet valg, der hedder %(names)s. Der er: %(known)s.")
    known = ", ".join(sorted(policy.parameters or ())) or "–"
    return text % {"names": ", ".join(one[:60] for one in names[:10]), "known": known}


@contextmanager
def _snapshot() -> Iterator[str]:
    """One unchanging view of one server, read-only; gives its release. Inside a transaction: that one's view."""
    if connection.in_atomic_block:
        yield release.fingerprint()
        return
    with release.a_server() as alias, transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield release.fingerprint(alias)


def _key(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{request.path_info}?{query}" if query else request.path_info


def _policy(path: str) -> Policy | None:
    with translation.override(language_of(path)):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    policy: Policy | None = getattr(match.func, "released", None)
    if policy is None:
        return None
    is_page, is_api = marks_mine(path, match.url_name or ""), path.startswith("/api/")  # the API refuses by itself
    return replace(policy, marks_mine=is_page, strict=policy.strict or not (is_page or is_api))


def marks_mine(path: str, name: str) -> bool:
    """Whether an address is that of a page of ours: no file, no program's answer, nothing in another site's frame."""
    return path.endswith("/") and not name.startswith("embed") and not path.startswith("/api/")


def _may_be_kept(response: HttpResponseBase) -> bool:
    control = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "no-store" not in control
        and "private" not in control
    )


def _page(response: HttpResponse, fingerprint: str, *, pinned: bool) -> Page:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    headers = [(name, value) for name, value in response.items() if name.lower() not in OF_ONE_ANSWER]
    made = time.time()
    headers += [
        ("Cache-Control", FOR_EVER if pinned and not is_html else FRESH),
        ("Last-Modified", http_date(made)),
        ("Vary", "Accept-Encoding"),
    ]
    return Page(fingerprint, made, tuple(headers), {"": response.content})


def _preferred(request: HttpRequest, page: Page) -> str:
    taken = page_store.taken(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    return taken[0] if taken[0] in page.bodies else next(one for one in taken if one in page.possible)


def _response(request: HttpRequest, page: Page, encoding: str, status: str) -> HttpResponse:
    """The stored page for this visitor, or 304 where it has the page already."""
    logs.PAGES.labels(status.partition(";")[0]).inc()
    etag = f'"{page.release}{encoding and "-"}{encoding}"'
    response: HttpResponse
    if _has(request, page, etag):
        response = HttpResponseNotModified()
    else:
        body = page.bodies[encoding]
        response = HttpResponse(b"" if request.method == "HEAD" else body)
        response.headers["Content-Length"] = str(len(body))
        if encoding:
            response.headers["Content-Encoding"] = encoding
    for name, value in page.headers:
        response.headers[name] = value
    response.headers["ETag"] = etag
    response.headers["Cache-Status"] = f"socialt-indeks; {status}"
    return response


def _has(request: HttpRequest, page: Page, etag: str) -> bool:
    """Whether the visitor's copy is this page. Time counts only where there is no tag, as HTTP says."""
    tags = request.META.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return etag in {tag.strip().removeprefix("W/") for tag in tags[:1000].split(",")}
    return request.META.get("HTTP_IF_MODIFIED_SINCE") == dict(page.headers).get("Last-Modified", "")
