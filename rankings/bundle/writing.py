"""An edition's files, written once when it is published and the same bytes for ever."""

import fcntl
import gzip
import hashlib
import json
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from indicators.conditions import POPULATION
from rankings.bundle import edition as tables_of
from rankings.bundle import formats
from rankings.bundle.formats import (
    ATTRIBUTION,
    LABEL,
    LICENCE,
    LICENCE_URL,
    DataTable,
    Field,
    Kind,
    file_stem,
    labelled,
    spooled,
)
from rankings.engine import files as engine
from rankings.engine.files import COMMAND
from rankings.loading import CONDITIONS, conditions_of, frozen_errors, frozen_matrix, specification
from rankings.models import Audit, Edition
from rankings.pinned import as_published
from rankings.quality import widths_of

KEYS: Mapping[str, list[str]] = {
    "placements": ["edition", "level", "subject", "municipality_code"],
    "municipalities": ["code"],
    "catalogue": ["level", "code"],
    "uploads": ["sha256"],
}
FOREIGN: Mapping[str, list[tuple[str, str, str]]] = {
    "placements": [("municipality_code", "municipalities", "code"), ("upload", "uploads", "sha256")],
}


def datapackage(edition: Edition, tables: list[DataTable], sums: Mapping[str, tuple[str, int]]) -> str:
    """The descriptor of the plain CSV tables; ``sums`` gives each file's SHA-256 and size in bytes."""
    descriptor = {
        "profile": "tabular-data-package",
        "name": f"socialt-indeks-{edition.release}",
        "title": f"Socialt Indeks {edition.release}",
        "description": edition.warning(english=True) or "Denmark's municipalities ranked on the social field.",
        "version": edition.release,
        "created": edition.published_at.isoformat() if edition.published_at else "",
        "keywords": ["kommuner", "socialområdet", "municipalities", "social services", "ranking"],
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": LICENCE_URL}],
        "contributors": [{"title": ATTRIBUTION, "role": "publisher"}],
        "resources": [_resource(table, *sums[f"{table.name}.csv"]) for table in tables],
    }
    return json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"


def _resource(table: DataTable, sha256: str, size: int) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.fields],
        "missingValues": [""],
        "primaryKey": KEYS[table.name],
    }
    if table.name in FOREIGN:
        schema["foreignKeys"] = [
            {"fields": own, "reference": {"resource": other, "fields": theirs}}
            for own, other, theirs in FOREIGN[table.name]
        ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.about.title,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "schema": schema,
    }


def _field(column: Field) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": column.name,
        "type": str(column.kind),
        "title": column.da,
        "description": column.says_en,
    }
    if column.kind == Kind.FLAG:
        entry |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.required:
        entry["constraints"] = {"required": True}
    return entry


ERRORS = (
    "| errors.csv | hvor sikre tallene fra stikprøver er; tallene trækkes inden for dem · "
    "how sure the figures of samples are; they are drawn within it |\n"
)
ALONE = " `method_low` and `method_high` are those of the method alone."
TEMPLATE = Path(__file__).with_name("README.template.md")


def readme(edition: Edition, address: str) -> str:
    """The text of README.md; ``address`` is the edition's pinned address."""
    said = ". ".join(filter(None, [edition.warning(english=False), edition.warning(english=True)]))
    demo = f"**{said}.**\n\n" if said else ""
    drawn = "drawn" in edition.robustness
    reason = f"Rettelse · correction: {edition.reason}\n\n" if edition.reason else ""
    return TEMPLATE.read_text(encoding="utf-8").format(
        release=edition.release,
        demo=demo,
        reason=reason,
        day=edition.published_on,
        address=address,
        command=f"{COMMAND} --errors errors.csv" if drawn else COMMAND,
        errors=ERRORS if drawn else "",
        alone=ALONE if drawn else "",
        licence=LICENCE,
        licence_url=LICENCE_URL,
    )


def codebook(tables: list[DataTable]) -> str:
    """codebook.csv: a line for every column of every table, and none of them a formula."""
    lines = ["table,column,type,danish_head,danish,english"]
    for table in tables:
        for column in table.fields:
            texts = [table.name, column.name, str(column.kind), column.da, column.says_da, column.says_en]
            lines.append(",".join('"' + text.replace('"', '""') + '"' for text in texts))
    return "\n".join(lines) + "\n"


log = logging.getLogger(__name__)

FOLDER = "udgaver"
ZIP_DATE = (2014, 12, 8, 0, 0, 0)  # a fixed date: the same figures are the same bytes
WHOLE = ("csv", "plain.csv", "xlsx", "json", "parquet")
COMPRESSED = ("csv", "plain.csv", "json")  # the others are compressed in themselves
PIECE = 1 << 20


def stored(edition: Edition, ending: str) -> Path:
    """The file of a whole edition: "zip" is the bundle; "csv", "plain.csv", "xlsx", "json", "parquet": all placements.

    Written now if publication was interrupted before it was. Raises ValueError for an edition that is not public,
    whose figures may still move, and for an unknown ending.
    """
    if edition.is_open:
        raise ValueError(f"Edition {edition.release} is not published: its files do not exist yet.")
    if ending not in {"zip", *WHOLE}:
        raise ValueError(f"There is no file of an edition that ends in {ending!r}.")
    folder = folder_of(edition)
    if not folder.exists():
        write_edition(edition)
    return folder / f"{file_stem(edition.release, 'hele-udgaven', is_demo=edition.is_demo)}.{ending}"


