"""One A4 for the council's table: exactly one page, whatever is long, shared or missing."""

import re
import zlib

import pytest
from django.test import Client

from indicators.models import Municipality
from portal.municipality.one_page import qr_code
from portal.serving.release import rendering
from rankings.models import Level, Placement

pytestmark = pytest.mark.django_db


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has: its page objects, packed or not."""
    packed = [
        zlib.decompressobj().decompress(one)  # whose last byte may be a line's end, which is not taken along
        for one in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
        if one[:1] == b"x"
    ]
    return sum(len(re.findall(rb"/Type\s*/Page\b(?!s)", part)) for part in (pdf, *packed))


def _shared_place() -> str:
    rows = Placement.objects.filter(edition__year=2026, edition__state="published", level=Level.OVERALL)
    return next(row.municipality.slug for row in rows.select_related("municipality") if row.rank != row.rank_last)


def _one_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), path
    assert pages_of(answer.content) == 1, path


def test_a_long_name_a_page_of_gaps_and_a_shared_place_each_fill_one_sheet(client: Client) -> None:
    with rendering("one page"):
        for slug in ("ringkoebing-skjern", "laesoe", _shared_place()):
            _one_page(client, f"/kommune/{slug}/side.pdf")


@pytest.mark.full
def test_everybody_fits_on_one_sheet_in_both_languages_and_in_every_edition_shown(client: Client) -> None:
    with rendering("one page, everybody"):
        for slug in Municipality.objects.values_list("slug", flat=True):
            for path in (
                f"/kommune/{slug}/side.pdf",
                f"/en/municipality/{slug}/page.pdf",
                f"/@2025.1/kommune/{slug}/side.pdf",
            ):
                _one_page(client, path)


def test_the_code_is_square_and_leaves_a_quiet_border() -> None:
    size, path = qr_code("http://127.0.0.1:8000/@2026.1/kommune/roedovre/")
    black = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)", path)}
    assert (4, 4) in black  # the corner of a finder, behind four white modules
    assert min(x for x, _y in black) == min(y for _x, y in black) == 4
    assert max(x for x, _y in black) == size - 5
