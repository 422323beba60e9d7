"""The site as files: every link leads to a file that is there, or to the live site."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.translation import override

from portal.serving.walk import _is_public


@pytest.fixture
def exported(db: None, tmp_path: Path, settings: Any) -> Path:
    """The first pages of the newest edition as files."""
    settings.STATIC_ROOT = tmp_path / "static"
    (settings.STATIC_ROOT / "css").mkdir(parents=True)
    (settings.STATIC_ROOT / "css/foundation.css").write_text("body{}")
    settings.SITE_ADDRESS = "http://127.0.0.1"
    call_command("export_site", str(tmp_path / "site"), "--newest-only", "--most", "25", verbosity=0)
    return tmp_path / "site"


def test_every_link_of_the_export_is_whole_and_its_files_are_where_a_web_server_looks(exported: Path) -> None:
    pages = list(exported.rglob("*.html"))
    assert len(pages) >= 20
    checked = 0
    for page in pages:
        for link in re.findall(r'(?:href|src|action)="([^"#]+)', page.read_text()):
            if link.startswith(("http://127.0.0.1/", "https://", "data:", "mailto:")) or "/static/" in link:
                continue
            assert link.startswith("/"), (page, link)
            target = exported / link.lstrip("/")
            assert (target / "index.html" if link.endswith("/") else target).is_file(), (page, link)
            checked += 1
    assert checked > 100
    assert "Rødovre" in (exported / "kommuner/index.html").read_text()
    assert "<html" in (exported / "en/index.html").read_text()
    assert (exported / "static/css/foundation.css").is_file()


def test_a_folder_that_holds_something_is_left_alone(db: None, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_site", str(tmp_path))


def test_what_a_publication_makes_ready_is_what_many_ask_for() -> None:
    for language in ("da", "en"):
        with override(language):
            for name, arguments in (
                ("trace", ["2026.1-173-samlet"]),
                ("press-municipality", ["varde"]),
                ("embed-municipality", ["varde"]),
            ):
                assert not _is_public(reverse(name, args=arguments), newest_only=True, heavy=False), (language, name)
            for name, arguments in (("municipality", ["varde"]), ("ranking", []), ("indicator", ["b-omgoerelse"])):
                assert _is_public(reverse(name, args=arguments), newest_only=True, heavy=False), (language, name)
