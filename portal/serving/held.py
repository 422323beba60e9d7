"""What the pages of a release share, read once and held in the memory of the process.

Everything a page shows is a pure function of address and release (portal.serving.cache). What does not depend on the
municipality, a catalogue, a spread, everybody's scores, would be read anew for each of two hundred pages: ``held``
keeps it under the release of the snapshot that the page is rendered in. Nothing is ever purged by name: another
release finds nothing of the one before. Outside of such a snapshot (drafts, the admin, most tests) nothing is held.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from rankings.pinned import kept_by

Given = ParamSpec("Given")
Made = TypeVar("Made")

RELEASES = 2  # while a standby lags, pages of two releases are rendered side by side
MOST = 200_000  # rows of a release; Denmark has some thousand, eleven thousand municipalities some 60 000 an edition

_release: ContextVar[str] = ContextVar("release", default="")


class Holder:
    """The results of functions by release, function and arguments; the longest unused make room."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._releases: OrderedDict[str, OrderedDict[Hashable, tuple[Any, int]]] = OrderedDict()

    def get(self, release: str, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is held, or what ``make`` gives; two threads may both make it, the later one stays."""
        with self._lock:
            found = self._of(release).get(key)
            if found is not None:
                self._of(release).move_to_end(key)
                made: Made = found[0]
                return made
        made = make()
        with self._lock:
            kept = self._of(release)
            kept[key] = made, _rows(made)
            while len(kept) > 1 and sum(rows for _made, rows in kept.values()) > self._most:
                kept.popitem(last=False)
        return made

    def _of(self, release: str) -> OrderedDict[Hashable, tuple[Any, int]]:
        if release not in self._releases:
            self._releases[release] = OrderedDict()
            while len(self._releases) > RELEASES:
                self._releases.popitem(last=False)
        return self._releases[release]

    def __len__(self) -> int:
        return sum(map(len, self._releases.values()))


def _rows(made: object) -> int:
    return len(made) if isinstance(made, Sized) else 1


holder = Holder()


@contextmanager
def rendering(release: str) -> Iterator[None]:
    """Inside, everything is read in one snapshot that has this release."""
    token = _release.set(release)
    try:
        yield
    finally:
        _release.reset(token)


def held(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Hold what a function gives as long as the release stays.

    It must read public rows and its arguments only (the language is an argument too), and nobody may change what it
    gives. What has a length counts that many rows.
    """

    @wraps(make)
    def given(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        release = _release.get()
        if not release or kwargs:
            return make(*args, **kwargs)
        key = (make.__module__, make.__qualname__, kept_by(), args)  # a pinned page has a catalogue of its own
        return holder.get(release, key, lambda: make(*args, **kwargs))

    return given
