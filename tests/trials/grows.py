"""A country as large as wanted: python -m tests.trials.grows 11000 12. DATABASE_URL must be that of an empty trial,
FOUR_EYES=0.

Makes the municipalities, writes their measurements inside PostgreSQL (13.6 million rows for 11 000 × 103 × 12), then
does what the year does, by the services: prepare, compute, publish; and asks pages and the search. Prints each step's
seconds and the most memory this process has held.
"""

import datetime as dt
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import call_command
from django.db import connection

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
PLACES = """
INSERT INTO indicators_municipality
 (code, name, slug, region_id, landsdel, kommunegruppe, area_km2, sort_key, search_key)
SELECT (100000 + n)::text, 'By ' || n, 'by-' || n, r.id, m.landsdel, m.kommunegruppe, 10 + n %% 500,
       'by ' || lpad(n::text, 6, '0'), 'by ' || n
FROM generate_series(1, %s) n
JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS k, * FROM indicators_municipality) m ON m.k = n %% 98
JOIN indicators_region r ON r.id = m.region_id"""
FIGURES = """
INSERT INTO indicators_measurement
 (indicator_id, municipality_id, year, value, missing, provisional, upload_id, sheet, row, "column", is_current)
SELECT i.id, m.id, y, round((coalesce(i.plausible_min, 0)
       + (coalesce(i.plausible_max, 100) - coalesce(i.plausible_min, 0))
       * (0.2 + 0.6 * (((m.id * 7919 + i.id * 104729 + y * 31) %% 1000) / 1000.0)))::numeric, 4)::float8,
       '', false, %s, '', 1, 'v', true
FROM indicators_indicator i CROSS JOIN indicators_municipality m CROSS JOIN generate_series(%s, %s) y
WHERE i.theme_id IS NOT NULL"""


@contextmanager
def step(name: str) -> Iterator[None]:
    """Time what happens inside."""
    start = time.monotonic()
    yield
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{name:40} {time.monotonic() - start:8.1f} s   {held:7.0f} MB\n")
    sys.stdout.flush()


def main(municipalities: int, years: int) -> None:
    """Do all of it."""
    from django.contrib.auth.models import User  # noqa: PLC0415  after setup

    from indicators.models import Upload  # noqa: PLC0415
    from rankings.services import prepare_edition, publish_edition  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0)
    user = User.objects.create_user("trial")
    upload = Upload.objects.create(
        name="synthetic", sha256="0" * 64, size=1, uploaded_by=user, uploaded_at=NOW, is_demo=True
    )
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET session_replication_role = replica")
        with step(f"{municipalities} municipalities"):
            cursor.execute(PLACES, [municipalities - 98])
        with step(f"measurements of {years} years"):
            cursor.execute(FIGURES, [upload.pk, 2026 - years, 2025])
            sys.stdout.write(f"{cursor.rowcount} measurements\n")
        cursor.execute("SET session_replication_role = DEFAULT; ANALYZE")
    with step("prepare and compute an edition"):
        edition = prepare_edition(year=2026, by=user, now=NOW)
    with step("publish it (computes once more)"):
        publish_edition(edition=edition, by=user, now=NOW)
    pages()


def pages() -> None:
    """Ask pages and the search, each once, uncached."""
    from portal.walking import Site  # noqa: PLC0415

    site = Site(warming=False)
    site.ask("/metode/")
    for path in ("/", "/kommuner/", "/kommune/by-77/", "/rangliste/", "/indikatorer/", "/soeg/?q=by+4711"):
        with step(path):
            found = site.ask(path)
            sys.stdout.write(f"{found.status}, {len(found.body) / 1e6:.2f} MB\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        sys.stdout.write(f"database: {(cursor.fetchone() or ('',))[0]}\n")


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
