"""Which picture an address asks for: the page's own geometry with the words burned in."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.lines import LineChart, line_chart
from portal.charts.scale import Series
from portal.charts.strip import percents, strip
from portal.comparing.page import comparison_chart
from portal.comparing.scatter import against, drawn, refuse_unknown_indicators
from portal.components.developments import median_chart, median_series
from portal.components.indicator_rows import source
from portal.components.said import under_clarification
from portal.components.strips import score_strip
from portal.components.subject import distribution_of, legend_of, subject_map, subject_said
from portal.language import formatting, phrases
from portal.pictures.card import Card, CardArea, card_picture, square_picture
from portal.pictures.drawings import development_picture, distribution_picture, map_picture, scatter_picture
from portal.pictures.svg import Caption, caption, png_of
from portal.published import Area, Direction, Edition, Level, Municipality, Placement
from portal.published.edition import NOTHING, ShownEdition, Statements, method_breaks
from portal.published.ranking import Answer, Line
from portal.published.rows import areas_and_overall, overall_placements, placement_rows, placements_on, spreads_of
from portal.published.subjects import OVERALL, Subject, catalogue, localised, source_of
from portal.serving import files


def map_of(answer: Answer) -> str:
    """The map of an answer's rows as SVG."""
    placements = [line.placement for line in answer.lines]
    for line in answer.lines:
        line.placement.municipality = line.municipality
    n = placements[0].n if placements else 0
    drawn = subject_map(answer.subject, placements, Links(answer.shown.prefix), said=answer.shown.said)
    steps = legend_of(answer.subject, placements, _("ikke placeret"))
    return map_picture(drawn, steps, _ranking_words(answer, n))


def distribution_svg(answer: Answer) -> str:
    """The distribution of an answer's rows as SVG. Http404 where there are none."""
    if not answer.lines:
        raise Http404(_("Der er ingen kommuner at tegne."))
    said = _ranking_words(answer, answer.lines[0].placement.n)
    return distribution_picture(distribution_of(answer), said, _axis(answer.subject))


def _axis(subject: Subject) -> tuple[str, str, str]:
    """What stands at the ends of a distribution's scale, the better to the right, and what is measured between."""
    if subject.indicator is None:
        return _("dårligst"), _("score (0–100, højere er bedre)"), _("bedst")
    unit = formatting.unit_name(phrases.unit(subject.indicator))
    if subject.indicator.direction == Direction.NEUTRAL:
        return _("lavest"), unit, _("højest")
    return _("dårligst"), f"{unit} ({phrases.direction(subject.indicator)})", _("bedst")


def _ranking_words(answer: Answer, n: int) -> Caption:
    subject, edition = answer.subject, answer.shown.edition
    whole = _("Kommunernes placering, samlet, %(year)s") % {"year": edition.year}
    title = whole if subject == OVERALL else f"{subject.name}, {edition.year}"
    parts = [phrases.ranked(n, subject.indicator)]
    if answer.is_filtered:
        parts.append(_("%(shown)s af %(total)s kommuner vises") % {"shown": len(answer.lines), "total": answer.total})
    if subject.indicator:
        parts += [formatting.unit_name(phrases.unit(subject.indicator)), phrases.direction(subject.indicator)]
        year = next((line.placement.data_year for line in answer.lines if line.placement.data_year), None)
        parts.append(_("tal for %(year)s") % {"year": year} if year else "")
        flags = sum(subject.code == code for _who, code in answer.shown.said.flags)
        parts.append(under_clarification(flags))
    else:
        parts.append(_interval_words([line.placement for line in answer.lines]))
    path = subject.ranking(Links(f"@{edition.release}"))
    return caption(edition, title, " · ".join(part for part in parts if part), path, source_of(subject))


