"""A country as large as wanted: python -m tests.trials.grows 11000 12 [STEP …]. DATABASE_URL must be that of an empty
trial, VAR_DIR an empty folder, FOUR_EYES=0. `make bench-large` gives it both.

The steps: "figures" makes the municipalities and writes the measurements of all years but the newest inside PostgreSQL
(13.6 million rows for 11 000 × 103 × 12, with the next step); "import" brings the newest year as a person does, by a
file with a row for each figure ("newest" writes it inside PostgreSQL too); "engine" computes an edition of that size
without any database; "compute" and "publish" do what the year does, by the services (constraints are looked at by the
commit); "warm" makes the pages that a publication makes; "pages" asks pages, the search and
downloads, each once and cold. Prints each step's seconds, those of this process's processor and of the server's that
works for it, and the most memory this process has held.

Intervals come from `DRAWS` draws, not the method's 20 000: an edition of a country a hundred times as large is prepared
with fewer (`prepare_edition(draws=…)`), and says how many.
"""

import csv
import datetime as dt
import gzip
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

if TYPE_CHECKING:
    from portal.serving.walk import Site

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
NEWEST = 2025
DRAWS = 1000
PLACES = """
INSERT INTO indicators_municipality
 (code, name, slug, region_id, landsdel, kommunegruppe, area_km2, sort_key, search_key)
SELECT (20000 + n)::text, 'By ' || n, 'by-' || n, r.id, m.landsdel, m.kommunegruppe, 10 + n %% 500,
       'by ' || lpad(n::text, 6, '0'), 'by ' || n
FROM generate_series(1, %s) n
JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS k, * FROM indicators_municipality) m ON m.k = n %% 98
JOIN indicators_region r ON r.id = m.region_id"""
VALUE = """round((coalesce(i.plausible_min, 0)
       + (coalesce(i.plausible_max, 100) - coalesce(i.plausible_min, 0))
       * (0.2 + 0.6 * (((m.id * 7919 + i.id * 104729 + y * 31) %% 1000) / 1000.0)))::numeric, i.decimals)"""
FIGURES = f"""
INSERT INTO indicators_measurement
 (indicator_id, municipality_id, year, value, missing, provisional, upload_id, sheet, row, "column", is_current)
SELECT i.id, m.id, y, {VALUE}::float8, '', false, %s, '', 1, 'v', true
FROM generate_series(%s, %s) y CROSS JOIN indicators_indicator i CROSS JOIN indicators_municipality m
WHERE i.theme_id IS NOT NULL"""  # noqa: S608
ROWS = f"""
SELECT '', m.name, i.code, y, replace({VALUE}::text, '.', ','), '', ''
FROM generate_series(%s, %s) y CROSS JOIN indicators_indicator i CROSS JOIN indicators_municipality m
WHERE i.theme_id IS NOT NULL ORDER BY i.position, m.code"""  # noqa: S608


@contextmanager
def step(name: str) -> Iterator[None]:
    """Time what happens inside."""
    start, processor, server = time.monotonic(), time.process_time(), servers_seconds()
    yield
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took, worked = time.monotonic() - start, time.process_time() - processor
    served = servers_seconds() - server
    sys.stdout.write(f"{name:40} {took:8.1f} s  processor: here {worked:7.1f}, server {served:7.1f}   {held:7.0f} MB\n")
    sys.stdout.flush()


def servers_seconds() -> float:
    """The processor seconds of the backend that serves this process; NaN where it is another machine's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path("/proc", str((cursor.fetchone() or (0,))[0]), "stat")
    if not stat.exists():
        return float("nan")
    spent = stat.read_text().rsplit(")", 1)[1].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def figures(municipalities: int, years: int) -> None:
    """The municipalities, and the measurements of all years but the newest."""
    from django.contrib.auth.models import User

    from indicators.models import Upload

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
        with step(f"measurements of {years - 1} years"):
            cursor.execute(FIGURES, [upload.pk, NEWEST - years + 1, NEWEST - 1])
            sys.stdout.write(f"{cursor.rowcount} measurements\n")
        cursor.execute("SET session_replication_role = DEFAULT")
        with step("ANALYZE"):
            cursor.execute("ANALYZE")


def newest(_municipalities: int, _years: int) -> None:
    """The newest year, written inside PostgreSQL: for those who do not want to wait for its file."""
    from indicators.models import Upload

    with connection.cursor() as cursor, step("measurements of the newest year"):
        cursor.execute("SET synchronous_commit = off; SET session_replication_role = replica")
        cursor.execute(FIGURES, [Upload.objects.get(name="synthetic").pk, NEWEST, NEWEST])
        cursor.execute("SET session_replication_role = DEFAULT; ANALYZE")


def bring(_municipalities: int, _years: int) -> None:
    """The newest year as a file, received, checked and applied."""
    from django.contrib.auth.models import User

    from indicators.models import Municipality
    from indicators.services.apply import apply_upload
    from indicators.services.check import check_upload
    from indicators.services.receive import FileOnDisk, receive_upload
    from indicators.upload.places import gazetteer

    user = User.objects.get(username="trial")
    for code, name in Municipality.objects.values_list("code", "name"):
        gazetteer().add(int(code), name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "newest.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file, connection.cursor() as cursor:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(("kode", "kommune", "indikator", "aar", "vaerdi", "status", "note"))
            cursor.execute(ROWS, [NEWEST, NEWEST])
            writer.writerows(cursor.fetchall())
        sys.stdout.write(f"a file of {path.stat().st_size / 1e6:.0f} MB\n")
        with step("receive it"):
            upload = receive_upload(file=FileOnDisk(path.name, path), by=user, now=NOW, is_demo=True)
    with step("check it"):
        upload = check_upload(upload=upload, by=user, now=NOW)
    findings = upload.report.get("findings", [])
    refusals = [finding for finding in findings if finding["severity"] == "refusal"]
    if upload.state != "checked":
        sys.exit(f"{upload.state}: {upload.report.get('unreadable')} {refusals[:3]}")
    accepted = {finding["key"]: "trial" for finding in findings if finding["severity"] == "warning"}
    with step("apply it (checks once more)"):
        done = apply_upload(upload=upload, accepted=accepted, by=user, now=NOW)
    sys.stdout.write(f"{done}\n")


def computing(_municipalities: int, _years: int) -> None:
    """A draft of the next free year's edition, of the year before the newest first, and its commit."""
    from django.contrib.auth.models import User

    from rankings.models import Edition
    from rankings.services.editions import prepare_edition

    years = set(Edition.objects.values_list("year", flat=True))
    year = next(year for year in range(NEWEST - 1, NEWEST + 20) if year not in years)
    with step("prepare and compute an edition"), transaction.atomic(), step("  of it until the commit"):
        prepare_edition(year=year, by=User.objects.get(username="trial"), now=NOW, draws=DRAWS)