def folder_of(edition: Edition) -> Path:
    """Where an edition's files lie."""
    return Path(settings.MEDIA_ROOT) / FOLDER / edition.release


def write_edition(edition: Edition) -> Path:
    """Write every file of a published edition; its folder appears whole or not at all, and is never touched again.

    Two processes may ask at once: the second waits and finds it written.
    """
    folder = folder_of(edition)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / ".writing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder
        unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder.parent))
        try:
            with as_published(edition):
                _write_all(edition, unfinished)
            unfinished.chmod(0o755)
            unfinished.rename(folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    log.info("The files of edition %s are written.", edition.release)
    return folder


def _write_all(edition: Edition, folder: Path) -> None:
    stem = folder / file_stem(edition.release, "hele-udgaven", is_demo=edition.is_demo)
    spool = folder / "rows"
    whole = labelled(spooled(tables_of.placements(edition), spool), LABEL)
    _write_text(Path(f"{stem}.csv"), formats.danish_csv(whole))
    _write_text(Path(f"{stem}.plain.csv"), formats.plain_csv(whole))
    _write_text(Path(f"{stem}.json"), formats.json_pieces(whole))
    formats.write_workbook(whole, Path(f"{stem}.xlsx"))
    formats.write_parquet_file(whole, Path(f"{stem}.parquet"))
    _write_zip(edition, whole, stem)
    spool.unlink()
    for ending in COMPRESSED:
        _compress(Path(f"{stem}.{ending}"))


def _compress(path: Path) -> None:
    # Neither a name nor a time inside: the same figures are the same bytes.
    with (
        path.open("rb") as source,
        Path(f"{path}.gz").open("wb") as target,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=target, mtime=0) as packed,
    ):
        shutil.copyfileobj(source, packed, PIECE)


def compressed(path: Path) -> Path | None:
    """The same file compressed, as it lies beside it; None for a kind that is compressed in itself, and for an edition
    whose files were written before they were compressed: those stay as they were."""
    packed = path.with_name(f"{path.name}.gz")
    return packed if packed.exists() else None


def _write_zip(edition: Edition, whole: DataTable, stem: Path) -> None:
    others = [tables_of.municipalities(edition), tables_of.catalogue(edition), tables_of.uploads(edition)]
    tables = [whole, *(labelled(table, LABEL) for table in others)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for table in tables:
            _write_text(folder / f"{table.name}.csv", formats.plain_csv(table))
        shutil.copyfile(f"{stem}.parquet", folder / "placements.parquet")
        texts = {
            "README.md": readme(edition, f"{settings.SITE_ADDRESS}/@{edition.release}/"),
            "codebook.csv": codebook(tables),
        }
        for file, text in texts.items():
            _write_text(folder / file, [text])
        for file, content in _for_the_engine(edition).items():
            (folder / file).write_bytes(content)
        package = datapackage(edition, tables, {path.name: checksum(path) for path in folder.iterdir()})
        _write_text(folder / "datapackage.json", [package])
        sums = [f"{checksum(path)[0]}  {path.name}\n" for path in sorted(folder.iterdir())]
        _write_text(folder / "SHA256SUMS", sums)
        _pack(sorted(folder.iterdir()), Path(f"{stem}.zip"), edition.release)


def _for_the_engine(edition: Edition) -> dict[str, bytes]:
    """Method, figures and result in the engine's own form; README and checksums are the bundle's."""
    title = f"Socialt Indeks {edition.release}"
    notes = edition.warning(english=True)
    matrix = frozen_matrix(edition)
    files = engine.bundle(matrix, specification(edition), title=title, notes=notes)
    summary = json.dumps(edition.robustness, ensure_ascii=False, indent=1) + "\n"
    kept = {name: content for name, content in files.items() if name not in {"README.md", "SHA256SUMS"}}
    if (errors := frozen_errors(edition)) is not None:
        kept["errors.csv"] = engine.errors_text(errors).encode()
    names = [f"ln {POPULATION}", *CONDITIONS[1:]]
    conditions = engine.conditions_text(matrix.units, names, conditions_of(edition, matrix.units), "code")
    if (widths := widths_of(edition, matrix, errors)) is not None:
        kept["widths.csv"] = engine.errors_text(widths).encode()
    audited = Audit.objects.filter(edition=edition).values_list("findings", flat=True).first()
    audit = json.dumps(audited, ensure_ascii=False, indent=1) + "\n"  # null: an edition that has not been looked over
    return {**kept, "conditions.csv": conditions.encode(), "robustness.json": summary.encode(),
            "audit.json": audit.encode()}  # fmt: skip


def _pack(paths: list[Path], target: Path, release: str) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for path in paths:
            entry = zipfile.ZipInfo(f"socialt-indeks-{release}/{path.name}", ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, archive.open(entry, "w") as packed:
                shutil.copyfileobj(source, packed, PIECE)


def _write_text(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)


def checksum(path: Path) -> tuple[str, int]:
    """A file's SHA-256 and its size in bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
