"""The page "Er indekset sundt?": weaknesses first, then what was found, with the numbers as tables."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from portal.addresses import Links, with_ending
from portal.audit.rules import (
    BY_CONDITIONS,
    CORRELATION,
    MOVES,
    MUCH_CLIPPED,
    NO_SCALE,
    SCALE,
    SHAKES,
    Weakness,
    advice,
    alpha_means,
    choice_name,
    limit_of,
    said,
    verdict,
    weaknesses,
)
from portal.charts.heat import Heat, heat
from portal.charts.strip import bar
from portal.components.links import Fact, Link, citation, page_files, pinned, rows_in_words
from portal.components.tables import Cell, Column, Row, Table
from portal.frame.of_an_edition import newer, taken_along
from portal.language import formatting
from portal.pictures.drawings import heat_picture
from portal.pictures.svg import caption
from portal.published import Level
from portal.published.audits import Audited, audit_of
from portal.published.edition import ShownEdition
from rankings.engine.evidence import STRONG
from rankings.method import INDEX_NODE

MOST = 12
"""Lines of a table of the largest; the files have all."""


def audit_page(shown: ShownEdition) -> dict[str, Any]:
    """Gather the page in two queries after the edition's own."""
    links, of = Links(shown.prefix), audit_of(shown)
    base = dict(
        release=shown.edition.release,
        trail=(Link(_("Metode"), links.to("method")), Link(_("Er indekset sundt?"))),
        citation=citation(shown, _("Er indekset sundt?")),
        permalink=pinned(Links(f"@{shown.edition.release}").to("audit")),
    )
    if of is None:
        return base | {"found": None}
    found = weaknesses(of.findings)
    return base | dict(
        found=tuple(dict(text=said(one, of), grave=one.is_grave) for one in found),
        verdict=verdict(found, of.findings["alternatives"]),
        advice=tuple(advice(kind) for kind in dict.fromkeys(one.kind for one in found)),
        when=_when(shown, of),
        facts=_facts(of),
        weights=_weights(of, (Level.AREA, Level.THEME), links),
        indicators=_weights(of, (Level.INDICATOR,), links),
        themes=tuple(of.name(code) for code in of.parts(Level.THEME)),
        heat=_heat(of),
        pairs_of_themes=_pairs_of_themes(of),
        pairs=_pairs(of, found),
        negative=_negative(of, found),
        alpha=_alpha(of, links),
        clipped=_clipped(of, links),
        left_out=_left_out(of, links),
        choices=_choices(of),
        **_conditions(of),
        rows=rows_in_words(len(of.findings["influence"])),
        downloads=page_files(links.to("audit-csv"), shown),
        pairs_url=links.to("audit-pairs-csv"),
        bundle_url=with_ending(Links(f"@{shown.edition.release}").to("edition-csv"), "zip"),
        take=taken_along("audit", shown),
    )


def audit_embed(shown: ShownEdition) -> dict[str, Any]:
    """The verdict and what each weight does, for other sites. Http404 for an edition that was never looked over."""
    of, links = _looked_over(shown), Links(shown.prefix)
    return dict(
        what="sundhed",
        title=_title(shown),
        says=verdict(weaknesses(of.findings), of.findings["alternatives"]),
        source=_("Socialt Indeks, udgave %(release)s") % {"release": shown.edition.release},
        page_url=links.to("audit"),
        release=shown.edition.release,
        newer=newer(shown),
        table=_weights(of, (Level.AREA, Level.THEME), links),
    )


def audit_picture(shown: ShownEdition) -> str:
    """How the themes go together, as SVG. Http404 for an edition that was never looked over."""
    of = _looked_over(shown)
    chart, names = _heat(of), [of.name(code) for code in of.parts(Level.THEME)]
    path = Links(f"@{shown.edition.release}").to("audit")
    says = _("Et felt for hvert par af temaer. Jo kraftigere farve, jo mere følges de to ad. "
             "Et stiplet felt er et par under 0.")  # fmt: skip
    return heat_picture(chart, names, caption(shown.edition, _("Hvilke temaer følges ad"), says, path))


def _looked_over(shown: ShownEdition) -> Audited:
    of = audit_of(shown)
    if of is None:
        raise Http404(_("Denne udgave blev beregnet, før indekset blev efterset. Den har derfor intet eftersyn."))
    return of


def _title(shown: ShownEdition) -> str:
    return f"{_('Er indekset sundt?')} {shown.edition.release}"


def _when(shown: ShownEdition, of: Audited) -> str:
    text = _("Efterset %(day)s.") % {"day": formatting.day(of.made_at)}
    published = shown.edition.published_at
    if published and of.made_at > published:
        text = f"{text} {_('Det var efter offentliggørelsen: udgaven er ældre end eftersynet, tallene er de samme.')}"
    return text


