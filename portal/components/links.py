"""Named ways on: links, the files of a page with their number of rows, and how a page is quoted."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.addresses import Links, with_ending
from portal.language import formatting
from portal.published import Edition
from portal.published.edition import ShownEdition, reservation
from portal.published.rows import count_of
from portal.published.subjects import OVERALL, Subject


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


FILE_NAMES = {
    "csv": "CSV",
    "plain.csv": gettext_lazy("CSV (punktum)"),
    "xlsx": "Excel",
    "json": "JSON",
    "parquet": "Parquet",
    "zip": "Zip",
}


def rows_in_words(count: int) -> str:
    """Write how many rows: "1 række", "12.054 rækker"."""
    return formatting.count(count, _("række"), _("rækker"))


def these_rows(count: int) -> str:
    """Write what a page's own buttons give: "disse 98 rækker"."""
    return _("disse %(rows)s") % {"rows": rows_in_words(count)}


def page_files(csv_address: str, shown: ShownEdition) -> tuple[Link, ...]:
    """The buttons of a page: what is seen in each kind (the page says how many rows), and everything."""
    seen = (Link(str(FILE_NAMES[ending]), with_ending(csv_address, ending)) for ending in ("csv", "xlsx", "json"))
    everything = _("Hele udgaven: %(rows)s") % {"rows": rows_in_words(placements_of(shown.edition))}
    return (*seen, Link(everything, f"{Links(shown.prefix).to('downloads')}#alt"))


def placements_of(edition: Edition) -> int:
    """How many placements an edition has: frozen with it, so that one count a process is enough."""
    return _placements(edition.pk, edition.computed_at)


@lru_cache(maxsize=256)
def _placements(edition: Edition, computed_at: dt.datetime | None) -> int:  # noqa: ARG001  part of the key
    return count_of(edition)


def ranking_csv(subject: Subject, links: Links) -> str:
    """The address of a ranking's CSV."""
    if subject == OVERALL:
        return links.to("ranking-csv")
    return links.to(f"ranking-{subject.level}-csv", "code", subject.code)
