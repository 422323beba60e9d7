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
SURE_MOVE = re.compile(r"Fra nr\. .{1,40} i \d{4} til .{1,40} i \d{4}: det er mere end usikkerheden")
NO_MOVE = re.compile(r"Ingen sikker udvikling: (nr\. \d+(?:–\d+)?) af (\d+) i (\d{4}) og")
PEER = re.compile(r"score [\d,]+, (kan ikke skelnes|ligger højere|ligger lavere)")
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


WITHIN_EN = re.compile(r"The place cannot be told apart from (\d{4}) \(No\. (\d+)(?:–(\d+))? of (\d+)\)", re.IGNORECASE)
NOT_BETTER_EN = re.compile(r"Do not write that .*? has (improved|got worse) since")


@pytest.mark.parametrize("which", [slice(1, None, 12), pytest.param(slice(None), marks=pytest.mark.full)], ids=str)
def test_in_english_the_same_moves_are_called_none_and_forbidden(which: slice) -> None:
    edition, previous = _two_editions()
    now, before = _overall(edition), _overall(previous)
    read = 0
    for slug, own in list(now.items())[which]:
        then = before.get(slug)
        if own.rank is None or then is None or then.rank is None or _apart(own, then):
            continue
        read += 1
        found = WITHIN_EN.search(visited(f"/en/municipality/{slug}/").page.text)
        assert found, slug
        last = "" if then.last == then.rank else str(then.last)
        assert found.groups(default="") == (str(previous.year), str(then.rank), last, str(then.n)), slug
        forbidden = NOT_BETTER_EN.search(" ".join(_text(f"/en/municipality/{slug}/press.txt").split()))
        assert (forbidden is not None) == (own.rank != then.rank), slug
        if forbidden:
            assert forbidden[1] == ("improved" if own.rank < then.rank else "got worse"), slug
    assert read > 4


