"""How long it takes to compute and publish an edition of 98 × 103, step by step. Measures, does not judge.

DJANGO_SETTINGS_MODULE=tests.settings python -m tests.benchmarks.publishing
"""

import cProfile
import datetime as dt
import pstats
import sys
import tempfile
import time

import django

TIMES = 5
PAGES_READY = 8  # seconds on two quiet cores
NOW = dt.datetime(2031, 3, 1, 9, tzinfo=dt.UTC)


def main() -> None:
    """Publish a correction of the newest edition of the world several times, each in a transaction that is undone."""
    django.setup()
    from tests import world

    started = time.perf_counter()
    with world.inhabited():
        built = time.perf_counter() - started
        taken = [once() for _time in range(TIMES)]
        prepared, published, again = (min(one[step] for one in taken) for step in range(3))
        limit = engine()
        sys.stdout.write(
            f"world of the tests ready              {built:7.2f} s\n"
            "processor seconds, ours and the server's, best of five:\n"
            f"the engine alone                      {limit:7.2f}     limit\n"
            f"prepare and compute                   {prepared:7.2f}     {prepared / limit:5.1f} × the limit\n"
            f"publish what was computed so          {published:7.2f}     {published / limit:5.2f} × the limit\n"
            f"publish after a change: compute again {again:7.2f}     {again / limit:5.1f} × the limit\n"
        )
        pages, ours, servers, seconds = pages_ready()
        sys.stdout.write(
            f"its {pages} pages, both languages      {ours:7.2f} + {servers:.2f} of the server; by the clock "
            f"{seconds:.1f} s, limit {PAGES_READY} s: {seconds / PAGES_READY:.1f} ×\n"
        )
        if "--profile" in sys.argv[1:]:
            profile()


def once() -> tuple[float, float, float]:
    """Processor seconds to prepare, to publish what was computed from the same, and to publish after a change."""
    from django.contrib.auth.models import User
    from django.db import transaction

    from rankings.models import Edition
    from rankings.services.editions import correct_edition, publish_edition

    steward, publisher = (User.objects.get_or_create(username=name)[0] for name in ("benchmark", "benchmark-udgiver"))
    spent = []
    with transaction.atomic():
        start = _busy()
        draft = correct_edition(year=2026, reason="Måling af tid.", by=steward, now=NOW)
        spent.append(_busy() - start)
        for inputs in (draft.inputs, ""):
            Edition.objects.filter(pk=draft.pk).update(inputs=inputs)
            start, point = _busy(), transaction.savepoint()
            publish_edition(edition=draft, by=publisher, now=NOW)
            spent.append(_busy() - start)
            transaction.savepoint_rollback(point)
        transaction.set_rollback(True)
    return spent[0], spent[1], spent[2]


def pages_ready() -> tuple[int, float, float, float]:
    """How many pages a publication has ready, the processor seconds for them (ours, the server's), and the clock's."""
    from django.db import transaction
    from django.test import override_settings

    from portal.serving.walk import warm_up
    from tests.trials.grows import servers_seconds

    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(CACHE_PAGES=True, VAR_DIR=folder),
        transaction.atomic(),
    ):
        ours, servers, start = time.process_time(), servers_seconds(), time.perf_counter()
        pages = warm_up()
        return pages, time.process_time() - ours, servers_seconds() - servers, time.perf_counter() - start


def engine() -> float:
    """The arithmetic of an edition without any database: scores, ranks, intervals."""
    from rankings.engine.compute import compute
    from rankings.engine.robustness import robustness
    from rankings.loading import frozen_errors, frozen_matrix, specification
    from rankings.models import Edition

    edition = Edition.objects.published().get(year=2026)
    matrix, spec, errors = frozen_matrix(edition), specification(edition), frozen_errors(edition)
    start = time.process_time()
    compute(matrix, spec)
    robustness(matrix, spec, errors=errors)
    return time.process_time() - start


def _busy() -> float:
    """Processor seconds of this process and of the backend that serves it."""
    from tests.trials.grows import servers_seconds

    return time.process_time() + servers_seconds()


def profile() -> None:
    """Print where the time goes."""
    profiler = cProfile.Profile()
    profiler.runcall(once)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(35)


if __name__ == "__main__":
    main()
