"""The files of a whole edition: what they hold, that they stay, that anybody can compute them again."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from python_calamine import CalamineWorkbook

from indicators.models import Area, Municipality
from rankings.bundle import formats
from rankings.bundle.formats import About, DataTable, Value, columns
from rankings.bundle.writing import WHOLE, stored, write_edition
from rankings.engine.files import COMMAND
from rankings.method import area_node
from rankings.models import Edition, EditionState, Level, Placement
from rankings.models.editions import DEMO_DA, DEMO_EN
from tests.world import CORRECTED, NEWEST

pytestmark = pytest.mark.django_db
SECONDS = 120
ENDS = ("rank", "low", "high", "n", "method_low", "method_high")


@pytest.fixture
def edition() -> Edition:
    return Edition.objects.published().get(year=NEWEST)


@pytest.fixture
def unpacked(edition: Edition, tmp_path: Path) -> Path:
    with zipfile.ZipFile(stored(edition, "zip")) as archive:
        archive.extractall(tmp_path)
    return tmp_path / f"socialt-indeks-{edition.release}"


def rows_in(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parquet_of(edition: Edition) -> Any:
    import fastparquet  # noqa: PLC0415  with pandas two seconds, which no process but the one of this test should pay

    with stored(edition, "parquet").open("rb") as file:
        return fastparquet.ParquetFile(io.BytesIO(file.read()))


def test_the_bundle_computed_by_the_engines_own_command_gives_the_published_ranks(unpacked: Path) -> None:
    assert COMMAND in (unpacked / "README.md").read_text(encoding="utf-8")
    command = [sys.executable, *COMMAND.split()[1:]]
    environment = {"PYTHONPATH": str(settings.BASE_DIR)}
    subprocess.run(command, cwd=unpacked, env=environment, check=True, timeout=SECONDS)
    computed = {
        (row["node"], row["code"]): (row["rank"], row["score_rounded"]) for row in rows_in(unpacked / "again.csv")
    }
    assert (unpacked / "again.csv").read_bytes() == (unpacked / "result.csv").read_bytes()
    areas = {area.slug: area_node(area) for area in Area.objects.all()}
    published = rows_in(unpacked / "placements.csv")
    levels = {row["level"] for row in published}
    assert levels == set(Level.values)
    for row in published:
        rank, score = computed[_node(row, areas), row["municipality_code"]]
        assert rank == row["rank"]
        assert (float(score) if score else None) == (float(row["score"]) if row["score"] else None)
    assert len(published) == len(computed)


def test_the_same_command_gives_the_published_intervals_and_audit_exactly(edition: Edition, unpacked: Path) -> None:
    known = [
        "--errors",
        "errors.csv",
        "--audit",
        "again.json",
        "--conditions",
        "conditions.csv",
        "--widths",
        "widths.csv",
    ]
    command = [sys.executable, *COMMAND.split()[1:], *known]
    subprocess.run(command, cwd=unpacked, env={"PYTHONPATH": str(settings.BASE_DIR)}, check=True, timeout=SECONDS)
    computed = {(row["node"], row["unit"]): [row[name] for name in ENDS] for row in rows_in(unpacked / "intervals.csv")}
    areas = {area.slug: area_node(area) for area in Area.objects.all()}
    compared = drawn = 0
    for row in rows_in(unpacked / "placements.csv"):
        if row["level"] == Level.INDICATOR and not row["low"]:
            continue
        found = computed[_node(row, areas), row["municipality_code"]]
        assert found == [row[name] for name in ENDS]
        compared += row["level"] != Level.INDICATOR
        drawn += row["level"] == Level.INDICATOR
    assert compared == 98 * (1 + 3 + 16)
    assert drawn > 500  # the members' eleven questions, where enough answered
    audited, again = (json.loads((unpacked / name).read_text("utf-8")) for name in ("audit.json", "again.json"))
    assert audited | {"overlaps": None} == again | {"overlaps": None}
    assert 0 < audited["alternatives"]["shrunken"]["mean"] < 5
    told = json.loads((unpacked / "robustness.json").read_text("utf-8"))
    assert told == edition.robustness
    spec = json.loads((unpacked / "spec.json").read_text("utf-8"))
    assert spec["robustness"] == {key: told[key] for key in ("draws", "share", "seed")}
    assert {variation["name"]: len(variation["choices"]) for variation in told["variations"]} == {
        "normalisation": 4, "weights": 2, "aggregation": 2, "leave_out": 1 + 97 + 5, "missing": 3,
    }  # fmt: skip


def _node(row: dict[str, str], areas: dict[str, str]) -> str:
    """The engine's name of a row's subject."""
    named = {"overall": "index", "area": areas.get(row["subject"], ""), "theme": f"theme:{row['subject']}"}
    return named.get(row["level"], row["subject"])


def test_the_bundle_is_a_valid_frictionless_data_package(unpacked: Path) -> None:
    import frictionless  # noqa: PLC0415  as above

    report = frictionless.Package(str(unpacked / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    package = json.loads((unpacked / "datapackage.json").read_text(encoding="utf-8"))
    assert len(package["resources"]) == 4
    assert DEMO_EN in package["description"]


def test_the_checksums_of_the_bundle_are_those_of_its_files(unpacked: Path) -> None:
    lines = (unpacked / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: expected for expected, _space, name in (line.partition("  ") for line in lines)}
    files = {path.name for path in unpacked.iterdir()} - {"SHA256SUMS"}
    assert set(sums) == files
    for name, expected in sums.items():
        assert hashlib.sha256((unpacked / name).read_bytes()).hexdigest() == expected


def test_writing_an_edition_again_elsewhere_gives_the_same_bytes(
    edition: Edition, settings: Any, tmp_path: Path
) -> None:
    first = {path.name: path.read_bytes() for path in stored(edition, "csv").parent.iterdir()}  # by another process
    settings.MEDIA_ROOT = tmp_path / "other"
    second = {path.name: path.read_bytes() for path in write_edition(edition).iterdir()}
    packed = {name for name in first if name.endswith(".gz")}  # what a browser is sent of the large texts
    assert len(first) == len(WHOLE) + 1 + len(packed)
    assert len(packed) == 3
    assert {name.removesuffix(".gz") for name in packed} < first.keys()
    assert first == second


def test_files_once_written_are_never_written_again(edition: Edition) -> None:
    path = stored(edition, "csv")
    before = path.stat()
    Municipality.objects.filter(slug="roedovre").update(name="Rødovre Ny")
    assert stored(edition, "csv").stat() == before


def test_a_draft_has_no_files(edition: Edition) -> None:
    edition.state = EditionState.DRAFT
    with pytest.raises(ValueError, match="not published"):
        stored(edition, "csv")


@pytest.mark.full
def test_a_replaced_revision_keeps_its_own_figures(tmp_path: Path) -> None:
    old, new = (Edition.objects.get(year=CORRECTED, revision=revision) for revision in (1, 2))
    assert old.state == EditionState.CORRECTED
    assert stored(old, "plain.csv").read_bytes() != stored(new, "plain.csv").read_bytes()


def test_csv_json_xlsx_and_parquet_of_an_edition_hold_the_same_rows(edition: Edition) -> None:
    plain = rows_in(stored(edition, "plain.csv"))
    assert len(plain) == Placement.objects.of(edition).count()
    as_json = json.loads(stored(edition, "json").read_text(encoding="utf-8"))["rows"]
    assert [_texts(row) for row in as_json] == plain
    frame = parquet_of(edition).to_pandas()
    assert list(frame["municipality"]) == [row["municipality"] for row in plain]
    ranks = frame["rank"].astype("float64").fillna(0).astype(int)
    assert [_text(rank or None) for rank in ranks] == [row["rank"] for row in plain]
    book = CalamineWorkbook.from_path(str(stored(edition, "xlsx")))
    head, *sheet = book.get_sheet_by_index(0).to_python()
    assert len(sheet) == len(plain)
    place, value = head.index("nr."), head.index("værdi uafrundet")
    assert all(isinstance(row[value], float) or row[value] == "" for row in sheet)
    assert [_text(row[place] or None) for row in sheet] == [row["rank"] for row in plain]


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)


def test_missing_is_a_kind_in_a_column_of_its_own(edition: Edition) -> None:
    rows = rows_in(stored(edition, "plain.csv"))
    indicators = [row for row in rows if row["level"] == "indicator"]
    assert all(bool(row["missing"]) != bool(row["value"]) for row in indicators)
    assert {row["missing"] for row in indicators} >= {"", "not_reported", "suppressed"}
    assert all(row["missing"] == ("" if row["score"] else "too_little") for row in rows if row["level"] == "overall")


def test_every_file_of_demo_data_says_so(edition: Edition, unpacked: Path) -> None:
    for ending in WHOLE:
        assert "demodata" in stored(edition, ending).name
    assert all(row["note"] == DEMO_DA for row in rows_in(unpacked / "placements.csv"))
    assert DEMO_DA in (unpacked / "README.md").read_text(encoding="utf-8")
    assert json.loads(stored(edition, "json").read_text(encoding="utf-8"))["notice"] == DEMO_DA
    assert DEMO_EN in str(parquet_of(edition).key_value_metadata)
    about = CalamineWorkbook.from_path(str(stored(edition, "xlsx"))).get_sheet_by_index(1).to_python()
    assert about[0] == ["Bemærk", DEMO_DA]


def made_of(*rows: tuple[Value, ...]) -> DataTable:
    about = About("A table", "2026.1", "https://example.org/", is_demo=False)
    return DataTable("made", columns("municipality", "value", "missing"), about, lambda: rows)


def test_danish_excel_gets_bom_semicolons_and_decimal_commas() -> None:
    text = "".join(formats.danish_csv(made_of(("Ærø", 12.5, None), ("Læsø", None, "suppressed"))))
    assert text == "\ufeffkommune;værdi;mangler\r\nÆrø;12,5;\r\nLæsø;;suppressed\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1"])
def test_no_text_of_ours_runs_as_a_formula(text: str, tmp_path: Path) -> None:
    table = made_of((text, -1.5, None))
    for lines in (formats.danish_csv(table), formats.plain_csv(table)):
        row = "".join(lines).splitlines()[1]
        assert row.startswith(("'", "\"'"))
    assert "-1.5" in "".join(formats.plain_csv(table))
    formats.write_workbook(table, tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_sheets_head_stays_when_one_scrolls(tmp_path: Path) -> None:
    formats.write_workbook(made_of(("Ærø", 1.0, None)), tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert 'ySplit="1"' in sheet


def test_the_second_sheet_defines_every_column_and_names_licence_and_sources(edition: Edition) -> None:
    book = CalamineWorkbook.from_path(str(stored(edition, "xlsx")))
    head = book.get_sheet_by_index(0).to_python()[0]
    about = {str(title): str(text) for title, text in book.get_sheet_by_index(1).to_python()}
    assert set(head) <= set(about)
    assert "CC BY 4.0" in about["Licens"]
    assert any(title.startswith("Kilde: ") for title in about)
