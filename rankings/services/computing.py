"""From measurements to placements, in one transaction."""

import datetime as dt
import logging
from typing import Any

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.models import Direction, SeriesBreak, Upload
from rankings.engine.compute import compute
from rankings.engine.robustness import Robustness, robustness
from rankings.explaining import explain
from rankings.goalposts import goalposts, is_yes_no
from rankings.loading import Loaded, load, specification
from rankings.models import Criterion, Edition, Explanation
from rankings.pinned import as_published
from rankings.practices.services.measuring import measure_edition
from rankings.storing import store

log = logging.getLogger(__name__)


@transaction.atomic
def compute_edition(*, edition: Edition, by: User, now: dt.datetime) -> Edition:
    """Compute an open edition from the current measurements and store its placements.

    Goalposts are set where they are missing: taken from the newest edition with the same method, or
    made here where the indicator is new or its series broken. A correction is computed by the catalogue of the revision
    that it corrects. Raises ValueError for a published one.
    """
    if not edition.is_open:
        msg = _("Udgave %(release)s er offentliggjort og ændrer sig ikke.")
        raise ValueError(msg % {"release": edition.release})
    with as_published(edition):
        return _compute(edition, by, now)


def _compute(edition: Edition, by: User, now: dt.datetime) -> Edition:
    loaded = load(edition)
    _set_goalposts(edition, loaded)
    spec = specification(edition)
    outcome = compute(loaded.matrix, spec)
    settings = edition.method["robustness"]
    certainty = robustness(loaded.matrix, spec, draws=settings["draws"], seed=settings["seed"], share=settings["share"])
    written = store(edition, loaded, outcome, certainty)
    Explanation.objects.filter(edition=edition).delete()
    Explanation.objects.bulk_create(explain(edition, loaded, spec, outcome))
    uploads = np.unique(loaded.upload[loaded.upload > 0]).tolist()
    measure_edition(edition=edition)
    edition.is_demo = Upload.objects.filter(pk__in=uploads, is_demo=True).exists()
    edition.robustness = _in_short(certainty)
    edition.computed_at = now
    edition.save(update_fields=["is_demo", "robustness", "computed_at"])
    log.info("Edition %s computed by %s: %d placements", edition.release, by, written)
    return edition


def _in_short(certainty: Robustness) -> dict[str, Any]:
    """Which variations ran, from which choices, and how much of the movement each explains, per ranked node."""
    return {
        "draws": certainty.draws,
        "share": certainty.share,
        "seed": certainty.seed,
        "variations": [
            {
                "name": variation.name,
                "choices": list(variation.choices),
                "share": {
                    node: round(float(share), 4)
                    for node, share in zip(certainty.nodes, variation.share, strict=True)
                    if np.isfinite(share)
                },
            }
            for variation in certainty.variations
        ],
    }


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
    """Of each indicator the goalposts (and data year) of the newest earlier edition with this method."""
    rows = (
        Criterion.objects.for_indicators()
        .filter(
            edition__in=Edition.objects.published(),
            edition__year__lt=edition.year,
            edition__method_version=edition.method_version,
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