def _interval_words(placements: list[Placement]) -> str:
    """How sure the places of a picture are: the middle one of the intervals' widths."""
    widths = sorted(row.high - row.low for row in placements if row.high is not None and row.low is not None)
    if not widths:
        return ""
    typical = formatting.count(widths[len(widths) // 2], _("plads"), _("pladser"))
    return _("en placering er usikker: i 9 af 10 beregninger ligger den typisk inden for %(places)s") % {
        "places": typical
    }


def medians_of(shown: ShownEdition, subject: Subject) -> LineChart:
    """An indicator's median over the data years. Http404 where there is none."""
    indicator = subject.indicator
    series = median_series(shown, subject)
    if indicator is None or not series.years:
        raise Http404(_("Der er ingen tal."))
    return median_chart(indicator, series)


def median_svg(shown: ShownEdition, subject: Subject) -> str:
    """An indicator's median over the data years as SVG. Http404 where there is none."""
    chart = medians_of(shown, subject)
    title = _("%(name)s: median over årene") % {"name": subject.name}
    path = subject.page(Links(f"@{shown.edition.release}"))
    burned_in = caption(shown.edition, title, chart.says, path, source_of(subject))
    return development_picture(chart, burned_in)


def municipality_chart(shown: ShownEdition, municipality: Municipality) -> LineChart:
    """A municipality's places over the editions. Http404 where none has it."""
    found = _places(shown, municipality)
    if not found[None]:
        raise Http404(_("Kommunen er ikke med i udgaven."))
    lines = [
        Series(
            localised(area, "name") if area else _("Samlet"),
            [_rank(of_area.get(edition.pk)) for edition in shown.years],
            f"area-{area.code}" if area else "chosen",
        )
        for area, of_area in found.items()
    ]
    return line_chart(
        lines,
        [edition.year for edition in shown.years],
        text=lambda rank: formatting.rank_in_text(round(rank)),
        says=_("Placeringen i hver udgave; 1 er bedst og står øverst."),
        ranks_of=max(row.n for of_area in found.values() for row in of_area.values()),
        breaks=method_breaks(shown.years),
    )


def _places(shown: ShownEdition, municipality: Municipality) -> dict[Area | None, dict[int, Placement]]:
    rows = areas_and_overall(shown.years).filter(municipality=municipality)
    found: dict[Area | None, dict[int, Placement]] = {None: {}}
    for row in rows:
        found.setdefault(row.area, {})[row.edition_id] = row
    return found


def municipality_development_svg(shown: ShownEdition, municipality: Municipality) -> str:
    """A municipality's places over the editions as SVG."""
    chart = municipality_chart(shown, municipality)
    now = overall_placements(shown.edition).filter(municipality=municipality).first()
    says = " ".join(filter(None, [chart.says, _now(now)]))
    title = _("%(name)s: placering i hver udgave") % {"name": municipality.name}
    path = Links(f"@{shown.edition.release}").municipality(municipality.slug)
    return development_picture(chart, caption(shown.edition, title, says, path))


def _now(placement: Placement | None) -> str:
    if placement is None or placement.low is None or placement.high is None:
        return ""
    return _("Nu %(rank)s %(of)s, %(interval)s i 9 af 10 beregninger.") % {
        "rank": phrases.rank_in_text(placement),
        "of": phrases.named(phrases.of(placement), placement),
        "interval": formatting.rank_interval(placement.low, placement.high),
    }


def _rank(placement: Placement | None) -> float | None:
    return float(placement.rank) if placement and placement.rank else None


def card_svg(edition: Edition, municipality: Municipality, said: Statements = NOTHING) -> str:
    """A municipality's card as SVG, in four queries. Http404 where the edition has no such municipality."""
    everyone = list(overall_placements(edition))
    own = next((row for row in everyone if row.municipality_id == municipality.pk), None)
    if own is None:
        raise Http404(_("Kommunen er ikke med i udgaven."))
    spread = spreads_of(edition, Level.OVERALL).first()
    score = phrases.score(own)
    card = Card(
        name=municipality.name,
        under=_under_the_name(municipality, said),
        rank=phrases.rank(own),
        of=phrases.of(own),
        interval=phrases.interval(own) or phrases.why_not_ranked(own, edition),
        score=_("score %(score)s (0–100, højere er bedre)") % {"score": score} if score else "",
        ends=(_("dårligst"), _("bedst")),
        strip=score_strip(own, scores_of(everyone), spread, ""),
        areas=_card_areas(edition, municipality),
        words=_own_words(municipality, said),
    )
    path = Links(f"@{edition.release}").municipality(municipality.slug)
    return card_picture(card, caption(edition, municipality.name, "", path))


def _card_areas(edition: Edition, municipality: Municipality) -> tuple[CardArea, ...]:
    rows = placements_on(edition, [Level.AREA]).filter(municipality=municipality).select_related("area")
    return tuple(
        CardArea(f"area-{row.area.code}", localised(row.area, "name"), f"{phrases.rank(row)} {phrases.of(row)}")
        for row in rows.order_by("area__position")
        if row.area
    )


def scores_of(everyone: list[Placement]) -> list[float]:
    """The printed scores of everyone ranked."""
    return [row.printed for row in everyone if row.rank is not None and row.printed is not None]


def comparison_svg(shown: ShownEdition, query: QueryDict) -> str:
    """The places of those who are compared over the editions. Http404 where there is nothing to draw."""
    who, chart = comparison_chart(shown, query)
    if chart is None:
        raise Http404(_("Der er ingen kommuner at tegne."))
    path = f"{Links(f'@{shown.edition.release}').to('comparison')}?{query.urlencode()}"
    title = _("%(name)s: placering i hver udgave") % {"name": who}
    return development_picture(chart, caption(shown.edition, title, chart.says, path))


def scatter_svg(shown: ShownEdition, query: QueryDict) -> str:
    """Two indicators against each other."""
    indicators = catalogue(shown.edition)
    refuse_unknown_indicators(indicators, query)
    found = against(shown, query, indicators)
    state = f"?{query.urlencode()}" if query else ""
    path = f"{Links(f'@{shown.edition.release}').to('scatter')}{state}"
    sources = formatting.joined(list(dict.fromkeys((source(found.x), source(found.y)))))
    says = f"{found.says} {found.missing}".strip()
    return scatter_picture(drawn(found, Links()), caption(shown.edition, found.title, says, path, sources))


def _own_words(municipality: Municipality, said: Statements) -> str:
    """The municipality's short form, in its own words; a longer comment is only told of."""
    comment = said.comment(municipality.code)
    return _("Kommunen skriver: »%(text)s«") % {"text": comment.short} if comment else ""


def _under_the_name(municipality: Municipality, said: Statements) -> str:
    """Where it lies, and that something is said of its figures."""
    parts = [_(municipality.region.name), _(municipality.kommunegruppe)]
    if said.comment(municipality.code):
        parts.append(_("kommentar"))
    if flagged := len(said.flagged(municipality.code)):
        parts.append(under_clarification(flagged))
    return " · ".join(parts)


def kept_card(
    edition: Edition,
    municipality: Municipality,
    said: Statements = NOTHING,
    *,
    draw: Callable[[str], bytes] = png_of,
) -> bytes:
    """A municipality's share card as PNG: as it was first drawn, or drawn now and kept. What is said makes another."""
    language = get_language() or "da"
    name = f"{municipality.slug}{_mark(municipality, said)}.png"
    path = Path(settings.MEDIA_ROOT) / "cards" / edition.release / language / name
    if path.exists():
        return path.read_bytes()
    content = draw(card_svg(edition, municipality, said))
    files.keep(path, content)
    return content


def _mark(municipality: Municipality, said: Statements) -> str:
    words, flagged = _own_words(municipality, said), len(said.flagged(municipality.code))
    return f"-{sha256(words.encode()).hexdigest()[:8]}-{flagged}" if words or flagged else ""


def municipality_square(shown: ShownEdition, municipality: Municipality) -> str:
    """A municipality's place as a square. Http404 where the edition has no such municipality."""
    edition = shown.edition
    everyone = list(overall_placements(edition))
    own = next((row for row in everyone if row.municipality_id == municipality.pk), None)
    if own is None:
        raise Http404(_("Kommunen er ikke med i udgaven."))
    spread = spreads_of(edition, Level.OVERALL).first()
    said = phrases.sentence(phrases.Facts(municipality.name, edition.year, placement_rows(_only(edition, own))[0]))
    words = caption(edition, municipality.name, said, Links(f"@{edition.release}").municipality(municipality.slug))
    strip = score_strip(own, scores_of(everyone), spread, "")
    return square_picture(
        _under_the_name(municipality, shown.said), _card_areas(edition, municipality), strip, _square_ends(), words
    )


def _only(edition: Edition, own: Placement) -> QuerySet[Placement]:
    return overall_placements(edition).filter(pk=own.pk)


def subject_square(answer: Answer) -> str:
    """A ranking's first place, or an indicator's median, as a square. Http404 where there is nobody to draw."""
    if not answer.lines:
        raise Http404(_("Der er ingen kommuner at tegne."))
    one, edition = answer.subject, answer.shown.edition
    name = _("Kommunernes placering, samlet") if one == OVERALL else one.name
    spread = answer.spreads.get(one.code)
    figures = [row.value if one.indicator else row.printed for row in (line.placement for line in answer.lines)]
    turned = one.indicator is not None and phrases.lower_is_right(one.indicator)
    middle = spread.median if spread else None
    places = percents([*figures, middle], lower_is_right=turned)
    drawn = strip(places[:-1], says="", median=places[-1])
    words = caption(edition, name, subject_said(answer), one.ranking(Links(f"@{edition.release}")), source_of(one))
    neutral = one.indicator is not None and one.indicator.direction == Direction.NEUTRAL
    ends = (_("lavest"), _("højest")) if neutral else _square_ends()
    return square_picture(f"Socialt Indeks {edition.year}", _first_places(answer), drawn, ends, words)


def _first_places(answer: Answer, most: int = 4) -> tuple[CardArea, ...]:
    """Those who stand first, at most four lines, and never some of those who share a place."""
    placed = [line for line in answer.lines if line.placement.rank is not None]
    placed.sort(key=lambda line: line.placement.rank or 0)
    ranks = [line.placement.rank for line in placed]
    whole = [count for count in range(1, min(most, len(ranks) - 1) + 1) if ranks[count] != ranks[count - 1]]
    shown = placed[: max(whole, default=0)]
    return tuple(CardArea("", line.municipality.name, _first_place(answer, line)) for line in shown)


def _first_place(answer: Answer, line: Line) -> str:
    own, indicator = line.placement, answer.subject.indicator
    place = phrases.rank_in_text(own)
    if indicator:
        return f"{place}: {phrases.value(indicator, own.value)}"
    return ", ".join(filter(None, (place, phrases.interval(own))))


def _square_ends() -> tuple[str, str]:
    return _("dårligst"), _("bedst")
