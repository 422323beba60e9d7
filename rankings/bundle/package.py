"""datapackage.json (Frictionless, tabular data package v1): what the bundle's tables hold, with types and checksums."""

import json
from collections.abc import Mapping
from typing import Any

from rankings.bundle.table import DataTable, Field, Kind
from rankings.bundle.terms import ATTRIBUTION, DEMO_EN, LICENCE_URL
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
        "description": DEMO_EN if edition.is_demo else "Denmark's municipalities ranked on the social field.",
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
