"""The files of a whole edition, as publication has written them: streamed, with their checksums."""

from functools import lru_cache
from pathlib import Path

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from portal.addresses import KINDS
from portal.downloads.files import as_download
from portal.published import Edition
from portal.serving.cache import FOR_EVER, FRESH
from portal.serving.page_store import taken
from rankings.bundle.formats import file_stem
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
