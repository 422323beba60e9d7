"""A ranking answer as a page: a table, a map or a distribution of the very same rows."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.maps import Step
from portal.components.links import Link, citation, page_files, pinned, ranking_csv, these_rows
from portal.components.subject import NAMED, distribution_of, legend_of, map_of, my_line
from portal.components.tables import Cell, Column, Row, Table, pager
from portal.embeds.sharing import question_in, share_of_subject
from portal.language import formatting, phrases
from portal.published import Level, Municipality
from portal.published.edition import ShownEdition
from portal.published.municipalities import NAMES, choices_of
from portal.published.ranking import ADMINISTRATIONS, Answer, VariantLine, has_without, variant_lines
from portal.published.subjects import OVERALL, Subject
from portal.ranking.controls import (
    change_link,
    chooser_of,
    column_tabs,
    compare_link,
    edition_tabs,
    filter_fields,
    is_narrowed,
    text_of,
    view_of,
    view_tabs,
)
from portal.ranking.table import ranking_table

NARROW = 3  # so many columns stand beside the map; with more, the list has the whole width below it


def ranking_page(answer: Answer, query: QueryDict, path: str, mine: Municipality | None = None) -> dict[str, Any]:
    """Dress an answer as its page. ``mine`` is the reader's own municipality, which is marked."""
    links = Links(answer.shown.prefix)
    view, count = view_of(query), len(answer.lines)
    who, n = who_of(answer, query), _ranked_of(answer)
    drawn = bool(count) and not answer.step
    return dict(
        title=_title(answer, who),
        under=_under(answer, n),
        trail=_trail(answer.subject, links),
        description=_description(answer),
        chooser=chooser_of(answer.shown, answer.subject, links),
        fields=filter_fields(answer, query),
        summary=_summary(answer),
        says=_says(answer),
        reset_url=path if is_narrowed(query) else "",
        errors=answer.errors,
        findings=tuple(filter(None, [_how_many_moved(answer), _surely_on_top(answer)])) if not answer.step else (),
        my_line=my_line(answer, mine),
        my_url=links.municipality(mine.slug) if mine else "",
        wide=answer.with_change or len(answer.columns) > NARROW,
        tabs=view_tabs(query) if drawn else (),
        columns=column_tabs(answer, query),
        change=change_link(answer, query),
        change_says=_change_says(answer),
        view=view,
        rows=these_rows(count),
        table=ranking_table(answer, query, links, mine) if count else None,
        pager=pager(count, query),
        map=map_of(answer, links, mine) if drawn else None,
        legend=_legend(answer) if drawn else (),
        unranked=_unranked(answer),
        chart=distribution_of(answer, links, mine) if drawn else None,
        subjects=tuple(Link(child.name, child.ranking(links)) for child in answer.columns),
        editions=edition_tabs(answer, query),
        count=count,
        action=path,
        actions=tuple(link for link in (compare_link(answer, links), _about(answer.subject, links)) if link),
        empty_actions=(Link(_("Vis alle kommuner"), path),),
        **_offered(answer, query, links, f"{who}, {_lowered(answer.subject)}"),
    )


def _legend(answer: Answer) -> tuple[Step, ...]:
    placements = [one.placement for one in (*answer.lines, *answer.aside)]
    return legend_of(answer.subject, placements, _("ikke placeret"))


def who_of(answer: Answer, query: QueryDict) -> str:
    """Whom the rows are of: everybody, or what the filter says: "Region Nordjylland"."""
    if not answer.is_filtered:
        return _("Alle kommuner")
    choices = choices_of(answer.everyone)
    named = [dict(choices[name]).get(text_of(query, name), "") for name in ("region", "landsdel", "gruppe")]
    if any(query.get(name) for name in NAMES if name not in {"region", "landsdel", "gruppe"}):
        named.append(_("udvalgte kommuner") if any(named) else _("Udvalgte kommuner"))
    return ", ".join(filter(None, named))


def _title(answer: Answer, who: str) -> str:
    """A question where it is put to everybody; else whose rows, of what, in which year."""
    subject, year = answer.subject, answer.shown.edition.year
    words = {"who": who, "name": subject.name, "year": year}
    if answer.is_filtered:
        return (
            _("%(who)s, samlet, %(year)s") % words if subject == OVERALL else _("%(name)s: %(who)s, %(year)s") % words
        )
    if subject == OVERALL:
        return _("Hvilke kommuner ligger bedst i %(year)s?") % words
    return _("%(name)s: alle kommuner, %(year)s") % words


def _unranked(answer: Answer) -> tuple[Link, ...]:
    """Those without a place, where they are few enough to be named."""
    links = Links(answer.shown.prefix)
    found = [one.municipality for one in answer.lines if one.placement.rank is None]
    return tuple(Link(one.name, links.municipality(one.slug)) for one in found) if len(found) <= NAMED else ()


