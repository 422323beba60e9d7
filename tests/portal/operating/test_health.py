"""What monitors ask, and what the logs say."""

import errno
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory

from portal.operating.logs import JsonLine
from portal.serving.middleware import answer_to
from tests.portal.operating.test_attacks import start


def test_live_needs_no_database(client: Client) -> None:
    assert client.get("/sundhed/live").content == b"ok"


def test_ready_says_that_all_is_well(client: Client, db: None) -> None:
    answer = client.get("/sundhed/klar")
    assert answer.json() == dict.fromkeys(("database", "migrations", "edition", "queue", "disk"), "ok")
    assert answer.status_code == 200


def test_health_is_told_without_tls_by_number_and_a_page_is_not(client: Client, db: None, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    for name in ("live", "klar", "tal"):
        assert client.get(f"/sundhed/{name}", headers={"Host": "127.0.0.1:8001"}).status_code == 200
    assert client.get("/", headers={"Host": "127.0.0.1:8001"}).status_code == 301


def test_the_machines_own_number_is_a_known_host_whatever_the_environment_says() -> None:
    key = "Zq3_8fKp-1mYt6Wc9Rv2Bn5Xs7Dj4Gh0LaEuIoQwTzPkMxCvNb"
    code = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    assert "'127.0.0.1'" in start(code, SECRET_KEY=key, ALLOWED_HOSTS="x.example").stdout


@pytest.mark.usefixtures("_empty_site")
def test_ready_says_what_is_wrong(client: Client) -> None:
    answer = client.get("/sundhed/klar")
    assert (answer.status_code, answer.json()["edition"]) == (503, "no edition is published")


def test_a_missing_migration_is_noticed(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'rankings'")
    assert "not applied" in client.get("/sundhed/klar").json()["migrations"]


def test_metrics_are_for_this_machine_or_who_knows_the_token(client: Client, db: None, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/sundhed/tal").status_code == 200
    assert Client(REMOTE_ADDR="10.0.0.1").get("/sundhed/tal").status_code == 404
    settings.METRICS_TOKEN = "et-langt-tegn"
    assert client.get("/sundhed/tal").status_code == 404
    assert client.get("/sundhed/tal", headers={"Authorization": "Bearer é"}).status_code == 404
    answer = client.get("/sundhed/tal", headers={"Authorization": "Bearer et-langt-tegn"})
    assert "socialt_indeks_request_seconds" in answer.text


def test_methods_that_are_made_up_are_counted_as_one(client: Client, db: None, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for method in ("MADE-UP-1", "MADE-UP-2"):
        client.generic(method, "/")
    counted = client.get("/sundhed/tal").text
    assert 'method="other"' in counted
    assert "MADE-UP" not in counted


def test_a_folder_that_is_gone_is_told_and_no_error(client: Client, db: None, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "gone" / "too"
    assert "No such file" in client.get("/sundhed/klar").json()["disk"]


def test_every_answer_has_the_id_of_its_line_in_the_log(client: Client, db: None) -> None:
    assert client.get("/", headers={"X-Request-ID": "abcdef0123456789"})["X-Request-ID"] == "abcdef0123456789"
    given = client.get("/", headers={"X-Request-ID": 'evil"\n{"level'})["X-Request-ID"]
    assert "evil" not in given
    assert len(given) == 32


def test_a_line_of_the_log_is_one_object_whatever_stands_in_it() -> None:
    record = logging.LogRecord("a", logging.INFO, "b", 1, "x\n%s", ('evil"\n',), None)
    line = JsonLine().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == 'x\nevil"\n'


def test_a_full_disk_is_told_in_words_and_other_failures_are_not() -> None:
    request = RequestFactory().post(f"/{settings.ADMIN_PATH}/indicators/upload/add/")
    answer = answer_to(request, OSError(errno.ENOSPC, "No space left on device"))
    assert answer is not None
    assert (answer.status_code, "Der er ikke plads" in answer.text) == (503, True)
    assert answer_to(request, OSError(errno.EACCES, "Permission denied")) is None
