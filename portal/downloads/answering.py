"""A table as the answer to a request: the right kind, a name that says what it is, open to every origin."""

import io
from collections.abc import Callable
from typing import TypeVar

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from portal.addresses.files import KINDS
from portal.downloads.about import is_english
from rankings.bundle import csv_text, json_text, workbook
from rankings.bundle.table import DataTable
from rankings.bundle.terms import file_stem
from rankings.bundle.writing import stored
from rankings.models import Edition

Answer = TypeVar("Answer", bound=HttpResponseBase)


def heads_of(table: DataTable) -> list[str]:
    """The heads of a sheet for people: Danish words, or in English the names that programs know."""
    return [column.name if is_english() else column.da for column in table.fields]


def file_answer(table: DataTable, ending: str) -> HttpResponse:
    """The table as a file. What a page shows is some hundred rows; a whole edition is ``stored_answer``."""
    response = HttpResponse(_WRITERS[ending](table), content_type=KINDS[ending])
    name = file_stem(table.about.release, table.name, is_demo=table.about.is_demo)
    return _open(response, f"{name}.{ending}")


def stored_answer(edition: Edition, ending: str) -> HttpResponseBase:
    """A file of the whole edition, streamed from where publication has written it."""
    path = stored(edition, ending)
    response = FileResponse(path.open("rb"), content_type=KINDS[ending])
    if edition.published_at:
        response["Last-Modified"] = http_date(edition.published_at.timestamp())
    response["ETag"] = f'"{edition.release}-{ending}-{path.stat().st_size}"'
    return _open(response, path.name)


def _open(response: Answer, name: str) -> Answer:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _danish(table: DataTable) -> bytes:
    return "".join(csv_text.danish(table, heads=heads_of(table))).encode()


def _plain(table: DataTable) -> bytes:
    return "".join(csv_text.plain(table)).encode()


def _json(table: DataTable) -> bytes:
    return "".join(json_text.pieces(table)).encode()


def _workbook(table: DataTable) -> bytes:
    file = io.BytesIO()
    workbook.write(table, file, heads=heads_of(table), words="en" if is_english() else "da")
    return file.getvalue()


_WRITERS: dict[str, Callable[[DataTable], bytes]] = {
    "csv": _danish,
    "plain.csv": _plain,
    "json": _json,
    "xlsx": _workbook,
}
