"""The log of definitions: changes approved here, and the breaks of series that the catalogue came with."""

import io
from typing import Any

from django.utils.translation import gettext as _

from indicators.danish import danish
from indicators.upload.cells import write_csv
from portal.addresses import Links
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.published.definitions import ChangedDefinition, definition_log, series_breaks
from portal.published.subjects import localised

HEADS = ("day", "kind", "what", "code", "field", "before", "after", "reason", "from_edition", "break_year",
         "edition_withdrawn")  # fmt: skip


def log_page() -> dict[str, Any]:
    """The entries of the log, and the table of breaks."""
    links = Links()
    return dict(
        entries=[dict(entry=each, day=formatting.day(each.day), url=_url(links, each)) for each in definition_log()],
        breaks=_breaks(links),
        file=links.to("definitions-csv"),
    )


def _url(links: Links, entry: ChangedDefinition) -> str:
    return links.indicator(entry.code) if entry.code else ""


def _breaks(links: Links) -> Table | None:
    heads = (_("Første dataår"), _("Hvad der ændrede sig"))
    rows = tuple(
        Row(
            localised(each.indicator, "name"),
            links.indicator(each.indicator.code) if each.indicator.theme_id else "",
            cells=(Cell(str(each.year), heads[0], css="number"), Cell(localised(each, "note"), heads[1])),
        )
        for each in series_breaks()
    )
    columns = (Column(_("Indikator")), Column(heads[0], css="number"), Column(heads[1]))
    return Table(_("Serier, der begynder forfra"), columns, rows) if rows else None


def log_csv() -> bytes:
    """A line for each thing that says something else, the newest first. Columns are named in English."""
    lines: list[list[Any]] = [list(HEADS)]
    for entry in definition_log():
        about = [danish(entry.day).date().isoformat(), entry.kind, entry.name, entry.code]
        why = [entry.reason, entry.from_edition or "", entry.break_year or "", str(entry.is_withdrawn).lower()]
        lines += [[*about, field.name, field.before, field.after, *why] for field in entry.fields]
    text = io.StringIO(newline="")
    write_csv(text, lines)
    return text.getvalue().encode("utf-8-sig")
