"""How long `make demo` takes until its front page answers: on an empty folder, and again. Measures, does not judge.

python -m tests.benchmarks.starting

What make itself sees to (environment, assets, messages, static files) is not in it. "processor" is that of the process
that was started and of what it has waited for: the second time nearly all there is, without PostgreSQL's.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

FIRST, AGAIN = 40.0, 4.0  # seconds by the clock on a quiet machine of two cores
TIMES = 3
BASE = Path(__file__).resolve().parents[2]


def main() -> None:
    """Start the demo in a folder of its own, end it, and start it again."""
    with tempfile.TemporaryDirectory() as folder:
        first = started(Path(folder))
        told("first start", *first, FIRST)
        again = [started(Path(folder)) for _time in range(TIMES)]
        told(f"again, best of {TIMES}", *min(again), AGAIN)


def told(name: str, clock: float, processor: float, limit: float) -> None:
    load = os.getloadavg()[0]
    sys.stdout.write(
        f"{name:18} {clock:6.1f} s until the front page answers, processor {processor:5.1f} s; load {load:.1f}, "
        f"limit {limit:.0f} s: {clock / limit:.1f} ×\n"
    )
    sys.stdout.flush()


def started(folder: Path) -> tuple[float, float]:
    """Seconds by the clock and of the processor until the front page answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    known = {
        name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    }
    environment = known | {"VAR_DIR": str(folder), "STATIC_ROOT": str(BASE / "var" / "static")}
    command = [sys.executable, "manage.py", "serve", "--demo", "--port", str(port)]
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=BASE, env=environment, stdout=subprocess.DEVNULL) as process:
        while not _answers(f"http://127.0.0.1:{port}/"):
            if process.poll() is not None:
                sys.exit("It ended before it answered.")
            time.sleep(0.02)
        took, worked = time.perf_counter() - start, _processor(process.pid)
        time.sleep(3)  # a worker that is just starting misses its signal
        process.send_signal(signal.SIGTERM)
    return took, worked


def _processor(pid: int) -> float:
    spent = Path("/proc", str(pid), "stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, spent[11:15])) / os.sysconf("SC_CLK_TCK")


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=30) as answer:  # noqa: S310  our own
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    main()
