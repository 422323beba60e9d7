"""A table as Parquet: for the whole, read by R, Python, DuckDB and the like with its types."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from arro3.core import Array, DataType, RecordBatch, RecordBatchReader, Schema
from arro3.core import Field as ArrowField
from arro3.io import write_parquet

from rankings.bundle.table import DataTable, Kind
from rankings.bundle.terms import LICENCE, LICENCE_URL, demo_note

ROWS_A_BATCH = 20_000
TYPES = {
    Kind.TEXT: DataType.utf8(),
    Kind.WHOLE: DataType.int64(),
    Kind.NUMBER: DataType.float64(),
    Kind.FLAG: DataType.bool(),
}


def write(table: DataTable, path: Path) -> None:
    """Write the table, compressed; title, edition, licence and the warning of demo data are in its metadata."""
    schema = Schema([ArrowField(f.name, TYPES[f.kind], nullable=True) for f in table.fields])
    about = table.about
    words = {
        "title": about.title,
        "edition": about.release,
        "licence": f"{LICENCE} {LICENCE_URL}",
        "notice": demo_note(is_demo=about.is_demo, english=True),
    }
    # One key: the writer puts several in an order of its own, and the bytes would differ from run to run.
    metadata = {"about": json.dumps(words, ensure_ascii=False)}
    reader = RecordBatchReader.from_batches(schema, list(_batches(table, schema)))
    write_parquet(reader, path, compression="zstd(6)", key_value_metadata=metadata)


def _batches(table: DataTable, schema: Schema) -> Iterator[RecordBatch]:
    rows = iter(table.rows())
    while piece := list(islice(rows, ROWS_A_BATCH)):
        arrays = [Array([row[column] for row in piece], TYPES[one.kind]) for column, one in enumerate(table.fields)]
        yield RecordBatch.from_arrays(arrays, schema=schema)
