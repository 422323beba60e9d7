"""What the site answers a second, as ratios on this machine, with wrk at 16 connections: make bench runs it.

The site, the least that Django can answer, and nginx stand on the same machine, one at a time under load. Needs wrk and
nginx (Debian: apt-get install wrk nginx-light); without them it says so.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from urllib.request import Request, urlopen

import django
from django.conf import settings
from django.db import connection

SITE, TRIVIAL, NGINX, FILES = 8191, 8192, 8193, 8194
PAGE = "/kommune/roedovre/"
ROUNDS, SECONDS = 3, 4
GRANIAN = ["--interface", "wsgi", "--http", "1", "--no-ws", "--workers", "2", "--blocking-threads", "4"]


@contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[None]:
    """A process until the end of the block, waited for until it answers."""
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | environment)
    try:
        deadline = time.monotonic() + 30
        asking = ["curl", "-s", "-o", os.devnull, f"http://127.0.0.1:{port}/sundhed/live"]
        while subprocess.run(asking, check=False).returncode:
            assert time.monotonic() < deadline, command
        yield
    finally:
        process.terminate()
        process.wait()


def granian(application: str, port: int) -> list[str]:
    where = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "--no-access-log"]
    return [sys.executable, "-m", "granian", *GRANIAN, *where, application]


def a_second(port: int, path: str = PAGE, *headers: str) -> float:
    """Requests a second."""
    options = [word for header in headers for word in ("-H", header)]
    command = ["wrk", "-t2", "-c16", f"-d{SECONDS}s", *options, f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    return float((re.search(r"Requests/sec:\s+([\d.]+)", said) or ["", "0"])[1])


def fetched(port: int, path: str = PAGE) -> tuple[str, bytes]:
    with urlopen(Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "br"})) as answer:
        return answer.headers["ETag"], answer.read()


def cpu_of(pattern: str) -> float:
    """Processor seconds that the processes with these words in their command have used."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if pattern.encode() in (stat.parent / "cmdline").read_bytes():
                fields = stat.read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def nginx_configuration(folder: Path) -> Path:
    """deploy/'s own configuration, on other ports and folders and without its limits, which would stop wrk."""
    for name in ("nginx.conf", "locations.conf", "proxy_headers.conf"):
        text = (Path(settings.BASE_DIR) / "deploy/nginx" / name).read_text()
        for old, new in {
            "/etc/nginx/upstream": f"{folder}/upstream",
            "/etc/nginx/portal": f"{folder}/portal",
            "/etc/nginx/proxy_headers": f"{folder}/proxy_headers",
            "/var/cache/nginx": str(folder / "cache"),
            "pid /tmp": f"pid {folder}",
            "/dev/stdout json": f"{folder}/access.log json",
            "rate=60r/s": "rate=1000000r/s",
            "burst=300": "burst=100000",
            "error_log stderr": f"error_log {folder}/error.log",
        }.items():
            text = text.replace(old, new)
        (folder / name).write_text(text)
    (folder / "upstream.conf").write_text(f"upstream portal {{ server 127.0.0.1:{SITE}; keepalive 64; }}")
    (folder / "portal.conf").write_text(
        f"server {{ listen 127.0.0.1:{NGINX}; include {folder}/locations.conf; }}\n"
        f"server {{ listen 127.0.0.1:{FILES}; root {folder}/www; }}\n"
    )
    (folder / "cache").mkdir()
    (folder / "www").mkdir()
    return folder / "nginx.conf"


def main() -> None:
    """Measure with the world of the tests, in a folder that goes afterwards."""
    if not (shutil.which("wrk") and shutil.which("nginx")):
        sys.stdout.write("needs wrk and nginx (apt-get install wrk nginx-light)\n")
        return
    from tests import world

    with world.inhabited(), tempfile.TemporaryDirectory() as folder:
        serve_and_measure(Path(folder))


