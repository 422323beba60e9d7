"""What one can ask of a ranking: its subjects, the filters, and the links to the same question put otherwise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.links import Link, Tab
from portal.published import Level
from portal.published.edition import ShownEdition
from portal.published.municipalities import NAMES, choices_of, knows_populations, left_by
from portal.published.ranking import STEPS, VIEWS, Answer
from portal.published.subjects import OVERALL, IndicatorEntry, Subject, catalogue, localised, themes_of
from portal.ranking.table import sort_link

MOST_NAMES = 500  # more municipalities than this are found by searching, not by ticking them off


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in a filter."""

    value: str
    text: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of templates/components/filters.html: "select", "number", "checks" (any number of them) or "hidden"."""

    name: str
    label: str
    kind: str
    value: str = ""
    options: tuple[Option, ...] = ()


def filter_fields(answer: Answer, query: QueryDict) -> tuple[Field, ...]:
    """The fields of the filters; what else stands in the address goes along hidden."""
    choices = choices_of(answer.everyone)
    labels = {"region": _("Region"), "landsdel": _("Landsdel"), "gruppe": _("Kommunegruppe")}
    fields, left = [], left_by(query, answer.everyone)
    for name, label in labels.items():
        chosen = text_of(query, name)
        options = [Option("", _("Alle"), selected=not chosen)]
        options += [Option(value, f"{text} ({left[name][value]})", value == chosen) for value, text in choices[name]]
        fields.append(Field(name, label, "select", chosen, tuple(options)))
    if knows_populations(answer.everyone):
        fields.append(Field("indbyggere_fra", _("Indbyggere fra"), "number", text_of(query, "indbyggere_fra")))
        fields.append(Field("indbyggere_til", _("til"), "number", text_of(query, "indbyggere_til")))
    picked = set(query.getlist("kommune"))
    if len(answer.everyone) > MOST_NAMES:
        return (*fields, *(Field("kommune", "", "hidden", slug) for slug in sorted(picked)), *_hidden(query))
    names = tuple(Option(slug, name, slug in picked) for slug, name in choices["kommune"])
    fields.append(Field("kommune", _picked_label(len(picked)), "checks", options=names))
    return (*fields, *_hidden(query))


def _picked_label(count: int) -> str:
    return _("Vælg kommuner (%(count)s valgt)") % {"count": count} if count else _("Vælg kommuner")


def _hidden(query: QueryDict) -> Iterator[Field]:
    for name in ("sorter", "retning", "vis", "kolonner", "aendring"):
        if value := text_of(query, name):
            yield Field(name, "", "hidden", value)


def text_of(query: QueryDict, name: str) -> str:
    """What an address says under a name; "" where it says nothing."""
    return str(query.get(name) or "")


def view_of(query: QueryDict) -> str:
    """Which form of the rows is asked for; the table unless told otherwise."""
    wanted = text_of(query, "vis")
    return wanted if wanted in VIEWS else VIEWS[0]


def view_tabs(query: QueryDict) -> tuple[Tab, ...]:
    """The same rows as list, map or distribution: all three beside each other where there is room, else one of them."""
    names = (_("Liste"), _("Kort"), _("Fordeling"))
    current = view_of(query)
    return tuple(
        Tab(name, sort_link(query, vis="" if key == VIEWS[0] else key), key == current)
        for key, name in zip(VIEWS, names, strict=True)
    )


def column_tabs(answer: Answer, query: QueryDict) -> tuple[Tab, ...]:
    """How far down the columns go; empty where there is only one way."""
    names = {Level.OVERALL: (_("Områder"), _("Temaer")), Level.AREA: (_("Temaer"), _("Indikatorer"))}
    if answer.subject.level not in names:
        return ()
    near, far = names[answer.subject.level]
    return (
        Tab(near, sort_link(query, kolonner=""), not answer.step),
        Tab(far, sort_link(query, kolonner=STEPS[answer.subject.level]), bool(answer.step)),
    )


def change_link(answer: Answer, query: QueryDict) -> Link | None:
    """Shows or hides how the places changed; None where there is no edition before."""
    previous = answer.shown.previous
    if previous is None:
        return None
    if not answer.with_change:
        name = _("Vis ændringer siden %(year)s") % {"year": previous.year}
        return Link(name, sort_link(query, aendring="vis"))
    sort = "" if answer.sort == "aendring" else text_of(query, "sorter")
    return Link(_("Skjul ændringen"), sort_link(query, aendring="", sorter=sort, retning=text_of(query, "retning")))


def edition_tabs(answer: Answer, query: QueryDict) -> tuple[Tab, ...]:
    """The very same question put to every published edition."""
    shown = answer.shown
    state = f"?{query.urlencode()}" if query else ""
    return tuple(
        Tab(
            str(edition.year),
            answer.subject.ranking(Links("" if edition == shown.newest else str(edition.year))) + state,
            edition == shown.edition,
        )
        for edition in shown.published
    )


def compare_link(answer: Answer, links: Links) -> Link | None:
    """Sets the shown municipalities side by side, where they are two to five."""
    if not 2 <= len(answer.lines) <= 5:
        return None
    query = "&".join(f"kommune={line.municipality.slug}" for line in answer.lines)
    return Link(_("Sammenlign dem side om side"), f"{links.to('comparison')}?{query}")


def is_narrowed(query: QueryDict) -> bool:
    """Whether the address asks for some municipalities only."""
    return any(query.get(name) for name in NAMES)


def chooser_of(shown: ShownEdition, subject: Subject, links: Links) -> dict[str, Any]:
    """Every area and theme, and the indicators of the area or theme that is looked at; in one query a release."""
    entries = catalogue(shown.edition)
    themes = themes_of(entries)
    areas = tuple(dict.fromkeys(theme.area for theme in themes))
    area = subject.area_of
    tabs = [Tab(_("Samlet"), links.ranking(), subject == OVERALL)]
    tabs += [
        Tab(
            localised(one, "name"),
            links.to("ranking-area", "code", one.slug),
            bool(area and area.pk == one.pk),
            one.code,
        )
        for one in areas
    ]
    near = [one for one in entries if _is_near(one, subject)]
    return dict(
        current=subject.name,
        areas=tuple(tabs),
        themes=tuple(
            _group(
                localised(one, "name"),
                (
                    Link(localised(theme, "name"), links.to("ranking-theme", "code", theme.code))
                    for theme in themes
                    if theme.area == one
                ),
            )
            for one in areas
        ),
        indicators=tuple(
            _group(
                localised(theme, "name"),
                (Link(localised(one, "name"), links.to("ranking-indicator", "code", one.code)) for one in members),
            )
            for theme, members in themes_of(near).items()
        ),
        further=Link(_("Alle indikatorer"), links.to("indicators")),
        theme=_theme_of(subject),
        indicator=subject.name if subject.indicator else "",
    )


def _group(name: str, links: Iterable[Link]) -> dict[str, Any]:
    """Links under one heading."""
    return dict(name=name, links=tuple(links))


def _is_near(one: IndicatorEntry, subject: Subject) -> bool:
    if subject.indicator:
        return one.theme.pk == subject.indicator.theme_id
    if subject.theme:
        return one.theme.pk == subject.theme.pk
    return subject.area is not None and one.theme.area.pk == subject.area.pk


def _theme_of(subject: Subject) -> str:
    theme = subject.indicator.theme if subject.indicator else subject.theme
    return localised(theme, "name") if theme else ""
