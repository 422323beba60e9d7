"""What all tests share. The world they look at is built in tests/world.py."""

import gc
import os
import subprocess
import sys
from collections.abc import Generator, Iterator

import pytest
from django.db import connection
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from rankings.method import METHOD
from tests import visited as visits
from tests import world

# What passes, passes on every machine; `make test-all` looks for new examples each time, and for many more.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=30)
settings.register_profile("nightly", deadline=None, derandomize=False, max_examples=300, print_blob=True)
settings.load_profile("steady")

sys.dont_write_bytecode = False  # else each of some fifty processes compiles Django anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

BUILDER = pytest.StashKey[subprocess.Popen[bytes]]()
COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin with the world while the processes of xdist still import their tests: they would wait for it idly."""
    if session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput"):
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        command = [sys.executable, "-m", "tests.world"]
        session.config.stash[BUILDER] = subprocess.Popen(command, cwd=session.config.rootpath, env=environment)


def pytest_collection_finish() -> None:
    """As portal/wsgi.py: what lives to the end, here thousands of tests, is not worth looking through for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """See the builder end: it has for long, where any test ran."""
    if builder := session.config.stash.get(BUILDER, None):
        builder.wait()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """In place of an empty test database: this process's own copy of the world."""
    if hasattr(request.config, "workerinput"):
        visits.shelf = tmp_path_factory.getbasetemp().parent / "visited"
        visits.shelf.mkdir(exist_ok=True)
    inhabited = world.inhabited()
    with django_db_blocker.unblock():
        inhabited.__enter__()
    yield
    with django_db_blocker.unblock():
        inhabited.__exit__(None, None, None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """After a test that commits, and so empties every table, make the world anew."""
    result = yield
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    if nextitem and (fixtures & COMMITTING or (marker and marker.kwargs.get("transaction"))):
        with item.config.stash[blocking_manager_key].unblock():
            world.restore()
    return result


@pytest.fixture(scope="module")
def _prepared(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """What the module's own `prepare()` adds to the world, computed once: its tests begin with it and roll back to it.

    A draft or a publication takes three seconds. It is committed in this process's copy, which is made anew afterwards.
    """
    with django_db_blocker.unblock():
        request.module.prepare()
    world.state = f"as {request.module.__name__} prepares it"
    yield
    with django_db_blocker.unblock():
        world.restore()


@pytest.fixture
def _empty_site(db: None) -> None:
    """A site with its catalogue and nothing else: no figures, no edition."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE rankings_edition, indicators_upload, indicators_measurement, sources_sourceanswer, "
            "sources_sourcetable CASCADE"
        )


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals from 300 draws where a command takes the method's 20 000: ten seconds of processor time each."""
    monkeypatch.setitem(METHOD["robustness"], "draws", 300)