SHORT = {
    "/kommune/{}/kort-fortalt/": (
        r"er nummer (\d+) af (\d+) kommuner", r"deler plads nummer (\d+) til (\d+) af (\d+)",
        r"mellem nummer (\d+) og (\d+)", r"I (\d{4}) var det nr\. (\d+)(?:–\d+)? af (\d+)",
        "Forskellen er så lille", ("Det er den bedste halvdel", "Det er den dårligste halvdel"),
    ),
    "/en/municipality/{}/in-short/": (
        r"is number (\d+) of (\d+) municipalities", r"shares places (\d+) to (\d+) of (\d+)",
        r"between number (\d+) and (\d+)", r"In (\d{4}) it was no\. (\d+)(?:–\d+)? of (\d+)",
        "The difference is so small", ("That is the better half", "That is the worse half"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("address", SHORT)
def test_plain_language_says_the_stored_place_how_sure_it_is_and_no_move_inside_the_uncertainty(address: str) -> None:
    alone, shared, between, was, small, halves = SHORT[address]
    edition, previous = _two_editions()
    now, before = _overall(edition), _overall(previous)
    areas = Placement.objects.filter(edition=edition, level=Level.AREA, rank__isnull=False)
    for slug, own in list(now.items())[2::16]:
        text, then = visited(address.format(slug)).page.text, before.get(slug)
        told, together = re.search(alone, text), re.search(shared, text)
        if own.rank is None:
            assert not told, slug
            assert not together, slug
            continue
        place = told or together
        numbers = [*place.groups()] if place else []
        assert numbers == [str(own.rank), *([] if own.last == own.rank else [str(own.last)]), str(own.n)], slug
        if found := re.search(between, text):
            assert found.groups() == (str(own.low), str(own.high)), slug
        if then and then.rank:
            found = re.search(was, text)
            assert found, slug
            assert found.groups() == (str(previous.year), str(then.rank), str(then.n)), slug
            assert (small in text) == (not _apart(own, then)), slug
        sure = [*areas.filter(municipality__slug=slug).values_list("low", "high", "n")]
        better = sum((high or n) * 2 <= n for _low, high, n in sure)
        worse = sum(((low or 1) - 1) * 2 >= n for low, _high, n in sure)
        assert [text.count(words) for words in halves] == [better, worse], slug


@pytest.mark.parametrize(
    ("address", "safely", "nobody"),
    [
        ("/", r"(\d+) kommuner? ligger sikkert i den bedste femtedel", "Ingen kommune er rykket sikkert siden"),
        ("/en/", r"(\d+) municipalit(?:y|ies) safely in the best fifth", "No municipality has certainly moved since"),
    ],
)
def test_the_front_page_counts_the_sure_ones_and_calls_nobody_a_mover_who_is_none(
    address: str, safely: str, nobody: str
) -> None:
    edition, previous = _two_editions()
    now, before = _overall(edition), _overall(previous)
    text = visited(address).page.text
    found = re.search(safely, text)
    best = [one for one in now.values() if one.high is not None and one.high * 5 <= one.n]
    assert (int(found[1]) if found else 0) == len(best)
    placed = [(own, before[slug]) for slug, own in now.items() if slug in before and own.rank and before[slug].rank]
    assert (nobody in text) == (not any(_apart(own, then) for own, then in placed))


def test_a_development_over_the_editions_is_told_only_where_first_and_last_lie_apart() -> None:
    editions = list(Edition.objects.filter(state="published").order_by("year"))
    assert len({one.method_version for one in editions}) == 1
    first, last = _overall(editions[0]), _overall(editions[-1])
    middle = _overall(editions[1])
    read = 0
    for slug in list(last)[::7]:
        page = visited(f"/kommune/{slug}/").page.text
        rows = [one.get(slug) for one in (first, middle, last)]
        told, untold = SURE_MOVE.search(page), NO_MOVE.search(page)
        if any(row is None or row.rank is None for row in rows):
            assert not told, slug
            continue
        read += 1
        assert (told is None, untold is None) == (not _apart(last[slug], first[slug]), _apart(last[slug], first[slug]))
        if untold:
            assert untold.groups() == (_place(first[slug]), str(first[slug].n), str(editions[0].year)), slug
    assert read > 8


def test_a_similar_municipality_lies_higher_only_where_the_two_can_be_told_apart() -> None:
    edition, _previous = _two_editions()
    placed = Placement.objects.filter(edition=edition, level=Level.OVERALL, rank__isnull=False)
    alike = dict(placed.values_list("municipality__name", "alike"))
    known = {name: (rank, pk) for name, rank, pk in placed.values_list("municipality__name", "rank", "municipality")}
    for slug, name in (("roedovre", "Rødovre"), ("hjoerring", "Hjørring"), ("aarhus", "Aarhus")):
        rows = visited(f"/kommune/{slug}/").page.by_class("peers")[0].iter("li")
        for row in rows:
            words = " ".join("".join(row.itertext()).split())
            found = PEER.search(words)
            other = next((one for one in known if words.startswith(one)), None)
            if found is None or other is None:
                continue
            near = known[other][1] in (alike[name] or []) or known[other][0] == known[name][0]
            expected = (
                "kan ikke skelnes"
                if near
                else ("ligger højere" if (known[other][0] or 0) < (known[name][0] or 0) else "ligger lavere")
            )
            assert found[1] == expected, (name, other)


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


FIRST_EN = re.compile(r"(Best|Worst) on “[^”]*”: (.*?) with \S+ ")
LARGEST_EN = re.compile(r"\d\. ([^.“]*?): the greatest (improvement|deterioration) on “")


@pytest.mark.parametrize("which", [slice(3, None, 11), pytest.param(slice(None), marks=pytest.mark.full)], ids=str)
def test_in_english_too_first_last_and_largest_are_those_of_the_printed_values(which: slice) -> None:
    edition, previous = _two_editions()
    now, before = _values(edition), _values(previous)
    criteria = Criterion.objects.filter(edition=edition, indicator__isnull=False).exclude(direction="neutral")
    sentences = 0
    for code, direction in criteria.order_by("pk").values_list("indicator__code", "direction")[which]:
        text = " ".join(_text(f"/en/indicator/{code}/press.txt").split())
        sign = -1 if direction == "lower_is_better" else 1
        printed = {name: sign * _printed(*one) for name, one in now[code].items()}
        changes = {name: new - sign * _printed(*before[code][name]) for name, new in printed.items()
                   if name in before[code]}  # fmt: skip
        for which_end, names in FIRST_EN.findall(text):
            sentences += 1
            end = (max if which_end == "Best" else min)(printed.values())
            assert set(re.split(r", | and ", names)) == {one for one in printed if printed[one] == end}, code
        for names, way in LARGEST_EN.findall(text):
            sentences += 1
            size = max(abs(change) for change in changes.values())
            most = {name for name, change in changes.items() if abs(change) == size}
            assert set(re.split(r", | and ", names)) == most, code
            assert {changes[name] > 0 for name in most} == {way == "improvement"}, code
    assert sentences > 12


@pytest.mark.parametrize("which", [EVERY_FOURTH, pytest.param(slice(None), marks=pytest.mark.full)], ids=str)
def test_the_largest_changes_and_the_counts_of_better_and_worse_are_those_of_the_printed_values(which: slice) -> None:
    edition, previous = _two_editions()
    now, before = _values(edition), _values(previous)
    criteria = Criterion.objects.filter(edition=edition, indicator__isnull=False).exclude(direction="neutral")
    looked_at = list(criteria.order_by("pk").values_list("indicator__code", "direction"))[which]
    sentences = 0
    for code, direction in looked_at:
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
    assert sentences > len(looked_at) // 3


def test_a_set_of_sheets_says_of_each_what_its_own_sheet_says() -> None:
    slugs = ("ballerup", "hjoerring", "laesoe")
    together = visited(f"/presse/udvalg/?{'&'.join(f'kommune={slug}' for slug in slugs)}").page.text
    for slug in slugs:
        sheet = visited(f"/kommune/{slug}/presse/").page
        claims = [
            " ".join("".join(one.itertext()).split())
            for one in sheet.by_class("sentences")[0].iter("p")
            if "lead" in (one.get("class") or "")
        ]
        assert claims, slug
        assert [one for one in claims if one not in together] == [], slug
