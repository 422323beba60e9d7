"""An edition's way: draft → (hearing) → published → corrected by a later revision."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string

from indicators.models import Area, Direction, Indicator, Measurement, Theme
from rankings.method import METHOD, METHOD_VERSION
from rankings.models import Criterion, Edition, EditionState, Level

from .computing import compute_edition


class EditionError(Exception):
    """What was asked cannot be done with this edition; the message says why. Nothing was changed."""


@transaction.atomic
def prepare_edition(*, year: int, by: User, now: dt.datetime, note_da: str = "", note_en: str = "") -> Edition:
    """Start a year's first revision as a draft, with a criterion for everything that has figures.

    Each indicator takes its newest year with values up to the edition's own. Weights are equal inside
    a theme, themes equal in their area, areas equal in the index.
    """
    if Edition.objects.filter(year=year).exists():
        msg = f"There is already an edition {year}. Correct it, or continue its draft."
        raise EditionError(msg)
    edition = Edition.objects.create(
        year=year, method_version=METHOD_VERSION, method=METHOD, note_da=note_da, note_en=note_en
    )
    _create_criteria(edition)
    return compute_edition(edition=edition, by=by, now=now)


def _create_criteria(edition: Edition) -> None:
    newest = dict(
        Measurement.objects.current()
        .filter(year__lte=edition.year, value__isnull=False)
        .values_list("indicator")
        .annotate(Max("year"))
    )
    indicators = [i for i in Indicator.objects.of_the_index().in_catalogue_order() if i.pk in newest]
    if not indicators:
        msg = f"There are no measurements up to {edition.year} to make an edition from."
        raise EditionError(msg)
    themes = Theme.objects.filter(indicators__in=indicators).distinct().order_by("position")
    areas = Area.objects.filter(themes__in=themes).distinct().order_by("position")
    Criterion.objects.bulk_create(
        [
            *(Criterion(edition=edition, level=Level.AREA, area=area, weight=1) for area in areas),
            *(Criterion(edition=edition, level=Level.THEME, theme=theme, weight=1) for theme in themes),
            *(
                Criterion(
                    edition=edition,
                    level=Level.INDICATOR,
                    indicator=indicator,
                    weight=0 if indicator.direction == Direction.NEUTRAL else 1,
                    direction=indicator.direction,
                    data_year=newest[indicator.pk],
                )
                for indicator in indicators
            ),
        ]
    )


@transaction.atomic
def correct_edition(*, year: int, reason: str, by: User, now: dt.datetime) -> Edition:
    """Start a new revision of a published edition, computed from the measurements as they are now.

    Method, weights, goalposts and data years stay those of the published revision.
    """
    if not reason.strip():
        msg = "A correction needs a reason: it is printed in public."
        raise EditionError(msg)
    published = Edition.objects.published().filter(year=year).first()
    if published is None:
        msg = f"There is no published edition {year} to correct."
        raise EditionError(msg)
    if Edition.objects.filter(year=year, state__in=[EditionState.DRAFT, EditionState.HEARING]).exists():
        msg = f"A revision of {year} is already under way. Publish it or delete it first."
        raise EditionError(msg)
    criteria = list(Criterion.objects.of(published))
    revision = Edition.objects.create(
        year=year,
        revision=published.revision + 1,
        method_version=published.method_version,
        method=published.method,
        reason=reason.strip(),
        note_da=published.note_da,
        note_en=published.note_en,
    )
    for criterion in criteria:
        criterion.pk, criterion.edition = None, revision
    Criterion.objects.bulk_create(criteria)
    return compute_edition(edition=revision, by=by, now=now)


@transaction.atomic
def publish_edition(*, edition: Edition, by: User, now: dt.datetime) -> Edition:
    """Compute once more and make public, in one transaction: readers see the old edition or the new one.

    The revision it replaces becomes "corrected" and keeps its pinned address.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.state not in {EditionState.DRAFT, EditionState.HEARING}:
        msg = f"Edition {edition.release} is already published. A change needs a correction with a reason."
        raise EditionError(msg)
    edition = compute_edition(edition=edition, by=by, now=now)
    Edition.objects.published().filter(year=edition.year).update(state=EditionState.CORRECTED, corrected_at=now)
    edition.state = EditionState.PUBLISHED
    edition.published_at, edition.published_by = now, by
    edition.save(update_fields=["state", "published_at", "published_by"])
    for step in settings.BEFORE_PUBLICATION:  # the last of this transaction: the site has its new pages ready
        import_string(step)()
    return edition
