"""Many rows at once: written by COPY, and read as arrays that PostgreSQL packs. A million in a second, not twenty."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeVar

import numpy as np
from django.db import connection
from django.db.models import Aggregate, BinaryField, Model, QuerySet
from numpy.typing import NDArray


def copy_rows(rows: Sequence[Model]) -> int:
    """Write rows of one model that are not saved yet; return how many. The database makes their keys, unseen here."""
    if not rows:
        return 0
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not (field.primary_key and field.db_returning)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{meta.db_table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields])
    return len(rows)


Row = TypeVar("Row", bound=Model)


class Packed(Aggregate):
    """A group's numbers one behind the other, as the server holds them: NaN or 0 where there is none."""

    function = "string_agg"
    output_field = BinaryField()

    def __init__(self, field: str, kind: Literal["float8", "int8"]) -> None:
        absent = "'NaN'" if kind == "float8" else "0"
        template = f"%(function)s({kind}send(coalesce(%(expressions)s, {absent})), ''::bytea)"
        super().__init__(field, template=template)


def in_groups(
    rows: QuerySet[Row], by: tuple[str, ...], *, whole: tuple[str, ...], real: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], tuple[NDArray[Any], ...]]]:
    """Each group's ``by`` with its columns, first the whole numbers, then the real; all lines of a group go together,
    in no order."""
    columns: dict[str, Any] = {f"packed_{name}": Packed(name, "int8") for name in whole}
    columns |= {f"packed_{name}": Packed(name, "float8") for name in real}
    kinds = [">i8"] * len(whole) + [">f8"] * len(real)
    for row in rows.order_by().values(*by).annotate(**columns).values_list(*by, *columns):
        found = zip(row[len(by) :], kinds, strict=True)
        yield row[: len(by)], tuple(np.frombuffer(data, kind).astype(kind[1:]) for data, kind in found)
