"""Runs a command and says at its end how many processor seconds it cost: as `time` counts, and in truth.

python -m tests.processor pytest -n 2

`time` counts the processes that somebody waited for. Chromium's renderers and PostgreSQL's server are not among them:
they have left their parents. Here they come back: this process is the reaper of all that its command leaves behind
(Linux: prctl PR_SET_CHILD_SUBREAPER), waits for each, and the kernel adds what they used. Elsewhere the first figure
alone is told. A database server that was there before, or that DATABASE_URL names, is in neither.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import time

SUBREAPER = 36  # of linux/prctl.h
PATIENCE = 20.0  # seconds that what was left behind may take to end: PostgreSQL ends with its last user


def main(command: list[str]) -> int:
    """Run it, print the figures to standard error, and give the command's own exit code."""
    reaps = sys.platform == "linux" and ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0) == 0
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command; its figures are told all the same
    begun = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ, setsigdef=[signal.SIGINT])
    status, used = _waited(pid)
    sys.stderr.write(f"{time.monotonic() - begun:.0f} s; processor: {used:.0f} s as `time` counts")
    if reaps:
        left = _end_of_the_rest()
        everything = resource.getrusage(resource.RUSAGE_CHILDREN)
        sys.stderr.write(f", {everything.ru_utime + everything.ru_stime:.0f} s with Chromium and PostgreSQL")
        sys.stderr.write(" (something still runs: not all of it)" if left else "")
    sys.stderr.write("\n")
    return os.waitstatus_to_exitcode(status)


def _waited(pid: int) -> tuple[int, float]:
    """Status of the command and its seconds, its descendants' included; orphans that end meanwhile are buried."""
    while True:
        ended, status, used = os.wait4(-1, 0)
        if ended == pid:
            return status, used.ru_utime + used.ru_stime


def _end_of_the_rest() -> bool:
    """Bury the orphans as they end; whether some live on: another run may use the server that this one began."""
    deadline = time.monotonic() + PATIENCE
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
        return True
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
