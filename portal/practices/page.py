"""The page of a practice: two axes, what is known and what was measured here, never merged."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.models import Indicator
from portal.addresses import Links
from portal.components.links import Fact, Link, citation, pinned
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.practices.fan import fan
from portal.practices.shown import rows_of, shown_practices, written
from portal.practices.verdicts import residual, said
from portal.published.edition import ShownEdition
from portal.published.subjects import localised
from rankings.models import Spread
from rankings.practices.elsewhere import NAMES, SOURCES
from rankings.practices.exchanged import Exchanged, exchanged
from rankings.practices.figures import Figures
from rankings.practices.models import (
    AimDirection,
    ElementKind,
    Enquiry,
    EvidenceScope,
    FindingKind,
    FollowUpResult,
    Knowledge,
    Maturity,
    MeasuredHere,
    Practice,
    PracticeState,
    TargetGroup,
)
from rankings.practices.models.knowledge import LADDER, OFF_THE_LADDER, Design, Evidence


def practice_page(shown: ShownEdition, slug: str) -> dict[str, Any]:
    """Gather the page. Raises Http404 for a practice that is not public, or was not yet in a pinned edition."""
    links = Links(shown.prefix)
    practice = next((one for one in shown_practices(shown) if one.slug == slug), None)
    if practice is None:
        raise Http404(_("Der er ingen praksis på denne adresse."))
    assessments = list(practice.assessments.order_by("at"))
    contact = practice.contact
    return dict(
        title=written(practice, "title"),
        summary=written(practice, "summary"),
        trail=(
            Link(_("Praksis"), links.to("practices")),
            *_themes(practice, links),
            Link(written(practice, "title").text),
        ),
        facts=_facts(practice),
        municipalities=tuple(Link(one.name, links.municipality(one.slug)) for one in practice.municipalities.all()),
        ladder=tuple(dict(name=str(one.label), current=one == practice.knowledge) for one in LADDER),
        off_the_ladder=tuple(dict(name=str(one.label), current=one == practice.knowledge) for one in OFF_THE_LADDER),
        reasons=tuple(dict.fromkeys(written(one, "reason") for one in assessments)),
        assessed=_("Vurderet %(day)s") % {"day": formatting.day(assessments[-1].at)} if assessments else "",
        elements=_elements(practice),
        element_count=practice.elements.count(),
        evidence=tuple(_evidence(one) for one in practice.evidence.all()),
        aims=_aims(shown, practice, links),
        done=written(practice, "done"),
        took=written(practice, "took"),
        failed=written(practice, "failed"),
        sources=tuple(practice.source_lines),
        contact=contact.email if contact else "",
        contact_url=f"mailto:{contact.email}" if contact else "",
        confirmed=formatting.day(contact.confirmed_at) if contact else "",
        owner=practice.organisation.name,
        exchanged=exchanged_in_words(_asked(shown, practice)),
        counted=formatting.day(shown.edition.published_at),
        elsewhere=_elsewhere(Knowledge(practice.knowledge)),
        notice=_notice(shown, practice),
        withdrawn=practice.withdrawn_reason,
        ways=_ways(shown, practice, links),
    )


def _ways(shown: ShownEdition, practice: Practice, links: Links) -> dict[str, Any]:
    """Where one can go on from a practice, and how it is quoted."""
    pin = Links(f"@{shown.edition.release}").to("practice", "slug", practice.slug)
    return dict(
        ask=reverse("work-ask", kwargs={"slug": practice.slug}),
        method=links.to("practices-method"),
        embed=links.to("embed-practice", "slug", practice.slug),
        citation=citation(shown, written(practice, "title").text),
        permalink=pinned(pin),
    )


def _themes(practice: Practice, links: Links) -> tuple[Link, ...]:
    aim = practice.aims.all()[0] if practice.aims.all() else None
    if aim is None or aim.indicator.theme is None:
        return ()
    theme = aim.indicator.theme
    return (Link(localised(theme, "name"), f"{links.to('practices')}?tema={theme.code}"),)


def _facts(practice: Practice) -> tuple[Fact, ...]:
    facts = []
    if practice.started_on:
        facts.append(Fact(_("Begyndt"), _month(practice.started_on)))
    if practice.persons:
        facts.append(Fact(_("Omfang"), formatting.count(practice.persons, _("person om året"), _("personer om året"))))
    facts.append(Fact(_("Fase"), str(Maturity(practice.maturity).label)))
    groups = [str(TargetGroup(one).label) for one in practice.target_groups]
    if groups:
        facts.append(Fact(_("Målgruppe"), formatting.joined(groups)))
    if practice.legal_basis:
        facts.append(Fact(_("Lovgrundlag"), practice.legal_basis))
    if practice.confirmed_on:
        facts.append(Fact(_("Bekræftet"), formatting.date(practice.confirmed_on)))
    return tuple(facts)


def _month(day: dt.date) -> str:
    return formatting.date(day).split(" ", 1)[1]  # the day of the month says nothing of when something began


def _elements(practice: Practice) -> tuple[dict[str, Any], ...]:
    links = {one.kind: one.url for one in practice.elements.all()}
    return tuple(dict(name=str(kind.label), url=links.get(kind, "")) for kind in ElementKind)


def _evidence(one: Evidence) -> dict[str, Any]:
    """A study in words: source, what was looked at, how, what was found, with which reservation."""
    facts = (
        str(one.year or _("uden år")),
        str(EvidenceScope(one.scope).label),
        str(Design(one.design).label),
        str(FindingKind(one.finding).label),
    )
    return dict(
        source=one.source,
        url=one.url,
        facts=" · ".join(facts),
        outcome=written(one, "outcome"),
        note=written(one, "note"),
    )


def _aims(shown: ShownEdition, practice: Practice, links: Links) -> tuple[dict[str, Any], ...]:
    rows = rows_of(practice)
    if not rows:
        return ()
    indicators = {row.aim.indicator_id for row in rows}
    figures = Figures.up_to(shown.edition, indicators)
    medians = dict(
        Spread.objects.filter(edition=shown.edition, indicator__in=indicators).values_list("indicator_id", "median")
    )
    asked = len([row for row in rows if row.p is not None])
    return tuple(_aim(figures, row, links, asked, several=len(rows) > len(indicators)) for row in rows if medians)


def _aim(figures: Figures, row: MeasuredHere, links: Links, asked: int, *, several: bool) -> dict[str, Any]:
    """An aim in one municipality: the verdict in words, the chart, the table, the file and the command."""
    indicator = row.aim.indicator
    registered = _("registreret %(day)s, ventes fra udgave %(year)d") % {
        "day": formatting.date(row.aim.registered_on),
        "year": row.aim.from_edition,
    }
    return dict(
        indicator=localised(indicator, "name"),
        indicator_url=links.indicator(indicator.code),
        where=row.municipality.name if several else "",
        aim=f"{AimDirection(row.aim.direction).label}; {registered}",
        said=said(row, indicator, asked),
        residual=residual(row, indicator) if row.p is not None else "",
        fan=fan(figures, row, indicator),
        table=_table(figures, row, indicator) if row.municipality_id in figures.line_of else None,
        file=links.of("practice-figures", slug=row.aim.practice.slug, code=indicator.code),
    )


def _table(figures: Figures, row: MeasuredHere, indicator: Indicator) -> Table:
    """The place's figures in every edition with new ones, and the middle of all municipalities."""
    years = [year for year in figures.years if figures.is_fresh(indicator.pk, year)]
    heads = [str(year) for year in years]
    line = figures.line_of[row.municipality_id]
    own, middle = [], []
    for year in years:
        values = figures.values[indicator.pk, year]
        own.append(_cell(indicator, float(values[line])))
        middle.append(_cell(indicator, float(np.nanmedian(values)) if not np.isnan(values).all() else float("nan")))
    rows = (
        Row(row.municipality.name, css="chosen", cells=tuple(_labelled(own, heads))),
        Row(_("midten af alle kommuner"), cells=tuple(_labelled(middle, heads))),
    )
    name = f"{localised(indicator, 'name')}, {formatting.unit_name(phrases.unit(indicator))}"
    columns = (Column(_("Udgave")), *(Column(head, css="number") for head in heads))
    return Table(name, columns, rows, css="plain")


