"""The engine's outcome becomes placements and spreads, written with COPY: 12 000 rows in a fraction of a second."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Model
from numpy.typing import NDArray

from indicators.copying import copy_rows
from rankings.engine.compute import Outcome
from rankings.engine.matrix import Errors
from rankings.engine.robustness import Robustness
from rankings.loading import Loaded, code_of
from rankings.method import INDEX_NODE, area_node, theme_node
from rankings.models import Criterion, Edition, Explanation, Level, Placement, Spread, VariantPlacement

Texts = Iterable[str]
"""A column as COPY reads it. Nothing of what is written so has anything in it that must be escaped."""
NULL = r"\N"


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject's foreign keys and its place among the engine's nodes and the matrix's columns."""

    level: Level
    area: int | None
    theme: int | None
    indicator: int | None
    node: int
    column: int | None

    @property
    def keys(self) -> tuple[str, int | None, int | None, int | None]:
        """The columns that say what is ranked."""
        return (str(self.level), self.area, self.theme, self.indicator)


def subjects_of(edition: Edition, loaded: Loaded, outcome: Outcome) -> list[Subject]:
    """Every subject of an edition: the whole index, areas, themes, indicators."""
    node_of = outcome.position
    column_of = {code: number for number, code in enumerate(loaded.matrix.codes)}
    subjects = [Subject(Level.OVERALL, None, None, None, node_of[INDEX_NODE], None)]
    rows = Criterion.objects.of(edition).select_related("area", "theme", "indicator").order_by("pk")
    for row in rows:
        if _node_name(row) not in node_of:  # without a kind of source some of it is not there
            continue
        if row.area is not None:
            node = node_of[area_node(row.area)]
            subjects.append(Subject(Level.AREA, row.area.pk, None, None, node, None))
        elif row.theme is not None:
            node = node_of[theme_node(row.theme)]
            subjects.append(Subject(Level.THEME, None, row.theme.pk, None, node, None))
        elif row.indicator is not None:
            code = row.indicator.code
            key = row.indicator.pk
            subjects.append(Subject(Level.INDICATOR, None, None, key, node_of[code], column_of[code]))
    return subjects


def _node_name(row: Criterion) -> str:
    if row.area is not None:
        return area_node(row.area)
    return theme_node(row.theme) if row.theme is not None else code_of(row)


def store(edition: Edition, loaded: Loaded, outcome: Outcome, robustness: Robustness, doubts: NDArray[np.int16]) -> int:
    """Replace an edition's placements and spreads; return how many placements were written. ``doubts`` are packed
    (`rankings.quality.doubts_of_loaded`).

    Must run inside a transaction: readers never see half an edition.
    """
    Placement.objects.of(edition).delete()
    Spread.objects.filter(edition=edition).delete()
    subjects = subjects_of(edition, loaded, outcome)
    _copy(Spread, SPREAD_COLUMNS, ("\t".join(_spread(edition, s, loaded, outcome)) + "\n" for s in subjects))
    _copy(Placement, PLACEMENT_COLUMNS, _placements(edition, subjects, loaded, outcome, robustness, doubts))
    return len(subjects) * len(loaded.municipalities)


def store_variant(edition: Edition, source: str, loaded: Loaded, outcome: Outcome, robustness: Robustness) -> None:
    """Write the placements of an edition without one kind of source. Those that were there must have been deleted."""
    keys = [str(municipality.pk) for municipality in loaded.municipalities]
    blocks = []
    for subject in subjects_of(edition, loaded, outcome):
        if subject.level == Level.INDICATOR:
            continue
        node = subject.node
        places = (outcome.rank, outcome.last, robustness.joint_low, robustness.joint_high)
        columns = (
            keys, _reals(outcome.score[:, node]), _reals(outcome.printed[:, node]),
            *(_keys(column[:, node]) for column in places),
            repeat(str(outcome.n[node])), _reals(outcome.coverage[:, node]),
        )  # fmt: skip
        blocks.append(_block((edition.pk, source, *subject.keys), *columns))
    _copy(VariantPlacement, VARIANT_COLUMNS, blocks)


def store_explanations(rows: Iterable[Explanation]) -> None:
    """Write explanations that are not saved yet."""
    copy_rows(list(rows))


SPREAD_COLUMNS = (
    "edition_id", "level", "area_id", "theme_id", "indicator_id",
    "n", "median", "lower_quartile", "upper_quartile", "lowest", "highest",
)  # fmt: skip
PLACEMENT_COLUMNS = (
    "edition_id", "level", "area_id", "theme_id", "indicator_id", "municipality_id",
    "score", "printed", "rank", "rank_last", "low", "high", "alike", "method_low", "method_high", "n", "coverage",
    "value", "missing", "provisional", "data_year", "measurement_id", "upload_id", "doubts",
)  # fmt: skip
VARIANT_COLUMNS = (
    "edition_id", "source", "level", "area_id", "theme_id", "indicator_id", "municipality_id",
    "score", "printed", "rank", "rank_last", "low", "high", "n", "coverage",
)  # fmt: skip


