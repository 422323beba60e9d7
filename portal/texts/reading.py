"""What explains: »Læs indekset på to minutter« in five steps with the numbers of an edition, the way to the other pages
that explain, and texts of docs/ in both languages as HTML whose headings can be linked to."""

from collections import defaultdict
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from django.conf import settings
from django.http import QueryDict
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from portal.addresses import Links
from portal.charts.scale import Scale, coordinate
from portal.components.links import Link
from portal.components.strips import score_strip
from portal.language import formatting, phrases
from portal.markup import scrolling_tables
from portal.published import Direction, Edition
from portal.published.edition import ShownEdition, with_robustness
from portal.published.municipality import Country, Figures, country, figures_of
from portal.published.ranking import ask
from portal.published.rows import OVERALL_KEY, Neighbour, PlacementRow
from portal.published.subjects import (
    OVERALL,
    IndicatorEntry,
    areas_of,
    criteria_of,
    localised,
    shares_of_the_whole,
    themes_of,
)

_SQUARE, _ROOM = 16, 20


def reading_page(shown: ShownEdition, query: QueryDict) -> dict[str, Any]:
    """Gather the five steps; without a known municipality an example from the middle, said to be one."""
    shared, links = country(shown.edition), Links(shown.prefix)
    asked = query.get("kommune", "").strip()
    chosen = _asked_for(shared, asked)
    example = chosen or _in_the_middle(shared)
    return dict(
        asked=asked,
        unknown=bool(asked and chosen is None),
        names=tuple(one.name for one in shared.everyone),
        chosen=chosen.name if chosen else "",
        name=example.name if example else "",
        page_url=links.municipality(example.slug) if example else "",
        steps=_steps(shown, shared, example, links) if example else None,
        further=further("reading"),
    )


def _asked_for(shared: Country, asked: str) -> Neighbour | None:
    return next((one for one in shared.everyone if asked.casefold() in {one.slug, one.name.casefold(), one.code}), None)


