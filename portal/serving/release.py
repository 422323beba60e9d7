"""Which release the public site shows, a fingerprint of everything that its pages are made from; and which server of
the database a page is read from.

Placements and measurements are frozen with their edition, so a page changes only when a row of one of the small
tables changes (an edition is published or corrected, a text is edited, a context figure comes in) or when the site
itself is built anew. PostgreSQL stamps each row with the transaction that wrote it (``xmin``); a hash over those
stamps therefore changes with every change, however it was made, and at the very moment of its commit. Inside the
transaction that publishes it has its later value already: that is how pages can be rendered before readers see them.
"""

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sized
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from random import sample
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connection, connections
from django.db.backends.utils import CursorWrapper

from rankings.pinned import kept_by

log = logging.getLogger(__name__)

# Rows of these are frozen with their edition, or are nothing the public sees. A new model counts until it stands here.
SEEN_APPS = ("indicators", "rankings", "hearing", "practices", "provisions")
FROZEN = {"ContextFigure", "Measurement", "Placement", "VariantPlacement", "Explanation", "Spread", "Criterion"}
FROZEN |= {"Aim", "Assessment", "Element", "MeasuredHere"}  # with their practice: its row changes at its publication
FROZEN |= {
    # of the register of services: whatever changes there changes with an upload or a confirmation
    "Provision", "Registration", "Department", "DepartmentRegistration", "Capacity", "Serves", "LevelClaim",
    "Inspection", "Usage", "Vacancy", "Assertion", "GroupSize", "Delivery", "PlacePoint",
}  # fmt: skip
UNSEEN = {"Job", "LogEntry", "SourceReading", "PressLink", "PressLinkOpening", "Follower", "Told"}
UNSEEN |= {"Enquiry", "FollowUp"}  # counted as they stood when the edition was published
UNSEEN |= {"SourcePlan", "Computation", "Look"}  # the desk's own
UNSEEN |= {"Hearing", "Response", "FigureInHearing", "Remark", "Attachment", "Ruling"}  # their own page is never kept
# Of these only some rows count. Context figures are shown as they hold now: the uploads they came with stand for them.
SOME_ROWS = {
    "people_contact": "published",
    "practices_practice": "published_at IS NOT NULL",
    "practices_evidence": "practice_id IN (SELECT id FROM practices_practice WHERE published_at IS NOT NULL)",
    "rankings_audit": "edition_id IN (SELECT id FROM rankings_edition WHERE state IN ('published', 'corrected'))",
    "indicators_definitionchange": "state = 'approved'",
    "rankings_edition": "state IN ('published', 'corrected', 'withdrawn')",
    "hearing_flag": "state IN ('raised', 'ruled')",
    "hearing_voice": "shown_at IS NOT NULL",
    "hearing_comment": "edition_id IN (SELECT id FROM rankings_edition WHERE state IN ('published', 'corrected'))",
    "indicators_upload": "state IN ('applied', 'taken_back') AND (EXISTS (SELECT 1 FROM indicators_measurement AS m "
    "JOIN indicators_indicator AS i ON i.id = m.indicator_id "
    "WHERE m.upload_id = indicators_upload.id AND i.role = 'context') "
    "OR EXISTS (SELECT 1 FROM provisions_delivery AS d WHERE d.upload_id = indicators_upload.id))",
}
MADE_BY = (
    "portal/**/*.py", "portal/**/*.css", "rankings/**/*.py", "rankings/**/*.csv", "indicators/**/*.py",
    "indicators/data/*.*", "templates/**/*.*", "locale/**/*.mo", "static/**/*.*", "docs/method*.md",
    "docs/practices*.md", "docs/pages/*.md", "requirements/runtime.txt",
)  # fmt: skip
GONE = (DatabaseError, InterfaceError)


@dataclass(frozen=True, slots=True)
class State:
    """The release as this process last saw it. ``reachable``: whether the database answered then."""

    fingerprint: str
    reachable: bool
    seen: float


