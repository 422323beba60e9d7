"""What the page of a municipality stands on, read before anything is put in words.

What it shares with every other municipality of the edition (``Country``) is held as long as the release stays; its own
is read in two queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from indicators.conditions import Conditions, Known, known_conditions
from indicators.copying import in_groups
from portal.addresses import Links
from portal.published.edition import ShownEdition
from portal.published.municipalities import everyone_in_order
from portal.published.rows import (
    OVERALL_KEY,
    Change,
    Key,
    Neighbour,
    PlacementRow,
    SpreadRow,
    bridge_place,
    change_of,
    fetched,
    placement_rows,
    spread_rows,
)
from portal.published.subjects import AreaEntry, IndicatorEntry, areas_of, catalogue
from portal.serving.release import shared_by_its_pages, shared_in_release
from rankings.engine.evidence import is_unusable
from rankings.models import Edition, Explanation, Level, Placement, Spread

PEERS = 6
_ANY = "tal-som-skiftes-ud"
_PAST = ("value", "score", "data_year")


@dataclass(frozen=True, eq=False)  # equal only to itself: what is made of it is held under it
class Country:
    """What the pages of all municipalities of an edition share.

    ``scores`` are the printed scores of everyone ranked, overall and in each area, the best first.
    """

    everyone: Sequence[Neighbour]
    scores: Mapping[Key, tuple[float, ...]]
    spreads: Mapping[Key, SpreadRow]
    indicators: list[IndicatorEntry]
    areas: Sequence[AreaEntry]
    known: Known
    conditions: Conditions[Neighbour]

    def __len__(self) -> int:
        """Its rows, about: what it counts where memory is bounded."""
        return 3 * len(self.everyone) + len(self.spreads) + len(self.indicators)


@dataclass(frozen=True)
class Figures:
    """A municipality's placements, and the country they are compared with.

    ``by_edition`` has all of the shown edition, of those before overall and areas; ``past`` their indicators, the
    oldest edition first.
    """

    shown: ShownEdition
    municipality: Neighbour
    links: Links
    by_edition: Mapping[int, Mapping[Key, PlacementRow]]
    past: Sequence[Mapping[int, PlacementRow]]
    country: Country
    explanation: Explanation | None

    @cached_property
    def own(self) -> Mapping[Key, PlacementRow]:
        """Its placements in the shown edition."""
        return self.by_edition[self.shown.edition.pk]

    @property
    def overall(self) -> PlacementRow:
        """Its overall placement in the shown edition."""
        return self.own[OVERALL_KEY]

    @property
    def before(self) -> PlacementRow | None:
        """Its overall placement in the edition before."""
        previous = self.shown.previous
        return self.by_edition[previous.pk].get(OVERALL_KEY) if previous else None

    @property
    def change(self) -> Change | None:
        """What became of its overall place since the edition before; None across methods, or without a place."""
        places = sum(self.explanation.change.values()) if self.explanation and self.explanation.change else None
        return change_of(self.overall, self.before, places) if self.comparable else None

    @cached_property
    def peers(self) -> list[Neighbour]:
        """Those under the same conditions, nearest first."""
        return self.country.conditions.nearest(self.municipality, PEERS)

    @cached_property
    def _story(self) -> str:
        return self.links.of("municipality-figure", slug=self.municipality.slug, code=_ANY)

    def story(self, indicator: str) -> str:
        """The address of an indicator over the years for the municipality, made without a reverse() for each."""
        return self._story.replace(_ANY, indicator)

    @cached_property
    def unusable(self) -> frozenset[int | None]:
        """The indicators (primary keys) whose value here one should not act on."""
        return frozenset(row.indicator_id for row in self.own.values() if is_unusable(row.doubts))

    @property
    def comparable(self) -> bool:
        """Whether the edition before was made by the same method: only then a move is a move."""
        previous = self.shown.previous
        return previous is None or previous.method_version == self.shown.edition.method_version

    @property
    def bridge(self) -> PlacementRow | None:
        """Its place in the edition before by this edition's method, where that is another one; None where not known."""
        found = None if self.comparable else self.explanation
        return bridge_place(found.bridge_rank, found.bridge_last, found.bridge_n) if found else None


