"""What tests of pages share."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.visited import unchanged


@pytest.fixture
def _unchanged() -> Iterator[None]:
    """For tests that only look: what the pages of a release share is read once, as on the site."""
    with unchanged():
        yield


class Visitor(Client):
    """Asks as on the site, where what the pages of a release share is held: until the test writes something itself."""

    def request(self, **request: Any) -> Any:
        with nullcontext() if _has_written() else unchanged():
            return super().request(**request)


def _has_written() -> bool:
    """Whether this test's transaction has written; past Django, whose queries some tests count."""
    if not connection.in_atomic_block or connection.needs_rollback:
        return True
    return bool(connection.connection.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL").fetchone()[0])


@pytest.fixture
def client() -> Client:
    return Visitor()
