"""A named way on, and how a page is quoted so that the quotation stays true."""

from dataclasses import dataclass

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.language import formatting
from portal.published.edition import ShownEdition, reservation


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads; without a url it is this very page."""

    name: str
    url: str = ""


def citation(shown: ShownEdition, title: str) -> str:
    """How to quote a page: title, edition, date; demo figures say so."""
    text = _("Socialt Indeks, udgave %(release)s (%(day)s): %(title)s.") % {
        "release": shown.edition.release,
        "day": formatting.day(shown.edition.published_at),
        "title": title,
    }
    if title.endswith("?"):
        text = text.removesuffix(".")
    return f"{text} {reservation(shown.edition)}".strip()


def image_links(links: Links, name: str, query: QueryDict | None = None, **arguments: str) -> tuple[Link, ...]:
    """A drawing as pictures to take along, made on the server with title, source and edition inside."""
    state = f"?{query.urlencode()}" if query else ""
    said = (("png", _("Hent billede (PNG)")), ("svg", _("Hent billede (SVG)")))
    return tuple(Link(text, f"{links.of(name, ending=ending, **arguments)}{state}") for ending, text in said)


def pinned(path: str, query: QueryDict | None = None) -> str:
    """The full address that shows the same for ever."""
    state = f"?{query.urlencode()}" if query else ""
    return f"{settings.SITE_ADDRESS}{path}{state}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A pair of a name and a number or text."""

    name: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the maps to choose between."""

    name: str
    url: str
    current: bool
    area: str = ""
