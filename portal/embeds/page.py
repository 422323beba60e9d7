"""What others show of us inside their own pages: a map, a chart, a ranking, a municipality's card."""

from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.lines import LineChart
from portal.components.said import since_then, under_clarification
from portal.components.strips import score_strip
from portal.components.subject import distribution_of, legend_of, subject_map
from portal.components.tables import Cell, Column, Row, Table
from portal.embeds.pictures import medians_of, municipality_chart, scores_of
from portal.embeds.sharing import HEIGHTS, Embed
from portal.frame.of_an_edition import newer
from portal.language import phrases
from portal.markup import oembed_code
from portal.published import Level, Municipality
from portal.published.address import Addressed
from portal.published.edition import ShownEdition
from portal.published.ranking import Answer
from portal.published.rows import overall_placements, spreads_of
from portal.published.subjects import OVERALL, Subject, source_of

OF_A_ROOM = {"embed-need": "behov", "embed-need-pair": "behov", "embed-worth": "kvalitet", "embed-audit": "sundhed"}
"""The embeds that other rooms make of their pages, and what they show."""


def ranking_embed(answer: Answer, what: str, query: QueryDict) -> dict[str, Any]:
    """A ranking's map, distribution or table, of the very rows that the page with the same filters shows."""
    subject, shown = answer.subject, answer.shown
    placements = [line.placement for line in answer.lines]
    for line in answer.lines:
        line.placement.municipality = line.municipality
    n = placements[0].n if placements else 0
    links = Links(shown.prefix)
    state = f"?{query.urlencode()}" if query else ""
    year = shown.edition.year
    name = _("Kommunernes placering, samlet") if subject == OVERALL else subject.name
    if answer.is_filtered:
        name = f"{_('Udvalgte kommuner')}: {subject.name if subject != OVERALL else _('samlet placering')}"
    return dict(
        what=what,
        title=f"{name}, {year}",
        says=" · ".join(filter(None, [_says(subject, n), _of_all(answer)])),
        source=source_line(subject, shown),
        page_url=f"{subject.ranking(links)}{state}",
        release=shown.edition.release,
        newer=newer(shown),
        map=subject_map(subject, placements, links, said=shown.said) if what == "kort" else None,
        legend=legend_of(subject, placements, _("ikke placeret")) if what == "kort" else (),
        chart=distribution_of(answer) if what == "fordeling" and placements else None,
        table=_table(answer, links) if what == "rangliste" else None,
    )


def _of_all(answer: Answer) -> str:
    """ "2 af 98 vises" where some were left out."""
    numbers = {"count": len(answer.lines), "total": answer.total}
    return _("%(count)s af %(total)s vises") % numbers if answer.is_filtered else ""


def _says(subject: Subject, n: int) -> str:
    ranked = phrases.ranked(n, subject.indicator)
    return f"{ranked} · {phrases.direction(subject.indicator)}" if subject.indicator else ranked


def source_line(subject: Subject, shown: ShownEdition) -> str:
    """Where the figures are from, and which edition."""
    own = _("Socialt Indeks, udgave %(release)s") % {"release": shown.edition.release}
    return " · ".join(filter(None, [source_of(subject), own]))


def _table(answer: Answer, links: Links) -> Table:
    indicator = answer.subject.indicator
    heads = (_("Placering"), _("Værdi") if indicator else _("Score"), _("Hvor sikkert"))
    rows = []
    for line in answer.lines:
        own = line.placement
        figure = phrases.value(indicator, own.value) if indicator else phrases.score(own)
        rank = f"{phrases.rank_in_text(own)} {phrases.of(own)}".strip()
        cells = [
            Cell(rank, heads[0], missing="" if rank else phrases.rank(None)),
            Cell(figure, heads[1], css="number"),
        ]
        if not indicator:
            cells.append(Cell(phrases.interval(own), heads[2]))
        tag = answer.shown.said.tag(line.municipality.code, answer.subject.code)
        rows.append(Row(line.municipality.name, links.municipality(line.municipality.slug), tag, cells=tuple(cells)))
    columns = [Column(_("Kommune")), Column(heads[0]), Column(heads[1], css="number")]
    if not indicator:
        columns.append(Column(heads[2]))
    return Table(_("Kommunernes placering"), tuple(columns), tuple(rows))


def municipality_embed(shown: ShownEdition, municipality: Municipality) -> dict[str, Any]:
    """A municipality's card."""
    edition = shown.edition
    everyone = list(overall_placements(edition))
    own = next((row for row in everyone if row.municipality_id == municipality.pk), None)
    if own is None:
        raise Http404(_("Kommunen er ikke med i udgaven."))
    spread = spreads_of(edition, Level.OVERALL).first()
    answer = dict(
        rank=phrases.rank(own),
        of=phrases.of(own),
        reason=phrases.why_not_ranked(own, edition),
        interval=phrases.interval(own),
        score=phrases.score(own),
        strip=score_strip(
            own, scores_of(everyone), spread, _("Alle kommuners score på en linje, de bedste til højre.")
        ),
    )
    return dict(
        what="kommune",
        title=f"{municipality.name}, {edition.year}",
        says=_said_by(shown, municipality),
        source=source_line(OVERALL, shown),
        page_url=Links(shown.prefix).municipality(municipality.slug),
        release=edition.release,
        newer=" ".join(filter(None, [newer(shown), since_then(shown)])),
        answer=answer,
        under=_("Samlet placering i Socialt Indeks"),
    )


