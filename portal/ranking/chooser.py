"""The subjects a ranking can be of, at the head of every ranking."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.components.links import Link, Tab
from portal.published.catalogue import IndicatorEntry, catalogue, themes_of
from portal.published.edition import ShownEdition
from portal.published.subjects import OVERALL, Subject, localised


@dataclass(frozen=True, slots=True)
class Group:
    """Links under one heading."""

    name: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Chooser:
    """What is chosen, the whole and its areas, the themes by area, and the indicators next to what is chosen.

    ``further`` is the way to all indicators, where none is near.
    """

    current: str
    areas: tuple[Tab, ...]
    themes: tuple[Group, ...]
    indicators: tuple[Group, ...]
    further: Link
    theme: str = ""
    indicator: str = ""


def chooser_of(shown: ShownEdition, subject: Subject, links: Links) -> Chooser:
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
    return Chooser(
        current=subject.name,
        areas=tuple(tabs),
        themes=tuple(
            Group(
                localised(one, "name"),
                tuple(
                    Link(localised(theme, "name"), links.to("ranking-theme", "code", theme.code))
                    for theme in themes
                    if theme.area == one
                ),
            )
            for one in areas
        ),
        indicators=tuple(
            Group(
                localised(theme, "name"),
                tuple(Link(localised(one, "name"), links.to("ranking-indicator", "code", one.code)) for one in members),
            )
            for theme, members in themes_of(near).items()
        ),
        further=Link(_("Alle indikatorer"), links.to("indicators")),
        theme=_theme_of(subject),
        indicator=subject.name if subject.indicator else "",
    )


def _is_near(one: IndicatorEntry, subject: Subject) -> bool:
    if subject.indicator:
        return one.theme.pk == subject.indicator.theme_id
    if subject.theme:
        return one.theme.pk == subject.theme.pk
    return subject.area is not None and one.theme.area.pk == subject.area.pk


def _theme_of(subject: Subject) -> str:
    theme = subject.indicator.theme if subject.indicator else subject.theme
    return localised(theme, "name") if theme else ""
