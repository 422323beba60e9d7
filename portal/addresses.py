"""Addresses: how they are made and read (`Links`, converters, files, feeds), and the ids of printed numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

from django.http.response import HttpResponseBase
from django.urls import URLPattern, get_script_prefix, path, reverse
from django.urls.converters import StringConverter
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import lazy
from django.utils.translation import get_language

_PLACEHOLDER = "navn-som-skiftes-ud"


@lru_cache(maxsize=512)
def _pattern(name: str, argument: str, edition: str, _language: str | None, _below: str) -> str:
    arguments = {argument: _PLACEHOLDER} if argument else {}
    if edition:
        arguments["edition"] = edition
    return reverse(name, kwargs=arguments)


class Links:
    """The addresses of one edition ("" is the newest) in the language that is active now."""

    def __init__(self, edition: str = "") -> None:
        self.edition = edition
        self._language = get_language()
        self._below = get_script_prefix()  # "/"; for the pages of a draft, its own address in the desk

    def to(self, name: str, argument: str = "", value: str = "") -> str:
        """The address of a page; ``value`` stands where its pattern has ``argument``."""
        return _pattern(name, argument, self.edition, self._language, self._below).replace(_PLACEHOLDER, value)

    def of(self, name: str, **arguments: str) -> str:
        """The address of a page whose pattern has several arguments; for single links, not for every row."""
        edition = {"edition": self.edition} if self.edition else {}
        return reverse(name, kwargs={**arguments, **edition})

    def home(self) -> str:
        """The front page."""
        return self.to("home")

    def municipality(self, slug: str) -> str:
        """A municipality's page."""
        return self.to("municipality", "slug", slug)

    def indicator(self, code: str) -> str:
        """An indicator's page."""
        return self.to("indicator", "code", code)

    def theme(self, code: str) -> str:
        """A theme's page."""
        return self.to("theme", "code", code)

    def area(self, slug: str) -> str:
        """An area's page."""
        return self.to("area", "slug", slug)

    def ranking(self) -> str:
        """The overall ranking."""
        return self.to("ranking")


EVERYONE = "000"
_SUBJECT = "emne-som-skiftes-ud"
_ID = re.compile(r"(?P<release>\d{4}\.\d{1,3})-(?P<municipality>\d{3,8})-(?P<subject>[a-z0-9][a-z0-9-]*)")


@dataclass(frozen=True, slots=True)
class NumberId:
    """The id of a printed number: ``release`` as in a pinned address, a municipality's code (or EVERYONE), a subject's
    code. Never a key of the database.

    "2026.1-175-b-omgoerelse" is Rødovre's value and place on an indicator, "2026.1-175-samlet" its overall score, place
    and interval, "2026.1-000-voksne" the median and the spread of an area. Computing again does not change it; a
    correction is another revision and so another id.
    """

    release: str
    municipality: str
    subject: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Take an id apart. Raises ValueError for anything else."""
        found = _ID.fullmatch(text)
        if found is None:
            msg = f"{text!r} is no id of a number."
            raise ValueError(msg)
        return cls(**found.groupdict())

    def __str__(self) -> str:
        return f"{self.release}-{self.municipality}-{self.subject}"

    @property
    def url(self) -> str:
        """The address of its proof, in the language that is active now."""
        return Links().to("trace", "number", str(self))


Proofs = Callable[[str, str], str]
"""The addresses of all numbers of one revision in one language, by municipality and subject as in `trace_url`."""


def proofs_of(release: str) -> Proofs:
    """Those of a revision, "2026.1", in the language that is active now: for tables of thousands of cells."""
    before, _mark, after = Links().to("trace", "number", f"{release}-*").partition("*")
    return lambda municipality, subject: f"{before}{municipality}-{subject}{after}"


def trace_url(release: str, municipality: str, subject: str) -> str:
    """The address of a printed number's proof: "2026.1", "175", "b-omgoerelse" → /spor/2026.1-175-b-omgoerelse/.

    ``municipality`` is the code (EVERYONE for medians and spreads), ``subject`` a Subject's code. No query, no
    reverse(): cheap enough for every cell of a table.
    """
    return NumberId(release, municipality, subject).url


def trace_urls(release: str, municipality: str) -> Callable[[str], str]:
    """``trace_url`` for the hundred subjects of one municipality: give it a subject's code."""
    before, after = trace_url(release, municipality, _SUBJECT).split(_SUBJECT)
    return lambda subject: f"{before}{subject}{after}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one edition's revision. ``embargo`` is the address of a press link, "" in public.

    Behind an embargo nothing of the edition is public yet: proofs lie under the link itself, pages have no address.
    """

    release: str
    embargo: str = ""

    @property
    def links(self) -> Links:
        """The edition's pinned pages."""
        return Links(f"@{self.release}")

    def number(self, municipality: str, subject: str) -> str:
        """The address of a number's proof."""
        number = NumberId(self.release, municipality, subject)
        return f"{self.embargo}spor/{number}/" if self.embargo else number.url

    def page(self, address: str) -> str:
        """A page's address; "" while it is not public."""
        return "" if self.embargo else address


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


class TextFeed(Atom1Feed):
    """Django calls every summary HTML; in ours "<" is a sign and no markup, and readers would drop what follows it."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write an entry as Django does, its summary as text."""
        super().add_item_elements(handler, item | {"description": None})
        if item["description"]:
            handler.addQuickElement("summary", item["description"], {"type": "text"})
