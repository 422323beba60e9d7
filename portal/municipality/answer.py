"""What a municipality's page says first: its place, how sure that is, its areas, one honest sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.addresses.numbers import trace_url
from portal.charts.strip import Strip
from portal.language import formatting
from portal.language import phrases as words
from portal.language.sentence import Facts, sentence
from portal.published.catalogue import AreaEntry
from portal.published.municipality import Figures
from portal.published.rows import OVERALL_KEY
from portal.published.subjects import OVERALL, localised


@dataclass(frozen=True, slots=True)
class MunicipalityAnswer:
    """What templates/components/answer.html shows."""

    rank: str
    of: str
    reason: str
    interval: str
    alike: str
    score: str
    proof: str
    sentence: str
    strip: Strip


@dataclass(frozen=True, slots=True)
class MunicipalityArea:
    """What templates/components/area_card.html shows of a municipality's area."""

    code: str
    name: str
    url: str
    rank: str
    of: str
    reason: str
    interval: str
    score: str
    proof: str
    strip: Strip | None
    top: tuple[()] = ()
    spread: str = ""


def answer_of(figures: Figures) -> MunicipalityAnswer:
    """Say where the municipality stands."""
    overall = figures.overall
    alike = len(overall.alike or [])
    return MunicipalityAnswer(
        rank=words.rank(overall),
        of=words.of(overall),
        reason=words.why_not_ranked(overall, figures.shown.edition),
        interval=words.interval(overall),
        alike=_("Kan ikke skelnes fra %(others)s.") % {"others": formatting.count(alike, _("kommune"), _("kommuner"))}
        if alike
        else "",
        score=words.score(overall),
        proof=_proof(figures, OVERALL.code),
        sentence=sentence(sentence_facts(figures)),
        strip=words.score_strip(
            overall,
            figures.country.scores.get(OVERALL_KEY, ()),
            figures.country.spreads.get(OVERALL_KEY),
            _("Alle kommuners score på en linje, de bedste til højre."),
            labelled=figures.municipality.name,
        ),
    )


def sentence_facts(figures: Figures) -> Facts:
    """What the sentence may say of the municipality."""
    overall, previous = figures.overall, figures.shown.previous
    ranked = [
        (row.rank, area) for area in figures.country.areas if (row := figures.own.get(("area", area.pk))) and row.rank
    ]
    best = min(ranked, key=lambda pair: pair[0], default=None)
    return Facts(
        name=figures.municipality.name,
        year=figures.shown.edition.year,
        n=overall.n,
        coverage=overall.coverage,
        rank=overall.rank,
        rank_last=overall.rank_last,
        low=overall.low,
        high=overall.high,
        best_area=localised(best[1], "name") if best else "",
        best_area_rank=best[0] if best else None,
        previous_year=previous.year if previous else None,
        previous_rank=figures.before.rank if figures.before else None,
        comparable=figures.comparable,
        bridge_rank=None if figures.comparable else figures.rank_before,
        causes=figures.explanation.change if figures.explanation else {},
    )


def area_cards(figures: Figures) -> tuple[MunicipalityArea, ...]:
    """Its place in each area; an area the edition has no figures of for it is shown without a place."""
    return tuple(_area_card(figures, area) for area in figures.country.areas)


def _area_card(figures: Figures, area: AreaEntry) -> MunicipalityArea:
    key = ("area", area.pk)
    own = figures.own.get(key)
    name = localised(area, "name")
    strip = words.score_strip(
        own,
        figures.country.scores.get(key, ()),
        figures.country.spreads.get(key),
        _("Alle kommuners score på %(area)s, de bedste til højre.") % {"area": name},
    )
    return MunicipalityArea(
        code=area.code,
        name=name,
        url=figures.links.area(area.slug),
        rank=words.rank(own),
        of=words.of(own),
        reason=words.why_not_ranked(own, figures.shown.edition) if own else _("Udgaven har ingen tal for området."),
        interval=words.interval(own),
        score=words.score(own),
        proof=_proof(figures, area.slug),
        strip=strip,
    )


def _proof(figures: Figures, subject: str) -> str:
    """Where the proof of the municipality's score lies."""
    return trace_url(figures.shown.edition.release, figures.municipality.code, subject)
