"""What pages and press sheets say of figures, recomputed from the stored rows without the product's code.

Read here: the text that is printed, and rows of the database. The arithmetic, the rounding and the rule of what may be
called a move are written anew below.
"""

import re
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import pytest

from rankings.models import Criterion, Edition, Explanation, Level, Placement
from tests.visited import visited

pytestmark = pytest.mark.django_db

EVERY_FOURTH = slice(None, None, 4)  # make test-all reads all pages and sheets
WITHIN = re.compile(r"Pladsen kan ikke skelnes fra (\d{4}) \((nr\. \d+(?:–\d+)?) af (\d+)\); scoren er (.*?)\.")
MOVED = re.compile(r"ryk siden (\d{4}), fra (nr\. \d+(?:–\d+)?) af (\d+) til (nr\. \d+(?:–\d+)?) af (\d+)")
NOT_BETTER = re.compile(r"Skriv ikke, at .*? er blevet (bedre|dårligere) siden")
WENT = re.compile(r"er gået fra (nr\. \d+(?:–\d+)?) af (\d+) i \d{4} til (nr\. \d+(?:–\d+)?) af (\d+)")
LARGEST = re.compile(r"^(.*?) har den største (forbedring|forværring) på", re.MULTILINE)
SHARED = re.compile(r"(\d+) kommuner, blandt dem .*?, deler den største (forbedring|forværring) på")
MAJORITY = re.compile(
    r"(\d+) af de (\d+) kommuner, der har tal for begge år, er blevet (bedre|dårligere) "
    r".*?, (\d+) (?:bedre|dårligere)\."
)


class Row(NamedTuple):
    """What was stored of a placement."""

    rank: int | None
    last: int | None
    low: int | None
    high: int | None
    n: int
    printed: float | None


def _overall(edition: Edition) -> dict[str, Row]:
    rows = Placement.objects.filter(edition=edition, level=Level.OVERALL)
    return {
        slug: Row._make(row)
        for slug, *row in rows.values_list("municipality__slug", "rank", "rank_last", "low", "high", "n", "printed")
    }


def _place(row: Row) -> str:
    return f"nr. {row.rank}" if row.rank == row.last else f"nr. {row.rank}–{row.last}"


def _apart(now: Row, before: Row) -> bool:
    """Apart from the top and from the bottom: the intervals as places from either end of their own list."""
    if None in (now.low, now.high, before.low, before.high):
        return False
    top = [(now.low or 0, now.high or 0), (before.low or 0, before.high or 0)]
    bottom = [(one.n - (one.high or 0), one.n - (one.low or 0)) for one in (now, before)]
    up = top[0][1] < top[1][0] and bottom[0][0] > bottom[1][1]
    down = top[0][0] > top[1][1] and bottom[0][1] < bottom[1][0]
    return up or down


def _points(now: Row, before: Row) -> str:
    points = (Decimal(str(now.printed)) - Decimal(str(before.printed))).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if points == 0:
        return "den samme"
    return f"{str(abs(points)).replace('.', ',')} point {'højere' if points > 0 else 'lavere'}"


def _two_editions() -> tuple[Edition, Edition]:
    newest, before = Edition.objects.filter(state="published").order_by("-year")[:2]
    return newest, before


def _text(path: str) -> str:
    found = visited(path)
    assert found.status == 200, path
    return found.body.decode()


