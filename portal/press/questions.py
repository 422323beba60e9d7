"""Questions worth asking: what the figures cannot answer themselves."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.language import formatting, phrases
from portal.press.facts import Figure, IndicatorFacts, MunicipalityFacts, NationalFacts
from rankings.engine.evidence import UNUSABLE

MOST = 5


def of_municipality(facts: MunicipalityFacts) -> tuple[str, ...]:
    """What to ask the municipality."""
    figures = [one for one in facts.figures if one.quality != UNUSABLE]
    placed = sorted((one for one in figures if one.place is not None), key=lambda one: one.place or 0.0)
    asked = [
        *(_worst(one) for one in placed[-1:] if (one.place or 0) >= 0.8),
        *(_best(one) for one in placed[:1] if (one.place or 0) <= 0.2),
        _moved(figures),
        _peer(facts),
        *(_missing(one) for one in facts.figures if one.missing),
    ]
    return tuple(one for one in asked if one)[:MOST]


def _worst(figure: Figure) -> str:
    words = {"indicator": figure.name, "rank": _rank(figure), "n": figure.n}
    return _("Hvad ligger bag, at kommunen er %(rank)s af %(n)s på »%(indicator)s«, og hvad gør I ved det?") % words


def _best(figure: Figure) -> str:
    words = {"indicator": figure.name, "rank": _rank(figure), "n": figure.n}
    return _("Hvad gør I, siden kommunen er %(rank)s af %(n)s på »%(indicator)s«, og kan andre gøre det samme?") % words


def _moved(figures: Sequence[Figure]) -> str:
    changed = [one for one in figures if one.change is not None]
    most = max(changed, key=lambda one: abs(one.change or 0.0), default=None)
    if most is None or not most.change:
        return ""
    words = {"indicator": most.name, "before": most.before_text, "now": most.text, "year": most.before_year}
    return _("Hvad skete der, da »%(indicator)s« gik fra %(before)s i %(year)s til %(now)s?") % words


def _peer(facts: MunicipalityFacts) -> str:
    peers = facts.peers
    if peers is None or not peers.best or peers.best_rank is None or facts.overall.rank is None:
        return ""
    if peers.best_rank >= facts.overall.rank:
        return ""
    words = {"name": peers.best, "rank": formatting.rank_in_text(peers.best_rank)}
    return _("%(name)s har næsten samme vilkår og er %(rank)s. Hvad gør de anderledes, og har I talt sammen?") % words


def _missing(figure: Figure) -> str:
    words = {"indicator": figure.name, "why": figure.missing}
    return _("Hvorfor er der intet tal for »%(indicator)s« (%(why)s)?") % words


def of_indicator(facts: IndicatorFacts) -> tuple[str, ...]:
    """What to ask about an indicator."""
    asked = [_("Hvor meget af forskellen skyldes forskellige vilkår eller måder at registrere på?")]
    first = [one for one in facts.places if one.rank == 1]
    last = [one for one in facts.places if facts.places and one.last == facts.places[-1].last]
    sure = all(one.quality != UNUSABLE for one in (*first, *last))
    if len(first) == len(last) == 1 and first != last and sure and not facts.neutral:
        words = {"best": first[0].name, "worst": last[0].name}
        asked.append(_("Hvad gør %(best)s, som %(worst)s ikke gør?") % words)
    if facts.broken_in:
        asked.append(_("Hvordan ændrede opgørelsen sig i %(year)s, og hvad betød det?") % {"year": facts.broken_in})
    if sum(facts.missing.values()):
        asked.append(_("Hvorfor mangler tallet i nogle kommuner?"))
    return tuple(asked)


def of_edition(facts: NationalFacts) -> tuple[str, ...]:
    """What to ask about an edition."""
    asked = [_("Hvad gør de bedste kommuner, som andre med samme vilkår kan lære af?")]
    clear = [one for one in facts.places if one.clear]
    if clear:
        size = max(abs(one.change or 0.0) for one in clear)
        names = formatting.joined([one.name for one in clear if abs(one.change or 0.0) == size])
        asked.append(_("Hvad ligger bag, at %(name)s har flyttet sig mest?") % {"name": names})
    if facts.everywhere_worst:
        words = {"names": phrases.listed([one.name for one in facts.everywhere_worst], 3)}
        asked.append(_("Hvem hjælper de kommuner, der ligger dårligt på alle tre områder (%(names)s)?") % words)
    if facts.unranked:
        asked.append(_("Hvorfor mangler tallene for %(names)s?") % {"names": phrases.listed(facts.unranked, 6)})
    return tuple(asked)


def _rank(figure: Figure) -> str:
    return formatting.rank_in_text(figure.rank or 0, figure.last)
