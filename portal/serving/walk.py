"""Walk the public site from its front pages, link by link: to have pages ready, or to write them as files."""

import gc
import html
import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http.response import HttpResponseBase

from portal.serving.release import only_reading

FRONTS = ("/", "/en/")
LINK = re.compile(r"=\"(/[^/\"][^\"]*|/)\"")  # any attribute that holds an address of our own
OF_ONE_EDITION = re.compile(r"^(/en)?/(\d{4}|@\d{4}\.\d{1,3})/")
ONE_A_NUMBER = re.compile(r"^(/en)?(/@?[\d.]+)?/(spor|trail)/")  # ten thousand of each edition: made when asked for
ONE_A_FIGURE = re.compile(r"/(kommune|municipality)/[^/]+/(tal|figure)/")  # as many again in each language
TAKEN_AWAY = re.compile(r"/(presse|press|indlejr|embed)/|/(kommune|municipality|indi[kc]ator|rangliste|ranking)/.*svg$")
MOST_WARM = 3000  # pages: a country twenty times as large publishes its front rows warm, and the rest cold
HEAVY = re.compile(r"\.(csv|xlsx|json|parquet|zip|pdf|png|bib|ris|txt|ttl)$")


@dataclass(frozen=True, slots=True)
class Found:
    """An answer of the walk: its address, status, kind and bytes."""

    path: str
    status: int
    kind: str
    body: bytes

    @property
    def links(self) -> list[str]:
        """The addresses of our own that an HTML or SVG page names, without fragment and query, in its order, each
        once."""
        if not self.kind.startswith(("text/html", "image/svg")):
            return []
        targets = map(html.unescape, dict.fromkeys(LINK.findall(self.body.decode())))
        return list(dict.fromkeys(target.partition("#")[0].partition("?")[0] for target in targets))


class Site:
    """The site, asked in this process; inside a transaction it answers with what that transaction sees."""

    def __init__(self, *, warming: bool) -> None:
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._warming = {"portal.warming": True} if warming else {}

    def ask(self, path: str) -> Found:
        """The answer of an address."""
        address = urlsplit(settings.SITE_ADDRESS)
        name, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(name).encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": address.hostname,
            "SERVER_PORT": str(address.port or (443 if address.scheme == "https" else 80)),
            "HTTP_HOST": address.netloc,
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_X_FORWARDED_PROTO": "https",
            "wsgi.url_scheme": "https" if settings.HTTPS else "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            **self._warming,
        }
        response = self._handler.get_response(WSGIRequest(environ))
        try:
            return Found(path, response.status_code, response.headers.get("Content-Type", ""), _body(response))
        finally:
            # Its end must not close our connection: we may be inside the transaction that publishes.
            request_finished.disconnect(close_old_connections)
            response.close()
            request_finished.connect(close_old_connections)


def _body(response: HttpResponseBase) -> bytes:
    if response.streaming:
        return b"".join(response)  # ours are never asynchronous
    return response.content  # type: ignore[attr-defined, no-any-return]


def walk(site: Site, *, newest_only: bool, heavy: bool, most: int | None = None) -> Iterator[Found]:
    """Every page that can be reached from the front pages, each once, those of fewest steps first, and of as many
    steps those of one subject together: what its pages share is then read once (portal.serving.release).

    ``newest_only`` leaves out addresses of one edition, press sheets and embeds, ``heavy`` takes in files of data too.
    """
    step = list(FRONTS)
    known = set(step)
    while step and most != 0:
        further: list[str] = []
        for path in step if most is None else step[:most]:
            found = site.ask(path)
            yield found
            new = [link for link in found.links if link not in known]
            known.update(new)
            further += [link for link in new if _is_public(link, newest_only=newest_only, heavy=heavy)]
        most = None if most is None else max(0, most - len(step))
        step = sorted(further, key=_subject)


def _subject(path: str) -> str:
    """What a page is about, in either language: /kommune/odense/… and /en/municipality/odense/… of Odense."""
    return "".join(path.removeprefix("/en").split("/")[2:3])


def _is_public(path: str, *, newest_only: bool, heavy: bool) -> bool:
    inside = (settings.STATIC_URL, f"/{settings.ADMIN_PATH}/", "/sundhed/", "/api/", "/design/")
    if path.startswith(inside) or ONE_A_NUMBER.match(path) or (newest_only and _waits(path)):
        return False
    return heavy or not HEAVY.search(path)


def _waits(path: str) -> bool:
    """Whether a page is made when somebody asks: earlier editions, what a few take away to show elsewhere, and the
    page of each single figure of a municipality."""
    return bool(OF_ONE_EDITION.match(path) or TAKEN_AWAY.search(path) or ONE_A_FIGURE.search(path))


def warm_up(say: Callable[[str], object] = lambda _words: None) -> int:
    """Render every page of the newest edition and keep it on the shelf; how many.

    Called as the last step of the transaction that publishes, it has the pages ready under the release to come, so
    that no reader meets a cold page: PostgreSQL's stamps of the rows are the same before the commit and after it.
    """
    pages = 0
    if not settings.CACHE_PAGES:
        return pages
    with only_reading(), seldom_collecting():
        for found in walk(Site(warming=True), newest_only=True, heavy=False, most=MOST_WARM):
            pages += found.status == 200
            if pages % 100 == 0:
                say(f"{pages} pages are ready")
    return pages


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look through memory for what nobody holds any more as seldom as a server does (portal.wsgi): else a tenth of the
    time goes there."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
