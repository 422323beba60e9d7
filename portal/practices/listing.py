"""The list of practices, filtered by theme, target group, what is known and what was found; and its feed."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Theme
from portal.addresses import Links, TextFeed
from portal.components.links import Link, citation, page_files, pinned
from portal.language import formatting
from portal.practices.shown import listed, rows_of, shown_practices, written
from portal.published.edition import ShownEdition
from portal.published.subjects import localised
from rankings.practices.models import FindingKind, Knowledge, Practice, PracticeState, TargetGroup

PARAMETERS = ("tema", "maalgruppe", "viden", "fund")


def practices_page(shown: ShownEdition, query: QueryDict) -> dict[str, Any]:
    """Gather the list. Raises Http404 for a choice that there is not."""
    links = Links(shown.prefix)
    chosen = chosen_of(query)
    everything = shown_practices(shown)
    found = filtered([one for one in everything if one.state != PracticeState.WITHDRAWN], chosen)
    gone = [one for one in everything if one.state == PracticeState.WITHDRAWN]
    state = f"?{query.urlencode()}" if query else ""
    return dict(
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


def _choices(practices: Sequence[Practice], chosen: dict[str, str]) -> tuple[dict[str, Any], ...]:
    themes = {a.indicator.theme.pk: a.indicator.theme for one in practices for a in one.aims.all() if a.indicator.theme}
    in_order = sorted(themes.values(), key=lambda theme: theme.position)
    options = {
        "tema": (_("Tema"), [(theme.code, localised(theme, "name")) for theme in in_order]),
        "maalgruppe": (_("Målgruppe"), [(str(one), str(one.label)) for one in TargetGroup]),
        "viden": (_("Vidensgrundlag"), [(str(one), str(one.label)) for one in Knowledge]),
        "fund": (_("Fund i undersøgelser"), [(str(one), str(one.label)) for one in FindingKind]),
    }
    return tuple(
        dict(name=name, label=label, options=tuple((value, text, value == chosen[name]) for value, text in texts))
        for name, (label, texts) in options.items()
    )


MOST = 50


def practices_feed(address: str) -> str:
    """The news of practices as Atom."""
    links = Links()
    feed = TextFeed(
        title=f"Socialt Indeks: {_('God praksis')}",
        link=settings.SITE_ADDRESS + links.to("practices"),
        description="",
        language=get_language(),
        feed_url=settings.SITE_ADDRESS + address,
    )
    for when, practice in sorted(_news(), key=lambda one: (one[0], one[1].pk), reverse=True)[:MOST]:
        path = settings.SITE_ADDRESS + links.to("practice", "slug", practice.slug)
        gone = practice.state == PracticeState.WITHDRAWN and when == practice.withdrawn_at
        title = written(practice, "title").text
        feed.add_item(
            title=_("Trukket tilbage: %(title)s") % {"title": title} if gone else title,
            link=path,
            unique_id=f"{path}#{when.date().isoformat()}",
            description=_why(practice) if gone else _said(practice),
            pubdate=when,
            updateddate=when,
        )
    return feed.writeString("utf-8")


def _why(practice: Practice) -> str:
    """The owner's reason, which is Danish."""
    return practice.withdrawn_reason if get_language() != "en" else _("Begrundelsen står på siden.")


def _said(practice: Practice) -> str:
    known = _("Vidensgrundlag: %(knowledge)s.") % {"knowledge": Knowledge(practice.knowledge).label}
    return f"{written(practice, 'summary').text} {known}"


def _news() -> list[tuple[dt.datetime, Practice]]:
    practices = list(Practice.objects.public())
    published = [(one.published_at, one) for one in practices if one.published_at]
    return published + [(one.withdrawn_at, one) for one in practices if one.withdrawn_at]