@pytest.mark.parametrize("which", [EVERY_FOURTH, pytest.param(slice(None), marks=pytest.mark.full)], ids=str)
def test_no_page_claims_a_move_that_its_press_sheet_forbids_and_both_tell_what_was_stored(which: slice) -> None:
    edition, previous = _two_editions()
    now, before = _overall(edition), _overall(previous)
    read = moved = 0
    municipalities = list(now.items())[which]
    for slug, own in municipalities:
        page, sheet = visited(f"/kommune/{slug}/").page.text, _text(f"/kommune/{slug}/presse.txt")
        then = before.get(slug)
        if own.rank is None or then is None or then.rank is None:
            assert not WITHIN.search(page), slug
            assert not MOVED.search(page), slug
            continue
        read += 1
        apart = _apart(own, then)
        moved += apart
        within, ryk = WITHIN.search(page), MOVED.search(page)
        assert (within is None, ryk is None) == (apart, not apart), slug
        if within:
            assert within.groups() == (str(previous.year), _place(then), str(then.n), _points(own, then)), slug
            assert not WENT.search(sheet), slug
            forbidden = NOT_BETTER.search(sheet)
            assert (forbidden is not None) == (own.rank != then.rank), slug
            if forbidden:
                assert forbidden[1] == ("bedre" if own.rank < then.rank else "dårligere"), slug
        elif ryk:
            told = str(previous.year), _place(then), str(then.n), _place(own), str(own.n)
            assert ryk.groups() == told, slug
    assert read > len(municipalities) * 3 // 4


def test_the_parts_of_every_change_add_up_to_the_places_among_those_ranked_in_both() -> None:
    edition, _previous = _two_editions()
    compared = Explanation.objects.filter(edition=edition).order_by("-pk").values_list("compared_with", flat=True)[0]
    now, before = _overall(edition), _overall(Edition.objects.get(pk=compared or 0))
    both = {slug for slug in now if now[slug].rank and slug in before and before[slug].rank}
    for slug in both:
        place = 1 + sum(now[one].rank < now[slug].rank for one in both)  # type: ignore[operator]
        then = 1 + sum(before[one].rank < before[slug].rank for one in both)  # type: ignore[operator]
        rows = Explanation.objects.filter(edition=edition, municipality__slug=slug).order_by("-pk")
        assert sum(rows[0].change.values()) == then - place, slug
    assert len(both) > 80


def _values(edition: Edition) -> dict[str, dict[str, tuple[float, int]]]:
    """By indicator and municipality the value and its number of decimals."""
    rows = Placement.objects.filter(edition=edition, level=Level.INDICATOR, value__isnull=False)
    found: dict[str, dict[str, tuple[float, int]]] = defaultdict(dict)
    for code, name, value, decimals in rows.values_list(
        "indicator__code", "municipality__name", "value", "indicator__decimals"
    ):
        found[code][name] = value or 0.0, decimals
    return found


def _printed(value: float, decimals: int) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def test_the_largest_changes_and_the_counts_of_better_and_worse_are_those_of_the_printed_values() -> None:
    edition, previous = _two_editions()
    now, before = _values(edition), _values(previous)
    criteria = Criterion.objects.filter(edition=edition, indicator__isnull=False).exclude(direction="neutral")
    sentences = 0
    for code, direction in criteria.values_list("indicator__code", "direction"):
        text = _text(f"/indikator/{code}/presse.txt")
        sign = -1 if direction == "lower_is_better" else 1
        changes = {
            name: sign * (_printed(*now[code][name]) - _printed(*before[code][name]))
            for name in now[code].keys() & before[code].keys()
        }
        size = max((abs(change) for change in changes.values()), default=Decimal(0))
        most = {name for name, change in changes.items() if abs(change) == size and size}
        if found := LARGEST.search(text):
            sentences += 1
            named = set(re.split(r", | og ", re.sub(r"^(\d+\.|-) ", "", found[1]).strip()))
            assert named == most, code
            assert {changes[name] > 0 for name in most} == {found[2] == "forbedring"}, code
        if found := SHARED.search(text):
            sentences += 1
            assert int(found[1]) == len(most), code
        if found := MAJORITY.search(text):
            sentences += 1
            better, worse = (sum(way * change > 0 for change in changes.values()) for way in (1, -1))
            many, fewer = (better, worse) if found[3] == "bedre" else (worse, better)
            assert [int(found[1]), int(found[2]), int(found[4])] == [many, len(changes), fewer], code
    assert sentences > 30
