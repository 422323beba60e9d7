"""A page's file has the page's address with an ending: rangliste/ → rangliste.csv, rangliste.xlsx …"""

import re
from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.urls.converters import StringConverter
from django.utils.functional import lazy

AddressedView = Callable[..., HttpResponseBase]

ENDINGS = ("csv", "plain.csv", "xlsx", "json")
WHOLE_ENDINGS = (*ENDINGS, "parquet", "zip")
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "plain.csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}


class FileConverter(StringConverter):
    """The ending of a page's file."""

    regex = "|".join(map(re.escape, ENDINGS))


class WholeFileConverter(StringConverter):
    """The ending of a whole edition's file."""

    regex = "|".join(map(re.escape, WHOLE_ENDINGS))


def _file_of(page: str, ending: str) -> str:
    return f"{page.removesuffix('/')}.{ending}"


_lazily = lazy(_file_of, str)


def files_of(page: Any, view: AddressedView, name: str, *, converter: str = "file", **kwargs: str) -> list[URLPattern]:
    """The routes of a page's files, from the page's own translated route: "ranking-csv", and "ranking-file" for all.

    ``converter`` is "file", or "wholefile" for those of a whole edition.
    """
    return [
        path(_lazily(page, "csv"), view, {**kwargs, "ending": "csv"}, name=f"{name}-csv"),
        path(_lazily(page, f"<{converter}:ending>"), view, kwargs, name=f"{name}-file"),
    ]


def with_ending(csv_address: str, ending: str) -> str:
    """The address of another kind of file than CSV, from that of the CSV, query and all."""
    path, mark, query = csv_address.partition("?")
    return f"{path.removesuffix('csv')}{ending}{mark}{query}"
