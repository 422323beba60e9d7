"""What each kind of page costs uncached: queries, CPU milliseconds, bytes on the wire. Measures, does not judge.

DJANGO_SETTINGS_MODULE=tests.settings python -m tests.benchmarks.pages
"""

import gzip
import sys
import time

import django

TIMES = 5
TARGETS = {"municipality": (8, 12), "ranking": (8, 12), "comparison": (8, 14)}
QUERIES = {"comparison": "?kommune=roedovre&kommune=aarhus&kommune=odense&kommune=laesoe&kommune=varde"}


def main() -> None:
    """Print a line for every kind of HTML page of the newest edition, in Danish."""
    django.setup()
    from tests import addresses, world

    with world.inhabited():
        sys.stdout.write(f"{'page':<34}{'queries':>8}{'CPU ms':>8}{'HTML':>9}{'gzip':>8}\n")
        for address in addresses.every():
            if address.language == "da" and not address.edition:
                line = measured(f"{address.path}{QUERIES.get(address.name, '')}")
                if line:
                    sys.stdout.write(f"{address.name:<34}{line}{target(address.name)}\n")


def target(name: str) -> str:
    """What the page should cost at most, where somebody has said so."""
    return "   target {} queries, {} ms".format(*TARGETS[name]) if name in TARGETS else ""


def measured(path: str) -> str:
    """Queries, CPU milliseconds (in this process, warm, best of five) and sizes; empty for what is no page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    answer = client.get(path)
    if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
        b"".join(answer)
        return ""
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
        asked = len(queries)  # the next request begins the list anew
    taken = []
    for _time in range(TIMES):
        start = time.process_time()
        client.get(path)
        taken.append(1000 * (time.process_time() - start))
    page = answer.content
    return f"{asked:>8}{min(taken):>8.0f}{len(page):>9}{len(gzip.compress(page, 6)):>8}"


if __name__ == "__main__":
    main()
