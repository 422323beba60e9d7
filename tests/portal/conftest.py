"""What tests of pages share."""

from collections.abc import Iterator

import pytest

from tests.visited import unchanged


@pytest.fixture
def _unchanged() -> Iterator[None]:
    """For tests that only look: what the pages of a release share is read once, as on the site."""
    with unchanged():
        yield
