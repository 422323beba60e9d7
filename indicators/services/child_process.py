"""Work done in a child process with limited memory: a file that needs more ends the child, not the worker."""

import logging
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)
_DID, _NOTHING, _DIED = 0, 3, 4


class ChildDiedError(Exception):
    """The child ended before its work did. What it had begun is rolled back by the database."""


def in_a_child(work: Callable[[], bool], *, memory: int) -> bool:
    """Do ``work`` in a child that may take ``memory`` bytes more than it has at its start; what it returned.

    Open no connection to the database before, and in the child one of its own: two processes cannot share one. A
    signal that ends the parent ends the child. Raises ChildDiedError.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        os._exit(_exit_code(work, memory))
    try:
        status = os.waitpid(child, 0)[1]
    except BaseException:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        raise
    code = os.waitstatus_to_exitcode(status)
    if code not in {_DID, _NOTHING}:
        msg = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise ChildDiedError(msg)
    return code == _DID


def _exit_code(work: Callable[[], bool], memory: int) -> int:
    try:
        _limit(memory)
        return _DID if work() else _NOTHING
    except SystemExit:
        return _NOTHING
    except BaseException:
        log.exception("Work in a child process failed")
        return _DIED
    finally:
        logging.shutdown()


def _limit(memory: int) -> None:
    """Limit this process's data; Linux only, which says how much that is now. Elsewhere nothing is limited."""
    status = Path("/proc/self/status")
    if not status.exists():
        return
    used = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmData"))
    resource.setrlimit(resource.RLIMIT_DATA, (used * 1024 + memory, resource.RLIM_INFINITY))
