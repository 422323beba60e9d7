"""What is counted, for Prometheus. Nothing here holds an address of a page or of a person."""

from prometheus_client import Counter, Histogram

PAGES = Counter("socialt_indeks_pages_total", "Public pages answered, by where they came from", ["source"])
SECONDS = Histogram(
    "socialt_indeks_request_seconds",
    "Seconds a request took that was not answered from memory",
    ["method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