def _facts(of: Audited) -> tuple[Fact, ...]:
    first = (of.findings["principal"].get(INDEX_NODE) or [None])[0]
    conditions = of.findings.get("conditions", {}).get(INDEX_NODE)
    clipped = [share for share in of.findings["clipped"].values() if share is not None]
    mean = sum(clipped) / len(clipped) if clipped else None
    foretold = _share(conditions and max(conditions, 0.0), BY_CONDITIONS)
    return (
        Fact(_("Den største fælles retning forklarer"), _share(first), _("af variationen i alle indikatorer")),
        Fact(_("Vilkårene forudsiger"), foretold, _("af den samlede score")),
        Fact(_("Uden for målstolperne"), _share(mean), _("af tallene")),
    )  # fmt: skip


def _share(value: float | None, *thresholds: float) -> str:
    return _("ikke kendt") if value is None else formatting.share_percent(value, *thresholds)


def _weights(of: Audited, levels: Sequence[Level], links: Links) -> Table:
    """What the weight says beside what it does, a pair of bars a line on the scale of the largest."""
    lines = [(code, of.findings["influence"][code]) for level in levels for code in of.parts(level)]
    highest = {level: _highest(of, level) for level in levels}
    heads = (_("Vægten siger"), _("Virkningen er"))
    rows: list[Row] = []
    for code, one in lines:
        subject = of.subjects[code]
        high = highest[subject.level]
        cells = tuple(
            Cell(
                "" if value is None else formatting.number(100 * value, 1),
                head,
                css="wide",
                bar=None if value is None else bar(100 * value, high=100 * high),
                missing="" if value is not None else _("kan ikke beregnes"),
            )
            for value, head in zip((one["nominal"], one["effective_share"]), heads, strict=True)
        )
        css = "group-start" if rows and subject.level != of.subjects[lines[len(rows) - 1][0]].level else ""
        rows.append(Row(subject.name, subject.page(links), css=css, cells=cells))
    columns = (Column(_("Del af indekset")), *(Column(head, note=_("% af trinnet"), css="wide") for head in heads))
    return Table(_("Hvad vægten siger, og hvad den gør"), columns, tuple(rows))


def _highest(of: Audited, level: Level) -> float:
    shares = [of.findings["influence"][code] for code in of.parts(level)]
    return max([max(one["nominal"], one["effective_share"] or 0.0) for one in shares], default=1.0) or 1.0


def _themes_together(of: Audited) -> list[tuple[int, int, float, int]]:
    """Row, column (row after column), r and n of every pair of themes."""
    place = {code: number for number, code in enumerate(of.parts(Level.THEME))}
    return [
        (max(place[a], place[b]), min(place[a], place[b]), r, n)
        for a, b, r, n in of.findings.get("nodes", ())
        if a in place and b in place and r is not None
    ]


def _heat(of: Audited) -> Heat:
    names = [of.name(code) for code in of.parts(Level.THEME)]
    known = {}
    for row, column, r, _n in _themes_together(of):
        title = f"{names[row]} · {names[column]}: {formatting.number(r, CORRELATION)}"
        known[row, column] = (r, formatting.number(r, 1), title)
    says = _("Hvordan temaernes scorer følges ad, to og to. De samme tal står i tabellen under figuren.")
    return heat(len(names), known, says=says)


def _pairs_of_themes(of: Audited) -> Table:
    names = of.parts(Level.THEME)
    pairs = [(names[column], names[row], r, n) for row, column, r, n in _themes_together(of)]
    return _pair_table(of, sorted(pairs, key=lambda one: -one[2]), _("Temaernes sammenfald"))


def _pairs(of: Audited, found: Sequence[Weakness]) -> Table | None:
    shown = {frozenset(one.parts) for one in found if one.kind == "strong"}
    pairs = [one for one in of.findings["correlations"] if frozenset(one[:2]) in shown]
    pairs += of.findings.get("overlaps", ())
    return _pair_table(of, pairs, _("Par, der siger det samme eller har sager til fælles")) if pairs else None


def _negative(of: Audited, found: Sequence[Weakness]) -> str:
    """How many pairs of one theme are negative, and of how many that is more than chance."""
    negative = of.findings["negative"]
    limit = formatting.number(limit_of(of.findings, max((n for _a, _b, _r, n in negative), default=0)), CORRELATION)
    sure = sum(one.kind == "against" for one in found)
    return _(
        "%(count)s par i samme tema har en negativ sammenhæng. Hos %(sure)s af dem er den stærkere, end tilfældet kan "
        "forklare: med så mange par skal r være under %(limit)s, før vi siger det."
    ) % {"count": formatting.number(len(negative)), "sure": formatting.number(sure), "limit": limit}


