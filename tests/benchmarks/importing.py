"""How long a file takes from upload to applied, in how much memory, beside a plain COPY of the same rows into a bare
table of the same columns, and beside django-import-export.

Run: python -m tests.benchmarks.importing [--rows 1000000] [--beside PYTHON]

PYTHON is that of a virtual environment with django-import-export, which is none of ours; without it: no ratio.
The million rows are 98 municipalities × 56 years × 184 indicators made for this: no municipality is invented, and every
row is one that a real file could have. Works in a database of its own, which it drops.
"""

import argparse
import csv
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

HEADER = ("kode", "kommune", "indikator", "aar", "vaerdi", "status", "note")
NAME = "benchmark_of_importing"
YEARS = range(1970, 2027)
ONE = """
import datetime as dt, json, os, resource, sys, time
import django; django.setup()
from pathlib import Path
from django.db import connection
from django.contrib.auth.models import User
from django.conf import settings
from indicators.services.apply import apply_upload
from indicators.services.check import check_upload
from indicators.services.receive import FileOnDisk, receive_upload
settings.MEDIA_ROOT = sys.argv[2]
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")  # the server is on this machine
def processor():
    user, system = backend.read_text().rsplit(")", 1)[1].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
user, now, path = User.objects.get_or_create(username="bench")[0], dt.datetime.now(dt.UTC), Path(sys.argv[1])
start, worked = time.perf_counter(), processor()
upload = receive_upload(file=FileOnDisk(path.name, path), by=user, now=now)
received = time.perf_counter()
upload = check_upload(upload=upload, by=user, now=now)
checked = time.perf_counter()
assert upload.state == "checked", [f for f in upload.report["findings"] if f["severity"] == "refusal"][:3]
accepted = {f["key"]: "benchmark" for f in upload.report["findings"] if f["severity"] == "warning"}
done = apply_upload(upload=upload, accepted=accepted, by=user, now=now)
end, worked = time.perf_counter(), processor() - worked
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE bare AS SELECT * FROM indicators_measurement LIMIT 0")
    with cursor.copy("COPY indicators_measurement TO STDOUT") as rows:
        copied = list(rows)
    copied = [b"".join(map(bytes, copied[number:number + 5_000])) for number in range(0, len(copied), 5_000)]
    before, copy_worked = time.perf_counter(), processor()
    with cursor.copy("COPY bare FROM STDIN") as rows:
        for piece in copied:
            rows.write(piece)
    took, copy_worked = time.perf_counter() - before, processor() - copy_worked
    cursor.execute("DROP TABLE bare")
    cursor.execute("TRUNCATE indicators_measurement, indicators_upload CASCADE")
times = [received - start, checked - received, end - checked, end - start]
print(json.dumps([done.added, *times, peak, took, worked, copy_worked]))
"""
BESIDE = """
import csv, json, sys, time
from urllib.parse import parse_qs, urlsplit
import django
from django.conf import settings
parts = urlsplit(sys.argv[2])
host = parse_qs(parts.query).get("host", [parts.hostname])[0]
base = {"ENGINE": "django.db.backends.postgresql", "NAME": parts.path[1:], "USER": parts.username, "HOST": host}
settings.configure(DATABASES={"default": base}, INSTALLED_APPS=["import_export"], USE_TZ=True)
django.setup()
import tablib
from django.db import connection, models
from import_export import resources
class Figure(models.Model):
    municipality = models.CharField(max_length=8)
    indicator = models.CharField(max_length=50)
    year = models.IntegerField()
    value = models.FloatField(null=True)
    class Meta:
        app_label = "bench"
        constraints = [models.UniqueConstraint(name="once", fields=["indicator", "year", "municipality"])]
class FigureResource(resources.ModelResource):
    class Meta:
        model, import_id_fields, use_bulk, batch_size = Figure, (), True, 5000
        fields = ("municipality", "indicator", "year", "value")
        skip_diff = True
with connection.schema_editor() as editor:
    editor.create_model(Figure)
start = time.perf_counter()
data = tablib.Dataset(headers=["municipality", "indicator", "year", "value"])
with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    for row in csv.DictReader(file, delimiter=";"):
        data.append([row["kode"], row["indikator"], row["aar"], row["vaerdi"].replace(",", ".")])
for dry in (True, False):  # its admin imports twice: once to show, once to confirm
    result = FigureResource().import_data(data, dry_run=dry, raise_errors=True)
    assert not result.has_errors()
end = time.perf_counter()
status = open("/proc/self/status").read().splitlines()
peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1000
print(json.dumps([Figure.objects.count(), end - start, peak]))
with connection.schema_editor() as editor:
    editor.delete_model(Figure)
"""


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--beside", help="a Python with django-import-export")
    arguments = parser.parse_args()
    django.setup()
    url = _own_database()
    environment = {**os.environ, "DATABASE_URL": url}
    with tempfile.TemporaryDirectory() as folder:
        for rows in (10_094, arguments.rows):
            path = Path(folder) / f"{rows}.csv"
            _write(path, rows)
            _measure(path, Path(folder) / f"files-{rows}", environment)
            if arguments.beside:
                _measure_beside(arguments.beside, path, url)
    _drop()


def _own_database() -> str:
    """A database with the catalogue and 184 more indicators; its address."""
    from indicators.models import Indicator
    from tests import world

    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{NAME}"')
    settings = connection.settings_dict
    world.connect_to(NAME)
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0)
    pattern = Indicator.objects.of_the_index().filter(unit="%").first()
    assert pattern is not None
    for number in range(184):
        pattern.pk, pattern.code, pattern.position = None, f"x-{number}", 1_000 + number
        pattern.name_da = pattern.name_en = f"Målt til prøve {number}"
        pattern.save()
    return f"postgresql://{settings['USER']}@:{settings['PORT']}/{NAME}?host={settings['HOST']}"


def _drop() -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{NAME}" WITH (FORCE)')


def _write(path: Path, rows: int) -> None:
    from indicators.models import Indicator, Municipality

    places = list(Municipality.objects.values_list("code", "name").order_by("code"))
    codes = list(Indicator.objects.filter(code__startswith="x-").values_list("code", flat=True).order_by("position"))
    years = YEARS[:-1] if rows > len(places) * len(codes) else YEARS[-1:]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        cells = itertools.islice(itertools.product(codes, years, places), rows)
        for indicator, year, (code, name) in cells:
            value = 10 + int(code) % 37 + random.gauss(0, 0.5)
            writer.writerow((code, name, indicator, year, f"{value:.1f}".replace(".", ","), "", ""))


def _measure(path: Path, files: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", ONE, str(path), str(files)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    rows, received, checked, applied, whole, peak, copied, worked, copy_worked = json.loads(
        done.stdout.splitlines()[-1]
    )
    sys.stdout.write(
        f"{rows:>9} rows  {whole:6.2f} s from upload to applied (received {received:.2f}, checked {checked:.2f}, "
        f"applied {applied:.2f})  {peak:.0f} MB  {whole / copied:.1f} × COPY, {copied:.2f} s (asked for: 12); "
        f"processor {worked:.2f} s, {worked / max(copy_worked, 0.01):.1f} × COPY's {copy_worked:.2f}\n"
    )
    sys.stdout.flush()


def _measure_beside(python: str, path: Path, url: str) -> None:
    command = [python, "-c", BESIDE, str(path), url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    rows, whole, peak = json.loads(done.stdout.splitlines()[-1])
    sys.stdout.write(f"{rows:>9} rows  {whole:6.2f} s django-import-export, shown and confirmed  {peak:.0f} MB\n")


if __name__ == "__main__":
    main()
