"""Where every figure can be had: the page that lists them all with their number of rows, and the files of a whole
edition as publication has written them, streamed, with their checksums."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _

from portal.addresses import ENDINGS, KINDS, WHOLE_ENDINGS, Links, with_ending
from portal.components.links import FILE_NAMES, Link, placements_of, ranking_csv, rows_in_words
from portal.downloads.files import as_download
from portal.frame.search_engines import json_ld, whole_dataset
from portal.published import Edition
from portal.published.edition import ShownEdition, public_as_of
from portal.published.municipalities import municipalities
from portal.published.rows import count_by_indicator, overall_placements
from portal.published.subjects import every_subject
from portal.serving.cache import FOR_EVER, FRESH
from portal.serving.page_store import taken
from rankings.bundle.formats import LICENCE_URL, file_stem
from rankings.bundle.writing import checksum, compressed, folder_of, stored


def checksum_of(edition: Edition, ending: str) -> tuple[str, int] | None:
    """SHA-256 and size in bytes of a file of the whole edition; None where it has not been written yet."""
    path = folder_of(edition) / f"{file_stem(edition.release, 'hele-udgaven', is_demo=edition.is_demo)}.{ending}"
    return _measured(path, path.stat().st_mtime_ns) if path.exists() else None


@lru_cache(maxsize=500)
def _measured(path: Path, _written: int) -> tuple[str, int]:
    return checksum(path)


def stored_answer(request: HttpRequest, edition: Edition, ending: str, *, pinned: bool) -> HttpResponseBase:
    """A file of the whole edition, streamed from where publication has written it; 304 for who has it already.

    Publication has compressed it too, once: megabytes of text are a fifth of it on the line.
    """
    path = stored(edition, ending)
    packed = compressed(path)
    is_packed = packed is not None and "gzip" in taken(request.headers.get("Accept-Encoding", ""))
    file = packed if packed and is_packed else path
    modified = int(edition.published_at.timestamp()) if edition.published_at else None
    etag = f'"{edition.release}-{ending}-{path.stat().st_size}{"-gzip" if is_packed else ""}"'
    found = get_conditional_response(request, etag=etag, last_modified=modified)
    response: HttpResponseBase = found or FileResponse(file.open("rb"), content_type=KINDS[ending])
    if is_packed and not found:
        response["Content-Encoding"] = "gzip"
    if modified:
        response["Last-Modified"] = http_date(modified)
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = FOR_EVER if pinned else FRESH
    return as_download(response, path.name)


def downloads_page(shown: ShownEdition) -> dict[str, Any]:
    """List every file of an edition, and the whole of every revision that was ever public."""
    links = Links(shown.prefix)
    edition = shown.edition
    attribution = _("Kilde: Socialt Indeks, udgave %(release)s, %(address)s (CC BY 4.0)") % {
        "release": edition.release,
        "address": settings.SITE_ADDRESS + Links(f"@{edition.release}").home(),
    }
    return dict(
        release=edition.release,
        demo=edition.is_demo,
        whole=_whole(edition, shown.prefix),
        groups=(_rankings(shown, links), _indicators(shown, links), _municipalities(shown, links)),
        editions=tuple(_whole(one, f"@{one.release}") for one in public_as_of(shown)),
        attribution=attribution,
        licence_url=LICENCE_URL,
        facts_for_machines=json_ld(whole_dataset(shown, list(_measured_files(shown.edition)))),
        catalogue=(Link("JSON-LD", "/api/v1/dcat.jsonld"), Link("Turtle", "/api/v1/dcat.ttl")),
    )


def _whole(edition: Edition, prefix: str) -> dict[str, Any]:
    address = Links(prefix).to("edition-csv")
    files = tuple(Link(str(FILE_NAMES[ending]), with_ending(address, ending)) for ending in WHOLE_ENDINGS)
    demo = _("demodata") if edition.is_demo else ""
    name = _("Udgave %(release)s") % {"release": edition.release}
    return dict(name=f"{name} · {demo}" if demo else name, rows=rows_in_words(placements_of(edition)), files=files)


def _measured_files(edition: Edition) -> Iterator[tuple[str, str, int | None, str]]:
    """The pinned whole files with media type, size and SHA-256, for search engines."""
    address = Links(f"@{edition.release}").to("edition-csv")
    for ending in WHOLE_ENDINGS:
        sha256, size = checksum_of(edition, ending) or ("", None)
        yield with_ending(address, ending), KINDS[ending].partition(";")[0], size, sha256


def _listed(name: str, csv_address: str, count: int) -> dict[str, Any]:
    files = tuple(Link(str(FILE_NAMES[ending]), with_ending(csv_address, ending)) for ending in ENDINGS)
    return dict(name=name, rows=rows_in_words(count), files=files)


def _rankings(shown: ShownEdition, links: Links) -> dict[str, Any]:
    count = overall_placements(shown.edition).count()
    subjects = [one for one in every_subject(shown.edition) if one.indicator is None]
    listed = tuple(_listed(one.name, ranking_csv(one, links), count) for one in subjects)
    return dict(
        id="ranglister",
        title=_("Ranglister"),
        says=_("En række for hver kommune, med det, som siden viser."),
        listed=listed,
    )


def _indicators(shown: ShownEdition, links: Links) -> dict[str, Any]:
    counts = count_by_indicator(shown.years)
    listed = tuple(
        _listed(one.name, links.to("indicator-csv", "code", one.code), counts.get(one.indicator.pk, 0))
        for one in every_subject(shown.edition)
        if one.indicator
    )
    says = _("En række for hver kommune i hver udgave til og med denne: værdi, placering, hvorfra.")
    return dict(id="indikatorer", title=_("Indikatorer"), says=says, listed=listed)


def _municipalities(shown: ShownEdition, links: Links) -> dict[str, Any]:
    everyone = list(municipalities())
    count = placements_of(shown.edition) // (overall_placements(shown.edition).count() or 1)
    listed = tuple(_listed(one.name, links.to("municipality-csv", "slug", one.slug), count) for one in everyone)
    says = _("En række for hvert emne: samlet, områder, temaer og indikatorer med værdier.")
    return dict(id="kommuner", title=_("Kommuner"), says=says, listed=listed)
