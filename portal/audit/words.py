"""What a weakness is called, what it means and what to do about it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from portal.audit.rules import BY_CONDITIONS, MOVES, NO_SCALE, SCALE, SHAKES, TWICE, Weakness
from portal.language import formatting
from portal.published import Level
from portal.published.audits import Audited
from rankings.engine.audit import STRONG

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