def _surely_on_top(answer: Answer) -> str:
    """How many are safely in the best fifth, and whether it can be told who of them is first."""
    everyone = [(one, one.placement) for one in (*answer.lines, *answer.aside)]
    n = _ranked_of(answer)
    sure = [one for one, own in everyone if own.high is not None and own.high * 5 <= n]
    if not sure or answer.is_filtered:
        return ""
    top = [own for _one, own in everyone if own.rank == 1]
    words = {"count": formatting.count(len(sure), _("kommune"), _("kommuner"))}
    if len(top) > 1 or top[0].alike:
        return _("%(count)s ligger sikkert i den bedste femtedel; hvem der er nr. 1, kan ikke afgøres.") % words
    return _("%(count)s ligger sikkert i den bedste femtedel.") % words


def _offered(answer: Answer, query: QueryDict, links: Links, title: str) -> dict[str, Any]:
    """What can be taken away. What was not understood is said, and nothing is offered to be cited under its address."""
    if answer.errors:
        return dict(downloads=(), citation="", permalink="", share=None)
    csv = f"{ranking_csv(answer.subject, links)}?{query.urlencode()}".rstrip("?")
    address = answer.subject.ranking(Links(f"@{answer.shown.edition.release}"))
    return dict(
        downloads=page_files(csv, answer.shown),
        citation=citation(answer.shown, title),
        permalink=pinned(address, query),
        share=share_of_subject(answer, question_in(query)),
    )


def _ranked_of(answer: Answer) -> int:
    """The n of the edition, whatever was filtered."""
    first = next(iter((*answer.lines, *answer.aside)), None)
    return first.placement.n if first else 0


def _lowered(subject: Subject) -> str:
    return _("samlet") if subject == OVERALL else subject.name


def _under(answer: Answer, n: int) -> str:
    ranked = phrases.ranked(n, answer.subject.indicator)
    if answer.is_filtered and n:
        shown = formatting.count(len(answer.lines), _("kommune"), _("kommuner"))
        placed = sum(1 for line in answer.lines if line.placement.rank is not None)
        ranked = _("%(shown)s, %(placed)s placeret af landets %(n)s") % {"shown": shown, "placed": placed, "n": n}
    if answer.subject.indicator:
        indicator = answer.subject.indicator
        return f"{ranked} · {formatting.unit_name(phrases.unit(indicator))} · {phrases.direction(indicator)}"
    return f"{ranked} · {_('udgave %(release)s') % {'release': answer.shown.edition.release}}"


def _description(answer: Answer) -> str:
    first = next((line for line in answer.lines if line.placement.rank == 1), None)
    best = _("Nr. 1 er %(name)s.") % {"name": first.municipality.name} if first else ""
    text = _("%(subject)s: kommunernes placering i %(year)s, og hvor sikker den er.")
    return f"{text % {'subject': answer.subject.name, 'year': answer.shown.edition.year}} {best}".strip()


def _trail(subject: Subject, links: Links) -> tuple[Link, ...]:
    steps = [Link(_("Rangliste"), "" if subject == OVERALL else links.ranking())]
    if subject.level in {Level.THEME, Level.INDICATOR} and subject.area_of:
        above = Subject(Level.AREA, area=subject.area_of)
        steps.append(Link(above.name, above.ranking(links)))
    if subject.indicator and subject.indicator.theme:
        theme = Subject(Level.THEME, theme=subject.indicator.theme)
        steps.append(Link(theme.name, theme.ranking(links)))
    if subject != OVERALL:
        steps.append(Link(subject.name))
    return tuple(steps)


def _about(subject: Subject, links: Links) -> Link | None:
    names = {Level.AREA: _("Om området"), Level.THEME: _("Om temaet"), Level.INDICATOR: _("Om indikatoren")}
    return Link(names[subject.level], subject.page(links)) if subject.level in names else None


def _summary(answer: Answer) -> str:
    if not answer.is_filtered:
        return ""
    return _("%(shown)s af %(total)s kommuner vises") % {"shown": len(answer.lines), "total": answer.total}


def _says(answer: Answer) -> str:
    """How many rows and in which order: read aloud when either changes."""
    rows = formatting.count(len(answer.lines), _("kommune"), _("kommuner"))
    names = {"nr": _("placering"), "kommune": _("navn"), "score": _("score"), "aendring": _("ændring"),
             "indbyggere": _("indbyggertal")}  # fmt: skip
    if answer.subject.indicator:
        names["score"] = _("værdi")
    names |= {child.code: child.short_name for child in answer.columns}
    words = {"rows": rows, "column": names[answer.sort]}
    if answer.sort == "kommune":
        return _("%(rows)s i alfabetisk orden") % words
    by_figure = answer.sort in {"score", "aendring", "indbyggere"}
    if answer.descending:
        text = _("%(rows)s, sorteret efter %(column)s, højeste først") if by_figure else _(
            "%(rows)s, sorteret efter %(column)s, dårligste først")  # fmt: skip
    else:
        text = _("%(rows)s, sorteret efter %(column)s, laveste først") if by_figure else _(
            "%(rows)s, sorteret efter %(column)s, bedste først")  # fmt: skip
    return text % words


