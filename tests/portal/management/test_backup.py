"""A backup comes back into a fresh server, and every placement is the same."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from psycopg.conninfo import conninfo_to_dict

from portal.management.commands.backup import DUMP, SUMS, database, placements
from portal.serving import embedded_postgres


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[str]:
    """A server of its own, empty; ended afterwards."""
    folder = tmp_path / "fresh"
    yield embedded_postgres.database_url(folder, durable=False)
    embedded_postgres.leave(folder)


def restore(backup: Path, url: str, var: Path) -> "subprocess.CompletedProcess[str]":
    """In a process of its own, as an operator would."""
    package = Path(embedded_postgres._binary("pg_restore")).parent
    environment = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(var), "PG_BIN": str(package)}
    command = [sys.executable, "manage.py", "restore", str(backup)]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def backup(transactional_db: None, tmp_path: Path, settings: Any) -> Path:
    """A backup of the world, with an uploaded file."""
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "uploads").mkdir(parents=True)
    (settings.MEDIA_ROOT / "uploads" / "fil").write_bytes(b"kommune;tal\n101;1,2\n")
    call_command("backup", str(tmp_path / "backups"), verbosity=0)
    return next((tmp_path / "backups").iterdir())


def test_a_backup_comes_back_whole_into_a_fresh_server(backup: Path, fresh_server: str, tmp_path: Path) -> None:
    ended = restore(backup, fresh_server, tmp_path / "var")
    assert ended.returncode == 0, ended.stderr
    facts = json.loads((backup / SUMS).read_text())
    assert facts["placements"] == placements()
    assert facts["placements"]["rows"] > 10_000
    assert f"{facts['placements']['rows']} placements compared with the backup, none different" in ended.stdout
    assert (tmp_path / "var/files/uploads/fil").read_bytes() == b"kommune;tal\n101;1,2\n"
    again = restore(backup, fresh_server, tmp_path / "var")
    assert again.returncode != 0
    assert "not empty" in again.stderr


def test_a_damaged_backup_is_refused_before_anything_is_written(
    backup: Path, fresh_server: str, tmp_path: Path
) -> None:
    dump = backup / DUMP
    dump.write_bytes(dump.read_bytes()[:-1] + b"x")
    ended = restore(backup, fresh_server, tmp_path / "var")
    assert ended.returncode != 0
    assert "damaged" in ended.stderr
    assert not (tmp_path / "var/files").exists()


def test_old_backups_go_and_unfinished_ones_never_count(backup: Path) -> None:
    folder = backup.parent
    unfinished = folder / "2020-01-01T000000Z.unfinished"
    unfinished.mkdir()
    (unfinished / SUMS).write_text("{}")
    old = folder / "2020-01-01T000000Z"
    old.mkdir()
    (old / SUMS).write_text("{}")
    call_command("backup", str(folder), "--keep", "1", verbosity=0)
    assert not old.exists()
    assert unfinished.exists()
    assert len([path for path in folder.iterdir() if path != unfinished]) == 1
    with pytest.raises(CommandError, match="1 or more"):
        call_command("backup", str(folder), "--keep", "0")


def test_what_is_no_backup_is_not_restored(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "dump alone").mkdir()
    (tmp_path / "dump alone" / DUMP).write_bytes(b"PGDMP")
    for name in ("elsewhere", "empty", "dump alone"):
        with pytest.raises(CommandError, match="is no backup"):
            call_command("restore", str(tmp_path / name))


def test_without_the_programs_of_postgresql_it_says_what_to_install(
    db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PG_BIN = str(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="pg_dump is not installed"):
        call_command("backup", str(tmp_path / "backups"))


def test_the_options_of_the_address_hold_for_the_backup_too(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"pool": {}, "sslmode": "verify-full", "sslrootcert": "/a folder/it's.pem"}
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", options)
    told = conninfo_to_dict(database())
    assert (told["sslmode"], told["sslrootcert"]) == ("verify-full", "/a folder/it's.pem")
    assert told["dbname"] == settings.DATABASES["default"]["NAME"]
    assert "pool" not in told