def publishing(_municipalities: int, _years: int) -> None:
    """The draft becomes public."""
    from django.contrib.auth.models import User

    from rankings.models import Edition
    from rankings.services.editions import publish_edition

    edition = Edition.objects.get(state="draft")
    with step("publish it"):
        publish_edition(edition=edition, by=User.objects.get(username="trial"), now=NOW, unheard_because="En prøve.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        sys.stdout.write(f"database: {(cursor.fetchone() or ('',))[0]}\n")


def engine(_municipalities: int, _years: int) -> None:
    """The arithmetic of the newest edition alone."""
    from rankings.engine.compute import compute
    from rankings.engine.robustness import robustness
    from rankings.loading import frozen_matrix, specification
    from rankings.models import Edition

    edition = Edition.objects.newest_first()[0]
    matrix, spec = frozen_matrix(edition), specification(edition)
    with step("the engine alone: scores and ranks"):
        compute(matrix, spec)
    with step("… and their intervals"):
        robustness(matrix, spec)


def warming(_municipalities: int, _years: int) -> None:
    """The pages that a publication makes before anybody asks."""
    from portal.serving.walk import warm_up

    with step("warm up"):
        sys.stdout.write(f"{warm_up()} pages\n")


PAGES = (
    "/", "/kommuner/", "/kommune/by-77/", "/rangliste/", "/rangliste/?sorter=navn", "/indikatorer/", "/soeg/?q=by+4711",
    "/soeg/forslag/?q=by+47", "/sammenlign/", "/sammenlign/?kommune=by-1&kommune=by-2", "/rangliste.csv",
    "/kommune/by-77.csv", "/praksis/", "/hent/",
)  # fmt: skip
LIMITS = {"": 0.3, "kommune": 0.3, "rangliste": 0.3, "indikator": 0.3, "omraade": 0.3, "soeg": 0.02}
"""Processor seconds that a page of each kind should cost at most, with nothing held."""


def pages(_municipalities: int, _years: int) -> None:
    """Ask pages, the search and downloads, each as the first of a release that a process is asked for: nothing that
    pages share is held. Then another municipality, when it is."""
    from portal.serving.release import fingerprint
    from portal.serving.walk import Site, seldom_collecting

    with seldom_collecting(), override_settings(CACHE_PAGES=True), tempfile.TemporaryDirectory() as folder:
        site = Site(warming=True)
        site.ask("/metode/")
        with step("look at the release"):
            fingerprint()
        addresses = [*PAGES]
        addresses += [link for link in dict.fromkeys(site.ask("/indikatorer/").links) if "/indikator/" in link][:1]
        addresses += [link for link in dict.fromkeys(site.ask("/").links) if "/omraade/" in link][:1]
        with override_settings(VAR_DIR=folder):
            for path in addresses:
                forget()
                _asked(site, path)
            for path in ("/kommune/by-78/", "/kommune/by-79/"):
                _asked(site, path)


def forget() -> None:
    """Hold nothing that pages share, as a process that has just begun."""
    from portal.components.links import _placements
    from portal.serving.release import memory
    from rankings import own_weights

    memory.forget()
    for held in (_placements, own_weights.stored_scores, own_weights._points):
        held.cache_clear()


def _asked(site: "Site", path: str) -> None:
    worked, served = time.process_time(), servers_seconds()
    found = site.ask(path)
    worked, served = time.process_time() - worked, servers_seconds() - served
    limit = LIMITS.get(path.split("/")[1].partition("?")[0], 0.0) if path.endswith("/") or "?" in path else 0.0
    beside = f"limit {limit:.2f}: {(worked + served) / limit:.1f} ×" if limit else ""
    packed = len(gzip.compress(found.body, 6)) / 1e3
    sys.stdout.write(f"{path:40} {found.status} {worked:6.2f} + {served:5.2f} s  {packed:5.0f} kB gzipped  {beside}\n")
    sys.stdout.flush()


STEPS = {
    "figures": figures,
    "import": bring,
    "newest": newest,
    "engine": engine,
    "compute": computing,
    "publish": publishing,
    "warm": warming,
    "pages": pages,
}

if __name__ == "__main__":
    django.setup()
    for name in sys.argv[3:] or STEPS:
        STEPS[name](int(sys.argv[1]), int(sys.argv[2]))
