"""Markup that Python writes: the one room for it, because the template language is too slow for what stands hundreds
of times on a page (a comparison has 740 cells: 25 ms in templates, 3 here). Everything else is written in templates.

Whoever calls hands over geometry (portal.charts) or rows (portal.components); every text is escaped here.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.charts.dots import Dot, NamedDot
    from portal.charts.lines import DrawnSeries, LineChart, Spark
    from portal.charts.maps import DrawnPlace, Name
    from portal.charts.scale import Mark
    from portal.charts.strip import Bar, Span, Strip


escaped = lru_cache(maxsize=16_384)(escape)
"""Text made safe for HTML: a page says "af 97" and "Placering" a hundred times, each is escaped once."""


def embed_code(address: str, title: str, height: int, script: str) -> str:
    """The HTML to paste for an embed. The script only sets the height; without it the frame keeps the one given."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{height}" '
        f'style="border:0;max-width:720px" loading="lazy"></iframe>\n'
        f'<script src="{escape(script)}" async></script>'
    )


def oembed_code(address: str, title: str, width: int, height: int) -> str:
    """The frame of an oEmbed answer."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" '
        f'height="{height}" style="border:0;max-width:100%" loading="lazy"></iframe>'
    )


def letters_in(weights: Iterable[int]) -> str:
    """A page with a letter in each weight of our font: what a PDF worker draws once to have it ready."""
    letters = "".join(f'<p style="font-weight: {weight}">a</p>' for weight in weights)
    return f'<html lang="da"><title>a</title>{letters}'


def json_ld_script(facts: SafeString) -> SafeString:
    """Facts for search engines, made safe already, in their element."""
    return mark_safe(f'<script type="application/ld+json">{facts}</script>')  # noqa: S308  see json_ld


def folded_sections(html: str, more: str) -> SafeString:
    """A long text of sections of which all but the first paragraph fold, under the word ``more``, where there is little
    room. A section that does not begin with a paragraph stays open, and so does a short one."""
    return mark_safe(_SECTION.sub(partial(_folded, more), html))  # noqa: S308  our own text


_SECTION = re.compile(r"(<h2[^>]*>((?:(?!</h2>).)*)</h2>\n<p>(?:(?!</p>).)*</p>\n)(.*?)(?=<h2|\Z)", re.DOTALL)
_SHORT = 500  # characters: folding it would save nothing


def _folded(more: str, section: re.Match[str]) -> str:
    begins, heading, rest = section.groups()
    if len(rest) < _SHORT:
        return section[0]
    summary = f'<summary>{escaped(more)}<span class="visually-hidden">: {heading}</span></summary>'
    return f'{begins}<details class="fold unfold">{summary}{rest}</details>\n'


def scrolling_tables(html: str, name: str) -> SafeString:
    """A text made from Markdown with each of its tables in a box that scrolls on a phone. ``name`` is read aloud with
    the table's number: a box that can be reached by the keyboard needs a name, and no two have the same."""
    before, *tables = html.split("<table>")
    boxes = [
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(name)} {number}"><table>{table}'
        for number, table in enumerate(tables, start=1)
    ]
    return mark_safe((before + "".join(boxes)).replace("</table>", "</table></div>"))  # noqa: S308  our own text


_AXIS = (
    '<line class="axis" x1="0" x2="100%" y1="100%" y2="100%"/>'
    '<svg width="100%" height="100%" viewBox="0 0 1000 20" preserveAspectRatio="none">'
)
_GROUND = '<svg class="bar" aria-hidden="true"><rect class="ground" width="100%" height="100%" rx="2"/>'


def strip_svg(strip: Strip) -> SafeString:
    """A strip: the line and everybody's ticks, the band, the median, the own mark."""
    band, median, own = "", "", ""
    if strip.band_start:
        band = f'<rect class="band" x="{strip.band_start}%" width="{strip.band_width}%" y="20%" height="60%" rx="3"/>'
    if strip.median:
        median = f'<line class="median" x1="{strip.median}%" x2="{strip.median}%" y1="0" y2="100%"/>'
    if strip.own:
        own = f'<circle class="own" cx="{strip.own}%" cy="50%" r="6"/>'
    return mark_safe(  # noqa: S308  coordinates, and a text that is escaped
        f'<svg class="strip" role="img" aria-label="{escaped(strip.says)}">{band}{_AXIS}<path class="all" '
        f'd="{strip.all}" vector-effect="non-scaling-stroke"/></svg>{median}{own}</svg>'
    )


def strip_names(strip: Strip) -> SafeString:
    """The names over the marks of a large strip; empty where there are none."""
    if not strip.labels:
        return SafeString()
    texts = "".join(map(_name_over_strip, strip.labels))
    return mark_safe(  # noqa: S308  coordinates, and texts that are escaped
        f'<svg class="strip-labels" height="{strip.labels_height}" aria-hidden="true">{texts}</svg>'
    )


