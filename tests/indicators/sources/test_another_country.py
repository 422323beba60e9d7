"""Another country's catalogue is fed and published by the same code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from . import another_country


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_a_made_up_country_goes_from_an_empty_database_to_a_published_edition(tmp_path: Path) -> None:
    another_country.write_catalogue(tmp_path)
    name, settings = f"test_of_{os.getpid()}_country", connection.settings_dict
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    address = f"postgresql://{settings['USER']}@:{settings['PORT']}/{name}?host={settings['HOST']}"
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": address, "CATALOGUE": str(tmp_path)}
    environment |= {"COUNTRY_FILES": str(tmp_path / "files"), "SOURCES": "pxweb"}
    command = [sys.executable, "-m", "tests.indicators.sources.another_country"]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    *reported, last = another_country.UNITS
    assert told["states"] == ["published"]
    assert told["missing"] == [last]
    assert {unit: told["values"][unit] for unit in reported} == {
        unit: pytest.approx(another_country.figure(unit, "f-skoli")) for unit in reported
    }
    assert told["ranked"] == len(reported)
    assert set(told["pages"].values()) == {200}
    assert told["named"]
