"""Everything it takes to compute an edition again: specification, data, result, checksums and how to do it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from rankings.engine import table
from rankings.engine.compute import compute
from rankings.engine.matrix import Matrix

if TYPE_CHECKING:
    from rankings.engine.specification import Specification

COMMAND = "python -m rankings.engine spec.json data.csv --out again.csv"


def files(matrix: Matrix, specification: Specification, *, title: str, notes: str = "") -> dict[str, bytes]:
    """File name → content: spec.json, data.csv, result.csv, README.md and SHA256SUMS (as `sha256sum -c` reads it).

    The command in README.md, given spec.json and data.csv, writes a file equal to result.csv, byte for byte.
    `data.csv` has the columns the specification names and no others. `title` and `notes` (Markdown) go into
    README.md."""
    numbers, labels = specification.columns()
    needed = Matrix(matrix.units, numbers, matrix.rows(numbers).T, {label: matrix.labels[label] for label in labels})
    outcome = compute(needed, specification)
    texts = {
        "spec.json": json.dumps(specification.to_json(), ensure_ascii=False, indent=1) + "\n",
        "data.csv": table.data_text(needed, specification.unit),
        "result.csv": table.result_text(outcome, specification.unit),
        "README.md": _readme(title, notes),
    }
    contents = {name: text.encode() for name, text in texts.items()}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())
    return {**contents, "SHA256SUMS": sums.encode()}


def _readme(title: str, notes: str) -> str:
    middle = f"{notes.strip()}\n\n" if notes.strip() else ""
    return (
        f"# {title}\n\n{middle}"
        "| file | is |\n| --- | --- |\n"
        "| spec.json | the whole method: indicators, weights, tree, normalisation, thresholds, rounding |\n"
        "| data.csv | the figures, a row per unit, empty = missing |\n"
        "| result.csv | scores and ranks as published, a row per unit and node |\n"
        "| SHA256SUMS | checksums: `sha256sum -c SHA256SUMS` |\n\n"
        "To compute it again, with Python 3.11 or newer, numpy and the source code of the project:\n\n"
        f"    {COMMAND}\n    cmp result.csv again.csv\n"
    )
