"""What was measured of every aim, computed with an edition and stored with it. Nobody sets a verdict."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from indicators.models import SeriesBreak
from rankings.engine import before_after
from rankings.models import Edition
from rankings.practices.figures import Figures
from rankings.practices.models import Aim, MeasuredHere, NoVerdict, Practice, Verdict

_REASONS = {
    before_after.Reason.MISSING: NoVerdict.MISSING,
    before_after.Reason.TOO_FEW: NoVerdict.TOO_FEW,
    before_after.Reason.SAME_START: NoVerdict.SAME_START,
}


@transaction.atomic
def measure_edition(*, edition: Edition) -> int:
    """Measure every aim of every public practice with an open edition; return how many rows were written.

    Replaces what was computed before; a published edition's rows the database keeps as they are."""
    MeasuredHere.objects.of(edition).delete()
    aims = Aim.objects.of_the_public().in_order().select_related("practice")
    rows = _measured(edition, list(aims.prefetch_related("practice__municipalities")))
    return len(MeasuredHere.objects.bulk_create(rows))


@transaction.atomic
def measure_practice(*, practice: Practice) -> int:
    """Measure a practice that has just been published with the newest public edition; return how many rows.

    Also with those published after it, where it is entered later than it was published (the demo does)."""
    newest = Edition.objects.published().newest_first()[:1]
    editions = Edition.objects.ever_published().filter(
        Q(pk__in=newest.values("pk")) | Q(published_at__gte=practice.published_at)
    )
    aims = list(
        Aim.objects.filter(practice=practice)
        .in_order()
        .select_related("practice")
        .prefetch_related("practice__municipalities")
    )
    rows = [row for edition in editions for row in _measured(edition, aims)]
    return len(MeasuredHere.objects.bulk_create(rows))


def _measured(edition: Edition, aims: Sequence[Aim]) -> list[MeasuredHere]:
    figures = Figures.up_to(edition, {aim.indicator_id for aim in aims})
    breaks: dict[int, list[int]] = defaultdict(list)
    for indicator, year in SeriesBreak.objects.values_list("indicator_id", "year"):
        breaks[indicator].append(year)
    rows: list[MeasuredHere] = []
    for of_practice in _by_practice(aims):
        own = [
            _one(figures, breaks, aim, place.pk) for aim in of_practice for place in aim.practice.municipalities.all()
        ]
        _consider_all(own)
        rows += own
    return rows


def _by_practice(aims: Iterable[Aim]) -> Iterable[list[Aim]]:
    grouped: dict[int, list[Aim]] = defaultdict(list)
    for aim in aims:
        grouped[aim.practice_id].append(aim)
    return grouped.values()


def _one(figures: Figures, breaks: dict[int, list[int]], aim: Aim, municipality: int) -> MeasuredHere:
    """One aim in one municipality, before the other aims of the practice are considered."""
    row = MeasuredHere(
        edition=figures.edition, aim=aim, municipality_id=municipality, verdict=Verdict.CANNOT_BE_COMPUTED
    )
    started = aim.practice.started_on
    if started is None:
        row.reason = NoVerdict.NO_START
        return row
    row.years_before = figures.fresh_before(aim.indicator_id, started.year)
    row.years_after = figures.fresh_after(aim.indicator_id, aim.from_edition, started.year)
    row.preliminary = min(len(row.years_before), len(row.years_after)) < before_after.MOST_EDITIONS
    reason = _no_question(figures, breaks, aim, row)
    if reason is not None:
        row.reason = reason
        return row
    before, after = (figures.table(aim.indicator_id, years) for years in (row.years_before, row.years_after))
    found = before_after.measured(before, after, figures.line_of[municipality], aim.direction)
    row.n, row.p, row.residual = found.n, found.p, found.residual
    row.before, row.after, row.expected = found.before, found.after, found.expected
    if found.reason is not None:
        row.reason = _REASONS[found.reason]
        if found.reason is before_after.Reason.MISSING:
            row.reason = figures.why_missing(aim.indicator_id, municipality, [*row.years_before, *row.years_after])
    return row


def _no_question(figures: Figures, breaks: dict[int, list[int]], aim: Aim, row: MeasuredHere) -> NoVerdict | None:
    """Why the question cannot even be put to the figures; None where it can."""
    if not row.years_after:
        later = any(year >= aim.from_edition for year in figures.years)
        return NoVerdict.NOT_COLLECTED if later else NoVerdict.TOO_EARLY
    if figures.known_when(aim.indicator_id, row.years_after[0], aim.registered_at):
        return NoVerdict.DESCRIBED_AFTERWARDS
    if not row.years_before:
        return NoVerdict.NONE_BEFORE
    first, last = (figures.data_year(aim.indicator_id, year) for year in (row.years_before[0], row.years_after[-1]))
    if any(first < year <= last for year in breaks[aim.indicator_id]):
        return NoVerdict.SERIES_BREAK
    return None


def _consider_all(rows: Sequence[MeasuredHere]) -> None:
    """Give each row with a p its verdict, by its p with all aims of the practice considered (Holm)."""
    asked = [row for row in rows if row.p is not None]
    adjusted = before_after.holm([row.p or 0.0 for row in asked])
    for row, p in zip(asked, adjusted, strict=True):
        row.p_adjusted = p
        if p > before_after.CHANCE:
            row.verdict = Verdict.NOT_DISTINGUISHABLE
        else:
            row.verdict = Verdict.STANDS_OUT if (row.residual or 0) > 0 else Verdict.OTHER_WAY
