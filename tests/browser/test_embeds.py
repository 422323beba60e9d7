"""An article on another origin with two embeds: after a correction the live one changes and the pinned one does not."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page

from indicators.demo.files import write_csv
from indicators.services.apply import import_files
from indicators.services.receive import FileToImport
from rankings.models import Criterion, Edition
from rankings.services.editions import correct_edition, publish_edition

LIVE, PINNED = "/indlejr/kommune/roedovre/", "/@2026.1/indlejr/kommune/roedovre/"
SINCE = "Siden udgaven er der sagt noget om dens tal. Det står på den nuværende adresse."


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def article(base_url: str, tmp_path: Path) -> Iterator[str]:
    """A newspaper's page on a port of its own: another origin than ours."""
    frames = "".join(
        f'<iframe id="{name}" src="{base_url}{path}" title="{name}" width="100%" height="200"></iframe>'
        for name, path in (("live", LIVE), ("pinned", PINNED))
    )
    script = f'<script src="{base_url}/indlejr.js" async></script>'
    (tmp_path / "artikel.html").write_text(
        f'<!doctype html><html lang="da"><meta charset="utf-8"><title>Avisen</title><h1>Avisen</h1>{frames}{script}',
        encoding="utf-8",
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/artikel.html"
    server.shutdown()
    server.server_close()


def _correct(folder: Path) -> None:
    """Correct the newest edition as two editors would: by a file in which some of Rødovre's figures are the best."""
    editor, publisher = (User.objects.create(username=name) for name in ("editor", "publisher"))
    now = timezone.now()
    edition = Edition.objects.published().get(year=2026)
    criteria = Criterion.objects.of(edition).for_indicators().exclude(direction="neutral").select_related("indicator")
    rows = [
        ("175", "Rødovre", one.indicator.code, one.data_year or 0, _best(one), "", "")
        for one in criteria[:20]
        if one.indicator
    ]
    write_csv(folder / "rettelse.csv", rows)
    files = [FileToImport.at(folder / "rettelse.csv")]
    import_files(files=files, by=editor, now=now, is_demo=True, accept_warnings=True)
    revision = correct_edition(year=2026, reason="Rødovres tal var forkerte.", by=editor, now=now)
    publish_edition(edition=revision, by=publisher, now=now)


def _best(criterion: Criterion) -> float | None:
    return criterion.high if criterion.direction == "higher_is_better" else criterion.low


def _text(page: Page, frame: str) -> str:
    """All its words, however its lines are broken."""
    return " ".join(page.frame_locator(f"#{frame}").locator("main").inner_text().split())


@pytest.mark.django_db(transaction=True)
def test_after_a_correction_the_live_embed_changes_and_the_pinned_one_does_not(
    page: Page, article: str, tmp_path: Path
) -> None:
    page.goto(article)
    before = {name: _text(page, name) for name in ("live", "pinned")}
    assert before["pinned"] == f"{before['live']} {SINCE}"  # the one line of what is said at the current address
    _correct(tmp_path)
    page.reload()
    after = {name: _text(page, name) for name in ("live", "pinned")}
    assert "udgave 2026.2" in after["live"]
    assert after["live"] != before["live"]
    told = " Der er en nyere udgave: 2026.2"
    assert told in after["pinned"]
    assert after["pinned"].replace(told, "") == before["pinned"]


def test_an_embed_tells_its_height_and_leaves_no_cookie(page: Page, article: str) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(article)
    page.wait_for_function("document.querySelector('#live').height > 250")
    inner = page.frame_locator("#live").locator("main").bounding_box()
    assert inner is not None
    assert abs(float(page.locator("#live").get_attribute("height") or 0) - inner["height"]) < 8
    assert page.context.cookies() == []
    assert [one for one in problems if "favicon" not in one and "404" not in one] == []


def test_the_frame_shows_no_other_page_of_the_site(page: Page, article: str, base_url: str) -> None:
    page.goto(article)
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.evaluate(f"document.querySelector('#live').src = '{base_url}/kommune/roedovre/'")


def test_an_embed_is_readable_without_javascript(browser: object, base_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{base_url}{LIVE}")
    assert "Rødovre" in page.locator("main").inner_text()
    assert "udgave 2026.1" in page.locator("main").inner_text()
    context.close()


@pytest.mark.parametrize("width", [320, 720])
def test_an_embed_fits_its_column(page: Page, base_url: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/indlejr/kort/",
        "/indlejr/rangliste/",
        "/indlejr/fordeling/",
        LIVE,
        "/indlejr/udvikling/kommune/roedovre/",
    ):
        page.goto(f"{base_url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
