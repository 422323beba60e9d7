"""What the site answers to a stranger, asked once in a run: a page is a function of its address and the world.

For tests that only look. One that writes has a client of its own. The processes of a run lay what they were answered
on one shelf, so that each address of the world as it was built is asked for by one of them.
"""

import contextlib
import hashlib
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import HttpResponseBase
from django.test import Client

from portal.serving.release import fingerprint, rendering
from tests import world
from tests.markup import Markup, body_of


@dataclass(frozen=True)
class Visited:
    """An answer, read to its end."""

    status: int
    headers: dict[str, str]
    sets_cookie: bool
    body: bytes

    @property
    def is_html(self) -> bool:
        return self.headers["Content-Type"].startswith("text/html")

    @property
    def page(self) -> Markup:
        return Markup(self.body.decode())


shelf: Path | None = None  # a folder of all processes of a run: see tests/conftest.py


def unchanged() -> AbstractContextManager[None]:
    """Inside, nothing is written: what pages share is read once in a process, as on the site."""
    return rendering(f"the world of the tests {world.state}")


def as_it_is_now() -> AbstractContextManager[None]:
    """The same after a test has written: what pages share is read once for the release that the site shows now."""
    return rendering(fingerprint())


def visited(path: str) -> Visited:
    """What a visitor who asks for nothing else gets."""
    return _visited(path, world.state)


def remembered(path: str, answer: HttpResponseBase) -> Visited:
    """What a test that counts what a visitor's page costs has got: it need not be made again for those that look."""
    found = Visited(answer.status_code, dict(answer.items()), bool(answer.cookies), body_of(answer))
    if place := _place(path):
        unfinished = place.with_suffix(f".{world.OWN}")
        head = json.dumps([found.status, found.headers, found.sets_cookie])
        unfinished.write_bytes(head.encode() + b"\n" + found.body)
        unfinished.rename(place)  # as a whole, or not at all
    return found


@cache
def _visited(path: str, _state: str) -> Visited:
    if place := _place(path):
        with contextlib.suppress(FileNotFoundError):
            head, _newline, body = place.read_bytes().partition(b"\n")
            return Visited(*json.loads(head), body)
    with unchanged():
        return remembered(path, Client().get(path))


def _place(path: str) -> Path | None:
    """Where on the shelf: nowhere for one process alone, or in a world with additions of its own."""
    name = hashlib.sha256(path.encode()).hexdigest()
    return shelf / name if shelf and world.state == world.AS_BUILT else None
