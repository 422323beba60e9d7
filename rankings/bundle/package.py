"""datapackage.json (Frictionless, tabular data package v1): what the bundle's tables hold, with types and checksums."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rankings.bundle.formats import ATTRIBUTION, LICENCE, LICENCE_URL, DataTable, Field, Kind
from rankings.engine.files import COMMAND
from rankings.models import Edition

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
