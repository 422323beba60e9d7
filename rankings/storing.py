"""The engine's outcome becomes placements and spreads, written with COPY: 12 000 rows in a fraction of a second."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from rankings.engine.compute import Outcome
from rankings.engine.robustness import Robustness
from rankings.engine.sampling import Errors
from rankings.loading import INDEX_NODE, Loaded, area_node, code_of, theme_node
from rankings.models import Criterion, Edition, Level, Placement, Spread, VariantPlacement

Row = tuple[Any, ...]


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


def store(edition: Edition, loaded: Loaded, outcome: Outcome, robustness: Robustness) -> int:
    """Replace an edition's placements and spreads; return how many placements were written.

    Must run inside a transaction: readers never see half an edition.
    """
    Placement.objects.of(edition).delete()
    Spread.objects.filter(edition=edition).delete()
    subjects = subjects_of(edition, loaded, outcome)
    _copy(Spread, SPREAD_COLUMNS, (_spread(edition, s, loaded, outcome) for s in subjects))
    placements = _placements(edition, subjects, loaded, outcome, robustness)
    return _copy(Placement, PLACEMENT_COLUMNS, placements)


def store_variant(edition: Edition, source: str, loaded: Loaded, outcome: Outcome, robustness: Robustness) -> int:
    """Write the placements of an edition without one kind of source; return how many. Those that were there must have
    been deleted."""
    keys = [municipality.pk for municipality in loaded.municipalities]
    rows: list[Row] = []
    for subject in subjects_of(edition, loaded, outcome):
        if subject.level == Level.INDICATOR:
            continue
        node = subject.node
        columns = (outcome.rank, outcome.last, robustness.joint_low, robustness.joint_high)
        places = zip(*(column[:, node].tolist() for column in columns), strict=True)
        figures = zip(_or_none(outcome.score[:, node]), _or_none(outcome.printed[:, node]), strict=True)
        coverage, n = outcome.coverage[:, node].tolist(), int(outcome.n[node])
        rows += [
            (edition.pk, source, *subject.keys, key, *scores, *(place or None for place in placed), n, share)
            for key, scores, placed, share in zip(keys, figures, places, coverage, strict=True)
        ]
    return _copy(VariantPlacement, VARIANT_COLUMNS, rows)


SPREAD_COLUMNS = (
    "edition_id", "level", "area_id", "theme_id", "indicator_id",
    "n", "median", "lower_quartile", "upper_quartile", "lowest", "highest",
)  # fmt: skip
PLACEMENT_COLUMNS = (
    "edition_id", "level", "area_id", "theme_id", "indicator_id", "municipality_id",
    "score", "printed", "rank", "rank_last", "low", "high", "alike", "method_low", "method_high", "n", "coverage",
    "value", "missing", "provisional", "data_year", "measurement_id", "upload_id",
)  # fmt: skip
VARIANT_COLUMNS = (
    "edition_id", "source", "level", "area_id", "theme_id", "indicator_id", "municipality_id",
    "score", "printed", "rank", "rank_last", "low", "high", "n", "coverage",
)  # fmt: skip


def _spread(edition: Edition, subject: Subject, loaded: Loaded, outcome: Outcome) -> Row:
    if subject.column is None:
        figures = outcome.score[outcome.rank[:, subject.node] > 0, subject.node]
    else:
        figures = loaded.matrix.values[:, subject.column]
    present = figures[~np.isnan(figures)]
    if not present.size:
        return (edition.pk, *subject.keys, 0, None, None, None, None, None)
    median, lower, upper = np.percentile(present, [50, 25, 75])
    extremes = (float(present.min()), float(present.max()))
    return (edition.pk, *subject.keys, present.size, float(median), float(lower), float(upper), *extremes)


def _placements(
    edition: Edition, subjects: Sequence[Subject], loaded: Loaded, outcome: Outcome, robustness: Robustness
) -> Iterator[Row]:
    keys = np.array([municipality.pk for municipality in loaded.municipalities])
    for subject in subjects:
        node = subject.node
        ranks = outcome.rank[:, node].tolist()
        scores = _or_none(outcome.score[:, node])
        printed = _or_none(outcome.printed[:, node])
        lasts = outcome.last[:, node].tolist()
        coverage = outcome.coverage[:, node].tolist()
        n = int(outcome.n[node])
        certainty = _certainty(subject, keys, ranks, robustness, loaded.errors)
        figures = _figures(subject, loaded)
        for line, rank in enumerate(ranks):
            placed = (rank, lasts[line]) if rank else (None, None)
            yield (
                edition.pk, *subject.keys, int(keys[line]),
                scores[line], printed[line], *placed, *certainty[line], n, coverage[line], *figures[line],
            )  # fmt: skip


def _or_none(figures: NDArray[np.floating[Any]]) -> list[float | None]:
    return [None if figure != figure else figure for figure in figures.tolist()]  # noqa: PLR0124  NaN


def _certainty(
    subject: Subject, keys: NDArray[np.int64], ranks: Sequence[int], robustness: Robustness, errors: Errors | None
) -> list[Row]:
    """Interval, those that cannot be told apart, and the interval of the method alone where figures were drawn.

    An indicator's rank depends on no choice of ours: it has an interval only where its own figures were drawn.
    """
    if subject.level == Level.INDICATOR and not _is_drawn(subject, errors):
        return [NO_INTERVAL] * len(ranks)
    ends = (robustness.joint_low, robustness.joint_high, robustness.low, robustness.high)
    low, high, method_low, method_high = (end[:, subject.node].tolist() for end in ends)
    alike = robustness.alike.get(robustness.nodes[subject.node])
    rows: list[Row] = []
    for line, rank in enumerate(ranks):
        method = (method_low[line], method_high[line]) if errors is not None else (None, None)
        others = keys[alike.of(line)].tolist() if alike else None
        rows.append((low[line], high[line], others, *method) if rank else NO_INTERVAL)
    return rows


NO_INTERVAL: Row = (None, None, None, None, None)


def _is_drawn(subject: Subject, errors: Errors | None) -> bool:
    return errors is not None and bool((~np.isnan(errors.low[:, subject.column or 0])).any())


def _figures(subject: Subject, loaded: Loaded) -> list[Row]:
    """Value, kind of missing, provisional, data year, measurement and upload of each municipality."""
    column = subject.column
    if column is None:
        return [(None, "", False, None, None, None)] * len(loaded.municipalities)
    year = loaded.criteria[column].data_year
    return [
        (value, missing, provisional, year, measurement or None, upload or None)
        for value, missing, provisional, measurement, upload in zip(
            _or_none(loaded.matrix.values[:, column]),
            loaded.missing[:, column].tolist(),
            loaded.provisional[:, column].tolist(),
            loaded.measurement[:, column].tolist(),
            loaded.upload[:, column].tolist(),
            strict=True,
        )
    ]


def _copy(model: type[Placement | Spread | VariantPlacement], columns: Sequence[str], rows: Iterable[Row]) -> int:
    names = ", ".join(f'"{column}"' for column in columns)
    written = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)
            written += 1
    return written
