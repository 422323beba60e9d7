"""What is counted, for Prometheus. Nothing here holds an address of a page or of a person."""

import os
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(exist_ok=True)

PAGES = Counter("socialt_indeks_pages_total", "Public pages answered, by where they came from", ["source"])
SECONDS = Histogram(
    "socialt_indeks_request_seconds",
    "Seconds of requests that were not answered from memory",
    ["method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SLOW_QUERIES = Counter("socialt_indeks_slow_queries_total", "Queries that took longer than SLOW_QUERY_MS")


def page() -> bytes:
    """The counters of all processes together, where PROMETHEUS_MULTIPROC_DIR names a folder they share."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
