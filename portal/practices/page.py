"""The list of practices and the page of one: two axes, what is known and what was measured here, never merged."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Prefetch
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Indicator, Theme
from portal.addresses.links import Links
from portal.components.links import Fact, Link, citation, pinned
from portal.components.tables import Cell, Column, Row, Table
from portal.downloads.page import page_files
from portal.language import formatting, phrases
from portal.practices.fan import Fan, fan
from portal.practices.verdicts import Said, residual, said
from portal.published.edition import ShownEdition
from portal.published.subjects import localised
from portal.serving.release import shared_in_release
from rankings.models import Spread
from rankings.practices.elsewhere import NAMES, SOURCES
from rankings.practices.exchanged import Exchanged, exchanged
from rankings.practices.figures import Figures
from rankings.practices.models import (
    Aim,
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

PARAMETERS = ("tema", "maalgruppe", "viden", "fund")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a practice; ``lang`` is "da" where an English page has to show the Danish one."""

    text: str
    lang: str = ""


def written(row: object, field: str) -> Text:
    """A text in the language of the page, else the Danish one, which then says so."""
    english = getattr(row, f"{field}_en", "") if get_language() == "en" else ""
    if english:
        return Text(english)
    return Text(getattr(row, field), "da" if get_language() == "en" else "")


@dataclass(frozen=True, slots=True)
class Listed:
    """A practice in a list: both axes, side by side."""

    title: Text
    summary: Text
    url: str
    where: str
    knowledge: str
    measured: tuple[str, ...]
    state: str


def listed(practice: Practice, rows: Iterable[MeasuredHere], links: Links) -> Listed:
    """A line of a list. ``rows``: what was measured of it in the edition shown."""
    return Listed(
        title=written(practice, "title"),
        summary=written(practice, "summary"),
        url=links.to("practice", "slug", practice.slug),
        where=formatting.joined([one.name for one in practice.municipalities.all()]),
        knowledge=str(Knowledge(practice.knowledge).label),
        measured=tuple(_in_short(row) for row in rows),
        state="" if practice.state == PracticeState.PUBLISHED else str(PracticeState(practice.state).label),
    )


def _in_short(row: MeasuredHere) -> str:
    indicator = row.aim.indicator
    short = localised(indicator, "short") or localised(indicator, "name")
    words = said(row, indicator, 1)
    return f"{short}: {words.verdict}" + (f" ({_('foreløbig')})" if words.preliminary else "")


def shown_practices(shown: ShownEdition) -> list[Practice]:
    """The public ones that an edition's page knows: a pinned one never shows what came later. Held with the release."""
    return _shown(shown.edition.pk, shown.edition.published_at if shown.is_pinned else None)


@shared_in_release
def _shown(edition: int, moment: dt.datetime | None) -> list[Practice]:
    measured = MeasuredHere.objects.filter(edition=edition).select_related("aim__indicator__theme", "municipality")
    return list(
        Practice.objects.public()
        .in_the_open_by(moment)
        .by_knowledge()
        .select_related("organisation")
        .prefetch_related(
            "municipalities",
            Prefetch("aims", Aim.objects.in_order().select_related("indicator__theme")),
            Prefetch("aims__measured", measured.order_by("municipality__sort_key"), to_attr="shown"),
            "evidence",
        )
    )


def rows_of(practice: Practice) -> list[MeasuredHere]:
    """What was measured of a practice from ``shown_practices``, aim by aim."""
    return [row for aim in practice.aims.all() for row in aim.shown]  # type: ignore[attr-defined]  # by Prefetch


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the filter form: its name, label, and options with the chosen one marked."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class PracticesPage:
    """The list."""

    rows: tuple[Listed, ...]
    choices: tuple[Choice, ...]
    count: str
    filtered: bool
    withdrawn: tuple[Link, ...]
    exchange_url: str
    clear_url: str
    downloads: tuple[Link, ...]
    citation: str
    permalink: str


