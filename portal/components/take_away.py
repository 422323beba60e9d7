"""The buttons of a page's files: what is seen in each kind with its number of rows, and the way to everything."""

import datetime as dt
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.addresses import Links, with_ending
from portal.components.links import Link
from portal.language import formatting
from portal.published import Edition
from portal.published.edition import ShownEdition
from portal.published.rows import count_of
from portal.published.subjects import OVERALL, Subject

NAMES = {
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
    seen = (Link(str(NAMES[ending]), with_ending(csv_address, ending)) for ending in ("csv", "xlsx", "json"))
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
