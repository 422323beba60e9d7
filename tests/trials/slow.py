"""Visitors who send their question a byte at a time, thousands of them, and what others notice.

python -m tests.trials.slow http://127.0.0.1:8000 [connections]

Opens the connections, sends a byte on each every two seconds for 40 s, and asks for the front page twice a second
beside them. Loopback only; needs `ulimit -n` above the number. Says how long others waited and how many were closed.
"""

import asyncio
import resource
import sys
import time
from urllib.parse import urlsplit

from tests.trials.load import Visitor

QUESTION, EVERY, SECONDS = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"a" * 1000, 2.0, 40.0


async def slow(host: str, port: int, first: float, closed: list[float]) -> None:
    """One byte every two seconds, until the other side has had enough."""
    start = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection(host, port)
        ended = asyncio.create_task(reader.read())
        await asyncio.sleep(first)
        for byte in QUESTION:
            writer.write(bytes([byte]))
            done, _waiting = await asyncio.wait({ended}, timeout=EVERY)
            if done:
                ended.exception()  # a reset is an end like another
                break
    except OSError:
        pass
    closed.append(time.perf_counter() - start)


async def trial(base: str, connections: int) -> None:
    """Run and print."""
    host, port = urlsplit(base).hostname or "", urlsplit(base).port or 80
    if host not in {"127.0.0.1", "localhost"}:
        sys.exit("Loopback only.")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    closed: list[float] = []
    many = [asyncio.create_task(slow(host, port, EVERY * one / connections, closed)) for one in range(connections)]
    times: list[tuple[float, float, str]] = []
    start = time.perf_counter()
    while (now := time.perf_counter() - start) < SECONDS:
        try:
            status, _etag, _body = await Visitor(host, port).get("/")
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            status = type(error).__name__
        times.append((time.perf_counter() - start - now, now, status))
        await asyncio.sleep(0.5)
    for one in many:
        one.cancel()
    waited = sorted(seconds for seconds, _at, _status in times)
    wrong = [(round(at), status) for _seconds, at, status in times if status != "200"]
    sys.stdout.write(
        f"{connections} slow connections, {len(closed)} closed, after {min(closed, default=0):.0f} to "
        f"{max(closed, default=0):.0f} s; {len(times)} others: middle {waited[len(waited) // 2] * 1000:.0f} ms, "
        f"longest {waited[-1] * 1000:.0f} ms, not answered {wrong}\n"
    )


if __name__ == "__main__":
    asyncio.run(trial(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3000))