def practices_page(shown: ShownEdition, query: QueryDict) -> PracticesPage:
    """Gather the list. Raises Http404 for a choice that there is not."""
    links = Links(shown.prefix)
    chosen = chosen_of(query)
    everything = shown_practices(shown)
    found = filtered([one for one in everything if one.state != PracticeState.WITHDRAWN], chosen)
    gone = [one for one in everything if one.state == PracticeState.WITHDRAWN]
    state = f"?{query.urlencode()}" if query else ""
    return PracticesPage(
        rows=tuple(listed(one, rows_of(one), links) for one in found),
        choices=_choices(everything, chosen),
        count=formatting.count(len(found), _("praksis"), _("praksisser")),
        filtered=any(chosen.values()),
        withdrawn=tuple(Link(written(one, "title").text, links.to("practice", "slug", one.slug)) for one in gone),
        exchange_url=links.to("practice-exchange"),
        clear_url=links.to("practices"),
        downloads=tuple(Link(one.name, f"{one.url}{state}") for one in page_files(links.to("practices-csv"), shown)),
        citation=citation(shown, _("God praksis")),
        permalink=pinned(Links(f"@{shown.edition.release}").to("practices"), query),
    )


def chosen_of(query: QueryDict) -> dict[str, str]:
    """What the address chooses, by parameter. Raises Http404 for a value that nothing has."""
    known = {
        "tema": set(Theme.objects.values_list("code", flat=True)),
        "maalgruppe": set(TargetGroup.values),
        "viden": set(Knowledge.values),
        "fund": set(FindingKind.values),
    }
    chosen = {name: query.get(name, "") for name in PARAMETERS}
    for name, value in chosen.items():
        if value and value not in known[name]:
            msg = _("%(name)s=%(value)s findes ikke.")
            raise Http404(msg % {"name": name, "value": value[:50]})
    return chosen


def filtered(practices: Sequence[Practice], chosen: dict[str, str]) -> list[Practice]:
    """Those that all choices hold for."""
    tests = {
        "tema": lambda one, value: any(a.indicator.theme and a.indicator.theme.code == value for a in one.aims.all()),
        "maalgruppe": lambda one, value: value in one.target_groups,
        "viden": lambda one, value: one.knowledge == value,
        "fund": lambda one, value: any(evidence.finding == value for evidence in one.evidence.all()),
    }
    return [one for one in practices if all(tests[name](one, value) for name, value in chosen.items() if value)]


