"""Columns of many rows as arrays: PostgreSQL packs them, numpy reads them. A million in a second, not twenty."""

from collections.abc import Iterator
from typing import Any, Literal, TypeVar

import numpy as np
from django.db.models import Aggregate, BinaryField, Model, QuerySet
from numpy.typing import NDArray

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
