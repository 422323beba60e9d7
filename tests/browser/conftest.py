"""A real browser before a real server; the server shows the world of tests/world.py."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests.browser import chromium


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright downloads no browser of its own: it is given the one that is installed."""
    path = chromium.find()
    assert path, chromium.MISSING
    return {**browser_type_launch_args, "executable_path": path, "args": chromium.flags()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A Dane's browser."""
    return {**browser_context_args, "locale": "da-DK", "timezone_id": "Europe/Copenhagen"}


@pytest.fixture(scope="session")
def base_url(django_db_setup: None) -> Iterator[str]:
    """Address of the site, so that `page.goto("/metode/")` is enough.

    Unlike pytest-django's live_server it leaves the tables as they are: what a test writes, it takes away.
    Playwright's loop runs in this thread from now on, and Django would take every query for one inside a
    coroutine; hence the environment variable, which stays for this process because the loop does.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture(autouse=True)
def _the_site_reads_the_database(base_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