def _in_the_middle(shared: Country) -> Neighbour | None:
    ranked = sorted((one for one in shared.everyone if one.rank is not None), key=lambda one: one.rank or 0)
    return ranked[len(ranked) // 2] if ranked else next(iter(shared.everyone), None)


def _steps(shown: ShownEdition, shared: Country, example: Neighbour, links: Links) -> dict[str, Any]:
    figures = figures_of(shown, example.slug, links)
    return dict(
        measured=_measured(shared.indicators),
        place=_place(figures),
        sure=_sure(shown.edition, shared, figures),
        moved=_moved(shown, figures),
        cannot=_cannot(shown.edition, figures),
    )


def _measured(indicators: list[IndicatorEntry]) -> dict[str, Any]:
    """Step 1: what is measured, a square for each indicator."""
    neutral = sum(one.direction == Direction.NEUTRAL for one in indicators)
    themes = themes_of(indicators)
    areas = tuple(
        dict(
            code=area.code,
            name=localised(area, "name"),
            count=formatting.count(sum(one.theme.area == area for one in indicators), _("indikator"), _("indikatorer")),
            themes=tuple(
                dict(
                    name=localised(theme, "name"),
                    width=_ROOM * len(members),
                    squares=tuple(
                        dict(x=_ROOM * place + 2, hollow=one.direction == Direction.NEUTRAL)
                        for place, one in enumerate(members)
                    ),
                )
                for theme, members in themes.items()
                if theme.area == area
            ),
        )
        for area in areas_of(indicators)
    )
    return dict(
        count=len(indicators), themes=len(themes), areas=areas, counting=len(indicators) - neutral, neutral=neutral,
        square=_SQUARE,
    )  # fmt: skip


def _place(figures: Figures) -> dict[str, Any]:
    """Step 2: where the municipality stands."""
    own, shown = figures.overall, figures.shown
    scores = figures.country.scores.get(OVERALL_KEY, ())
    says = _("Alle kommuners score på en linje, de bedste til højre.")
    spread = figures.country.spreads.get(OVERALL_KEY)
    return dict(
        rank=phrases.rank(own),
        of=phrases.of(own),
        score=phrases.score(own),
        reason=phrases.why_not_ranked(own, shown.edition),
        strip=score_strip(own, scores, spread, says, labelled=figures.municipality.name),
    )


def _sure(edition: Edition, shared: Country, figures: Figures) -> dict[str, Any]:
    """Step 3: how sure the place is, beside the first and the last."""
    ranked = sorted((one for one in shared.everyone if one.low is not None), key=lambda one: one.rank or 0)
    own = figures.municipality
    wanted = [ranked[0], own, ranked[-1]] if ranked else []
    lines = [_line(one.name, one, one.pk == own.pk) for one in dict.fromkeys(wanted) if one.rank is not None]
    draws = with_robustness(edition).robustness.get("draws", 0)
    alike = len(figures.overall.alike or ())
    return dict(
        lines=lines,
        ends=(formatting.rank_in_text(ranked[-1].n), formatting.rank_in_text(1)) if ranked else (),
        interval=phrases.interval(figures.overall),
        draws=formatting.number(draws),
        alike=formatting.count(alike, _("kommune"), _("kommuner")) if alike else "",
    )


def _line(name: str, one: PlacementRow | Neighbour, own: bool) -> dict[str, Any]:  # noqa: FBT001
    """A place on the scale of all places, the best to the right, with its interval as a band."""
    scale = Scale(1, max(one.n, 2), 1000.0, 0.0)
    place = ((one.rank or 1) + (one.rank_last or one.rank or 1)) / 2
    left, right = scale.at((one.high or place) + 0.5), scale.at((one.low or place) - 0.5)
    return dict(
        name=name,
        own=own,
        rank=f"{phrases.rank_in_text(one)} {phrases.of(one)}",
        interval=phrases.interval(one),
        x=coordinate(scale.at(place) / 10),
        left=coordinate(left / 10),
        width=coordinate(max(right - left, 8.0) / 10),
    )


def _moved(shown: ShownEdition, figures: Figures) -> dict[str, Any]:
    """Step 4: what became of the place, and of how many it may be said that it moved."""
    previous, before, change = shown.previous, figures.before, figures.change
    if previous is None:
        return dict(says=_("Det er den første udgave, så der er ikke noget at sammenligne med endnu."), lines=[])
    lines = []
    if before is not None and before.rank is not None:
        lines.append(_line(str(previous.year), before, own=False))
    if figures.overall.rank is not None:
        lines.append(_line(str(shown.edition.year), figures.overall, own=True))
    return dict(
        says=_what_became(figures, change is not None and change.clear),
        of_all=_of_all(shown),
        lines=lines,
        ends=(_("sidst"), formatting.rank_in_text(1)),  # the editions may have placed different numbers
    )


def _what_became(figures: Figures, clear: bool) -> str:  # noqa: FBT001
    name, year = figures.municipality.name, figures.shown.previous.year if figures.shown.previous else 0
    if not figures.comparable:
        return _("Metoden er en anden end i %(year)s, så pladserne kan ikke holdes op mod hinanden.") % {"year": year}
    change = figures.change
    if change is None:
        return _("%(name)s har ikke en placering i begge udgaver.") % {"name": name}
    if not change.places:
        return _("%(name)s har samme plads som i %(year)s.") % {"name": name, "year": year}
    values = {"name": name, "year": year, "before": phrases.rank_in_text(change.before)}
    if clear:
        return _("%(name)s lå %(before)s i %(year)s, og forskellen er større end usikkerheden.") % values
    return _("%(name)s lå %(before)s i %(year)s, men forskellen er inden for usikkerheden.") % values


def _of_all(shown: ShownEdition) -> str:
    """How many others have another place than before, and of how many it may be called a move."""
    moved = ask(shown, OVERALL, QueryDict(), children=False).moved
    if not moved or (shown.previous and shown.previous.method_version != shown.edition.method_version):
        return ""
    clear = sum(one.change.clear for one in moved if one.change)
    others = formatting.count(len(moved), _("kommune har"), _("kommuner har"))
    if not clear:
        return _("%(others)s en anden plads end sidst. For ingen af dem er forskellen større end usikkerheden.") % {
            "others": others
        }
    return _("%(others)s en anden plads end sidst. For %(clear)s af dem er forskellen større end usikkerheden.") % {
        "others": others,
        "clear": clear,
    }


def _cannot(edition: Edition, figures: Figures) -> dict[str, Any]:
    """Step 5: what the index cannot say, and whose words it rests on."""
    return dict(
        shares=_shares(edition),
        coverage=phrases.coverage_percent(figures.overall.coverage),
        whole=figures.overall.coverage >= 1,
    )


def _shares(edition: Edition) -> tuple[dict[str, str], ...]:
    """Each kind of source with its share of the weight, the largest first."""
    criteria = list(criteria_of(edition))
    weights: dict[str, float] = defaultdict(float)
    for row, share in zip(criteria, shares_of_the_whole(criteria), strict=True):
        if row.indicator and share:
            weights[row.indicator.source_kind] += share
    names = kinds_of_source()
    return tuple(
        dict(name=names.get(kind, kind), share=formatting.percent(100 * share), width=coordinate(100 * share))
        for kind, share in sorted(weights.items(), key=lambda one: -one[1])
    )


def kinds_of_source() -> dict[str, str]:
    """The kinds of source in words."""
    return {
        "register": _("offentlige registre"),
        "appeals": _("klagemyndigheder"),
        "inspection": _("socialtilsyn"),
        "survey_managers": _("forvaltningernes egne svar"),
        "survey_members": _("svar fra fagforeningens medlemmer"),
    }


_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e"})


class Prose(NamedTuple):
    """A text without its h1, which is the page's own, and the way to each of its h2."""

    title: str
    html: SafeString
    contents: tuple[Link, ...]


def prose(name: str) -> Prose:
    """The text docs/<name>.md in the language of the page: Danish is <name>.da.md.

    Its links lead on below where the site lies now: a draft's pages stay inside the draft."""
    text, root = _prose(name, get_language() or "da"), get_script_prefix()
    return text if root == "/" else text._replace(html=SafeString(text.html.replace('href="/', f'href="{root}')))


@lru_cache(maxsize=32)
def _prose(name: str, language: str) -> Prose:
    file = f"{name}.da.md" if language == "da" else f"{name}.md"
    first, _newline, body = (settings.BASE_DIR / "docs" / file).read_text(encoding="utf-8").partition("\n")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(body)
    contents = tuple(Link(text, f"#{anchor}") for text, anchor, level in _headings(tokens) if level == "h2")
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Prose(first.removeprefix("# "), scrolling_tables(html, _("Tabel")), contents)


def _headings(tokens: list[Token]) -> list[tuple[str, str, str]]:
    """Every heading's text, anchor and level; the anchor is written into its element."""
    found = []
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", anchor_of(inside.content))
            found.append((inside.content, anchor_of(inside.content), opening.tag))
    return found


def anchor_of(text: str) -> str:
    """The end of an address that leads to a heading: "Når tal mangler" is "naar-tal-mangler"."""
    plain = text.lower().translate(_LETTERS)
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def further(here: str) -> tuple[dict[str, str], ...]:
    """The other pages that explain: name, address and what stands there."""
    pages = (
        ("reading", _("Læs indekset på to minutter"), _("fem trin med din kommunes tal")),
        ("text-use", _("Sådan bruger du indekset"), _("borger, journalist, byråd, forvaltning")),
        ("text-questions", _("Spørgsmål og svar"), _("kort og uden fagord")),
        ("text-words", _("Ord, der bruges her"), _("median, dækning, interval …")),
        ("text-help", _("Hvad kan jeg gøre?"), _("hvem du spørger, og hvordan du klager")),
        ("coverage", _("Hvilke tal findes?"), _("hver indikator i hver udgave")),
        ("calendar", _("Hvornår kommer de næste tal?"), _("og hvad vi ikke ved om det")),
        ("cited", _("Har jeg citeret et tal, der er rettet?"), _("spørg med en fast adresse")),
        ("method", _("Metode og usikkerhed"), _("alle regler og kendte svagheder")),
    )
    return tuple(dict(name=name, url=Links().to(to), text=says) for to, name, says in pages if to != here)
