"""`manage.py serve`: the site behind granian, until Ctrl-C."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

GRANIAN = ["granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--blocking-threads", "4"]
PATIENCE = ["--workers-kill-timeout", "2"]  # seconds; a worker that was just starting misses its signal
ALONE = ["--respawn-failed-workers", "--respawn-interval", "0.5"]  # a killed worker does not take the others along
# Thousands who send a byte now and then hold a file each, and nobody up (tests/trials/slow.py): ten seconds for a head.
SLOW = ["--backlog", "4096", "--backpressure", "6000", "--http1-header-read-timeout", "10000"]
OPEN_FILES = 16384
WORKER = ["django", "work"]  # reads and applies large files
CLOCK = ["django", "keep_hearings", "--every", "5"]  # opens and closes hearings, sends letters
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
        if demo:  # in this process: each command by itself would take as long again to start as to run
            call_command("migrate", verbosity=0)
            call_command("load_catalogue", accept_changes=True)  # invented figures: a new wording costs nobody anything
            call_command("demo", walk=True)
            call_command("demo_admin")
        _raise_open_files()
        address = ["--host", host, "--port", str(port), "--workers", str(workers)]
        self.stdout.write(f"Socialt Indeks: http://{host}:{port}/ (Ctrl-C ends it)")
        self.stdout.flush()
        site = [*GRANIAN, *PATIENCE, *ALONE, *SLOW, *QUIET, *address, "portal.wsgi:application"]
        if not _run_together([site, WORKER, CLOCK]):
            msg = "A process of the site ended by itself; its last words stand above."
            raise CommandError(msg)


def _raise_open_files() -> None:
    """As many connections as granian may hold need as many files; shells often allow 1 024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _run_together(modules: list[list[str]]) -> bool:
    """Run Python modules as processes until a signal, or until one of them ends; whether it was a signal.

    Each gets a session of its own and exactly one signal, from here: two at once (Ctrl-C goes to everybody in the
    terminal) leave a worker of granian 2.8 hanging, 6 times in 16.
    """
    processes: list[subprocess.Popen[bytes]] = []
    signals: list[int] = []

    def stop(number: int, _frame: object) -> None:
        if not signals:
            for process in processes:
                process.terminate()
        signals.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: under nohup and in CI it may come in ignored
        signal.signal(number, stop)
    if_we_are_killed = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
    for module in modules:
        command = [*if_we_are_killed, sys.executable, "-m", *module]
        processes.append(subprocess.Popen(command, start_new_session=True))  # noqa: S603
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    for process in processes:
        if not signals:
            process.terminate()
        process.wait()
    return bool(signals)