def _name_over_strip(one: Mark) -> str:
    return f'<text class="{one.anchor} {one.css}" x="{one.x}%" y="{one.y}">{escaped(one.text)}</text>'


def around_mark(sprite: str, code: str) -> tuple[str, str]:
    """What stands before and after one's own mark on a strip of the sprite: the same for every municipality."""
    ground = f'<use href="{sprite}#{code}" width="100%" height="100%"/>'
    return f'<svg class="strip" aria-hidden="true">{ground}', "</svg>"


def own_mark(own: str) -> str:
    """One's own mark on a strip of the sprite; empty when missing."""
    return f'<circle class="own" cx="{own}%" cy="50%" r="5"/>' if own else ""


def strip_of_sprite(sprite: str, code: str, own: str) -> SafeString:
    """A strip out of the edition's sprite with one's own mark; ``own`` is percent as text, empty when missing."""
    return mark_safe(own_mark(own).join(around_mark(sprite, code)))  # noqa: S308  our own address, a slug, a coordinate


def bar_svg(bar: Bar) -> SafeString:
    """A bar, or the bar up to its band, the band paler, and a line at the value."""
    if not bar.band_start:
        drawn = f'<rect class="length" width="{bar.length}%" height="100%" rx="2"/>'
    else:
        drawn = (
            f'<rect class="length" width="{bar.band_start}%" height="100%" rx="2"/>'
            f'<rect class="band" x="{bar.band_start}%" width="{bar.band_width}%" height="100%"/>'
            f'<rect class="at" x="{bar.length}%" width="2" height="100%"/>'
        )
    return mark_safe(f"{_GROUND}{drawn}</svg>")  # noqa: S308  coordinates only


def span_svg(span: Span) -> SafeString:
    """A dot on the scale of its column, and how sure it is as a band round it."""
    band = f'<rect x="{span.start}%" width="{span.width}%" y="6" height="5" rx="2"/>' if span.start else ""
    return mark_safe(  # noqa: S308  coordinates only
        f'<svg class="span" aria-hidden="true">{band}<circle cx="{span.at}%" cy="8.5" r="4"/></svg>'
    )


def spark_svg(spark: Spark) -> SafeString:
    """A row's development: the line, and a dot at its last value."""
    return mark_safe(  # noqa: S308  coordinates only
        '<svg class="spark" viewBox="0 0 88 24" aria-hidden="true">'
        f'<path d="{spark.path}"/><circle cx="{spark.end_x}" cy="{spark.end_y}" r="3"/></svg>'
    )


def line_chart_svg(chart: LineChart) -> SafeString:
    """Developments: grid, years and breaks, then the lines, then their names at their ends."""
    edge, base = chart.edge, chart.base
    parts = [
        f'<line class="grid-line" x1="0" x2="{edge}%" y1="{line.y}" y2="{line.y}"/>'
        f'<text x="0" y="{line.y}" dy="-4">{escaped(line.text)}</text>'
        for line in chart.grid
    ]
    parts += [f'<text class="{one.anchor}" x="{one.x}%" y="{base}" dy="20">{one.text}</text>' for one in chart.years]
    parts += [
        f'<line class="break" x1="{one.x}%" x2="{one.x}%" y1="0" y2="{base}"/><text class="{one.anchor}" '
        f'x="{one.x}%" y="{one.y}" dx="{5 if one.anchor == "start" else -5}">{escaped(one.text)}</text>'
        for one in chart.breaks
    ]
    if chart.band or chart.pale:
        paths = f'<path class="pale" d="{chart.pale}"/><path class="field" d="{chart.band}"/>'
        parts.insert(
            0,
            f'<svg width="100%" height="{chart.height}" viewBox="0 0 1000 {chart.height}" preserveAspectRatio="none">'
            f"{paths}</svg>",
        )
    parts += map(_line, chart.series)
    parts += [
        f'<text class="{one.css} {one.anchor}" x="{one.x}%" y="{one.y}">{escaped(one.text)}</text>'
        for one in chart.printed
    ]
    parts += [
        f'<text class="label {one.css}" x="{edge}%" dx="10" y="{one.label_y}" dy="4">{escaped(one.label)}</text>'
        for one in chart.series
    ]
    head = f'<svg class="drawn lines" height="{chart.height}" role="img" aria-label="{escaped(chart.says)}">'
    return mark_safe(f"{head}{''.join(parts)}</svg>")  # noqa: S308  coordinates, and texts that are escaped


