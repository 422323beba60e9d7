"""`manage.py serve`: the site behind granian, until Ctrl-C."""

import ctypes
import gc
import os
import resource
import signal
import sys
import traceback
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from granian.cli import cli as granian

from portal.serving.release import fingerprint, site_build

GRANIAN = ["--interface", "wsgi", "--http", "1", "--no-ws", "--blocking-threads", "4"]
PATIENCE = ["--workers-kill-timeout", "2"]  # seconds; a worker that was just starting misses its signal
ALONE = ["--respawn-failed-workers", "--respawn-interval", "0.5"]  # a killed worker does not take the others along
# Thousands who send a byte now and then hold a file each, and nobody up (tests/trials/slow.py): ten seconds for a head.
SLOW = ["--backlog", "4096", "--backpressure", "6000", "--http1-header-read-timeout", "10000"]
OPEN_FILES = 16384
PR_SET_PDEATHSIG = 1  # of prctl(2): a signal when the parent dies
WORKER = partial(call_command, "work")  # reads and applies large files
CLOCK = partial(call_command, "keep_hearings", every=5)  # opens and closes hearings, sends letters
QUIET = ["--log-level", "warning", "--no-access-log"]


class Command(BaseCommand):
    """Starts the processes of the site and ends them together."""

    help = "Serves the site on one address until Ctrl-C. The first process that ends, ends the others."
    requires_system_checks = ()  # the commands before it have checked

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to serve, and with how many processes."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="processes that answer requests")
        parser.add_argument("--demo", action="store_true", help="first see to tables, catalogue and demo data")

    def handle(self, *, host: str, port: int, workers: int, demo: bool, **_options: Any) -> None:
        """Serve; returns after SIGINT or SIGTERM. Raises CommandError when a process ends by itself."""
        made = _forked(_see_to_the_demo) if demo else None
        reverse("robots")  # brings every view with it: loaded here, none of the processes loads it again
        if made is not None and os.waitpid(made, 0)[1]:
            msg = "The demo could not be made; why stands above."
            raise CommandError(msg)
        _raise_open_files()
        address = ["--host", host, "--port", str(port), "--workers", str(workers)]
        self.stdout.write(f"Socialt Indeks: http://{host}:{port}/ (Ctrl-C ends it)")
        self.stdout.flush()
        options = [*GRANIAN, *PATIENCE, *ALONE, *SLOW, *QUIET, *address, "portal.wsgi:application"]
        if not _run_together([partial(granian, options, prog_name="granian"), WORKER, CLOCK]):
            msg = "A process of the site ended by itself; its last words stand above."
            raise CommandError(msg)


def _see_to_the_demo() -> None:
    """Tables, catalogue, figures, accounts; of the same code, day and release as last time only the accounts."""
    stamp = Path(settings.VAR_DIR) / "demo.stamp"
    if not stamp.exists() or not _stands(stamp.read_text(encoding="utf-8")):
        call_command("migrate", verbosity=0)
        call_command("load_catalogue", accept_changes=True)  # invented figures: a new wording costs nobody anything
        call_command("demo", walk=True)
        stamp.write_text(f"{site_build()} {timezone.localdate()} {fingerprint()}", encoding="utf-8")
    call_command("demo_admin")


def _stands(stamp: str) -> bool:
    """Whether nothing has changed since the demo was seen to. Other code may know other tables: asked first."""
    known = f"{site_build()} {timezone.localdate()} "
    return stamp.startswith(known) and stamp == known + fingerprint()


def _raise_open_files() -> None:
    """As many connections as granian may hold need as many files; shells often allow 1 024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _run_together(parts: Sequence[Callable[[], object]]) -> bool:
    """Run each as a process of its own until a signal, or until one of them ends; whether it was a signal.

    Each gets a session of its own and exactly one signal, from here: two at once (Ctrl-C goes to everybody in the
    terminal) leave a worker of granian 2.8 hanging, 6 times in 16.
    """
    processes: list[int] = []
    signals: list[int] = []

    def stop(number: int, _frame: object) -> None:
        if not signals:
            _end(processes)
        signals.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: under nohup and in CI it may come in ignored
        signal.signal(number, stop)
    gc.freeze()  # what is loaded stays shared
    processes += [_forked(part, session=True) for part in parts]
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    if not signals:
        _end(processes)
    for process in processes:
        os.waitpid(process, 0)
    return bool(signals)


def _end(processes: Sequence[int]) -> None:
    for process in processes:
        os.kill(process, signal.SIGTERM)  # of one that has ended nobody has taken leave yet: it is there


def _forked(part: Callable[[], object], *, session: bool = False) -> int:
    """Begin a process that does a part, and ends with this one however it ends.

    Forked, the code is loaded once and held in memory once. This process itself asks no database: a connection and its
    pool are one process's.
    """
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    code: object = 1
    try:
        if session:
            os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        if hasattr(libc := ctypes.CDLL(None), "prctl"):
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        part()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:  # its last words, as an interpreter of its own would say them
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)
