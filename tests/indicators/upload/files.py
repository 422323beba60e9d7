"""Small files made on the spot, and a short way to say what was read from them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from indicators.upload.reader import read
from indicators.upload.reading import Reading, ReadingOptions

DATA = Path(__file__).resolve().parents[3] / "indicators" / "data"


def reading_of(
    content: str | bytes, *, encoding: str = "utf-8", known: Mapping[str, str] | None = None, **options: object
) -> Reading:
    """Read a small file, given as text."""
    data = content.encode(encoding) if isinstance(content, str) else content
    return read(data, name="fil", options=ReadingOptions(**options), known_indicators=known)  # type: ignore[arg-type]


def values_of(reading: Reading) -> dict[tuple[str, int, str], float | str | None]:
    """The values by municipality, year and indicator; a missing one as its kind."""
    return {(c.municipality, c.year, c.indicator): c.missing if c.value is None else c.value for c in reading.cells}


def column_of(reading: Reading) -> list[float | str | None]:
    """The values alone, in the file's order."""
    return [cell.missing if cell.value is None else cell.value for cell in reading.cells]


def rules_of(reading: Reading) -> list[str]:
    """The rules of the reading's problems."""
    return [problem.rule for problem in reading.problems]


def xlsx(rows: Sequence[Sequence[object]], *, formats: Mapping[tuple[int, int], str] | None = None) -> bytes:
    """A workbook with one sheet of these rows; `formats` gives number formats by row and column."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Tal")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            code = (formats or {}).get((row, column))
            sheet.write(row, column, cell, book.add_format({"num_format": code}) if code else None)
    book.close()
    return stream.getvalue()


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
GOOD_ROWS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>kommune</t></is></c><c r="B1"><v>2019</v></c></row>'
    '<row r="2"><c r="A2"><v>101</v></c><c r="B2"><v>5</v></c></row>'
)


def _relation(kind: str, target: str) -> str:
    relation = f'<Relationship Id="rId1" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}">{relation}</Relationships>'


def raw_xlsx(rows: str = GOOD_ROWS, *, extra: Mapping[str, str] | None = None) -> bytes:
    """A workbook written by hand, so that its sheet and parts can be wrong."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        **(extra or {}),
    }
    return _zipped(parts)


def ods(body: str, *, extra: Mapping[str, str] | None = None, styles: str = "") -> bytes:
    """An OpenDocument spreadsheet with one sheet of these rows."""
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:table" xmlns:text="urn:text"'
        ' xmlns:style="urn:style" xmlns:number="urn:number" xmlns:fo="urn:fo"'
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}>{styles}<office:body><office:spreadsheet>'
        f'<table:table table:name="Ark1">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return _zipped(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content, **(extra or {})}
    )


def ods_row(*cells: object, repeat: int = 1) -> str:
    """A row of an OpenDocument sheet."""
    written = "".join(
        f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        if isinstance(cell, int | float)
        else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeat}">{written}</table:table-row>'


def _zipped(parts: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()