def _choices(practices: Sequence[Practice], chosen: dict[str, str]) -> tuple[Choice, ...]:
    themes = {a.indicator.theme.pk: a.indicator.theme for one in practices for a in one.aims.all() if a.indicator.theme}
    in_order = sorted(themes.values(), key=lambda theme: theme.position)
    options = {
        "tema": (_("Tema"), [(theme.code, localised(theme, "name")) for theme in in_order]),
        "maalgruppe": (_("Målgruppe"), [(str(one), str(one.label)) for one in TargetGroup]),
        "viden": (_("Vidensgrundlag"), [(str(one), str(one.label)) for one in Knowledge]),
        "fund": (_("Fund i undersøgelser"), [(str(one), str(one.label)) for one in FindingKind]),
    }
    return tuple(
        Choice(name, label, tuple((value, text, value == chosen[name]) for value, text in texts))
        for name, (label, texts) in options.items()
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder; ``current`` where this practice stands."""

    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class ShownElement:
    """One of the eleven elements; without a url it is not there."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """A study in words: source, what was looked at, how, what was found, with which reservation."""

    source: str
    url: str
    facts: str
    outcome: Text
    note: Text


@dataclass(frozen=True, slots=True)
class ShownAim:
    """An aim in one municipality: the verdict in words, the chart, the table, the file and the command."""

    indicator: str
    indicator_url: str
    where: str
    aim: str
    said: Said
    residual: str
    fan: Fan | None
    table: Table | None
    file: str


@dataclass(frozen=True, slots=True)
class PracticePage:
    """Everything the page shows, as text."""

    title: Text
    summary: Text
    trail: tuple[Link, ...]
    facts: tuple[Fact, ...]
    municipalities: tuple[Link, ...]
    ladder: tuple[Step, ...]
    off_the_ladder: tuple[Step, ...]
    reasons: tuple[Text, ...]
    assessed: str
    elements: tuple[ShownElement, ...]
    element_count: int
    evidence: tuple[ShownEvidence, ...]
    aims: tuple[ShownAim, ...]
    done: Text
    took: Text
    failed: Text
    sources: tuple[str, ...]
    contact: str
    contact_url: str
    confirmed: str
    owner: str
    exchanged: tuple[str, ...]
    counted: str
    elsewhere: tuple[Fact, ...]
    notice: str
    withdrawn: str
    ask_url: str
    method_url: str
    embed: str
    citation: str
    permalink: str


def practice_page(shown: ShownEdition, slug: str) -> PracticePage:
    """Gather the page. Raises Http404 for a practice that is not public, or was not yet in a pinned edition."""
    links = Links(shown.prefix)
    practice = next((one for one in shown_practices(shown) if one.slug == slug), None)
    if practice is None:
        raise Http404(_("Der er ingen praksis på denne adresse."))
    assessments = list(practice.assessments.order_by("at"))
    contact = practice.contact
    pin = Links(f"@{shown.edition.release}").to("practice", "slug", slug)
    return PracticePage(
        title=written(practice, "title"),
        summary=written(practice, "summary"),
        trail=(
            Link(_("Praksis"), links.to("practices")),
            *_themes(practice, links),
            Link(written(practice, "title").text),
        ),
        facts=_facts(practice),
        municipalities=tuple(Link(one.name, links.municipality(one.slug)) for one in practice.municipalities.all()),
        ladder=tuple(Step(str(one.label), one == practice.knowledge) for one in LADDER),
        off_the_ladder=tuple(Step(str(one.label), one == practice.knowledge) for one in OFF_THE_LADDER),
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
        ask_url=reverse("work-ask", kwargs={"slug": practice.slug}),
        method_url=links.to("practices-method"),
        embed=links.to("embed-practice", "slug", slug),
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


def _elements(practice: Practice) -> tuple[ShownElement, ...]:
    links = {one.kind: one.url for one in practice.elements.all()}
    return tuple(ShownElement(str(kind.label), links.get(kind, "")) for kind in ElementKind)


def _evidence(one: Evidence) -> ShownEvidence:
    facts = (
        str(one.year),
        str(EvidenceScope(one.scope).label),
        str(Design(one.design).label),
        str(FindingKind(one.finding).label),
    )
    return ShownEvidence(one.source, one.url, " · ".join(facts), written(one, "outcome"), written(one, "note"))


def _aims(shown: ShownEdition, practice: Practice, links: Links) -> tuple[ShownAim, ...]:
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


def _aim(figures: Figures, row: MeasuredHere, links: Links, asked: int, *, several: bool) -> ShownAim:
    indicator = row.aim.indicator
    registered = _("registreret %(day)s, ventes fra udgave %(year)d") % {
        "day": formatting.date(row.aim.registered_on),
        "year": row.aim.from_edition,
    }
    return ShownAim(
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


def _elsewhere(knowledge: Knowledge) -> tuple[Fact, ...]:
    names = NAMES[knowledge]
    texts = (names.vidensportalen and _("effekt %(letter)s") % {"letter": names.vidensportalen}, names.what_works,
             names.foundations)  # fmt: skip
    none = _("har intet ord for det")
    return tuple(Fact(name, text or none, site) for (name, site), text in zip(SOURCES, texts, strict=True))


def _notice(shown: ShownEdition, practice: Practice) -> str:
    if practice.state == PracticeState.UNCONFIRMED:
        return _("Ubekræftet: ingen har i 24 måneder bekræftet, at det stadig bruges.")
    then = shown.edition.published_at
    if practice.published_at and then and practice.published_at > then and not rows_of(practice):
        return _("Offentliggjort efter denne udgave. Der er intet målt i den.")
    return ""
