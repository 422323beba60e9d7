"""A table as JSON: what it is, its columns, and a row for each line, written piece by piece."""

import json
from collections.abc import Iterator

from rankings.bundle.table import DataTable
from rankings.bundle.terms import LICENCE, LICENCE_URL, demo_note

ROWS_A_PIECE = 500


def pieces(table: DataTable) -> Iterator[str]:
    """Pieces of a JSON document: title, edition, address, licence, notice, fields, rows (objects, null is missing)."""
    about = table.about
    head = {
        "title": about.title,
        "edition": about.release,
        "address": about.address,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "demo": about.is_demo,
        "notice": demo_note(is_demo=about.is_demo, english=about.english),
        "notes": [{"title": title, "text": text} for title, text in about.notes],
        "fields": [{"name": f.name, "type": str(f.kind), "da": f.says_da, "en": f.says_en} for f in table.fields],
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    yield from _rows(table)
    yield "\n]}\n"


def _rows(table: DataTable) -> Iterator[str]:
    names = [column.name for column in table.fields]
    waiting: list[str] = []
    before = "\n"
    for row in table.rows():
        waiting.append(before + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False))
        before = ",\n"
        if len(waiting) == ROWS_A_PIECE:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)
