"""Load on a served site, with a publication in the middle.

python -m tests.trials.load http://127.0.0.1:8000 ["command that publishes"]

Asks 400 addresses at a steady pace, each answer due at its own moment whatever the others do, and compares every
body, byte for byte, with the page of the release that its ETag names: an answer that mixes two releases cannot equal
either. The command, run after ten seconds, publishes. Loopback only; ends by itself.
"""

import asyncio
import hashlib
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit

import brotli

KINDS = "kommune|indikator|tema|omraade|rangliste|municipality|indicator|theme|area|ranking"
PACE, CONNECTIONS, LEAST, AFTER, MOST = 500, 32, 60.0, 20.0, 300.0


@dataclass
class Seen:
    """What came back: milliseconds, statuses, and the bodies of each address and release."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    bodies: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    releases: Counter[str] = field(default_factory=Counter)
    first: dict[str, float] = field(default_factory=dict)


class Visitor:
    """One connection that is kept open."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[str, str, bytes]:
        """Status, ETag and body of a page."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        lines = (f"GET {path} HTTP/1.1", f"Host: {self._host}:{self._port}", "Accept-Encoding: br", "", "")
        writer.write("\r\n".join(lines).encode())
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).decode("latin-1")
        length = int((re.search(r"(?i)\r\ncontent-length: (\d+)", head) or ["", "0"])[1])
        body = await asyncio.wait_for(reader.readexactly(length), 10)
        etag = (re.search(r"(?i)\r\netag: \"?([^\"\r]*)", head) or ["", ""])[1]
        return head.split(" ", 2)[1], etag, body


async def addresses(visitor: Visitor, most: int = 400) -> list[str]:
    """The first addresses that a walk from the front page finds."""
    known, waiting = ["/"], ["/"]
    while waiting and len(known) < most:
        _status, _etag, body = await visitor.get(waiting.pop(0))
        text = brotli.decompress(body).decode() if body else ""
        for path in re.findall(rf"href=\"(/(?:en/)?(?:{KINDS})[^\"?#@.]*)\"", text):
            if path not in known:
                known.append(path)
                waiting.append(path)
    return known[:most]


async def visit(queue: "asyncio.Queue[tuple[float, str]]", visitor: Visitor, seen: Seen) -> None:
    """Ask what is due, for ever."""
    while True:
        due, path = await queue.get()
        try:
            status, etag, body = await visitor.get(path)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            status, etag, body = type(error).__name__, "", b""
            visitor._streams = None
        now = time.perf_counter()
        seen.times.append((now - due) * 1000)
        seen.statuses[status] += 1
        seen.bodies.setdefault((path, etag), set()).add(hashlib.sha256(body).hexdigest())
        seen.releases[etag] += 1
        seen.first.setdefault(etag, now)


async def trial(base: str, command: str) -> int:
    """Run the load and print what happened; the number of wrong answers."""
    parts = urlsplit(base)
    host, port = parts.hostname or "", parts.port or 80
    if host not in {"127.0.0.1", "localhost", "::1"}:
        sys.exit("Loopback only.")
    paths = await addresses(Visitor(host, port))
    before = {path: await Visitor(host, port).get(path) for path in paths}
    queue: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
    seen, random = Seen(), Random(7)
    visitors = [asyncio.create_task(visit(queue, Visitor(host, port), seen)) for _ in range(CONNECTIONS)]
    start, sent, publishing, ended = time.perf_counter(), 0, None, None
    while (now := time.perf_counter() - start) < MOST:
        if command and publishing is None and now > 10:
            publishing = subprocess.Popen(command, shell=True)  # noqa: S602  the one who runs it wrote it
        if publishing and ended is None and publishing.poll() is not None:
            ended = now
        if now > LEAST and (not command or (ended is not None and now > ended + AFTER)):
            break
        while sent < now * PACE:
            queue.put_nowait((start + sent / PACE, random.choice(paths)))
            sent += 1
        await asyncio.sleep(0.001)
    await asyncio.sleep(1)
    for one in visitors:
        one.cancel()
    after = {path: await Visitor(host, port).get(path) for path in paths}
    return report(seen, before, after, time.perf_counter() - start, ended)


def report(
    seen: Seen,
    before: dict[str, tuple[str, str, bytes]],
    after: dict[str, tuple[str, str, bytes]],
    seconds: float,
    ended: float | None,
) -> int:
    """Print the figures; the number of answers that are neither the old page nor the new."""
    known: dict[tuple[str, str], str] = {}
    for pages in (before, after):
        known |= {(path, etag): hashlib.sha256(body).hexdigest() for path, (_status, etag, body) in pages.items()}
    mixed = sum(bodies != {known.get(key)} for key, bodies in seen.bodies.items())
    errors = sum(count for status, count in seen.statuses.items() if status != "200")
    times = sorted(seen.times)
    at = {share: round(times[min(len(times) - 1, int(len(times) * share))], 1) for share in (0.5, 0.95, 0.99, 0.999)}
    sys.stdout.write(
        f"{len(times)} answers in {seconds:.0f} s from {len(before)} addresses; statuses {dict(seen.statuses)}" + "\n"
    )
    sys.stdout.write(f"releases {dict(seen.releases)}; publication ended after {ended and round(ended, 1)} s" + "\n")
    sys.stdout.write(
        f"milliseconds {at}, most {times[-1]:.0f}; errors {errors}, pages that mix releases {mixed}" + "\n"
    )
    return errors + mixed


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(trial(sys.argv[1], " ".join(sys.argv[2:]))) else 0)
