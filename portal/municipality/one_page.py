"""One sheet of paper for the council's table: `/kommune/<x>/side.pdf`, exactly one A4, black and white."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import qrcode
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.scale import Scale, coordinate
from portal.components.links import pinned
from portal.components.strips import score_strip
from portal.language import formatting, phrases
from portal.municipality.answer import alike_says, ends_of, movement_says, of_shared, reach_of, sure_says, under
from portal.municipality.learning import Lesson, lessons
from portal.municipality.lists import missing_says, noteworthy
from portal.municipality.over_time import places_say
from portal.pictures.pdf import draw_on_one_page
from portal.press.sheet import asked_of
from portal.published.edition import ShownEdition, reservation
from portal.published.municipalities import municipality_or_404
from portal.published.municipality import Figures, figures_of
from portal.published.rows import OVERALL_KEY, Neighbour, PlacementRow
from portal.published.subjects import AreaEntry, localised

STYLE = Path(settings.BASE_DIR) / "portal" / "municipality" / "one_page.css"
SIZES = ("", "tight", "tighter", "tightest")  # classes of the body: the first that leaves one page
QUESTIONS = 3
LONG_COMMENT = 420  # letters: a longer one stands at the address only


def one_page(shown: ShownEdition, slug: str) -> tuple[bytes, str]:
    """The sheet as a PDF, and its name without ending. Raises NoPango where none can be made."""
    sheet = sheet_of(shown, slug)
    language = get_language() or "da"
    versions = (
        render_to_string("municipality/one_page.html", {"sheet": sheet, "size": size, "language": language})
        for size in SIZES
    )
    name = f"{slug}-{shown.edition.release}{'-demodata' if shown.edition.is_demo else ''}"
    return draw_on_one_page(versions, name, STYLE), name


def sheet_of(shown: ShownEdition, slug: str) -> dict[str, Any]:
    """Everything the sheet says, as text and geometry."""
    figures = figures_of(shown, slug, Links(shown.prefix))
    own, overall = figures.municipality, figures.overall
    learnt = lessons(figures)
    strengths, challenges = noteworthy(figures)
    address = pinned(Links(f"@{shown.edition.release}").municipality(slug))
    said = shown.said.comment(own.code)
    return dict(
        name=own.name,
        under=under(figures),
        edition=shown.edition,
        published=formatting.day(shown.edition.published_at),
        reservation=reservation(shown.edition).removesuffix("."),
        rank=phrases.rank(overall).partition(" (")[0],
        of=of_shared(overall),
        how_sure=sure_says(figures),
        score=phrases.score(overall) if overall.rank else "",
        reason=phrases.why_not_ranked(overall, shown.edition),
        says=" ".join(filter(None, [movement_says(figures), alike_says(figures)])),
        strip=score_strip(
            overall, figures.country.scores.get(OVERALL_KEY, ()), figures.country.spreads.get(OVERALL_KEY), ""
        ),
        ends=ends_of(figures),
        **_subjects(figures),
        strengths=strengths,
        challenges=challenges,
        peers=tuple(_peer(figures, peer) for peer in figures.peers),
        own=_peer(figures, own),
        years=_years(figures),
        years_say=places_say(figures),
        comment=said.short if said and len(said.short) <= LONG_COMMENT else "",
        has_comment=said is not None,
        flagged=len(shown.said.flagged(own.code)),
        questions=_questions(shown, figures, learnt, challenges),
        address=address,
        code=qr_code(address),
    )


def qr_code(text: str) -> tuple[int, str]:
    """A QR code of a text: how many modules it is wide, with the quiet zone, and the path of its black ones."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    modules = code.get_matrix()
    path = "".join(
        f"M{column} {line}h1v1h-1z" for line, row in enumerate(modules) for column, black in enumerate(row) if black
    )
    return len(modules), path


def _subjects(figures: Figures) -> dict[str, Any]:
    """The areas; where none of them has a place, the themes that have one, and what is missing by kind."""
    areas = tuple(_area(figures, area) for area in figures.country.areas)
    if any(area["line"] for area in areas):
        return dict(areas=areas, themes=(), missing="")
    placed = [
        (row.rank, theme, row)
        for theme in dict.fromkeys(one.theme for one in figures.country.indicators)
        if (row := figures.own.get(("theme", theme.pk))) and row.rank
    ]
    return dict(
        areas=(),
        themes=tuple(_subject(localised(theme, "name"), row) for _rank, theme, row in placed[:3]),
        missing=missing_says(figures),
    )


