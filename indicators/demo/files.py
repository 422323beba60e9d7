"""The invented figures as files in the upload format: one per kind of source and edition."""

import csv
import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
import xlsxwriter

from indicators.upload.cells import Missing

from .figures import DemoIndicator, DemoMunicipality, DemoYear

_A_FIXED_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
HEADER = ("kode", "kommune", "indikator", "aar", "vaerdi", "status", "note")
NOTE = "Demodata: opdigtet tal"
STATUS_WORDS = {
    Missing.NOT_REPORTED: "ikke indberettet",
    Missing.SUPPRESSED: "diskretioneret",
    Missing.NOT_APPLICABLE: "ikke relevant",
    Missing.NOT_COLLECTED: "ikke opgjort",
    Missing.NOT_AVAILABLE: "ikke tilgængelig",
}
XLSX_KINDS = {"inspection"}
FILE_NAMES = {
    "register": "registre",
    "survey_managers": "forvaltningsundersoegelse",
    "survey_members": "medlemsundersoegelse",
    "appeals": "ankesager",
    "inspection": "tilsyn",
}
DemoRow = tuple[str, str, str, int, float | None, str, str]


def write_year(
    folder: Path,
    year: DemoYear,
    municipalities: Sequence[DemoMunicipality],
    indicators: Sequence[DemoIndicator],
    left_out: Collection[str] = (),
) -> list[Path]:
    """Write the files of one edition, one per kind of source but surveys; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind in dict.fromkeys(i.source_kind for i in indicators if not i.source_kind.startswith("survey")):
        rows = [row for row in _rows(year, municipalities, indicators, kind) if row[2] not in left_out]
        ending = "xlsx" if kind in XLSX_KINDS else "csv"
        path = folder / f"demo-{year.edition}-{FILE_NAMES[kind]}.{ending}"
        (write_xlsx if kind in XLSX_KINDS else write_csv)(path, rows)
        paths.append(path)
    return paths


def _rows(
    year: DemoYear,
    municipalities: Sequence[DemoMunicipality],
    indicators: Sequence[DemoIndicator],
    kind: str,
) -> Iterator[DemoRow]:
    for column, indicator in enumerate(indicators):
        if indicator.source_kind != kind or not year.included[column]:
            continue
        for line, municipality in enumerate(municipalities):
            value = year.values[line, column]
            missing = year.missing[line, column]
            yield (
                municipality.code,
                municipality.name,
                indicator.code,
                year.data_years[column],
                None if np.isnan(value) else float(value),
                STATUS_WORDS[Missing(missing)] if missing else "",
                NOTE,
            )


def write_csv(path: Path, rows: Sequence[DemoRow]) -> None:
    """CSV as Danish Excel writes it: UTF-8 with BOM, semicolons, decimal comma."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for code, name, indicator, year, value, status, note in rows:
            text = "" if value is None else str(value).removesuffix(".0").replace(".", ",")
            writer.writerow((code, name, indicator, year, text, status, note))


def write_xlsx(path: Path, rows: Sequence[DemoRow]) -> None:
    """One sheet "Data" with typed cells. The file is the same, byte for byte, each time."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _A_FIXED_DAY, "comments": NOTE})
        sheet = workbook.add_worksheet("Data")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