def _change_says(answer: Answer) -> str:
    """What may be read into the change; empty where none is shown."""
    previous = answer.shown.previous
    if not answer.with_change or previous is None:
        return ""
    year = {"year": previous.year, "now": answer.shown.edition.year}
    if not answer.across_methods:
        return str(_("Plus betyder frem. Vi tæller pladser blandt dem, der "
            "er placeret begge år. En kommune kan skifte plads, selv om dens egne tal er uændrede. "
            "De, der flytter sig mest ét år, går oftest noget tilbage året efter."))  # fmt: skip
    if answer.subject == OVERALL:
        return _("Metoden er ændret. Ændringen er målt mod %(year)s regnet efter metoden fra %(now)s. Hvor sikker "
                 "den er, har vi ikke regnet ud, så ingen af ændringerne er et ryk.") % year  # fmt: skip
    return _("Metoden er ændret siden %(year)s, så placeringerne kan ikke sammenlignes.") % year


def _how_many_moved(answer: Answer) -> str:
    """What must be read before any change: how many of them are more than the uncertainty."""
    moved, previous = answer.moved, answer.shown.previous
    if not moved or previous is None or answer.across_methods or all(one.placement.low is None for one in moved):
        return ""
    clear = [one.municipality.name for one in moved if one.change and one.change.clear]
    words = {"moved": len(moved), "clear": len(clear), "names": formatting.joined(clear[:NAMED]), "year": previous.year}
    if not clear:
        return _("Ingen af de %(moved)s ændringer siden %(year)s er større end usikkerheden.") % words
    if len(clear) > NAMED:
        return _("%(clear)s af de %(moved)s ændringer siden %(year)s er større end usikkerheden.") % words
    return _("%(clear)s af de %(moved)s ændringer siden %(year)s er større end usikkerheden: %(names)s.") % words


def without_page(shown: ShownEdition, subject: Subject) -> dict[str, Any]:
    """Dress the ranking of the index, an area or a theme without those answers. Http404 where the edition has none.

    A theme that is made of nothing else has no lines, and its page says why.
    """
    lines = variant_lines(shown.edition, ADMINISTRATIONS, subject)
    if not has_without(shown.edition, ADMINISTRATIONS):
        raise Http404(_("Udgaven har ikke den rangliste uden forvaltningernes egne svar."))
    links = Links(shown.prefix)
    ranked = next((line.n for line in lines if line.rank), 0)
    return dict(
        title=_("%(subject)s uden forvaltningernes egne svar, %(year)d")
        % {"subject": subject.name, "year": shown.edition.year},
        under=formatting.count(ranked, _("kommune er placeret"), _("kommuner er placeret")),
        back=Link(_("Vis ranglisten med alle kilder"), subject.ranking(links)),
        table=_table(lines, links) if lines else None,
        citation=citation(shown, _("Rangliste uden forvaltningernes egne svar")),
        permalink=pinned(without_address(Links(f"@{shown.edition.release}"), subject)),
    )


def without_address(links: Links, subject: Subject) -> str:
    """Where a subject's ranking without those answers stands."""
    level = "" if subject.level == Level.OVERALL else f"-{subject.level}"
    return links.to(f"without{level}", "code", subject.code) if level else links.to("without")


def without_link(shown: ShownEdition, subject: Subject) -> Link | None:
    """The switch on a ranking; None of an indicator, and where the edition has no such ranking."""
    if subject.indicator or not has_without(shown.edition, ADMINISTRATIONS):
        return None
    return Link(_("Vis uden forvaltningernes egne svar"), without_address(Links(shown.prefix), subject))


def _table(lines: list[VariantLine], links: Links) -> Table:
    heads = (_("Uden dem"), _("Mellem nr."), _("Score"), _("Med alle kilder"))
    rows = []
    for line in lines:
        place = _place(line.rank, line.rank_last, line.n)
        cells = (
            Cell(
                place, heads[0], phrases.resting(line.rank, line.coverage), missing="" if place else _too_little(line)
            ),
            Cell(_interval(line), heads[1]),
            Cell("" if line.printed is None else formatting.score(line.printed), heads[2], css="number"),
            Cell(
                _place(line.published, line.published_last, line.published_n) or phrases.rank(None).lower(),
                heads[3],
                phrases.resting(line.published, line.published_coverage),
            ),
        )
        rows.append(Row(line.name, links.municipality(line.slug), cells=cells))
    columns = (
        Column(_("Kommune")), Column(heads[0]), Column(heads[1], note=_("i 9 af 10 beregninger")),
        Column(heads[2], note=_("af resten"), css="number"), Column(heads[3]),
    )  # fmt: skip
    return Table(_("Placeringer uden forvaltningernes egne svar"), columns, tuple(rows))


def _place(rank: int | None, last: int | None, n: int) -> str:
    return f"{formatting.rank_in_text(rank, last)} {formatting.of(n)}" if rank else ""


def _interval(line: VariantLine) -> str:
    return "" if line.low is None or line.high is None else formatting.number_range(line.low, line.high)


def _too_little(line: VariantLine) -> str:
    return _("kun tal for %(share)s %% af vægten") % {"share": phrases.coverage(line.coverage)}
