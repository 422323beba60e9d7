"""From measurements to placements, in one transaction."""

import datetime as dt
import logging
from typing import Any

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from indicators.models import Direction, SeriesBreak, Upload
from indicators.services.compare import Progress
from rankings.computed import Outcome, checksum_of, difference
from rankings.engine.compute import compute
from rankings.engine.robustness import robustness, summary
from rankings.engine.specification import Specification
from rankings.explaining import edition_before, explain, explained_again
from rankings.inputs import inputs_of, read_by
from rankings.loading import Loaded, load, specification
from rankings.models import Audit, Computation, Criterion, Edition, Explanation, VariantPlacement
from rankings.models.editions import WAS_PUBLIC
from rankings.pinned import as_published
from rankings.practices.services.measuring import measure_edition
from rankings.quality import doubts_of_loaded
from rankings.services.auditing import audit_matrix
from rankings.storing import store, store_explanations, store_variant


def goalposts(
    values: NDArray[np.floating[Any]], percentiles: tuple[float, float], *, yes_no: bool
) -> tuple[float, float] | None:
    """The two values that become 0 and 100, in the indicator's unit; None where all values are one.

    The 5th and 95th percentile (linear interpolation between order statistics); the whole range where
    those two meet; 0 and 1 for a yes or no.
    """
    present = values[~np.isnan(values)]
    if yes_no:
        return 0.0, 1.0
    if not present.size:
        return None
    low, high = np.percentile(present, percentiles)
    if low == high:
        low, high = present.min(), present.max()
    return (float(low), float(high)) if low < high else None


def is_yes_no(criterion: Criterion) -> bool:
    """Whether the indicator is answered with yes (1) or no (0)."""
    indicator = criterion.indicator
    return indicator is not None and indicator.unit.startswith("ja=1")


log = logging.getLogger(__name__)


class EditionError(Exception):
    """What was asked cannot be done with this edition; the message says why. Nothing was changed."""


def untold(_step: str, _share: float) -> None:
    """Nobody waits to hear how far the work is."""


@transaction.atomic
def compute_edition(*, edition: Edition, by: User, now: dt.datetime, progress: Progress = untold) -> Edition:
    """Compute an open edition from the current measurements and store its placements.

    Goalposts are set where they are missing: taken from the newest edition that scores the same way, or
    made here where the indicator is new or its series broken. A correction is computed by the catalogue of the revision
    that it corrects. Raises ValueError for a published one, EditionError where real and invented figures would meet.
    """
    if not edition.is_open:
        msg = _("Udgave %(release)s er offentliggjort og ændrer sig ikke.")
        raise ValueError(msg % {"release": edition.release})
    with as_published(edition):
        return _compute(edition, by, now, progress)


def _compute(edition: Edition, by: User, now: dt.datetime, progress: Progress) -> Edition:
    progress("computing", 0.05)  # the shares are what each step took of the time with the demo's figures
    read = read_by(edition)
    before = Outcome.of(edition) or Outcome.of(_corrected(edition))
    loaded = load(edition)
    edition.is_demo = _are_invented(edition, loaded)
    edition.save(update_fields=["is_demo"])  # first: the database holds each placement against it
    _set_goalposts(edition, loaded)
    spec = specification(edition)
    outcome = compute(loaded.matrix, spec)
    progress("computing", 0.15)
    certainty = robustness(loaded.matrix, spec, errors=loaded.errors)
    progress("computing", 0.4)
    written = store(edition, loaded, outcome, certainty, doubts_of_loaded(edition, loaded))
    _store_variants(edition, loaded, spec)
    progress("computing", 0.75)
    edition.compared_with = edition_before(edition)
    Explanation.objects.filter(edition=edition).delete()
    store_explanations(explain(edition, loaded, spec, outcome))
    measure_edition(edition=edition)
    Audit.objects.filter(edition=edition).delete()
    Audit.objects.create(
        edition=edition, findings=audit_matrix(edition, loaded.matrix, spec, loaded.errors), made_at=now
    )
    edition.robustness = summary(certainty) | _drawn(loaded)
    edition.computed_at = now
    was, edition.checksum = edition.checksum, checksum_of(edition)
    edition.inputs = inputs_of(edition, read)
    edition.save(update_fields=["robustness", "computed_at", "compared_with", "checksum", "inputs"])
    if edition.checksum != was:
        what = difference(before, Outcome.of(edition)) if before.places else {}
        Computation.objects.create(edition=edition, at=now, by=by, checksum=edition.checksum, difference=what)
    log.info("Edition %s computed by %s: %d placements", edition.release, by, written)
    return edition


def _corrected(edition: Edition) -> Edition | None:
    """The revision that a correction corrects: its first computation is held against that."""
    earlier = Edition.objects.filter(year=edition.year, revision__lt=edition.revision, state__in=WAS_PUBLIC)
    return earlier.newest_first().first()


