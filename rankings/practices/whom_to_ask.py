"""Who does better under the same conditions, and whom to call: peers by conditions, never by outcome.

Better means better in two editions, each time by more than ordinary movement: nine of ten municipalities moved less
from the one edition to the other. What is not that much better is not called better.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

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
        years, sign = (
            self.years(indicator),
            SIGNS.get(self.figures.directions.get(indicator, Direction.NEUTRAL), np.nan),
        )
        own = self.figures.line_of.get(municipality)
        if years is None or own is None or np.isnan(sign):
            return None
        table = self.figures.table(indicator, years)
        noise = ordinary_movement(table[:, 0], table[:, 1])
        if not 0 < noise < np.inf:
            return None
        apart = sign * (table - table[own]) / noise
        return np.where(np.sign(apart[:, 0]) == np.sign(apart[:, 1]), _smaller(apart), 0.0)

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
                peer.municipality,
                peer.distance,
                years,
                (own[0], own[1]),
                tuple(table[line_of[peer.municipality.pk]].tolist()),
                self.contacts.get(peer.municipality.pk),
            )
            for peer in self.conditions.nearest(municipality, PEERS)
            if peer.municipality.pk in line_of and advantage[line_of[peer.municipality.pk]] > 1
        ]
        return sorted(found, key=lambda one: (one.contact is None, one.distance))

    def behind(self, municipality: int) -> list[tuple[Indicator, float]]:
        """Where a municipality (its primary key) lies behind the middle of the country in both editions, beyond
        ordinary movement, and can do something about it; the farthest first, in ordinary movements."""
        found = []
        for key, indicator in self.indicators.items():
            advantage = self.advantage(key, municipality) if indicator.influenceable else None
            if advantage is not None and not np.isnan(advantage[self.figures.line_of[municipality]]):
                middle = float(np.nanmedian(advantage))
                if middle > 1:
                    found.append((indicator, middle))
        return sorted(found, key=lambda one: (-one[1], one[0].position))


def _smaller(apart: Floats) -> Floats:
    return np.where(np.abs(apart[:, 0]) < np.abs(apart[:, 1]), apart[:, 0], apart[:, 1])


@dataclass(frozen=True, slots=True)
class Beginning:
    """A place to begin: weak, influenceable, beyond noise, and something is known."""

    indicator: Indicator
    practices: list[Practice]


def places_to_begin(
    peers: Peers, municipality: int, practices: Iterable[Practice], most: int = 3
) -> Iterator[Beginning]:
    """At most three places where a municipality (its primary key) could begin; none is "Vi kender ingen dokumenteret
    praksis". Practices, best known first, with their aims and municipalities; null results begin nothing."""
    helpful = [one for one in practices if one.knowledge != Knowledge.NO_EFFECT and not _is_tried(one, municipality)]
    known = (
        Beginning(
            indicator, [one for one in helpful if any(aim.indicator_id == indicator.pk for aim in one.aims.all())]
        )
        for indicator, _behind in peers.behind(municipality)
    )
    return islice((one for one in known if one.practices), most)


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
