"""Does a hit wait behind a miss? Cached pages at a steady pace, beside pictures that nobody has asked for yet.

python -m tests.trials.stall http://127.0.0.1:8000 [seconds]

Ten times a second a finished page is asked for, five times a second a map of municipalities that was never asked for,
each on a connection of its own and at its own moment, whatever the others do. Prints the milliseconds of the finished
pages with and without the pictures, and what became of the pictures. Loopback only; ends by itself.
"""

import statistics
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from itertools import combinations
from urllib.parse import urlsplit

CACHED, PICTURES, MOST = 10, 5, 120  # a second, a second, seconds
SLUGS = ("aarhus", "odense", "aalborg", "esbjerg", "vejle", "randers", "viborg", "kolding", "silkeborg", "horsens")


def asked(address: str) -> tuple[int, float]:
    """Status and milliseconds of one answer; 0 where there was none."""
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310  loopback, see main()
            answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    except OSError:
        status = 0
    return status, 1000 * (time.perf_counter() - began)


def paced(addresses: list[str], a_second: int, into: list[tuple[int, float]]) -> None:
    """Ask each address at its own moment, in a thread of its own."""
    began, threads = time.perf_counter(), []
    for number, address in enumerate(addresses):
        threading.Event().wait(max(0.0, began + number / a_second - time.perf_counter()))
        threads.append(threading.Thread(target=lambda one=address: into.append(asked(one))))
        threads[-1].start()
    for thread in threads:
        thread.join()


def said(what: str, found: list[tuple[int, float]]) -> str:
    """A line of figures."""
    times = sorted(milliseconds for _status, milliseconds in found)
    at = {share: times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.9, 0.99)}
    statuses = dict(Counter(status for status, _milliseconds in found))
    return (f"{what}: median {at[0.5]:.0f} ms, p90 {at[0.9]:.0f} ms, p99 {at[0.99]:.0f} ms, "
            f"mean {statistics.fmean(times):.0f} ms, {statuses}")  # fmt: skip


def main(site: str, seconds: int) -> None:
    """Measure and print."""
    if urlsplit(site).hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise SystemExit("This trial asks loopback only.")
    chosen = (names for size in (2, 3, 4, 5) for names in combinations(SLUGS, size))
    maps = [f"{site}/rangliste/kort.png?kommune={'&kommune='.join(names)}" for names in chosen][: PICTURES * seconds]
    pages = [f"{site}/"] * (CACHED * seconds)
    asked(pages[0])
    alone: list[tuple[int, float]] = []
    paced(pages, CACHED, alone)
    beside: list[tuple[int, float]] = []
    pictures: list[tuple[int, float]] = []
    other = threading.Thread(target=paced, args=(maps, PICTURES, pictures))
    other.start()
    paced(pages, CACHED, beside)
    other.join()
    for what, found in (("finished page, alone", alone), ("finished page, beside", beside), ("pictures", pictures)):
        print(said(what, found))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), min(MOST, int(sys.argv[2]) if len(sys.argv) > 2 else 15))