def _subject(name: str, own: PlacementRow | None) -> dict[str, Any]:
    return dict(
        name=name,
        rank=phrases.rank(own).partition(" (")[0],
        of=of_shared(own) if own else "",
        interval=phrases.interval(own),
        line=reach_of(own),
    )


def _area(figures: Figures, area: AreaEntry) -> dict[str, Any]:
    own = figures.own.get(("area", area.pk))
    themes = [
        (row.rank, localised(theme, "name"), row)
        for theme in dict.fromkeys(one.theme for one in figures.country.indicators)
        if theme.area == area and (row := figures.own.get(("theme", theme.pk))) and row.rank
    ]
    return dict(
        **_subject(localised(area, "name"), own),
        reason=phrases.why_not_ranked(own, figures.shown.edition) if own else "",
        best=_theme(min(themes)) if len(themes) > 1 else "",
        worst=_theme(max(themes)) if len(themes) > 1 else "",
    )


def _theme(one: tuple[int, str, PlacementRow]) -> str:
    return f"{one[1]} ({phrases.rank_in_text(one[2])} {phrases.of(one[2])})"


def _peer(figures: Figures, one: Neighbour) -> dict[str, Any]:
    placed = figures.overall if one.pk == figures.municipality.pk else one
    rank = phrases.rank_in_text(placed).removeprefix(f"{formatting.rank_word()} ")
    return dict(name=one.name, rank=rank or phrases.rank(None).lower(), line=reach_of(placed))


def _years(figures: Figures) -> dict[str, Any] | None:
    """The places of up to six editions; None with fewer than two of them."""
    editions = figures.shown.years[-6:]
    found = [
        (edition.year, row)
        for edition in editions
        if (row := figures.by_edition[edition.pk].get(OVERALL_KEY)) and row.rank is not None
    ]
    if len(found) < 2:
        return None
    across, down = Scale(found[0][0], found[-1][0], 16.0, 304.0), Scale(1, max(row.n for _y, row in found), 14.0, 66.0)
    there = [(across.at(year), row) for year, row in found]
    upper = [f"{coordinate(x)},{coordinate(down.at(row.low or row.rank or 1))}" for x, row in there]
    lower = [f"{coordinate(x)},{coordinate(down.at(row.high or row.rank or 1))}" for x, row in reversed(there)]
    points = tuple(
        (coordinate(x), coordinate(down.at(row.rank or 1)), str(row.rank), str(year))
        for (x, row), (year, _row) in zip(there, found, strict=True)
    )
    return dict(
        band=" ".join([*upper, *lower]), line=" ".join(f"{x},{y}" for x, y, _rank, _year in points), points=points
    )


def _questions(
    shown: ShownEdition, figures: Figures, learnt: Sequence[Lesson], challenges: Sequence[dict[str, Any]]
) -> tuple[str, ...]:
    """Three questions for the committee: what a similar municipality does better at, then what the press asks."""
    asked = list(asked_of(shown.edition, municipality_or_404(figures.municipality.slug)))
    worst = challenges[0]["name"] if challenges else ""
    lesson = next(_of_lessons(figures, learnt, worst), None)
    return tuple(filter(None, [lesson, *asked]))[:QUESTIONS]


def _of_lessons(figures: Figures, learnt: Sequence[Lesson], but: str) -> Iterator[str]:
    for one in learnt:
        name = localised(one.entry, "name")
        if one.better and name != but:
            template = (
                _("%(other)s har lignende vilkår og svarer %(value)s til »%(indicator)s«; %(name)s svarer %(own)s. "
                  "Hvad gør de anderledes, og har I talt sammen?")
                if formatting.is_yes_no(one.entry.unit)
                else _("%(other)s har lignende vilkår og har %(value)s på »%(indicator)s«; %(name)s har %(own)s. "
                       "Hvad gør de anderledes, og har I talt sammen?")
            )  # fmt: skip
            yield template % {
                "other": one.better[0][0].name,
                "value": phrases.value(one.entry, one.better[0][1]),
                "indicator": name,
                "name": figures.municipality.name,
                "own": phrases.value(one.entry, one.own),
            }