def figures_of(shown: ShownEdition, slug: str, links: Links) -> Figures:
    """Read everything. Http404 for a municipality that the edition has not."""
    shared = country(shown.edition)
    municipality = next((one for one in shared.everyone if one.slug == slug), None)
    if municipality is None:
        raise Http404(_("Der er ingen kommune, der hedder %(slug)s.") % {"slug": slug})
    own = _own(shown, municipality)
    return Figures(shown, municipality, links, own.by_edition, own.past, shared, own.explanation)


@dataclass(frozen=True)
class _Own:
    """What is read of a municipality alone, for a dozen pages in two languages."""

    by_edition: Mapping[int, Mapping[Key, PlacementRow]]
    past: Sequence[Mapping[int, PlacementRow]]
    explanation: Explanation | None

    def __len__(self) -> int:
        """Its rows."""
        return sum(len(rows) for rows in self.by_edition.values()) + sum(len(rows) for rows in self.past)


@shared_by_its_pages
def _own(shown: ShownEdition, municipality: Neighbour) -> _Own:
    return _Own(
        by_edition=_placements(municipality, shown),
        past=_past(municipality, shown.earlier),
        explanation=shown.explanations.filter(municipality=municipality.pk).first(),
    )


@shared_in_release
def country(edition: Edition) -> Country:
    """Read what all municipalities of an edition share, in four queries."""
    everyone, scores = _everyone(edition)
    indicators = catalogue(edition)
    known = conditions_until(edition.year)
    return Country(
        everyone=everyone,
        scores=scores,
        spreads={row.key: row for row in spread_rows(Spread.objects.filter(edition=edition))},
        indicators=indicators,
        areas=areas_of(indicators),
        known=known,
        conditions=Conditions(everyone, known),
    )


def _placements(municipality: Neighbour, shown: ShownEdition) -> dict[int, dict[Key, PlacementRow]]:
    found: dict[int, dict[Key, PlacementRow]] = {edition.pk: {} for edition in shown.years}
    wanted = Q(edition=shown.edition) | Q(edition__in=shown.earlier, level__in=[Level.OVERALL, Level.AREA])
    for row in placement_rows(Placement.objects.filter(wanted, municipality=municipality.pk)):
        found[row.edition_id][row.key] = row
    return found


def _past(municipality: Neighbour, editions: Sequence[Edition]) -> list[dict[int, PlacementRow]]:
    found: dict[int, dict[int, PlacementRow]] = {edition.pk: {} for edition in editions}
    rows = Placement.objects.filter(municipality=municipality.pk, edition__in=editions, level=Level.INDICATOR)
    for edition, indicator, *figures in fetched(rows.values_list("edition_id", "indicator_id", *_PAST)):
        found[edition][indicator] = PlacementRow(value=figures[0], score=figures[1], data_year=figures[2])
    return list(found.values())


def _everyone(edition: Edition) -> tuple[list[Neighbour], dict[Key, tuple[float, ...]]]:
    rows = Placement.objects.of(edition)
    own = {key: place for key, *place in fetched(rows.overall().values_list("municipality_id", *Neighbour._fields[8:]))}
    everyone = [
        Neighbour(one.pk, one.name, one.slug, one.code, one.landsdel, one.kommunegruppe, one.region.name, one.area_km2,
                  *own[one.pk])
        for one in everyone_in_order() if one.pk in own
    ]  # fmt: skip
    printed = rows.filter(level__in=[Level.OVERALL, Level.AREA], rank__isnull=False, printed__isnull=False)
    return everyone, {
        ("overall" if area is None else "area", area): tuple(np.sort(scores)[::-1].tolist())
        for (area,), (scores,) in in_groups(printed, ("area_id",), whole=(), real=("printed",))
    }


@shared_in_release
def conditions_until(year: int) -> Known:
    """Per municipality each condition's newest value up to a year, and its year."""
    return known_conditions(year)
