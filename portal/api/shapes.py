"""What the API gives: rows with the names and words of the codebook, in pages that say where the next one is."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema, core_schema

from portal.api.http import NoSuchThing
from portal.published.edition import ShownEdition, edition_of_address
from rankings.bundle.formats import LICENCE, Kind, Value
from rankings.bundle.formats import Field as Column
from rankings.pinned import as_published

TYPES: dict[Kind, Any] = {Kind.TEXT: str, Kind.WHOLE: int, Kind.NUMBER: float, Kind.FLAG: bool}
LARGEST_PAGE = 1000
Release = Annotated[
    str,
    Field(
        pattern=r"^(|\d{4}|@?\d{4}\.\d{1,3})$",
        description="A year (its newest revision) or a pinned revision such as 2025.1, which never changes. "
        "Left out: the newest edition.",
        examples=["2026", "2025.1"],
    ),
]
Pinned = Annotated[str, Field(pattern=r"^\d{4}\.\d{1,3}$", examples=["2025.1"])]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
Language = Annotated[Literal["da", "en"], Field(description="Language of names and texts.")]


NOTHING: list[Any] = []  # pydantic copies it for each request
ONLY = Field(description="Only these fields of each row: fields=a,b or fields=a&fields=b.")


def split(value: Any) -> Any:
    """Both ?fields=a,b and ?fields=a&fields=b."""
    if isinstance(value, list):
        return [part for one in value for part in (one.split(",") if isinstance(one, str) else [one])]
    return value


class Asked(Schema):
    """The parameters of every list."""

    lang: Language = "da"
    page: Annotated[int, Field(ge=1, le=100_000, description="The page, from 1.")] = 1
    page_size: Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="Rows a page.")] = 100


class OfEdition(Asked):
    """The parameters of a list about an edition."""

    edition: Release = ""


class Page(Schema):
    """What stands around the rows of every list."""

    edition: str | None = Field(None, description="Edition and revision the rows are of.", examples=["2026.1"])
    demo: bool = Field(description="Whether the figures are invented.")
    notice: str = Field(description="The warning of demo data; empty for real figures.")
    licence: str = Field(examples=[LICENCE])
    count: int = Field(description="Rows on all pages together.", examples=[98])
    page: int = Field(examples=[1])
    pages: int = Field(examples=[1])
    next: str | None = Field(None, description="Address of the next page.")
    previous: str | None = Field(None, description="Address of the page before.")


def row_of(name: str, columns: tuple[Column, ...], **more: Any) -> type[Schema]:
    """A row's schema from the codebook. No field is required: ?fields= leaves some out."""
    fields: dict[str, Any] = {
        one.name: (TYPES[one.kind] | None, Field(None, description=one.says_en)) for one in columns
    }
    return create_model(name, __base__=Schema, **fields, **more)


def page_of(row: type[Schema]) -> type[Schema]:
    """The schema of a list of rows."""
    return create_model(f"{row.__name__}Page", __base__=Page, rows=(list[row], ...))  # type: ignore[valid-type]


class FieldsOf:
    """Makes a list of texts the ?fields= of a kind of row: any of its names, with commas or repeated."""

    def __init__(self, row: type[Schema]) -> None:
        self.names = tuple(row.model_fields)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Only the names of the row."""
        names: Any = Literal[self.names]
        return core_schema.no_info_before_validator_function(split, handler.generate_schema(list[names]))


@dataclass(frozen=True)
class Rows:
    """Rows for an answer: those of the page asked for, and how many there are in all."""

    rows: list[dict[str, Any]]
    count: int


def slice_of(asked: Any) -> tuple[int, int]:
    """First row and the one after the last of the page asked for."""
    start = (asked.page - 1) * asked.page_size
    return start, start + asked.page_size


def paged(rows: list[dict[str, Any]], asked: Any) -> Rows:
    """Cut the page asked for out of rows that are all there."""
    start, stop = slice_of(asked)
    return Rows(rows[start:stop], len(rows))


def edition_of(request: HttpRequest, release: str) -> ShownEdition:
    """The edition asked for; Http404 where there is none. A pinned one is answered in its own words."""
    prefix = f"@{release.removeprefix('@')}" if "." in release else release
    found = edition_of_address(prefix)
    if found.is_pinned:
        request.while_answered.enter_context(as_published(found.edition))  # type: ignore[attr-defined]
    return found


def answer(request: HttpRequest, asked: Any, found: Rows, of: ShownEdition | None) -> dict[str, Any]:
    """Dress rows as a page of a list. Raises NoSuchThing for a page after the last."""
    pages = max(1, -(-found.count // asked.page_size))
    if asked.page > pages:
        raise NoSuchThing(f"There are {pages} pages.")
    keep = set(asked.fields)
    rows = [{name: row[name] for name in row if name in keep} for row in found.rows] if keep else found.rows
    demo = of.edition.is_demo if of else False
    return {
        "edition": of.edition.release if of else None,
        "demo": demo,
        "notice": of.edition.warning(english=asked.lang == "en") if of else "",
        "licence": LICENCE,
        "count": found.count,
        "page": asked.page,
        "pages": pages,
        "next": _page(request, asked.page + 1) if asked.page < pages else None,
        "previous": _page(request, asked.page - 1) if asked.page > 1 else None,
        "rows": rows,
    }


def _page(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{settings.SITE_ADDRESS}{request.path}?{query.urlencode()}"


def named(columns: tuple[Column, ...], row: tuple[Value, ...]) -> dict[str, Value]:
    """A row of a table as an object."""
    return dict(zip((column.name for column in columns), row, strict=True))