def _spread(edition: Edition, subject: Subject, loaded: Loaded, outcome: Outcome) -> list[str]:
    if subject.column is None:
        figures = outcome.score[outcome.rank[:, subject.node] > 0, subject.node]
    else:
        figures = loaded.matrix.values[:, subject.column]
    present = figures[~np.isnan(figures)]
    found = np.full(5, np.nan)
    if present.size:
        found = np.array([*np.percentile(present, [50, 25, 75]), present.min(), present.max()])
    return [*_prefix((edition.pk, *subject.keys)), str(present.size), *_reals(found)]


def _placements(
    edition: Edition,
    subjects: Sequence[Subject],
    loaded: Loaded,
    outcome: Outcome,
    robustness: Robustness,
    doubts: NDArray[np.int16],
) -> Iterator[str]:
    keys = [str(municipality.pk) for municipality in loaded.municipalities]
    for subject in subjects:
        node = subject.node
        yield _block(
            (edition.pk, *subject.keys),
            keys, _reals(outcome.score[:, node]), _reals(outcome.printed[:, node]),
            _keys(outcome.rank[:, node]), _keys(outcome.last[:, node]),
            *_certainty(subject, keys, outcome.rank[:, node] > 0, robustness, loaded.errors),
            repeat(str(outcome.n[node])), _reals(outcome.coverage[:, node]),
            *_figures(subject, loaded, doubts),
        )  # fmt: skip


def _certainty(
    subject: Subject, keys: Sequence[str], ranked: NDArray[np.bool_], robustness: Robustness, errors: Errors | None
) -> list[Texts]:
    """Interval, those that cannot be told apart, and the interval of the method alone where figures were drawn.

    An indicator's rank depends on no choice of ours: it has an interval only where its own figures were drawn.
    """
    if subject.level == Level.INDICATOR and not _is_drawn(subject, errors):
        return [repeat(NULL)] * 5
    ends = (robustness.joint_low, robustness.joint_high, robustness.low, robustness.high)
    low, high, *method = (_keys(np.where(ranked, end[:, subject.node], 0)) for end in ends)
    alike = robustness.alike.get(robustness.nodes[subject.node])
    others: Texts = repeat(NULL)
    if alike is not None:
        others = [
            f"{{{','.join([keys[other] for other in alike.of(line).tolist()])}}}" if known else NULL
            for line, known in enumerate(ranked.tolist())
        ]
    return [low, high, others, *(method if errors is not None else [repeat(NULL)] * 2)]


def _is_drawn(subject: Subject, errors: Errors | None) -> bool:
    return errors is not None and bool((~np.isnan(errors.low[:, subject.column or 0])).any())


def _figures(subject: Subject, loaded: Loaded, doubts: NDArray[np.int16]) -> list[Texts]:
    """Value, kind of missing, provisional, data year, measurement, upload and doubts of each municipality."""
    column = subject.column
    if column is None:
        return [repeat(text) for text in (NULL, "", "f", NULL, NULL, NULL, "0")]
    year = loaded.criteria[column].data_year
    return [
        _reals(loaded.matrix.values[:, column]),
        loaded.missing[:, column].tolist(),
        ["t" if flag else "f" for flag in loaded.provisional[:, column].tolist()],
        repeat(NULL if year is None else str(year)),
        _keys(loaded.measurement[:, column]),
        _keys(loaded.upload[:, column]),
        map(str, doubts[:, column].tolist()),
    ]


def _reals(figures: NDArray[np.floating[Any]]) -> list[str]:
    return [NULL if figure != figure else repr(figure) for figure in figures.tolist()]  # noqa: PLR0124  NaN


def _keys(numbers: NDArray[np.integer[Any]]) -> list[str]:
    """Places, or primary keys: 0 where there is none."""
    return [str(number) if number else NULL for number in numbers.tolist()]


def _prefix(same: Sequence[int | str | None]) -> list[str]:
    return [NULL if part is None else str(part) for part in same]


def _block(same: Sequence[int | str | None], *columns: Texts) -> str:
    """Lines that begin with the same; the first of the columns says how many there are."""
    begin = "\t".join(_prefix(same))
    return "".join([f"{begin}\t{line}\n" for line in map("\t".join, zip(*columns, strict=False))])


def _copy(model: type[Model], columns: Iterable[str], blocks: Iterable[str]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        for block in blocks:
            copy.write(block)
