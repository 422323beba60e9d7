"""The embedded server, tried with real processes that join it, end and are killed."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from portal.serving import embedded_postgres

USER = """
import signal, sys
from pathlib import Path
from portal.serving import embedded_postgres
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background of a shell
print(embedded_postgres.database_url(Path(sys.argv[1]), durable=sys.argv[2] == "durable"), flush=True)
sys.stdin.read()
"""

User = subprocess.Popen[str]
Join = Callable[..., User]


@pytest.fixture(autouse=True)
def _nothing_hangs() -> Iterator[None]:
    """These tests wait for locks; a broken launcher would keep them for ever."""
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _give_up(_number: int, _frame: object) -> None:
    raise TimeoutError


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("postgres")
    embedded_postgres.database_url(folder, durable=False)
    embedded_postgres.leave(folder)
    return folder / "data"


@pytest.fixture
def folder(tmp_path: Path, made_once: Path) -> Path:
    """A server that was used before; copying its data is quicker than making them."""
    folder = tmp_path / "postgres"
    shutil.copytree(made_once, folder / "data")
    return folder


@pytest.fixture
def join(folder: Path) -> Iterator[Join]:
    """Starts a process that uses the server of `folder` until its standard input is closed."""
    users: list[User] = []

    def start(*, durable: bool = False, folder: Path = folder) -> User:
        command = [sys.executable, "-c", USER, str(folder), "durable" if durable else "fast"]
        user = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        users.append(user)
        return user

    yield start
    for user in users:
        user.kill()
        user.communicate()
    wait_until_ended(folder)


def url_of(user: User) -> str:
    assert user.stdout
    return user.stdout.readline().strip()


def started_at(url: str) -> datetime:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_postmaster_start_time()").fetchone()
    assert row
    started: datetime = row[0]
    return started


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def keeper(folder: Path) -> int:
    ps = ["ps", "-o", "ppid=", "-p", str(postmaster(folder))]
    return int(subprocess.run(ps, capture_output=True, check=True).stdout)


def wait_until_ended(folder: Path) -> None:
    """Wait for the keeper's lock and the server's, which they hold as long as they live."""
    for name in ("keeper.lock", "server.lock"):
        if (folder / name).exists():
            with (folder / name).open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)


def put(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


def kept(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM kept ORDER BY word")]


def test_processes_that_come_at_the_very_first_moment_share_one_server(folder: Path, join: Join) -> None:
    shutil.rmtree(folder)
    users = [join() for _ in range(4)]
    urls = [url_of(user) for user in users]
    assert len({started_at(url) for url in urls}) == 1


def test_the_server_ends_with_its_last_user(folder: Path, join: Join) -> None:
    first, second = join(), join()
    assert url_of(first) == url_of(second)
    first.communicate("")
    assert not embedded_postgres._is_free(folder / "server.lock")
    second.communicate("")
    assert embedded_postgres._is_free(folder / "server.lock")  # the last user waited for it
    assert not (folder / "data" / "postmaster.pid").exists()


def test_it_outlives_the_kill_of_the_process_that_started_it(folder: Path, join: Join) -> None:
    first = join()
    url = url_of(first)
    second = join()
    assert url_of(second) == url
    started = started_at(url)
    first.kill()
    first.wait()
    assert started_at(url) == started
    second.kill()
    wait_until_ended(folder)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_ctrl_c_for_the_starter_is_not_meant_for_the_server(folder: Path, join: Join) -> None:
    first, second = join(), join()
    url = url_of(first)
    assert url_of(second) == url
    started = started_at(url)
    first.send_signal(signal.SIGINT)
    first.wait()
    assert os.getsid(postmaster(folder)) == keeper(folder)
    assert started_at(url) == started


def test_data_survive_a_stop_and_a_start(folder: Path, join: Join) -> None:
    user = join(durable=True)
    put(url_of(user), "Rødovre")
    user.communicate("")
    assert kept(url_of(join(durable=True))) == ["Rødovre"]


def test_a_killed_server_comes_back_with_its_data(folder: Path, join: Join) -> None:
    user = join(durable=True)
    url = url_of(user)
    put(url, "Varde")
    os.kill(postmaster(folder), signal.SIGKILL)
    assert kept(url_of(join(durable=True))) == ["Varde"]


def test_a_server_that_does_not_end_is_ended_by_force_and_keeps_its_data(
    folder: Path, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_ENDING", "0.05")
    user = join(durable=True)
    put(url_of(user), "Samsø")
    os.kill(postmaster(folder), signal.SIGSTOP)
    user.kill()
    wait_until_ended(folder)
    assert kept(url_of(join(durable=True))) == ["Samsø"]


def test_a_killed_keeper_takes_its_server_along_and_the_next_process_starts_another(folder: Path, join: Join) -> None:
    user = join(durable=True)
    url = url_of(user)
    put(url, "Kolding")
    started = started_at(url)
    os.kill(keeper(folder), signal.SIGKILL)
    again = url_of(join(durable=True))
    assert kept(again) == ["Kolding"]
    assert started_at(again) > started


def test_the_lock_file_of_a_dead_server_is_no_obstacle_even_if_its_number_lives(folder: Path, join: Join) -> None:
    user = join(durable=True)
    put(url_of(user), "Odder")
    lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
    user.communicate("")
    (folder / "data" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    sockets = embedded_postgres.socket_folder(folder)
    sockets.mkdir(exist_ok=True)
    (sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    assert kept(url_of(join(durable=True))) == ["Odder"]


def test_what_a_killed_first_start_left_is_made_anew(folder: Path, join: Join) -> None:
    (folder / "data").rename(folder / "data.unfinished")
    (folder / "data.unfinished" / "PG_VERSION").unlink()
    put(url_of(join()), "Fanø")
    assert not (folder / "data.unfinished").exists()


def test_a_path_too_long_or_too_odd_for_a_socket_is_no_obstacle(tmp_path: Path, join: Join) -> None:
    folder = tmp_path / ("en meget lang sti, " * 6) / "postgres"
    user = join(folder=folder)
    url = url_of(user)
    assert embedded_postgres.socket_folder(folder).is_relative_to("/tmp")  # noqa: S108
    assert embedded_postgres.socket_folder(folder).stat().st_mode & 0o777 == 0o700
    put(url, "Ærø")
    user.communicate("")
    assert not embedded_postgres.socket_folder(folder).exists()


def test_it_has_the_extensions_and_the_order_of_bytes(folder: Path, join: Join) -> None:
    with psycopg.connect(url_of(join())) as connection:
        for extension in ("pg_trgm", "unaccent", "btree_gist", "citext", "fuzzystrmatch"):
            connection.execute(f"CREATE EXTENSION {extension}".encode())
        names = connection.execute("SELECT n FROM unnest(ARRAY['Å', 'a', 'Z', 'Ø']) AS n ORDER BY n").fetchall()
        assert [name for (name,) in names] == ["Z", "a", "Å", "Ø"]
        assert connection.execute("SELECT upper('æøå')").fetchone() == ("ÆØÅ",)


def test_a_server_that_cannot_start_says_why(folder: Path, join: Join) -> None:
    join(durable=True).communicate("")
    (folder / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(embedded_postgres.ServerError, match="initialized by PostgreSQL version 9"):
        embedded_postgres.database_url(folder)
    embedded_postgres.leave(folder)
