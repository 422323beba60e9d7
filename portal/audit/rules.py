"""From findings to weaknesses: which finding is one, how grave, what it is called and what to do about it. The only
place that says so.

A weakness is grave where it moves placements or where two parts say the same twice. Thresholds that a sample of a
hundred cannot tell from chance are not thresholds: pairs are held against chance with all of them looked at at once.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from django.utils.translation import gettext as _

from portal.language import formatting
from portal.published import Level
from portal.published.audits import Audited
from rankings.engine.evidence import STRONG
from rankings.method import INDEX_NODE

TWICE = 2.0
"""An area or a theme whose share of the effect is more than so many times its share of the weight, or less than that
part of it, does not do what its weight says."""
NO_SCALE, SCALE = 0.5, 0.7
"""Cronbach's alpha below the first: the parts measure different things; Nunnally asks the second of a scale."""
MUCH_CLIPPED = 0.2
"""The goalposts cut off about a tenth where they were made; twice that is much."""
MOVES = 3.0
"""Places that one indicator left out may move municipalities on average."""
SHAKES = 5.0
"""Places that another reasonable choice may move municipalities on average."""
BY_CONDITIONS = 0.2
CHANCE = 0.05
GRAVE = frozenset({"weight", "strong", "against", "single", "choice"})


@dataclass(frozen=True, slots=True)
class Weakness:
    """Something a reader must know of an edition. ``parts`` are the engine's names, ``figure`` what was found."""

    kind: str
    parts: tuple[str, ...]
    figure: float

    @property
    def is_grave(self) -> bool:
        """Whether it moves placements."""
        return self.kind in GRAVE


def weaknesses(findings: Mapping[str, Any]) -> list[Weakness]:
    """Every weakness, the grave ones first, then as the rules stand here, the largest figure first within each."""
    rules = (_weights, _strong, _against, _single, _choices, _overlaps, _no_scale, _clipped, _conditions)
    found = [one for rule in rules for one in sorted(rule(findings), key=lambda one: -abs(one.figure))]
    return sorted(found, key=lambda one: not one.is_grave)


