"""Files that are broken, lie or mean harm: always an answer in words, soon, and in little memory."""

import json
import os
import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from indicators.upload.contents import kind_of
from indicators.upload.limits import Limits
from indicators.upload.reader import read
from indicators.upload.reading import Unreadable

from .files import GOOD_ROWS, ods, ods_row, raw_xlsx, reading_of, xlsx

_CSV = "kode;kommune;2019;2020\n" + "".join(f"{code};;1,5;2.345\n" for code in (101, 147, 151, 153, 155))


def _refused(content: bytes, **limits: int) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content, name="fil.xlsx", limits=Limits(**limits))
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "tom"), (b"%PDF-1.7 x", "PDF"), (b"\x89PNG\r\n\x1a\n" + bytes(99), "billede"),
        (b"\x1f\x8b\x08" + bytes(99), "pakket"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), ".xls"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "webside"),
        (b"<?xml version='1.0'?><a/>", "webside"), (b"PK\x05\x06" + bytes(18), "zip"),
        (b"PK\x03\x04" + bytes(99), "beskadiget"),
        (bytes(range(256)) * 9, "ikke tekst"), (b"kommune;2019\nOdense;1\0\n", "ikke tekst"),
        (b'kommune;2019\n"Odense;1\n' * 9, "anførselstegn"),
    ],
)  # fmt: skip
def test_the_type_is_told_by_the_content(content: bytes, said: str) -> None:
    assert said in _refused(content)


def test_a_name_says_nothing() -> None:
    assert kind_of(xlsx([["kommune", 2019]])) == "archive"
    assert read(xlsx([["kommune", 2019], ["Odense", 5]]), name="../../etc/passwd.csv").cells[0].value == 5


def test_size_rows_columns_and_cells_are_limited() -> None:
    assert "MB" in _refused(b"x" * 3_000_000, bytes=2_000_000)
    assert "rækker" in _refused(b"a;b\n" * 50, rows=40)
    assert "kolonner" in _refused(b";".join([b"1"] * 101) + b"\n", columns=100)
    assert "celler" in _refused(b"a;b\n" * 60, cells=100)
    assert "kolonner" in _refused(b"kommune" + b";2019" * 150_000 + b"\n")
    assert "tegn" in _refused(b"kommune" + b";2019" * 1_000_000 + b"\n")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (GOOD_ROWS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "16384 kolonner"),
        (GOOD_ROWS + '<row r="99999999"><c r="A999999999"><v>1</v></c></row>', "plads"),
        (GOOD_ROWS + '<row r="1000000"><c r="ABC1000000"><v>1</v></c></row>', "celler"),
        (GOOD_ROWS + "<row>" + "<c><v>1</v></c>" * 3_000 + "</row>", "kolonner"),
        (GOOD_ROWS + " " * 20_000_000, "zip-bombe"),
    ],
)
def test_a_sheet_that_would_unfold_is_refused_before_it_does(rows: str, said: str) -> None:
    assert said in _refused(raw_xlsx(rows))


def test_a_size_that_lies_is_found_out() -> None:
    content = bytearray(raw_xlsx(GOOD_ROWS + " " * 20_000_000))
    place = -1
    while (place := content.find(b"PK\x01\x02", place + 1)) >= 0:
        length = struct.unpack_from("<H", content, place + 28)[0]
        if content[place + 46 : place + 46 + length] == b"xl/worksheets/sheet1.xml":
            struct.pack_into("<I", content, place + 24, 1_000)
    assert "mere, end det selv siger" in _refused(bytes(content))


def test_macros_entities_and_foreign_parts_are_refused() -> None:
    laughs = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'
    assert "makroer" in _refused(raw_xlsx(extra={"xl/vbaProject.bin": "x"}))
    assert "DTD" in _refused(raw_xlsx(extra={"xl/sharedStrings.xml": laughs}))
    assert "makroer" in _refused(ods(ods_row("a"), extra={"Basic/script-lc.xml": "<x/>"}))
    assert "ikke et regneark" in _refused(_renamed(raw_xlsx(), b"xl/workbook.xml", b"yl/workbook.xml"))
    assert ".xlsb" in _refused(_renamed(raw_xlsx(), b"xl/workbook.xml", b"xl/workbook.bin"))


