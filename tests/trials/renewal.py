"""The site is renewed under load, and worse: what visitors see of it.

DATABASE_URL=… SECRET_KEY=… python -m tests.trials.renewal [requests a second]

Two process groups of `manage.py serve` stand behind nginx with deploy/'s own configuration, as docs/operations.md says.
While 400 pages and the sign-in (which nothing keeps) are asked for, each group is ended and started anew in turn, then
a worker is killed, then a whole group. Counts the answers. Needs nginx; ends all that it started.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.trials import load

BASE = Path(__file__).resolve().parent.parent.parent
PORTS, FRONT = (8181, 8182), 8179
SIGN_IN, PACE_OF_SIGN_INS = "/redaktion/konto/ind/", 5


def configuration(folder: Path) -> Path:
    """deploy/'s own, on other ports and folders, and without the limits for a visitor: all of these are one."""
    changed = {
        "/etc/nginx/mime": "/etc/nginx/mime",
        "/etc/nginx/": f"{folder}/",
        f"{folder}/mime": "/etc/nginx/mime",
        "/var/cache/nginx": str(folder / "cache"),
        "/run/nginx.pid": str(folder / "pid"),
        "error_log stderr": f"error_log {folder}/error.log",
        "syslog:server=unix:/dev/log,tag=nginx,nohostname": f"{folder}/access.log",
        "rate=60r/s": "rate=100000r/s",
        "rate=30r/m": "rate=100000r/s",
        "connections 100": "connections 20000",
        "127.0.0.1:8001": f"127.0.0.1:{PORTS[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{PORTS[1]}",
    }
    for source in (BASE / "deploy/nginx").glob("*.conf"):
        text = source.read_text()
        for old, new in changed.items():
            text = text.replace(old, new)
        (folder / source.name.replace("-systemd", "")).write_text(text)
    (folder / "portal.conf").write_text(f"server {{ listen 127.0.0.1:{FRONT}; include {folder}/locations.conf; }}\n")
    (folder / "cache").mkdir()
    return folder / "nginx.conf"


class Group:
    """One `manage.py serve`, as the unit portal@ runs it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.start()

    def start(self) -> None:
        """Start, and wait until it says that it is ready."""
        serve = [sys.executable, "manage.py", "serve", "--port", str(self.port), "--workers", "2"]
        self.process = subprocess.Popen(serve, cwd=BASE, start_new_session=True, stdout=subprocess.DEVNULL)
        ready = ["curl", "-fs", "-o", os.devnull, f"http://127.0.0.1:{self.port}/sundhed/klar"]
        while subprocess.run(ready, check=False).returncode:
            time.sleep(0.1)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """As systemd ends it, or worse."""
        if how == signal.SIGKILL:
            for one in self.workers():
                os.kill(one, how)
        self.process.send_signal(how)
        self.process.wait()

    def workers(self) -> list[int]:
        """Every process below, those that answer last."""
        told = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in told.splitlines()[1:]]
        below = [self.process.pid]
        for one in below:  # generation by generation: the site's processes, then those of granian
            below += [int(pid) for pid, parent in rows if int(parent) == one]
        return below[1:]


@contextmanager
def standing() -> Iterator[list[Group]]:
    """Both groups behind nginx."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SITE_ADDRESS": f"http://127.0.0.1:{FRONT}", "BEHIND_PROXY": "1", "HTTPS": "0", "DEBUG": "0"}
        os.environ |= {"ALLOWED_HOSTS": "127.0.0.1", "VAR_DIR": folder, "ADMIN_PATH": "redaktion"}
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], cwd=BASE, check=True)
        groups = [Group(port) for port in PORTS]
        nginx = ["nginx", "-c", str(configuration(Path(folder))), "-g", "daemon off; user root;"]
        front = subprocess.Popen(nginx)
        try:
            time.sleep(1)
            yield groups
        finally:
            front.terminate()
            front.wait()
            for group in groups:
                group.end()


def renewed(groups: list[Group]) -> None:
    """What docs/operations.md does, and what nobody wishes for."""
    time.sleep(10)
    for group in groups:
        began = time.monotonic()
        group.end()
        group.start()
        sys.stdout.write(f"{group.port} renewed in {time.monotonic() - began:.1f} s\n")
        time.sleep(3)
    os.kill(groups[0].workers()[-1], signal.SIGKILL)
    sys.stdout.write("one worker killed\n")
    time.sleep(5)
    groups[1].end(signal.SIGKILL)
    sys.stdout.write("a whole group killed\n")
    time.sleep(5)
    groups[1].start()


async def signing_in(seen: Counter[str]) -> None:
    """Ask for a page that no cache keeps, for ever."""
    visitor = load.Visitor("127.0.0.1", FRONT)
    while True:
        try:
            status, _etag, _body = await visitor.get(SIGN_IN)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            status, visitor = type(error).__name__, load.Visitor("127.0.0.1", FRONT)
        seen[status] += 1
        await asyncio.sleep(1 / PACE_OF_SIGN_INS)


async def trial() -> int:
    """Run the load and the renewal beside it; the number of wrong answers."""
    load.PACE = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seen: Counter[str] = Counter()
    with standing() as groups:
        asking = asyncio.create_task(signing_in(seen))
        beside = asyncio.create_task(asyncio.to_thread(renewed, groups))
        wrong = await load.trial(f"http://127.0.0.1:{FRONT}", "")
        await beside
        asking.cancel()
    sys.stdout.write(f"sign-in, never kept: {dict(seen)}\n")
    return wrong + seen.total() - seen["200"]


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(trial()) else 0)
