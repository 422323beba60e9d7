"""What each kind of page costs that nobody has asked for yet: queries, CPU milliseconds, bytes on the wire.

DJANGO_SETTINGS_MODULE=tests.settings python -m tests.benchmarks.pages
"""

import gzip
import sys
import tempfile
import time
from collections.abc import Callable

import django

TIMES = 5
LIMITS = {"municipality": (8, 12), "ranking": (8, 12), "comparison": (8, 14)}  # queries, milliseconds
QUERIES = {"comparison": "?kommune=roedovre&kommune=aarhus&kommune=odense&kommune=laesoe&kommune=varde"}


def main() -> None:
    """Print a line for every kind of HTML page of the newest edition, in Danish.

    "alone" is a page that nothing is held for; "held" is as a publication or a server makes it, which hold what pages
    of a release share. The limits are for the latter.
    """
    django.setup()
    from django.test import override_settings

    from tests import addresses, world

    with world.inhabited(), tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"{'page':<34}{'queries':>8}{'alone ms':>10}{'held ms':>9}{'HTML':>9}{'gzip':>8}\n")
        for address in addresses.every():
            path = f"{address.path}{QUERIES.get(address.name, '')}"
            if address.language == "da" and not address.edition and (found := measured(path)):
                queries, alone, size, packed = found
                with override_settings(CACHE_PAGES=True, VAR_DIR=folder):
                    held = as_a_publication_makes_it(path)
                figures = f"{queries:>8}{alone:>10.0f}{held:>9.0f}{size:>9}{packed:>8}"
                sys.stdout.write(f"{address.name:<34}{figures}{beside_its_limit(address.name, held)}\n")


def beside_its_limit(name: str, held: float) -> str:
    """What the page should cost at most, where somebody has said so, and how near it comes."""
    if name not in LIMITS:
        return ""
    queries, most = LIMITS[name]
    return f"   limit {queries} queries, {most} ms: {held / most:.1f} ×"


def measured(path: str) -> tuple[int, float, int, int] | None:
    """Queries, CPU milliseconds (in this process, warm, best of five) and sizes; None for what is no page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    answer = client.get(path)
    if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
        b"".join(answer)
        return None
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
        asked = len(queries)  # the next request begins the list anew
    page = answer.content
    return asked, _best(lambda: client.get(path)), len(page), len(gzip.compress(page, 6))


def as_a_publication_makes_it(path: str) -> float:
    """CPU milliseconds to render, compress and keep a page, what its release shares being held."""
    from portal.serving.walk import Site

    site = Site(warming=True)
    site.ask(path)
    return _best(lambda: site.ask(path))


def _best(make: Callable[[], object]) -> float:
    taken = []
    for _time in range(TIMES):
        start = time.process_time()
        make()
        taken.append(1000 * (time.process_time() - start))
    return min(taken)


if __name__ == "__main__":
    main()