def _renamed(content: bytes, old: bytes, new: bytes) -> bytes:
    return content.replace(old, new)


def test_repeats_in_opendocument_are_counted_before_they_are_laid_out() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    assert "kolonner" in _refused(ods(f"<table:table-row>{cell}</table:table-row>"))
    assert "celler" in _refused(ods(ods_row("a", 1, repeat=1_048_576) * 9))
    assert "beskadiget" in _refused(ods("<table:table>" * 50_000))
    unknown = '<?xml version="1.0" encoding="UTFB8"?><a/>'
    assert "beskadiget" in _refused(ods("", extra={"content.xml": unknown}))


def test_formulas_in_text_are_never_run() -> None:
    reading = reading_of("kommune;2019\n=1+1;5\nOdense;=2+3\nVejle;@SUM(1)\n")
    assert {problem.rule for problem in reading.problems} == {"unknown_municipality", "not_a_number"}
    assert not reading.cells


def _corpus() -> dict[str, bytes]:
    """Truncated and fuzzed files of every kind, and the bombs again."""
    bases = {
        "csv": _CSV.encode("cp1252"),
        "xlsx": xlsx([["kommune", 2019], ["Odense", 0.5]] * 20),
        "ods": ods(ods_row("kommune", 2019) * 9),
    }
    chance = random.Random(20261122)  # noqa: S311
    files = {}
    for kind, base in bases.items():
        for part in range(1, 20):
            files[f"{kind}-cut-{part}"] = base[: len(base) * part // 20]
        for number in range(60):
            broken = bytearray(base)
            for _change in range(chance.randint(1, 12)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            files[f"{kind}-fuzz-{number}"] = bytes(broken)
    for number in range(60):
        sheet = GOOD_ROWS
        for _change in range(chance.randint(1, 4)):
            place = chance.randrange(len(sheet))
            sheet = (
                sheet[:place]
                + chance.choice(["<", ">", "&", '"', "", "</c>", "<row>", "<v>", 'r="ZZ9"', "\x01", "9" * 30])
                + sheet[place + 1 :]
            )
        files[f"sheet-fuzz-{number}"] = raw_xlsx(sheet)
    files["spaces"] = raw_xlsx(GOOD_ROWS + " " * 150_000_000)
    files["blank rows"] = raw_xlsx(GOOD_ROWS + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    files["wide rows"] = raw_xlsx(
        "".join(f'<row r="{row}">' + "<c><v>1</v></c>" * 1_900 + "</row>" for row in range(1, 3_000))
    )
    files["long line"] = b"a" * 30_000_000
    files["columns"] = b"kommune" + b";2019" * 1_000_000
    files["one long cell"] = raw_xlsx(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>'
        + "".join(chance.choices("abcdefgh", k=90_000)) * 100  # repeated beyond what a zip looks back
        + "</t></is></c></row>"
    )
    return files


_READ_ALL = """
import json, resource, sys, time
from pathlib import Path
from indicators.upload.reader import read
from indicators.upload.reading import Unreadable
def peak():
    status = Path("/proc/self/status")  # getrusage would count what the parent held before exec
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))

resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
slowest, outcomes = ["", 0.0], {"read": 0, "unreadable": 0}
for path in sorted(Path(sys.argv[1]).iterdir()):
    start = time.process_time()  # a loaded machine makes no file slower to read
    try:
        read(path, name=path.name)
        outcomes["read"] += 1
    except Unreadable:
        outcomes["unreadable"] += 1
    if (took := time.process_time() - start) > slowest[1]:
        slowest = [path.name, took]
print(json.dumps({"outcomes": outcomes, "slowest": slowest, "peak": peak()}))
"""


def test_a_corpus_of_malformed_files_is_answered_soon_and_in_little_memory(tmp_path: Path) -> None:
    corpus = _corpus()
    for name, content in corpus.items():
        (tmp_path / name).write_bytes(content)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", _READ_ALL, str(tmp_path)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=600,  # for a machine that does much else: what the reading costs is measured
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    told = json.loads(done.stdout)
    assert sum(told["outcomes"].values()) == len(corpus)
    assert told["slowest"][1] < 10
    assert told["peak"] < 300_000
