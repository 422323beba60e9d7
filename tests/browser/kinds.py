"""Every kind of page, by the name of its address: what is tested in a real browser, page by page."""

from tests import addresses
from tests.addresses import Address

NO_PAGE = (
    "csv", "geojson", "file", "pdf", "text", "txt", "bib", "ris", "json", "feed", "picture", "development",
    "suggestions",
)  # fmt: skip
FILES = {
    "strips",
    "robots",
    "sitemap",
    "llms",
    "manifest",
    "oembed",
    "embed-parent",
    "practice-figures",
    "trace-answer",
}


def pages(*languages: str) -> list[Address]:
    """One address of every kind of page in the newest edition."""
    return [
        one
        for one in addresses.every()
        if not one.edition
        and one.language in languages
        and one.name not in FILES
        and not any(part in NO_PAGE for part in one.name.split("-"))
    ]
