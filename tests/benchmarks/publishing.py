"""How long it takes to compute and publish an edition of 98 × 103, step by step. Measures, does not judge.

DJANGO_SETTINGS_MODULE=tests.settings python -m tests.benchmarks.publishing
"""

import cProfile
import datetime as dt
import pstats
import sys
import time

import django

TIMES = 5
NOW = dt.datetime(2031, 3, 1, 9, tzinfo=dt.UTC)


def main() -> None:
    """Publish a correction of the newest edition of the world several times, each in a transaction that is undone."""
    django.setup()
    from tests import world

    started = time.perf_counter()
    with world.inhabited():
        built = time.perf_counter() - started
        taken = sorted(once() for _time in range(TIMES))
        sys.stdout.write(
            f"world of the tests ready              {built:7.2f} s\n"
            f"prepare and compute (best of {TIMES})       {taken[0][1]:7.2f} s\n"
            f"publish: compute again, store, switch {taken[0][0]:7.2f} s   target 2 s\n"
            f"  of it on our own processor          {taken[0][2]:7.2f} s   the rest is PostgreSQL's, or waiting\n"
        )
        if "--profile" in sys.argv[1:]:
            profile()


def once() -> tuple[float, float, float]:
    """Seconds to publish, to prepare, and processor seconds of the publication."""
    from django.contrib.auth.models import User
    from django.db import transaction

    from rankings.services import correct_edition, publish_edition

    steward, publisher = (User.objects.get_or_create(username=name)[0] for name in ("benchmark", "benchmark-udgiver"))
    with transaction.atomic():
        start = time.perf_counter()
        draft = correct_edition(year=2026, reason="Måling af tid.", by=steward, now=NOW)
        prepared, busy = time.perf_counter(), time.process_time()
        publish_edition(edition=draft, by=publisher, now=NOW)
        published, worked = time.perf_counter(), time.process_time() - busy
        transaction.set_rollback(True)
    return published - prepared, prepared - start, worked


def profile() -> None:
    """Print where the time goes."""
    profiler = cProfile.Profile()
    profiler.runcall(once)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(35)


if __name__ == "__main__":
    main()
