"""Municipalities side by side: what differs most, which of them cannot be told apart, a group of one's own."""

import re
from statistics import median

import pytest

from rankings.models import Level, Placement
from tests.markup import Markup, text_of
from tests.visited import visited

pytestmark = pytest.mark.django_db
TWO = "/sammenlign/?kommune=roedovre&kommune=dragoer"
GROUP = "/sammenlign/?kommune=roedovre&gruppe=dragoer&gruppe=ballerup&gruppe=greve&navn=Mine+tre"


def _rows(page: Markup, caption: str) -> list[list[str]]:
    table = next(one for one in page.all("table") if text_of(one).startswith(caption))
    return [[text_of(cell) for cell in row] for body in table.iter("tbody") for row in body.iter("tr")]


def _overall(slug: str) -> Placement:
    return Placement.objects.get(
        edition__year=2026, edition__state="published", level=Level.OVERALL, municipality__slug=slug
    )


def test_the_difference_is_that_of_the_printed_scores() -> None:
    row = _rows(visited(TWO).page, "Samlet og områder")[0]
    printed = [_overall(slug).printed or 0.0 for slug in ("roedovre", "dragoer")]
    assert row[-1] == f"{abs(round(printed[0], 1) - round(printed[1], 1)):.1f} point".replace(".", ",")


def test_the_figures_can_be_sorted_by_how_far_apart_they_lie_in_score() -> None:
    scores: dict[str, list[float]] = {}
    rows = Placement.objects.filter(
        edition__year=2026, edition__state="published", level=Level.INDICATOR, score__isnull=False,
        municipality__slug__in=["roedovre", "dragoer"],
    )  # fmt: skip
    for name, score in rows.values_list("indicator__name_da", "score"):
        scores.setdefault(name, []).append(score or 0.0)
    shown = [row[0] for row in _rows(visited(f"{TWO}&sorter=forskel").page, "Handicapområdet: alle tal")]
    both = {name: abs(found[0] - found[1]) for name, found in scores.items() if len(found) == 2}
    apart = [both[name] for head in shown for name in both if head.startswith(f"{name} ")]
    assert len(apart) > 15
    assert apart == sorted(apart, reverse=True)


def test_nobody_is_called_the_highest_without_those_it_cannot_be_told_from() -> None:
    first = Placement.objects.filter(edition__year=2026, edition__state="published", level=Level.OVERALL, rank__gt=20)
    own = first.exclude(alike=[]).select_related("municipality").order_by("rank")[0]
    assert own.alike
    near = Placement.objects.get(
        edition=own.edition,
        level=Level.OVERALL,
        municipality=own.alike[-1],
    ).municipality
    said = visited(f"/sammenlign/?kommune={own.municipality.slug}&kommune={near.slug}").page.text
    assert re.search(r"Forskellen til .* er for lille til at være sikker", said) or own.rank == near.pk


def test_a_group_of_ones_own_has_its_name_its_middle_and_its_address() -> None:
    page = visited(GROUP).page
    row = _rows(page, "Samlet og områder")[0]
    scores = [_overall(slug).printed for slug in ("dragoer", "ballerup", "greve")]
    assert "Midten, Mine tre" in page.text
    assert row[2] == f"{median([one for one in scores if one is not None]):.1f}".replace(".", ",")
    assert "Ballerup, Dragør og Greve" in page.text
    assert visited(GROUP.replace("/sammenlign/", "/sammenlign.csv").replace("greve", "atlantis")).status == 404
