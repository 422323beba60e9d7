"""What the site answers to a stranger, asked once in a process: a page is a function of its address and the world.

For tests that only look. One that writes, or counts queries, has a client of its own.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache

from django.test import Client

from portal.serving.release import rendering
from tests import world
from tests.markup import Markup, body_of


@dataclass(frozen=True)
class Visited:
    """An answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    sets_cookie: bool
    body: bytes

    @property
    def is_html(self) -> bool:
        return self.headers["Content-Type"].startswith("text/html")

    @property
    def page(self) -> Markup:
        return Markup(self.body.decode())


def unchanged() -> AbstractContextManager[None]:
    """Inside, nothing is written: what pages share is read once in a process, as on the site."""
    return rendering(f"the world of the tests {world.state}")


def visited(path: str) -> Visited:
    """What a visitor who asks for nothing else gets."""
    return _visited(path, world.state)


@cache
def _visited(path: str, _state: str) -> Visited:
    with unchanged():
        answer = Client().get(path)
        return Visited(answer.status_code, answer.headers, bool(answer.cookies), body_of(answer))