def _weights(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    for code, one in findings["influence"].items():
        if ":" in code and one["effective_share"] is not None and one["nominal"]:
            ratio = one["effective_share"] / one["nominal"]
            if not 1 / TWICE <= ratio <= TWICE:
                yield Weakness("weight", (code,), ratio)


def _strong(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    declared = {frozenset(pair[:2]) for pair in findings.get("overlaps", ())}
    for a, b, r, _n in findings["correlations"]:
        if r is not None and r >= STRONG and frozenset((a, b)) not in declared:
            yield Weakness("strong", (a, b), r)


def _against(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    yield from (Weakness("against", (a, b), r) for a, b, r, n in findings["negative"] if r <= limit_of(findings, n))


def limit_of(findings: Mapping[str, Any], n: int) -> float:
    """How negative r must be, with so many municipalities, that chance alone seldom makes any of all pairs so."""
    pairs = sum(r is not None for _a, _b, r, _n in findings["correlations"])
    reach = NormalDist().inv_cdf(1 - CHANCE / max(pairs, 1)) / math.sqrt(max(n - 3, 1))
    return -math.tanh(reach)


def _single(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    moved = findings["left_out"].items()
    yield from (Weakness("single", (code,), one["mean"]) for code, one in moved if one["mean"] > MOVES)


def _choices(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    moved = findings["alternatives"].items()
    yield from (Weakness("choice", (name,), one["mean"]) for name, one in moved if one["mean"] > SHAKES)


def _overlaps(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    codes = tuple(code for pair in findings.get("overlaps", ()) for code in pair[:2])
    if codes:
        yield Weakness("overlap", codes, len(codes) / 2)


def _no_scale(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    low = [code for code, one in findings["alpha"].items() if one is not None and one < NO_SCALE and "theme:" in code]
    if low:
        yield Weakness("no_scale", tuple(low), len(low))


def _clipped(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    much = [code for code, one in findings["clipped"].items() if one is not None and one >= MUCH_CLIPPED]
    if much:
        yield Weakness("clipped", tuple(much), max(findings["clipped"][code] for code in much))


def _conditions(findings: Mapping[str, Any]) -> Iterator[Weakness]:
    r2 = findings.get("conditions", {}).get(INDEX_NODE)
    if r2 is not None and r2 >= BY_CONDITIONS:
        yield Weakness("conditions", (INDEX_NODE,), r2)


CORRELATION = 2  # decimals of a correlation
LIMITS = {"weight": (1 / TWICE, TWICE), "single": (MOVES,), "choice": (SHAKES,)}
"""What a figure is compared with, so that it is printed on its side of it."""


def choice_name(name: str) -> str:
    """Another choice of method in words."""
    kind, _mark, share = name.partition("_0.")
    if kind == "coverage":
        percent = formatting.percent(float(f"0.{share}") * 100)
        return _("kravet om dækning er %(share)s") % {"share": percent}
    names = {
        "min_max": _("scoren går fra laveste til højeste tal"),
        "z_score": _("scoren er standardafvigelser fra gennemsnittet"),
        "percentile_rank": _("scoren er andelen, der ligger dårligere"),
        "geometric": _("vi bruger det geometriske gennemsnit"),
        "shrunken": _("tal om få personer eller svar er trukket mod midten"),
        "flat_weights": _("alle indikatorer vejer det samme"),
        "goalposts_1_99": _("målstolperne er 1. og 99. percentil"),
        "goalposts_10_90": _("målstolperne er 10. og 90. percentil"),
    }
    return names.get(name, name)


def said(one: Weakness, of: Audited) -> str:
    """One sentence that says what is wrong, with its figure."""
    names = [formatting.quoted(of.name(code)) for code in one.parts]
    values = dict(
        a=names[0],
        b=names[-1],
        names=formatting.joined(names),
        pairs=formatting.number(len(names) // 2),
        themes=formatting.number(len(of.parts(Level.THEME))),
        count=formatting.number(len(names)),
        r=formatting.beside(one.figure, CORRELATION, STRONG),
        times=formatting.beside(one.figure, 1, *LIMITS.get(one.kind, ())),
        share=formatting.share_percent(one.figure, BY_CONDITIONS),
        choice=choice_name(one.parts[0]),
    )
    return _sentence(one.kind) % values


def _sentence(kind: str) -> str:
    return {
        "weight": _("%(a)s virker %(times)s gange så meget på placeringerne, som vægten siger."),
        "strong": _("%(a)s og %(b)s siger næsten det samme to gange (r = %(r)s)."),
        "against": _("%(a)s og %(b)s trækker hver sin vej (r = %(r)s), så de delvis ophæver hinanden."),
        "single": _("Uden %(a)s flytter kommunerne sig i gennemsnit %(times)s pladser."),
        "choice": _("Når %(choice)s, flytter kommunerne sig i gennemsnit %(times)s pladser."),
        "overlap": _(
            "%(pairs)s par af indikatorer har sager til fælles, så de sager tæller to gange. De står nedenfor."
        ),
        "no_scale": _(
            "%(count)s af %(themes)s temaer er samlinger af forskellige ting, ikke mål for én ting: en score i dem "
            "siger ikke, hvilken af tingene der er høj. De står nedenfor."
        ),
        "clipped": _(
            "I %(names)s får mindst hver femte kommune 0 eller 100 point, fordi tallet ligger uden for målstolperne. "
            "Dér kan scoren ikke skelne kommunerne fra hinanden."
        ),
        "conditions": _("Kommunens vilkår forudsiger %(share)s af forskellene i den samlede score."),
    }[kind]


def advice(kind: str) -> str:
    """What to do about a kind of weakness in the next edition."""
    return {
        "weight": _("Afvej områder og temaer efter det, de virker, eller skriv, hvorfor forskellen er ønsket."),
        "strong": _("Slå indikatorer sammen, der siger det samme, eller giv dem én vægt til deling."),
        "against": _("Undersøg, om retningen er rigtig, eller om de to indikatorer hører til i hver sit tema."),
        "single": _("Gennemgå den indikator, der flytter mest, før vægten bliver den samme igen."),
        "choice": _("Skriv ved placeringen, at den afhænger af valget, og begrund valget på metodesiden."),
        "overlap": _("Tæl de fælles sager én gang: behold den indikator, der har færrest sager til fælles."),
        "no_scale": _("Vis temaets indikatorer før temaets score, og skriv ikke om temaet som én egenskab."),
        "clipped": _("Sæt nye målstolper, når metoden ændres, så færre tal ligger uden for dem."),
        "conditions": _("Sammenlign kun kommuner med lignende vilkår i omtalen af den samlede placering."),
    }[kind]


def verdict(found: list[Weakness], choices: Mapping[str, Mapping[str, float]]) -> str:
    """The answer to the page's question, by the rules. ``choices``: how far other choices of method move places."""
    grave = sum(one.is_grave for one in found)
    if not found:
        return _("Ja, så langt eftersynet rækker: ingen af reglerne fandt en svaghed.")
    if not grave:
        text = _("Ja, med forbehold: eftersynet fandt %(count)s.") % {
            "count": formatting.count(len(found), _("svaghed"), _("svagheder"))
        }
        return " ".join(filter(None, [text, _moved_by(choices)]))
    return _("Kun delvis: %(grave)s af de %(count)s flytter placeringer eller tæller det samme to gange.") % {
        "grave": formatting.number(grave), "count": formatting.count(len(found), _("svaghed"), _("svagheder")),
    }  # fmt: skip


def _moved_by(choices: Mapping[str, Mapping[str, float]]) -> str:
    if not choices:
        return ""
    return _(
        "De andre valg af metode, vi har prøvet, flytter kommunerne højst %(mean)s pladser i gennemsnit og ingen "
        "kommune mere end %(largest)s."
    ) % {
        "mean": formatting.beside(max(one["mean"] for one in choices.values()), 1, SHAKES),
        "largest": formatting.number(max(one["largest"] for one in choices.values())),
    }


def alpha_means(alpha: float | None) -> str:
    """What Cronbach's alpha of a theme says in words."""
    if alpha is None:
        return _("har for få tal til at sige det")
    if alpha < 0:
        return _("tallene trækker hver sin vej")
    if alpha < NO_SCALE:
        return _("forskellige ting samlet under ét navn")
    return _("hænger nogenlunde sammen") if alpha < SCALE else _("hænger sammen som en skala")
