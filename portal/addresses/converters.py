"""How editions, drawings, endings and files are written in an address."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.urls.converters import StringConverter
from django.utils.functional import lazy
from django.utils.translation import get_language


class EditionConverter(StringConverter):
    """``2025`` is the year's newest revision, ``@2025.1`` one revision for ever.

    portal.published.edition finds the edition.
    """

    regex = r"(?:\d{4}|@\d{4}\.\d{1,3})"


class DrawingConverter:
    """What a ranking can be drawn as, in the language of the address; views get the Danish word."""

    english: ClassVar[dict[str, str]] = {"kort": "map", "fordeling": "distribution"}
    regex = "kort|fordeling|map|distribution"

    def to_python(self, value: str) -> str:
        """The Danish word."""
        return next((danish for danish, english in self.english.items() if english == value), value)

    def to_url(self, value: str) -> str:
        """The word of the language that is active."""
        return self.english.get(value, value) if get_language() == "en" else value


class EmbeddedConverter(DrawingConverter):
    """What of a ranking can be embedded: its map, its distribution, its table."""

    english: ClassVar[dict[str, str]] = {**DrawingConverter.english, "rangliste": "ranking"}
    regex = f"{DrawingConverter.regex}|rangliste|ranking"


class ImageConverter(StringConverter):
    """The file endings of a picture."""

    regex = "svg|png"


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
