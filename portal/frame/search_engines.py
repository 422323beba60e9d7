"""What search engines are told: every page's address in both languages, and structured facts about it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.links import Link
from portal.published.edition import ShownEdition, reservation
from portal.published.municipalities import municipalities
from portal.published.subjects import all_areas, all_indicators, all_themes

_NEVER_IN_A_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
TEXT_PAGES = (
    "method", "editions", "original", "corrections", "about", "downloads", "press", "follow", "api-docs", "terms",
    "privacy", "accessibility", "text-use", "text-questions", "text-words", "text-help", "calendar", "cited",
    "audit", "need",
)  # fmt: skip
LIST_PAGES = (
    "home", "municipalities", "ranking", "indicators", "own-index", "comparison", "scatter", "reading", "coverage",
)  # fmt: skip


def sitemap_entries(shown: ShownEdition) -> list[dict[str, Any]]:
    """Every page under a short address, in four queries."""
    pages = [*((name, "", "") for name in (*LIST_PAGES, *TEXT_PAGES)), *_catalogue_pages()]
    by_language = {}
    for language in ("da", "en"):
        with override(language):
            links = Links()
            by_language[language] = [settings.SITE_ADDRESS + links.to(*page) for page in pages]
    return [
        dict(da=da, en=en, changed=shown.newest.published_on)
        for da, en in zip(by_language["da"], by_language["en"], strict=True)
    ]


def _catalogue_pages() -> Iterator[tuple[str, str, str]]:
    yield from (("area", "slug", slug) for slug in all_areas().values_list("slug", flat=True))
    yield from (("theme", "code", code) for code in all_themes().values_list("code", flat=True))
    for slug in municipalities().values_list("slug", flat=True):
        yield "municipality", "slug", slug
    for code in all_indicators().values_list("code", flat=True):
        yield "indicator", "code", code


def json_ld(*facts: dict[str, Any]) -> SafeString:
    """Facts as JSON-LD that can stand inside a script element."""
    graph = {"@context": "https://schema.org", "@graph": list(facts)}
    return SafeString(json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_NEVER_IN_A_SCRIPT))


def breadcrumbs(trail: Sequence[Link], here: str) -> dict[str, Any]:
    """A breadcrumb list; the last step is ``here``, the page's own path."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "name": step.name,
                "item": settings.SITE_ADDRESS + (step.url or here),
            }
            for number, step in enumerate(trail, start=1)
        ],
    }


def dataset(shown: ShownEdition) -> dict[str, Any]:
    """An edition as a schema.org Dataset; demo figures say so in name and description."""
    edition = shown.edition
    links = Links(f"@{edition.release}")
    demo = f"{said} " if (said := reservation(edition)) else ""
    return {
        "@type": "Dataset",
        "name": f"{demo}Socialt Indeks {edition.release}",
        "description": demo
        + _("Kommunernes placering på det sociale område: score, placering og usikkerhed for hver kommune."),
        "url": settings.SITE_ADDRESS + links.home(),
        "version": edition.release,
        "inLanguage": [get_language() or "da"],
        "isAccessibleForFree": True,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "temporalCoverage": str(edition.year),
        "spatialCoverage": {"@type": "Country", "name": _("Danmark")},
        "datePublished": edition.published_on,
        "creator": {"@type": "Organization", "name": "Socialt Indeks", "url": settings.SITE_ADDRESS},
        "distribution": [_download(links.to("ranking-csv"), "text/csv")],
    }


def _download(path: str, kind: str, size: int | None = None, sha256: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "DataDownload", "encodingFormat": kind,
                             "contentUrl": settings.SITE_ADDRESS + path}  # fmt: skip
    return found | ({"contentSize": f"{size} B", "sha256": sha256} if size else {})


def municipality_dataset(shown: ShownEdition, name: str, slug: str) -> dict[str, Any]:
    """A municipality's figures in an edition as a schema.org Dataset, part of the edition's."""
    whole, links = dataset(shown), Links(f"@{shown.edition.release}")
    demo = f"{said} " if (said := reservation(shown.edition)) else ""
    return whole | {
        "name": f"{demo}{name}: Socialt Indeks {shown.edition.release}",
        "url": settings.SITE_ADDRESS + links.municipality(slug),
        "spatialCoverage": {"@type": "AdministrativeArea", "name": name, "containedInPlace": whole["spatialCoverage"]},
        "isPartOf": {"@type": "Dataset", "name": whole["name"], "url": whole["url"],
                     "description": whole["description"], "license": whole["license"]},
        "distribution": [_download(links.to("municipality-csv", "slug", slug), "text/csv")],
    }  # fmt: skip


def whole_dataset(shown: ShownEdition, files: Sequence[tuple[str, str, int | None, str]]) -> dict[str, Any]:
    """An edition with its whole files: each path, media type, size in bytes (None: not written yet) and SHA-256."""
    return dataset(shown) | {"distribution": [_download(*file) for file in files]}