def _line(series: DrawnSeries) -> str:
    css = series.css
    radius = 6 if css == "chosen" else 4
    lines = [
        f'<line class="line {css}" x1="{one.x1}%" y1="{one.y1}" x2="{one.x2}%" y2="{one.y2}"/>'
        for one in series.segments
    ]
    points = [
        f'<circle class="point {css}" cx="{one.x}%" cy="{one.y}" r="{radius}"><title>{escaped(one.title)}</title>'
        "</circle>"
        for one in series.points
    ]
    return "".join(lines + points)


def map_places(places: Iterable[DrawnPlace], prefix: str, *, zoomed: bool = False) -> SafeString:
    """The municipalities of a map, each a link that its title names; keyboard reaches it where it can be seen, in the
    zoom or on the sheet."""
    ids = escaped(f"{prefix}z" if zoomed else prefix)
    hatched = f'\n  fill="url(#{escaped(prefix)}hatch)"'
    drawn = [
        f'<a href="{escaped(one.url)}"{hatched if one.missing else ""}'
        + (f'\n  class="{one.css}"' if one.css else "")
        + (' tabindex="-1" aria-hidden="true"' if one.in_zoom is not zoomed else "")
        + f'>\n    <title>{escape(one.title)}</title>\n  <path id="{ids}{one.code}" d="{one.path}"/></a>'
        for one in places
    ]
    return mark_safe("\n".join(drawn))  # noqa: S308  our own outlines, codes and classes; addresses and titles are escaped


def swarm_dots(dots: Iterable[Dot]) -> SafeString:
    """The dots of a distribution, each named by its title and, where it leads on, a link."""
    drawn = []
    for dot in dots:
        css = f" {dot.css}" if dot.css else ""
        circle = (
            f'\n  <circle class="dot{css}" cx="{dot.x}%" cy="{dot.y}" r="5">\n'
            f"  <title>{escape(dot.title)}</title></circle>"
        )
        drawn.append(f'<a href="{escaped(dot.url)}">{circle}</a>\n' if dot.url else circle)
    return mark_safe("".join(drawn))  # noqa: S308  coordinates and our own classes; addresses and titles are escaped


def map_names(names: Iterable[Name]) -> SafeString:
    """The names on a map, which say nothing that the links' titles do not."""
    written = [
        f'<text{_class(one.css)} x="{one.x}" y="{one.y}"\n  aria-hidden="true">{escaped(one.text)}</text>'
        for one in names
    ]
    return mark_safe("".join(written))  # noqa: S308  coordinates and our own classes; names are escaped


def zoom_names(names: tuple[Name, ...]) -> SafeString:
    """The names in a map's zoom, and leaders from those that have no room where they belong."""
    leaders = [
        f'\n  <line x1="{one.from_x}" y1="{one.from_y}" x2="{one.x}" y2="{one.y}"/>\n  ' for one in names if one.from_x
    ]
    written = [f'<text x="{one.x}" y="{one.y}">{escaped(one.text)}</text>' for one in names]
    return mark_safe("".join(leaders) + "\n  ".join(written))  # noqa: S308  coordinates; names are escaped


def scatter_dots(dots: Iterable[NamedDot]) -> SafeString:
    """The points of two measures, each a link with its name beside it."""
    drawn = []
    for dot in dots:
        title, side = escape(dot.title), dot.side
        css, radius = (" chosen", 6) if dot.chosen else ("", 4)
        drawn.append(
            f"<a{_href(dot.url)}{_CHOSEN if dot.chosen else ''} "
            f'aria-label="{title}"><title>{title}</title>\n'
            f'  <circle class="dot{css}" cx="{dot.x}%" cy="{dot.y}"\n  r="{radius}"/><text\n'
            f'  class="label {side.anchor}{f" {dot.css}" if dot.css else ""}" x="{dot.x}%" y="{dot.y}"\n'
            f'  dx="{side.dx}" dy="{side.dy}">{escaped(dot.name)}</text></a>\n'
        )
    return mark_safe("".join(drawn))  # noqa: S308  coordinates and our own classes; addresses and texts are escaped


_CHOSEN = '\n  class="chosen"'


def _href(url: str) -> str:
    return f' href="{escaped(url)}"' if url else ""


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""


_ROW_THAT_LEADS = re.compile(r'<tr(?: class="([^"]*)")?>(?=<th scope="row"><a href="[^"?#]*/([\w-]+)/[?"])')


def with_rows_marked(html: str, slug: str) -> str:
    """The same page with every table row that leads to a municipality marked as the chosen one."""

    def marked(found: re.Match[str]) -> str:
        css = found[1] or ""
        if found[2] != slug or "chosen" in css.split():
            return found[0]
        return f'<tr class="{f"{css} chosen".strip()}">'

    return _ROW_THAT_LEADS.sub(marked, html)