def _drawn(loaded: Loaded) -> dict[str, int]:
    """How many figures were drawn within their intervals; nothing of it where none was."""
    return {} if loaded.errors is None else {"drawn": int((~np.isnan(loaded.errors.low)).sum())}


def _store_variants(edition: Edition, loaded: Loaded, spec: Specification) -> None:
    """The ranking without each kind of source that the method declares, with intervals of its own."""
    VariantPlacement.objects.filter(edition=edition).delete()
    known = {indicator.source for indicator in spec.indicators if not indicator.neutral}
    for source in edition.method["robustness"].get("without", ()):
        if source not in known or len(known) == 1:
            continue  # an edition that has nothing of it, or nothing else, has no such variant
        without = spec.without(source)
        outcome = compute(loaded.matrix, without)
        certainty = robustness(loaded.matrix, without, errors=loaded.errors)
        store_variant(edition, source, loaded, outcome, certainty)


@transaction.atomic
def explain_later_edition(*, corrected: Edition, by: User, now: dt.datetime) -> Edition | None:
    """Explain the edition that came after a corrected one anew, measured against the correction.

    What it said first stays and is shown on its pinned pages (`Explanation.objects.made_first`). Returns the edition,
    or None where none is compared with that year. Must be called when the correction is public.
    """
    later = Edition.objects.published().filter(year__gt=corrected.year).order_by("year").first()
    if later is None or later.compared_with is None or later.compared_with.year != corrected.year:
        return None
    with as_published(later):
        store_explanations(explained_again(later, corrected))
    log.info("Edition %s explained anew after %s, by %s at %s", later.release, corrected.release, by, now)
    return later


def _are_invented(edition: Edition, loaded: Loaded) -> bool:
    """Whether the edition's figures are invented. Raises EditionError where some are and some are not."""
    uploads = np.unique(loaded.upload[loaded.upload > 0]).tolist()
    kinds = dict(Upload.objects.filter(pk__in=uploads).values_list("pk", "is_demo"))
    found = set(kinds.values())
    if len(found) > 1:
        invented = [
            criterion.indicator.code
            for column, criterion in enumerate(loaded.criteria)
            if criterion.indicator and any(kinds.get(pk) for pk in np.unique(loaded.upload[:, column]).tolist())
        ]
        msg = _("Udgave %(release)s har både rigtige og opdigtede tal og kan ikke beregnes. Opdigtede: %(codes)s.")
        raise EditionError(msg % {"release": edition.release, "codes": ", ".join(invented)})
    return found == {True}


def _set_goalposts(edition: Edition, loaded: Loaded) -> None:
    earlier = _earlier_goalposts(edition)
    breaks = set(SeriesBreak.objects.values_list("indicator_id", "year"))
    changed = []
    for column, criterion in enumerate(loaded.criteria):
        if criterion.direction == Direction.NEUTRAL or criterion.low is not None:
            continue
        key = criterion.indicator_id
        posts = _unbroken(earlier.get(key), criterion, breaks)
        if posts is None:
            values = loaded.matrix.values[:, column]
            percentiles = tuple(edition.method["goalposts"]["percentiles"])
            posts = goalposts(values, percentiles, yes_no=is_yes_no(criterion))
        if posts is None:
            criterion.weight = 0
            criterion.note_da = "Alle kommuner har samme værdi, så indikatoren kan ikke skelne mellem dem."
            criterion.note_en = "All municipalities have the same value, so it cannot tell them apart."
            posts = (0.0, 1.0)
        criterion.low, criterion.high = posts
        changed.append(criterion)
    Criterion.objects.bulk_update(changed, ["low", "high", "weight", "note_da", "note_en"])


type_of_earlier = dict[int | None, tuple[int, float, float]]


def _earlier_goalposts(edition: Edition) -> type_of_earlier:
    """Of each indicator the goalposts (and data year) of the newest earlier edition that scores as this one does. The
    version alone would not do: a method that only says better how sure a rank is keeps its yardstick."""
    rows = (
        Criterion.objects.for_indicators()
        .filter(
            edition__in=Edition.objects.published().comparable_to(edition),
            edition__year__lt=edition.year,
            edition__method__normalise=edition.method["normalise"],
            edition__method__goalposts=edition.method["goalposts"],
            low__isnull=False,
        )
        .order_by("edition__year")
        .values_list("indicator_id", "data_year", "low", "high")
    )
    return {key: (year or 0, low or 0.0, high or 0.0) for key, year, low, high in rows}


def _unbroken(
    earlier: tuple[int, float, float] | None, criterion: Criterion, breaks: set[tuple[int, int]]
) -> tuple[float, float] | None:
    if earlier is None:
        return None
    since, low, high = earlier
    years = range(since + 1, (criterion.data_year or 0) + 1)
    broken = any((criterion.indicator_id, year) in breaks for year in years)
    return None if broken else (low, high)