def _cell(indicator: Indicator, value: float) -> str:
    return "" if value != value else formatting.number(value, indicator.decimals)  # noqa: PLR0124  NaN


def _labelled(texts: Sequence[str], heads: Sequence[str]) -> Iterable[Cell]:
    for text, head in zip(texts, heads, strict=True):
        yield Cell(text, head, css="number", missing="" if text else _("mangler"))


def _asked(shown: ShownEdition, practice: Practice) -> Exchanged | None:
    moment = shown.edition.published_at
    return exchanged(moment, Enquiry.objects.filter(practice=practice)) if moment else None


def exchanged_in_words(found: Exchanged | None) -> tuple[str, ...]:
    """How many asked, how many got an answer, and what came of it; empty where nobody has asked."""
    if found is None or not found.sent:
        return ()
    first = _("%(sent)s har spurgt, %(answered)s har fået svar.")
    said = [first % {"sent": formatting.number(found.sent), "answered": formatting.number(found.answered)}]
    results = [
        f"{formatting.number(found.results[str(one)])} {one.label}" for one in FollowUpResult if found.results[str(one)]
    ]
    if results:
        said.append(_("Et år efter: %(results)s.") % {"results": formatting.joined(results)})
    return tuple(said)


def _elsewhere(knowledge: Knowledge) -> tuple[dict[str, Any], ...]:
    names, none = NAMES[knowledge], _("har intet ord for det")
    danish = _("effekt %(letter)s") % {"letter": names.vidensportalen} if names.vidensportalen else none
    english = [names.what_works, names.foundations]
    (first, site), *others = SOURCES
    return (
        dict(name=first, text=danish, site=site),
        *(
            dict(name=name, text=text or none, site=where, lang="en" if text else "")
            for (name, where), text in zip(others, english, strict=True)
        ),
    )


def _notice(shown: ShownEdition, practice: Practice) -> str:
    if practice.state == PracticeState.UNCONFIRMED:
        return _("Ubekræftet: ingen har i 24 måneder bekræftet, at det stadig bruges.")
    then = shown.edition.published_at
    if practice.published_at and then and practice.published_at > then and not rows_of(practice):
        return _("Offentliggjort efter denne udgave. Der er intet målt i den.")
    return ""
