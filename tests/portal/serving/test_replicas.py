"""Two real servers, the second following the first by streaming replication: what readers and admins get."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from portal.serving import embedded_postgres

ASKING = """
import django, sys
django.setup()
from django.contrib.auth.models import Group
from django.test import Client
for line in sys.stdin:
    verb, _, words = line.strip().partition(" ")
    if verb in {"GET", "SIGNED-IN"}:
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = "a" * 32 if verb == "SIGNED-IN" else ""
        answer = client.get(words, headers={"host": "127.0.0.1"})
        print(answer.status_code, answer.get("Cache-Status", ""), flush=True)
    elif verb == "WRITE":
        Group.objects.create(name=words)
        print(Group.objects.filter(name=words).count(), flush=True)
"""


class Server:
    """One PostgreSQL server on data made by pg_basebackup."""

    def __init__(self, folder: Path, source: str, *, follows: bool) -> None:
        self.folder, self.data = folder, folder / "data"
        folder.mkdir(mode=0o700)
        copy = ["-D", str(self.data), "-h", source, "-U", "postgres", "--checkpoint=fast", "--no-sync"]
        program = embedded_postgres._binary("pg_basebackup")
        subprocess.run([program, *copy, *(["-R"] if follows else [])], check=True, capture_output=True)
        self.start()

    def start(self) -> None:
        prefix, popen = embedded_postgres._as_ordinary_user(self.folder)
        options = [f"--unix_socket_directories={self.folder}", "--listen_addresses=", "--fsync=off", "--hot_standby=on"]
        command = [*prefix, embedded_postgres._binary("postgres"), "-D", str(self.data), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **popen)
        ready = [embedded_postgres._binary("pg_isready"), "-q", "-h", str(self.folder)]
        deadline = time.monotonic() + 30
        while subprocess.run(ready, check=False).returncode:
            assert time.monotonic() < deadline, (self.folder / "log").read_text()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def url(self) -> str:
        name = connection.settings_dict["NAME"]
        return f"postgresql://postgres@/{name}?host={quote(str(self.folder), safe='')}"


@pytest.fixture
def servers(transactional_db: None, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """A primary that holds the world, and the standby that follows it."""
    primary = Server(tmp_path / "p", str(connection.settings_dict["HOST"]), follows=False)
    standby = Server(tmp_path / "s", str(tmp_path / "p"), follows=True)
    yield primary, standby
    standby.stop()
    primary.stop()


@pytest.fixture
def site(servers: tuple[Server, Server], tmp_path: Path) -> Iterator["Asked"]:
    """The site with both servers, in a process of its own."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "TESTING": "0",
        "DEBUG": "0",
        "HTTPS": "0",
        "CACHE_PAGES": "1",
        "RELEASE_POLL": "0",
        "DATABASE_PATIENCE": "0.3",
        "SECRET_KEY": "Zq3_8fKp-1mYt6Wc9Rv2Bn5Xs7Dj4Gh0LaEuIoQwTzPkMxCvNb",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_ADDRESS": "http://127.0.0.1",
        "VAR_DIR": str(tmp_path / "var"),
        "DATABASE_URL": servers[0].url(),
        "REPLICA_URLS": servers[1].url(),
    }
    asked = Asked(environment)
    yield asked
    asked.end()


class Asked:
    """The other end of ASKING."""

    def __init__(self, environment: dict[str, str]) -> None:
        command, pipe = [sys.executable, "-c", ASKING], subprocess.PIPE
        where = settings.BASE_DIR
        self._process = subprocess.Popen(command, cwd=where, env=environment, text=True, stdin=pipe, stdout=pipe)

    def __call__(self, words: str) -> str:
        into, out = self._process.stdin, self._process.stdout
        assert into is not None
        assert out is not None
        into.write(f"{words}\n")
        into.flush()
        return out.readline().strip()

    def end(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        if self._process.stdout:
            self._process.stdout.close()
        self._process.wait(timeout=20)


def until(site: Asked, words: str, status: str) -> str:
    """Ask again until the answer has that status: a server that was away is left alone for a second."""
    deadline = time.monotonic() + 40
    while not (answer := site(words)).startswith(status):
        assert time.monotonic() < deadline, answer
    return answer


@pytest.mark.full  # two database servers and a site of their own: 14 s of processor
def test_readers_fail_over_both_ways_and_admins_read_what_they_wrote(
    site: Asked, servers: tuple[Server, Server]
) -> None:
    primary, standby = servers
    assert site("GET /kommune/roedovre/") == "200 socialt-indeks; fwd=miss; stored"
    assert site("WRITE skrevet") == "1"
    assert site("GET /kommune/roedovre/kort.png").startswith("200")  # its fonts lie beside the code, not in VAR_DIR

    standby.stop()
    assert site("GET /kommune/varde/") == "200 socialt-indeks; fwd=miss; stored"
    standby.start()

    primary.stop()
    assert until(site, "GET /kommune/kolding/", "200") == "200 socialt-indeks; fwd=miss; stored"
    assert site("GET /kommune/roedovre/").startswith("200 socialt-indeks; hit")

    standby.stop()
    assert site("GET /kommune/roedovre/") == '200 socialt-indeks; hit; detail="database unreachable"'
    assert site("GET /kommune/odense/").startswith("503")
    assert site("SIGNED-IN /redaktion/").startswith("503")

    primary.start()
    assert until(site, "GET /kommune/odense/", "200") == "200 socialt-indeks; fwd=miss; stored"
