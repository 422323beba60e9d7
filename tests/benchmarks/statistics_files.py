"""How fast a table of a million cells is read: JSON-stat and PX. `python -m tests.benchmarks.statistics_files`.

At most 5 s and 300 MB each (issue 19), in a process of its own that holds the file and nothing else.
"""

import json
import multiprocessing
import resource
import time
from itertools import count

from indicators.upload.statistics_files import read_statistics

SHAPE = {"Region": 1000, "Gruppe": 100, "Tid": 10}


def json_stat() -> bytes:
    """A million cells, one in seventeen missing with its symbol."""
    numbers = count()
    values = [None if n % 17 == 0 else n / 10 for n, _ in zip(numbers, range(1_000_000), strict=False)]
    data = {
        "version": "2.0",
        "class": "dataset",
        "id": list(SHAPE),
        "size": list(SHAPE.values()),
        "dimension": {k: {"category": {"index": [f"{k}{i}" for i in range(n)]}} for k, n in SHAPE.items()},
        "value": values,
        "status": {str(n): ".." for n in range(0, 1_000_000, 17)},
    }
    return json.dumps(data).encode()


def px() -> bytes:
    """The same as PX."""
    names = "".join(
        f'VALUES("{k}")={",".join(chr(34) + k + str(i) + chr(34) for i in range(n))};\n' for k, n in SHAPE.items()
    )
    body = " ".join('".."' if n % 17 == 0 else str(n / 10) for n in range(1_000_000))
    return f'CHARSET="ANSI";\nSTUB="Region","Gruppe";\nHEADING="Tid";\n{names}DATA=\n{body};\n'.encode()


def measure(kind: str, content: bytes) -> None:
    """Read in this process and say what it took."""
    began = time.process_time()
    table = read_statistics(content)
    took, most = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{kind}: {len(table):,} cells of {len(content) / 1e6:.1f} MB in {took:.2f} s of processor; "
        f"{most / 1024:.0f} MB of memory at most"
    )


if __name__ == "__main__":
    for kind, content in (("JSON-stat", json_stat()), ("PX", px())):
        process = multiprocessing.get_context("spawn").Process(target=measure, args=(kind, content))
        process.start()
        process.join()
