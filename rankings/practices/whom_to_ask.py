"""Who does better under the same conditions, and whom to call: peers by conditions, never by outcome.

Better means better in two editions, each time by more than ordinary movement: nine of ten municipalities moved less
from the one edition to the other. What is not that much better is not called better, nor is a value that one should not
act on (`rankings.quality`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np

from indicators.conditions import Conditions, known_conditions
from indicators.models import Direction, Indicator, Municipality
from indicators.people.models import Contact, Organisation, OrganisationKind, Purpose
from rankings.engine.matrix import Floats
from rankings.engine.need import ordinary_movement
from rankings.engine.normalise import SIGNS
from rankings.models import Edition
from rankings.practices.figures import Figures
from rankings.practices.models import Enquiry, Knowledge, Practice
from rankings.practices.models.practices import PracticeQuerySet

PEERS = 12
"""How many of the nearest by conditions are looked at: an eighth of the country."""


@dataclass(frozen=True, slots=True)
class Better:
    """A peer that does better at an indicator in both editions. ``own`` and ``other``: values in ``years`` (editions).

    ``contact`` is the published mailbox of its function; None where it has confirmed none.
    """

    municipality: Municipality
    distance: float
    years: tuple[int, int]
    own: tuple[float, float]
    other: tuple[float, float]
    contact: Contact | None


class Peers:
    """Of one edition: who is like whom, and who does better at an indicator. Reads what it needs once."""

    def __init__(self, edition: Edition, indicators: Iterable[Indicator]) -> None:
        self.indicators = {indicator.pk: indicator for indicator in indicators}
        self.figures = Figures.up_to(edition, self.indicators)
        self._last: tuple[int, Floats] = (-1, np.zeros(0))

    @cached_property
    def conditions(self) -> Conditions[Municipality]:
        """Who is like whom. Two queries, for those who ask it."""
        return Conditions(list(Municipality.objects.order_by("code")), known_conditions(self.figures.edition.year))

    @cached_property
    def contacts(self) -> dict[int | None, Contact]:
        """The confirmed mailbox of each municipality that has one."""
        published = Contact.objects.published().filter(purpose=Purpose.PRACTICE)
        published = published.filter(organisation__kind=OrganisationKind.MUNICIPALITY).select_related("organisation")
        return {contact.organisation.municipality_id: contact for contact in published}

    def years(self, indicator: int) -> tuple[int, int] | None:
        """The two newest editions with new figures of an indicator; None where there are none or its series broke."""
        fresh = [year for year in self.figures.years if self.figures.is_fresh(indicator, year)]
        if len(fresh) < 2:
            return None
        return fresh[-2], fresh[-1]

    def advantage(self, indicator: int, municipality: int) -> Floats | None:
        """How much better (+) or worse (−) each municipality is than one, in ordinary movements, the less of the two
        editions; NaN where a figure is missing. None where the question cannot be asked."""
        own, row = self.figures.line_of.get(municipality), self._compared.rows.get(indicator)
        return None if own is None or row is None else self._advantages(own)[row]

    @cached_property
    def _compared(self) -> "_Compared":
        """The indicators of which the question can be asked."""
        rows: dict[int, int] = {}
        tables: list[Floats] = [np.zeros((0, len(self.figures.line_of), 2))]
        signs: list[float] = []
        noises: list[float] = []
        for indicator in self.indicators:
            years = self.years(indicator)
            sign = SIGNS.get(self.figures.directions.get(indicator, Direction.NEUTRAL), np.nan)
            if years is None or np.isnan(sign):
                continue
            table = self.figures.table(indicator, years)
            noise = ordinary_movement(table[:, 0], table[:, 1])
            if 0 < noise < np.inf:
                rows[indicator] = len(signs)
                tables.append(self._usable(indicator, table)[np.newaxis])
                signs.append(sign)
                noises.append(noise)
        upright = (np.array(numbers)[:, np.newaxis, np.newaxis] for numbers in (signs, noises))
        return _Compared(rows, np.concatenate(tables), *upright)

    def _usable(self, indicator: int, table: Floats) -> Floats:
        """The figures without those that one should not act on: nobody begins with one, or is asked because of one."""
        found = table.copy()
        found[self.figures.unusable.get(indicator, [])] = np.nan
        return found

    def _advantages(self, own: int) -> Floats:
        """Those of one line at all indicators that are compared; the last asked is kept, since a page asks them all."""
        kept, found = self._last
        if kept != own:
            tables = self._compared.tables
            apart = self._compared.signs * (tables - tables[:, own, np.newaxis]) / self._compared.noises
            first, second = apart[..., 0], apart[..., 1]
            smaller = np.where(np.abs(first) < np.abs(second), first, second)
            found = np.where(np.sign(first) == np.sign(second), smaller, 0.0)
            found[np.isnan(apart).any(axis=-1)] = np.nan
            self._last = own, found
        return found

    def better(self, indicator: Indicator, municipality: Municipality) -> list[Better]:
        """The peers that do better at an indicator, those with a confirmed contact first, then the nearest."""
        advantage, years = self.advantage(indicator.pk, municipality.pk), self.years(indicator.pk)
        if advantage is None or years is None:
            return []
        table = self.figures.table(indicator.pk, years)
        line_of = self.figures.line_of
        own = table[line_of[municipality.pk]].tolist()
        found = [
            Better(
                peer,
                distance,
                years,
                (own[0], own[1]),
                tuple(table[line_of[peer.pk]].tolist()),
                self.contacts.get(peer.pk),
            )
            for peer, distance in self.conditions.with_distances(municipality, PEERS)
            if peer.pk in line_of and advantage[line_of[peer.pk]] > 1
        ]
        return sorted(found, key=lambda one: (one.contact is None, one.distance))

    def behind(self, municipality: int) -> list[tuple[Indicator, float]]:
        """Where a municipality (its primary key) lies behind the middle of the country in both editions, beyond
        ordinary movement, and can do something about it; the farthest first, in ordinary movements."""
        own = self.figures.line_of.get(municipality)
        if own is None:
            return []
        advantages, rows = self._advantages(own), self._compared.rows
        asked = [(one, rows[key]) for key, one in self.indicators.items() if one.influenceable and key in rows]
        asked = [(one, row) for one, row in asked if not np.isnan(advantages[row, own])]
        middles = np.nanmedian(advantages[[row for _one, row in asked]], axis=1).tolist() if asked else []
        found = [(one, middle) for (one, _row), middle in zip(asked, middles, strict=True) if middle > 1]
        return sorted(found, key=lambda one: (-one[1], one[0].position))


class _Compared(NamedTuple):
    """The row of each indicator, its figures in two editions (rows × lines × 2), which way is good, and its noise."""

    rows: dict[int, int]
    tables: Floats
    signs: Floats
    noises: Floats


def places_to_begin(
    peers: Peers, municipality: int, practices: Iterable[Practice], most: int = 3
) -> Iterator[tuple[Indicator, list[Practice]]]:
    """At most three places where a municipality (its primary key) could begin: weak, influenceable, beyond noise, with
    the practices that something is known of; none is "Vi kender ingen dokumenteret praksis". ``practices`` are the best
    known first, with their aims and municipalities; null results begin nothing."""
    helpful = [one for one in practices if one.knowledge != Knowledge.NO_EFFECT and not _is_tried(one, municipality)]
    known = (
        (indicator, [one for one in helpful if any(aim.indicator_id == indicator.pk for aim in one.aims.all())])
        for indicator, _behind in peers.behind(municipality)
    )
    return islice(((indicator, found) for indicator, found in known if found), most)


def _is_tried(practice: Practice, municipality: int) -> bool:
    return any(place.pk == municipality for place in practice.municipalities.all())


def recommended(indicator: Indicator) -> PracticeQuerySet:
    """The public practices about an indicator, best known first; null results stand in the same list."""
    return Practice.objects.alive().about(indicator).by_knowledge()


def next_to_ask(enquiry: Enquiry, now: dt.datetime) -> Organisation | None:
    """Whom to ask when one does not answer: a municipality with a confirmed contact that was not asked about it yet.

    About a practice: one that does something with the same aim; else, and then, a peer that does better."""
    indicators = [enquiry.indicator] if enquiry.indicator else []
    if enquiry.practice is not None:
        indicators += [aim.indicator for aim in enquiry.practice.aims.select_related("indicator")]
    asked = Enquiry.objects.filter(asker=enquiry.asker, sent_at__lte=now).values_list("asked", flat=True)
    without = {enquiry.asker_id, *asked}
    municipality = enquiry.asker.municipality
    if municipality is None or not indicators:
        return None
    others = Practice.objects.alive().about(*indicators).by_knowledge().select_related("organisation")
    for practice in others:
        if practice.organisation_id not in without and practice.contact is not None:
            return practice.organisation
    edition = Edition.objects.published().newest_first().first()
    if edition is None:
        return None
    peers = Peers(edition, indicators)
    for indicator in indicators:
        for better in peers.better(indicator, municipality):
            if better.contact is not None and better.contact.organisation_id not in without:
                return better.contact.organisation
    return None
