"""schemathesis asks what the OpenAPI document allows and what it does not, with all its checks.

The same from outside, with its other phases, against a running site: docs/api.md has the command.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings

from portal.api.site import document

EXAMPLES = 4 if settings().derandomize else 50  # of each path and mode: few each day, many before a release


@cache
def _schema() -> Any:
    """Read once: all paths are of one document. Imported here: it takes a second, which other tests need not wait."""
    import schemathesis  # noqa: PLC0415

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())


@pytest.fixture
def described(db: None, settings: Any) -> Iterator[Any]:
    """The document, asked of the site itself; as in Django's own client, a request closes no connection of the test."""
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield _schema()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("path", document()["paths"])
def test_every_answer_is_one_that_the_document_describes(path: str, mode: str, described: Any) -> None:
    from schemathesis import GenerationMode  # noqa: PLC0415

    asked = 0

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=described[path]["GET"].as_strategy(generation_mode=GenerationMode(mode)))
    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate()

    ask()
    assert asked