@cache
def site_build() -> str:
    """A hash of all that this process makes pages by: code, shipped data, templates, texts, static files, packages."""
    printed = settings.SITE_BUILD, settings.SITE_ADDRESS, settings.PRESS_CONTACT, *settings.PUBLISHER.values()
    digest = hashlib.sha256("\n".join(printed).encode())
    base = Path(settings.BASE_DIR)
    for path in sorted(path for pattern in MADE_BY for path in base.glob(pattern)):
        digest.update(path.relative_to(base).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _query() -> str:
    models = [model for app in SEEN_APPS for model in apps.get_app_config(app).get_models()]
    models.append(apps.get_model("people", "Contact"))
    parts = []
    for meta in (model._meta for model in models if model.__name__ not in FROZEN | UNSEEN):
        key, table = (connection.ops.quote_name(name) for name in (str(meta.pk.column), meta.db_table))
        rows = f"string_agg({key} || ':' || xmin::text, ',' ORDER BY {key})"
        where = SOME_ROWS.get(meta.db_table, "true")
        parts.append(f"SELECT '{meta.db_table}' AS t, coalesce({rows}, '') AS rows FROM {table} WHERE {where}")  # noqa: S608
    return f"SELECT md5(string_agg(t || rows, ';' ORDER BY t)) FROM ({' UNION ALL '.join(parts)}) AS s"  # noqa: S608


def fingerprint(alias: str = DEFAULT_DB_ALIAS) -> str:
    """The release that a server shows right now, to this transaction, with the site's build.

    Two snapshots of the same text see the same rows, and none comes back once another transaction has ended: while it
    stays, nobody has written, and the sum need not be made again. It says nothing of what this transaction wrote
    itself, nor on a standby, whose snapshots keep their list to themselves.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(_SNAPSHOT)
        *seen, wrote, follows = cursor.fetchone() or ("", "", True, True)
        known = _only_reading.get()
        if known is None and not wrote:
            known = _known
        moment = (alias, *seen)
        if known is None or follows:
            rows = _rows(cursor)
        elif (rows := known.get(moment, "")) == "":
            known.clear()
            rows = known[moment] = _rows(cursor)
    return hashlib.sha256(f"{rows} {site_build()}".encode()).hexdigest()[:20]


_SNAPSHOT = (
    "SELECT current_database(), pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NOT NULL, "
    "pg_is_in_recovery()"
)
_known: dict[tuple[str, ...], str] = {}  # the sum over the rows of one snapshot
_only_reading: ContextVar[dict[tuple[str, ...], str] | None] = ContextVar("only_reading", default=None)


def _rows(cursor: CursorWrapper) -> str:
    cursor.execute(_query())
    (rows,) = cursor.fetchone() or ("",)
    return str(rows)


@contextmanager
def only_reading() -> Iterator[None]:
    """Inside, this transaction writes no more: its release changes only as others commit."""
    token = _only_reading.set({})  # a sum from before its last writing must not be found
    try:
        yield
    finally:
        _only_reading.reset(token)


def _of_any_server() -> str:
    """The primary's release; while it is away, that of a standby."""
    try:
        return fingerprint()
    except GONE:
        for alias in settings.REPLICAS:
            with suppress(*GONE):
                return fingerprint(alias)
        raise


class Watch:
    """Keeps this process's knowledge of the release fresh, in a thread of its own.

    RELEASE_POLL says how many seconds may lie between two looks: so long after a publication a process may still
    answer with the release before, whole. 0: look at every request, without a thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.state = State("", reachable=False, seen=0.0)

    def now(self) -> State:
        """What is known; the first call of a process looks itself. Costs no query afterwards."""
        if not settings.RELEASE_POLL:
            return self.look()
        if self._thread is None or not self._thread.is_alive():
            self._start()
        return self.state

    def look(self) -> State:
        """Look at the database now."""
        try:
            self.state = State(_of_any_server(), reachable=True, seen=time.time())
        except GONE as error:
            if self.state.reachable or not self.state.seen:
                log.warning("The database does not answer: %s", error)
            self.state = State(self.state.fingerprint, reachable=False, seen=self.state.seen or time.time())
        return self.state

    def _start(self) -> None:
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                return
            self.look()
            self._thread = threading.Thread(target=self._keep_looking, name="release-watch", daemon=True)
            self._thread.start()

    def _keep_looking(self) -> None:
        while True:
            time.sleep(settings.RELEASE_POLL)
            try:
                was = self.state
                if self.look().reachable and not was.reachable:
                    log.warning("The database answers again")
            finally:
                connections.close_all()


watch = Watch()


Given = ParamSpec("Given")
Made = TypeVar("Made")

RELEASES = 2  # while a standby lags, pages of two releases are rendered side by side
MOST = 200_000  # rows of a release; Denmark has some thousand, eleven thousand municipalities some 60 000 an edition

_release: ContextVar[str] = ContextVar("release", default="")


class ReleaseMemory:
    """The results of functions by release, function and arguments; the longest unused make room."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._releases: OrderedDict[str, OrderedDict[Hashable, tuple[Any, int]]] = OrderedDict()
        self._rows: dict[str, int] = {}  # of each release, kept as they come and go: counting them again asks every key

    def get(self, release: str, key: Hashable, make: Callable[[], Made], counts: int = 1) -> Made:
        """What is held, or what ``make`` gives; two threads may both make it, the later one stays. Each of its rows
        counts as so many."""
        with self._lock:
            found = self._of(release).get(key)
            if found is not None:
                self._of(release).move_to_end(key)
                made: Made = found[0]
                return made
        made = make()
        with self._lock:
            kept = self._of(release)
            _made, before = kept.pop(key, (None, 0))
            rows = counts * _size(made)
            kept[key] = made, rows
            self._rows[release] += rows - before
            while len(kept) > 1 and self._rows[release] > self._most:
                _key, (_made, gone) = kept.popitem(last=False)
                self._rows[release] -= gone
        return made

    def _of(self, release: str) -> OrderedDict[Hashable, tuple[Any, int]]:
        if release not in self._releases:
            self._releases[release], self._rows[release] = OrderedDict(), 0
            while len(self._releases) > RELEASES:
                gone, _kept = self._releases.popitem(last=False)
                del self._rows[gone]
        return self._releases[release]

    def forget(self) -> None:
        """Hold nothing any more."""
        with self._lock:
            self._releases.clear()
            self._rows.clear()

    def __len__(self) -> int:
        return sum(map(len, self._releases.values()))


def _size(made: object) -> int:
    return len(made) if isinstance(made, Sized) else 1


memory = ReleaseMemory()


@contextmanager
def rendering(release: str) -> Iterator[None]:
    """Inside, everything is read in one snapshot that has this release."""
    token = _release.set(release)
    try:
        yield
    finally:
        _release.reset(token)


def shared_in_release(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Hold what a function gives as long as the release stays.

    It must read public rows and its arguments only (the language is an argument too), and nobody may change what it
    gives. What has a length counts that many rows.
    """
    return _shared(make, 1)


def shared_by_its_pages(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """The same for what is of one subject or municipality: its pages are made together (portal.serving.walk), so each
    row counts twenty times and few of them are held."""
    return _shared(make, 20)


def _shared(make: Callable[Given, Made], counts: int) -> Callable[Given, Made]:
    @wraps(make)
    def given(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        release = _release.get()
        if not release or kwargs:
            return make(*args, **kwargs)
        key = (make.__module__, make.__qualname__, kept_by(), args)  # a pinned page has a catalogue of its own
        return memory.get(release, key, lambda: make(*args, **kwargs), counts)

    return given


# REPLICA_URLS names streaming standbys. A page is rendered in one snapshot of one server and kept with that snapshot's
# release, so a standby that lags gives an old page whole, never a mixed one. A server that does not answer is left
# alone for a second; readers go on with the others, also while the primary is away.
PAUSE = 1.0  # seconds
reading_from: ContextVar[str] = ContextVar("reading_from", default=DEFAULT_DB_ALIAS)
_away: dict[str, float] = {}


class Router:
    """Pages of readers may be read from any server, everything of the admin from the primary.

    Reads go where the page reads from, writes and migrations to the primary.
    """

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
