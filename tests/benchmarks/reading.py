"""How fast and in how much memory files are read and checked. Measures, does not judge.

Run: python -m tests.benchmarks.reading [--rows 1000000]
"""

import argparse
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from indicators.upload.cells import write_csv
from indicators.upload.places import gazetteer

_HEADERS = ["kode", "kommune", "indikator", "aar", "vaerdi", "status", "note"]
_MEASURE = """
import json, resource, sys, time
from pathlib import Path
from indicators.upload.checks import IndicatorFacts, check
from indicators.upload.reader import read
start = time.perf_counter()
reading = read(Path(sys.argv[1]), name="fil")
read_in = time.perf_counter() - start
codes = reading.cells.indicators
start = time.perf_counter()
findings = check(reading, catalogue={code: IndicatorFacts(code, code, "%") for code in codes})
checked_in = time.perf_counter() - start
status = Path("/proc/self/status")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if status.exists():
    peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([len(reading.cells), read_in, checked_in, peak / 1000, len(findings)]))
"""


def main() -> None:
    """Print a line for each kind of file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="the rows of the long file")
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        for name, count, kind in (
            ("a year", 10_094, "csv"),
            ("a year", 10_094, "xlsx"),
            ("long", rows, "csv"),
            ("long", rows // 10, "xlsx"),
        ):
            path = Path(folder) / f"{count}.{kind}"
            start = time.perf_counter()
            (_write_csv if kind == "csv" else _write_xlsx)(path, count)
            made = time.perf_counter() - start
            done = subprocess.run(
                [sys.executable, "-c", _MEASURE, str(path)], capture_output=True, text=True, check=True
            )
            cells, read_in, checked_in, peak, _findings = json.loads(done.stdout)
            size = path.stat().st_size / 1e6
            what = f"{name:7} {kind:5} {cells:>9,} values {size:6.1f} MB"
            took = f"read {read_in:6.2f} s  checked {checked_in:5.2f} s  peak {peak:4.0f} MB  (made in {made:.1f} s)"
            print(what, took)


def _rows(count: int) -> Iterator[list[object]]:
    chance = random.Random(1)
    yield list(_HEADERS)
    codes = list(gazetteer().names.items())
    for number in range(count):
        code, name = codes[number % 98]
        indicator, year = f"i-{number // 980}", 2015 + number // 98 % 10
        yield [code, name, indicator, year, round(chance.random() * 100, 2), None, None]


def _write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv(file, _rows(count))


def _write_xlsx(path: Path, count: int) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet = book.add_worksheet("Tal")
    for number, row in enumerate(_rows(count)):
        sheet.write_row(number, 0, row)
    book.close()
    path.write_bytes(stream.getvalue())


if __name__ == "__main__":
    main()
