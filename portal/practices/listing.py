"""The list of practices, filtered by theme, target group, what is known and what was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from indicators.models import Theme
from portal.addresses.links import Links
from portal.components.links import Link, citation, pinned
from portal.components.take_away import page_files
from portal.language import formatting
from portal.practices.shown import Listed, listed, rows_of, shown_practices, written
from portal.published.edition import ShownEdition
from portal.published.subjects import localised
from rankings.practices.models import FindingKind, Knowledge, Practice, PracticeState, TargetGroup

PARAMETERS = ("tema", "maalgruppe", "viden", "fund")


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
    tests: dict[str, Callable[[Practice, str], bool]] = {
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