def serve_and_measure(tmp_path: Path) -> None:
    """Serve the three in turns and print the figures."""
    entry = connection.settings_dict
    environment = {
        "DATABASE_URL": f"postgresql://{entry['USER']}@:{entry['PORT']}/{entry['NAME']}?host={entry['HOST']}",
        "SECRET_KEY": "Zq3_8fKp-1mYt6Wc9Rv2Bn5Xs7Dj4Gh0LaEuIoQwTzPkMxCvNb",
        "TESTING": "0", "DEBUG": "0", "HTTPS": "0", "CACHE_PAGES": "1", "ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "portal.settings", "VAR_DIR": str(tmp_path / "var"),
    }  # fmt: skip
    (tmp_path / "var/static").mkdir(parents=True)
    configuration = nginx_configuration(tmp_path)
    with ExitStack() as stack:
        stack.enter_context(running(granian("portal.wsgi:application", SITE), SITE, **environment))
        stack.enter_context(running(granian("tests.benchmarks.trivial_site:application", TRIVIAL), TRIVIAL))
        etag, body = fetched(SITE)
        (tmp_path / "www/page.html").write_bytes(body)
        stack.enter_context(running(["nginx", "-c", str(configuration), "-g", "daemon off; user root;"], NGINX))
        report(etag, *measured(etag), *uncached())


def measured(etag: str) -> tuple[dict[str, float], int]:
    """The median of each, the rounds taken in turns, so that a busy moment hits all alike."""
    brotli = "Accept-Encoding: br"
    asked: dict[str, tuple[int, str, tuple[str, ...]]] = {
        "trivial Django": (TRIVIAL, "/", ("Accept: */*",)),
        "cached page, brotli": (SITE, PAGE, (brotli,)),
        "cached page, plain": (SITE, PAGE, ("Accept: */*",)),
        "304": (
            SITE,
            PAGE,
            (
                brotli,
                f"If-None-Match: {etag}",
            ),
        ),
        "nginx, same bytes as a file": (FILES, "/page.html", (brotli,)),
        "page behind our nginx": (NGINX, PAGE, (brotli,)),
    }
    found: dict[str, list[float]] = {name: [] for name in asked}
    for _round in range(ROUNDS):
        for name, (port, path, headers) in asked.items():
            found[name].append(a_second(port, path, *headers))
    return {name: median(values) for name, values in found.items()}, len(fetched(SITE)[1])


def uncached() -> tuple[float, float]:
    """Processor milliseconds of a municipality's page that nobody has asked for yet, and of the trivial answer.

    Each municipality is asked for once in each language, as brotli: the store has none of them. What a process reads
    once for a release is in the figure, shared by its pages.
    """
    from indicators.models import Municipality

    slugs = sorted(Municipality.objects.exclude(slug="roedovre").values_list("slug", flat=True))
    pages = [f"/{words}/{slug}/" for words in ("kommune", "en/municipality") for slug in slugs]
    before = cpu_of("portal.wsgi")
    for path in pages:
        fetched(SITE, path)
    page = (cpu_of("portal.wsgi") - before) / len(pages) * 1000
    before = cpu_of("trivial_site")
    done = a_second(TRIVIAL, "/") * SECONDS
    return page, (cpu_of("trivial_site") - before) / done * 1000


def report(etag: str, rates: dict[str, float], size: int, page: float, trivial: float) -> None:
    """Print rates and ratios."""
    one, file = rates["trivial Django"], rates["nginx, same bytes as a file"]
    lines = [f"{name:32} {rate:9.0f}/s" for name, rate in rates.items()]
    lines += [
        f"cached page / trivial   {rates['cached page, brotli'] / one:.2f} (asked for 0.8), {size} bytes",
        f"304 / trivial           {rates['304'] / one:.2f} (asked for 0.9), ETag {etag}",
        f"behind nginx / file     {rates['page behind our nginx'] / file:.2f} (asked for 0.7)",
        f"CPU, uncached / trivial {page / trivial:.0f} × (asked for 40): {page:.1f} ms and {trivial:.3f} ms",
    ]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    django.setup()
    main()
