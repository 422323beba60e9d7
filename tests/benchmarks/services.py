"""What a register of 20,000 services costs: its import and its filter page, in processor seconds of Python and of
PostgreSQL. It fills a database of its own and drops it: python -m tests.benchmarks.services
"""

import csv
import datetime as dt
import io
import os
import random
import resource
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment

from indicators.models import Municipality
from indicators.provisions.demo import GROUPS, SOURCE, lists
from indicators.provisions.models import Table
from indicators.provisions.services.delivering import approve_delivery, deliver
from indicators.provisions.services.vocabularies import load_scheme, load_vocabularies
from indicators.services.receive import FileToImport
from tests.world import connect_to

SERVICES = 20_000
NAME = f"services_{os.getpid()}"
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def server_seconds() -> float:
    """The processor seconds of this connection's server process so far; Linux only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone() or (0,)
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def own_seconds() -> float:
    """The processor seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measured(what: str, act: Callable[[], object], times: int = 1) -> None:
    """Do it and print what it cost, each time."""
    act_own, act_server, clock = own_seconds(), server_seconds(), time.perf_counter()
    for _ in range(times):
        act()
    own, server = own_seconds() - act_own, server_seconds() - act_server
    wall = time.perf_counter() - clock
    print(f"{what}: Python {own / times:.3f} s, PostgreSQL {server / times:.3f} s, clock {wall / times:.3f} s")


def files() -> dict[Table, list[list[object]]]:
    """A made-up register: every municipality, two target groups each."""
    dice = random.Random(1)
    codes = list(Municipality.objects.values_list("code", flat=True))
    groups = [code for code, *_names in GROUPS]
    services: list[list[object]] = [
        ["tilbudsid", "navn", "form", "kommune", "breddegrad", "længdegrad", "kontrolleret"]
    ]
    places: list[list[object]] = [["tilbudsid", "paragraf", "pladser", "alder fra", "alder til", "gælder fra"]]
    takes: list[list[object]] = [["tilbudsid", "målgruppe"]]
    for n in range(SERVICES):
        point = f"{54.9 + dice.random() * 2.5:.4f}", f"{8.5 + dice.random() * 4:.4f}"
        services.append([f"B{n}", f"Opdigtet tilbud {n}", "privat", codes[n % len(codes)], *point, "2026-10-01"])
        places.append([f"B{n}", ("BL § 43, § 46", "SEL § 107")[n % 2], 4 + n % 20, (6, 18)[n % 2], "", "2026-01-01"])
        takes += [[f"B{n}", group] for group in dice.sample(groups, 2)]
    return {Table.PROVISIONS: services, Table.CAPACITY: places, Table.TARGET_GROUPS: takes}


def bring(table: Table, rows: list[list[object]]) -> None:
    """Check and write a file, by two people."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows(rows)
    users = get_user_model().objects
    one, other = (users.get_or_create(username=name)[0] for name in ("a", "b"))
    file = FileToImport(f"{table}.csv", stream.getvalue().encode())
    delivery = deliver(file=file, table=table, source=SOURCE, by=one, now=NOW)
    approve_delivery(delivery=delivery, accepted={}, by=other, now=NOW)


def main() -> None:
    """Fill, measure, drop."""
    setup_test_environment()
    home = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{NAME}"')
    try:
        connect_to(NAME)
        call_command("migrate", verbosity=0)
        call_command("load_catalogue", verbosity=0, stdout=io.StringIO())
        load_vocabularies()
        for content in lists():
            load_scheme(content=content)
        for table, rows in files().items():
            measured(f"import of {len(rows) - 1} rows ({table})", partial(bring, table, rows))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client()
        for query in ("", "?maalgruppe=boern-hjerneskade&alder=12&sted=Struer", "?paragraf=sel-107&form=private"):
            client.get(f"/tilbud/{query}")
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/tilbud/{query}")
            measured(f"/tilbud/{query}, {len(queries)} queries", partial(client.get, f"/tilbud/{query}"), 10)
        measured("/tilbud/huller/", partial(client.get, "/tilbud/huller/"), 3)
    finally:
        connect_to(home)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')


if __name__ == "__main__":
    main()