def _said_by(shown: ShownEdition, municipality: Municipality) -> str:
    """The municipality's own words in their short form, and how many of its figures are under clarification."""
    comment, flagged = shown.said.comment(municipality.code), len(shown.said.flagged(municipality.code))
    words = [_("Kommunen skriver: %(text)s") % {"text": comment.short}] if comment else []
    if flagged:
        words.append(under_clarification(flagged))
    return " · ".join(words)


def municipality_development_embed(shown: ShownEdition, municipality: Municipality) -> dict[str, Any]:
    """A municipality's places over the editions."""
    chart = municipality_chart(shown, municipality)
    title = _("%(name)s: placering i hver udgave") % {"name": municipality.name}
    page_url = Links(shown.prefix).municipality(municipality.slug)
    return _development(shown, chart, title, OVERALL, page_url)


def indicator_development_embed(shown: ShownEdition, subject: Subject) -> dict[str, Any]:
    """An indicator's median over the years."""
    title = _("%(name)s: median over årene") % {"name": subject.name}
    return _development(shown, medians_of(shown, subject), title, subject, subject.page(Links(shown.prefix)))


def _development(shown: ShownEdition, chart: LineChart, title: str, subject: Subject, page_url: str) -> dict[str, Any]:
    return dict(
        what="udvikling",
        title=title,
        says=chart.says,
        source=source_line(subject, shown),
        page_url=page_url,
        release=shown.edition.release,
        newer=newer(shown),
        lines=chart,
    )


def embed_of(page: Addressed) -> Embed:
    """The embed that belongs to one of our pages, live or pinned as its address is. Http404 for other pages."""
    name, kwargs = embed_name(page)
    path = Links(page.shown.prefix).of(name, **kwargs)
    query = page.query.copy()
    query.pop("vis", None)
    state = f"?{query.urlencode()}" if query else ""
    what = kwargs.get("what") or OF_A_ROOM.get(name) or ("udvikling" if name.endswith("development") else "kommune")
    return Embed(f"{path}{state}", f"{page.title} – Socialt Indeks", HEIGHTS[what])


def embed_name(page: Addressed) -> tuple[str, dict[str, Any]]:
    """The name and arguments of a page's embed in the address book. Http404 for a page without one."""
    kwargs, name = page.kwargs, page.name
    if name == "comparison" or f"embed-{name}" in OF_A_ROOM:
        return f"embed-{name}", {key: value for key, value in kwargs.items() if key == "code"}
    if name.startswith("embed") and name != "embed-preview":
        return name, {key: value for key, value in kwargs.items() if key in {"what", "code", "slug"}}
    if name in {"municipality", "press-municipality"}:
        return "embed-municipality", {"slug": kwargs["slug"]}
    if name in {"home", "press"}:
        return "embed", {"what": "kort"}
    if name in {"area", "theme", "indicator", "press-indicator"}:
        level = name.removeprefix("press-")
        return f"embed-{level}", {"what": "kort", "code": kwargs.get("code") or kwargs["slug"]}
    if name == "ranking" or (name.startswith("ranking-") and not name.endswith("csv")):
        what = {"kort": "kort", "fordeling": "fordeling"}.get(page.query.get("vis", ""), "rangliste")
        code = {"code": kwargs["code"]} if "code" in kwargs else {}
        return name.replace("ranking", "embed"), {"what": what, **code}
    raise Http404(_("Siden kan ikke indlejres."))


def oembed(page: Addressed, *, most_width: int, most_height: int) -> dict[str, Any]:
    """The oEmbed answer (rich) for a page; width and height hold the consumer's limits."""
    embed = embed_of(page)
    size = {"width": min(720, most_width), "height": min(embed.height, most_height)}
    html = oembed_code(embed.url, embed.title, **size)
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Socialt Indeks",
        "provider_url": f"{settings.SITE_ADDRESS}/",
        "title": page.title,
        "html": html,
        "cache_age": 3600,
        **size,
    }
    if "slug" in page.kwargs and page.name in {"municipality", "press-municipality", "embed-municipality"}:
        card = Links(page.shown.prefix).of("picture-municipality", slug=page.kwargs["slug"], ending="png")
        answer |= {"thumbnail_url": f"{settings.SITE_ADDRESS}{card}", "thumbnail_width": 1200, "thumbnail_height": 630}
    return answer
