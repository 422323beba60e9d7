"""What stands with a file: its title, its pinned address, definitions and sources, in the language of the address."""

import io
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import KINDS, Links
from portal.language.formatting import direction
from portal.published import Indicator
from portal.published.edition import ShownEdition
from portal.published.subjects import Subject, indicator_criteria_of, localised
from rankings.bundle import formats
from rankings.bundle.formats import LABEL, About, DataTable, file_stem, labelled

Address = Callable[[Links], str]


def is_english() -> bool:
    """Whether the address that is answered now is an English one."""
    return get_language() == "en"


def about_subjects(
    shown: ShownEdition, title: str, address: Address, subjects: Iterable[Subject], *, query: str = ""
) -> About:
    """Words for a table of some subjects: their definitions, and the sources of the indicators among them."""
    notes = [note for one in subjects for note in _of_subject(one)]
    return _about(shown, title, address, query, notes)


def about_all(shown: ShownEdition, title: str, address: Address, *, query: str = "") -> About:
    """Words for a table that goes through every indicator of the edition."""
    criteria = indicator_criteria_of(shown.edition)
    notes = [note for one in criteria if one.indicator for note in _of_indicator(one.indicator)]
    return _about(shown, title, address, query, notes)


def _about(shown: ShownEdition, title: str, address: Address, query: str, notes: Iterable[tuple[str, str]]) -> About:
    edition = shown.edition
    pinned = settings.SITE_ADDRESS + address(Links(f"@{edition.release}"))
    return About(
        title=f"Socialt Indeks {edition.release}. {title}",
        release=edition.release,
        address=f"{pinned}?{query}" if query else pinned,
        is_demo=edition.is_demo,
        of_the_index=edition.of_the_index,
        notes=tuple(notes),
        english=is_english(),
    )


def _of_subject(subject: Subject) -> list[tuple[str, str]]:
    if subject.indicator:
        return _of_indicator(subject.indicator)
    row = subject.area or subject.theme
    text = localised(row, "description") if row else ""
    return [(subject.name, text)] if text else []


def _of_indicator(indicator: Indicator) -> list[tuple[str, str]]:
    source = indicator.source
    text = f"{localised(indicator, 'definition')} {direction(indicator.direction).capitalize()}."
    said = f"{text} {_('Kilde')}: {localised(source, 'name')}."
    terms = localised(source, "terms")
    if terms:
        said = f"{said} {_('Vilkår')}: {terms}"
    return [(f"{localised(indicator, 'name')} [{indicator.code}]", said)]


Answer = TypeVar("Answer", bound=HttpResponseBase)


def heads_of(table: DataTable) -> list[str]:
    """The heads of a sheet for people: Danish words, or in English the names that programs know."""
    return [column.name if is_english() else column.da for column in table.fields]


def file_answer(table: DataTable, ending: str) -> HttpResponse:
    """The table as a file. What a page shows is some hundred rows; a whole edition is ``stored_answer``."""
    if ending != "json":  # there an id is a text already
        table = labelled(table, LABEL)
    response = HttpResponse(_WRITERS[ending](table), content_type=KINDS[ending])
    name = file_stem(table.about.release, table.name, is_demo=table.about.is_demo)
    return as_download(response, f"{name}.{ending}")


def as_download(response: Answer, name: str) -> Answer:
    """An answer that a browser keeps under this name, and that any site's script may read."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Content-Disposition"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _danish(table: DataTable) -> bytes:
    return "".join(formats.danish_csv(table, heads=heads_of(table))).encode()


def _plain(table: DataTable) -> bytes:
    return "".join(formats.plain_csv(table)).encode()


def _json(table: DataTable) -> bytes:
    return "".join(formats.json_pieces(table)).encode()


def _workbook(table: DataTable) -> bytes:
    file = io.BytesIO()
    formats.write_workbook(table, file, heads=heads_of(table), words="en" if is_english() else "da")
    return file.getvalue()


_WRITERS: dict[str, Callable[[DataTable], bytes]] = {
    "csv": _danish,
    "plain.csv": _plain,
    "json": _json,
    "xlsx": _workbook,
}
