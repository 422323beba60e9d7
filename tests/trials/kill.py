"""Kill -9 at random moments: python -m tests.trials.kill 200. DATABASE_URL and VAR_DIR
must be those of a trial, FOUR_EYES=0.

Each trial copies the world (a database of its own), starts an import, a computation or a publication in a process of
its own, and at a random moment kills that process, or the backend that serves it, or the whole PostgreSQL server (by
its first process, which the keeper starts again). Afterwards the database must be exactly the old state or the new one.
"""

import datetime as dt
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import django
import psycopg

WORLD, TRIAL = "kill_world", "kill_trial"
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
DIGEST = """
SELECT md5(concat_ws('|',
 (SELECT string_agg(concat_ws(':', year, revision, state, computed_at IS NOT NULL), ',' ORDER BY year, revision)
  FROM rankings_edition),
 (SELECT md5(string_agg(concat_ws(':', edition_id, municipality_id, level, area_id, theme_id, indicator_id, printed,
   rank, low, high, value, missing), ',' ORDER BY edition_id, municipality_id, area_id, theme_id, indicator_id))
  FROM rankings_placement),
 (SELECT md5(string_agg(concat_ws(':', indicator_id, municipality_id, year, value, is_current), ','
   ORDER BY indicator_id, municipality_id, year, id)) FROM indicators_measurement),
 (SELECT string_agg(concat_ws(':', sha256, state), ',' ORDER BY sha256, id) FROM indicators_upload)))"""


def address(name: str) -> str:
    """The trial's server with another database."""
    return re.sub(r"/[a-z_]+\?", f"/{name}?", os.environ["DATABASE_URL"])


def patient(name: str) -> psycopg.Connection:
    """A connection, waited for while the server recovers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(address(name), autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def fresh_trial(world: str = WORLD) -> None:
    """The old state again."""
    copy_database(world, TRIAL)


def copy_database(one: str, other: str) -> None:
    """Copy a whole database in place of another."""
    with patient("postgres") as server:
        server.execute(f"DROP DATABASE IF EXISTS {other} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {other} TEMPLATE {one}")


def digest() -> str:
    """One hash over everything that matters; identities and times of rows do not."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with patient(TRIAL) as trial:
                row = trial.execute(DIGEST.encode()).fetchone()
            return str(row[0]) if row else ""
        except psycopg.OperationalError:  # the server is on its way down: a killed backend takes the others with it
            if time.monotonic() > deadline:
                raise


def importing() -> None:
    """A correction file of three values."""
    from django.contrib.auth.models import User

    from indicators.demo.world import write_correction_file
    from indicators.services.apply import import_files
    from indicators.services.receive import FileToImport

    with tempfile.TemporaryDirectory() as folder:
        file = FileToImport.at(write_correction_file(Path(folder)))
    import_files(files=[file], by=User.objects.get(username="demo"), now=NOW, accept_warnings=True)


def computing() -> None:
    """A correction of the newest edition: criteria, placements, explanations."""
    from django.contrib.auth.models import User

    from rankings.models import Edition
    from rankings.services.editions import correct_edition

    year = Edition.objects.published().newest_first()[0].year
    correct_edition(year=year, reason="Prøve", by=User.objects.get(username="demo"), now=NOW)


def publishing() -> None:
    """The open edition becomes public, the one it replaces corrected."""
    from django.contrib.auth.models import User

    from rankings.models import Edition
    from rankings.services.editions import publish_edition

    edition = Edition.objects.get(state="draft")
    publish_edition(edition=edition, by=User.objects.get(username="demo"), now=NOW, unheard_because="En prøve.")


def in_a_process(work: Callable[[], None]) -> int:
    """Fork, connect and work; the process."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        for number in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        work()
        status = 0
    finally:
        os._exit(status)


def victim(kind: str, child: int) -> int:
    """The process to kill."""
    if kind == "process":
        return child
    with patient("postgres") as server:
        if kind == "server":
            row = server.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'").fetchone()
            return int(Path(row[0] if row else "", "postmaster.pid").read_text().split()[0])
        row = server.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [TRIAL]).fetchone()
        return int(row[0]) if row else child


def main(trials: int) -> int:
    """Run the trials, print the outcomes; the number of states that were neither old nor new."""
    os.environ["DATABASE_URL"] = address(TRIAL)
    django.setup()
    chance, outcomes = random.Random(11), Counter[str]()
    works = {"import": importing, "compute": computing, "publish": publishing}
    expected: dict[str, tuple[str, str, float]] = {}
    for name, work in works.items():
        fresh_trial()
        if name == "publish":
            os.waitpid(in_a_process(computing), 0)
            copy_database(TRIAL, f"{WORLD}_draft")
        old, start = digest(), time.monotonic()
        ended = os.waitpid(in_a_process(work), 0)[1]
        seconds = time.monotonic() - start
        expected[name] = (old, digest(), seconds)
        if ended or old == expected[name][1]:
            sys.exit(f"{name} alone does not work here.")
    for number in range(trials):
        name = ("import", "compute", "publish")[number % 3]
        kind = ("process", "process", "backend", "server")[number // 3 % 4]
        fresh_trial(f"{WORLD}_draft" if name == "publish" else WORLD)
        old, new, seconds = expected[name]
        child = in_a_process(works[name])
        time.sleep(chance.uniform(0, seconds))
        os.kill(victim(kind, child), signal.SIGKILL)
        os.waitpid(child, 0)
        found = {old: "old", new: "new"}.get(digest(), "NEITHER")
        outcomes[f"{name} / {kind} killed → {found}"] += 1
    for outcome, count in sorted(outcomes.items()):
        sys.stdout.write(f"{count:4} {outcome}\n")
    wrong = sum(count for outcome, count in outcomes.items() if "NEITHER" in outcome)
    sys.stdout.write(f"{trials} trials, {wrong} states that are neither old nor new\n")
    return wrong


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1])) else 0)