def _pair_table(of: Audited, pairs: Sequence[Any], caption: str) -> Table:
    heads = (_("og"), "r", _("Kommuner"))
    rows = tuple(
        Row(
            of.name(a),
            cells=(
                Cell(of.name(b), heads[0]),
                Cell("" if r is None else formatting.beside(r, CORRELATION, STRONG), heads[1], css="number"),
                Cell(formatting.number(n), heads[2], css="number"),
            ),
        )
        for a, b, r, n in pairs
    )
    columns = (Column(_("Det ene")), Column(heads[0]), *(Column(head, css="number") for head in heads[1:]))
    return Table(caption, columns, rows)


def _alpha(of: Audited, links: Links) -> Table:
    heads = (_("Alfa"), _("Det betyder"))
    rows = []
    for code in of.parts(Level.THEME):
        alpha, subject = of.findings["alpha"].get(code), of.subjects[code]
        text = "" if alpha is None else formatting.beside(alpha, CORRELATION, 0.0, NO_SCALE, SCALE)
        cells = (Cell(text, heads[0], css="number"), Cell(alpha_means(alpha), heads[1]))
        rows.append(Row(subject.name, subject.page(links), cells=cells))
    columns = (Column(_("Tema")), Column(heads[0], css="number"), Column(heads[1]))
    return Table(_("Hænger temaets tal sammen?"), columns, tuple(rows))


def _clipped(of: Audited, links: Links) -> Table:
    shares = [(code, one) for code, one in of.findings["clipped"].items() if one and code in of.subjects]
    told = [(code, _share(one, MUCH_CLIPPED)) for code, one in sorted(shares, key=lambda pair: -pair[1])]
    lines = [(code, text, text) for code, text in told]
    return _plain(
        of, _largest(lines), (_("Indikator"), _("0 eller 100 point")), _("Flest uden for målstolperne"), links
    )


def _left_out(of: Audited, links: Links) -> Table:
    moved = [(code, one) for code, one in of.findings["left_out"].items() if code in of.subjects]
    lines = [(code, *_moved(one, MOVES)) for code, one in sorted(moved, key=lambda pair: -pair[1]["mean"])]
    return _plain(
        of, _largest(lines), (_("Uden"), _("Pladser i gennemsnit, og højst")), _("Hvad én indikator flytter"), links
    )


def _choices(of: Audited) -> Table:
    moved = sorted(of.findings["alternatives"].items(), key=lambda pair: -pair[1]["mean"])
    head = _("Pladser i gennemsnit, og højst")
    rows = tuple(
        Row(
            _("Hvis %(choice)s") % {"choice": choice_name(name)},
            cells=(Cell(_moved(one, SHAKES)[1], head, css="number"),),
        )
        for name, one in moved
    )
    columns = (Column(_("Andet valg")), Column(head, css="number"))
    return Table(_("Hvad andre valg flytter"), columns, rows, css="plain")


def _conditions(of: Audited) -> dict[str, Any]:
    """What conditions foretell, in a table; where they foretell nothing is counted and not repeated."""
    known = of.findings.get("conditions", {})
    lines = [(code, known.get(code)) for code in (INDEX_NODE, *of.parts(Level.AREA), *of.parts(Level.THEME))]
    told = [(code, r2) for code, r2 in lines if r2 is not None]
    some = [(code, _share(r2, BY_CONDITIONS)) for code, r2 in told if r2 > 0]
    heads = (_("Score i"), _("Vilkårene forudsiger"))
    words = {"none": formatting.number(len(told) - len(some)), "of": formatting.number(len(told))}
    return dict(
        conditions=_plain(of, some, heads, _("Hvad vilkårene forudsiger"), None) if some else None,
        unforetold=_("I %(none)s af de %(of)s scorer forudsiger vilkårene intet.") % words if told else "",
    )


def _moved(one: dict[str, float], threshold: float) -> tuple[str, str]:
    """The mean of the places moved, and that with the most of them."""
    mean = formatting.beside(one["mean"], 1, threshold)
    return mean, _("%(mean)s, højst %(largest)s") % {"mean": mean, "largest": formatting.number(one["largest"])}


def _largest(lines: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Names and texts of the first lines (name, the figure that they are sorted by, text), and of all who share the
    printed figure of the last; where those are many, of none of them: nobody is left out by the alphabet."""
    last = lines[MOST - 1][1] if len(lines) > MOST else ""
    shared = sum(figure == last for _name, figure, _text in lines)
    above = next((place for place, line in enumerate(lines) if line[1] == last), len(lines))
    kept = above + shared if above + shared <= 2 * MOST else above
    return [(name, text) for name, _figure, text in lines[:kept]]


def _plain(
    of: Audited, lines: Sequence[tuple[str, str]], heads: tuple[str, str], caption: str, links: Links | None
) -> Table:
    rows = tuple(
        Row(of.name(code), of.subjects[code].page(links) if links else "", cells=(Cell(text, heads[1], css="number"),))
        for code, text in lines
    )
    return Table(caption, (Column(heads[0]), Column(heads[1], css="number")), rows, css="plain")
