"""What would be wrong to write. Rules over the same facts as the sentences; every branch is tested."""

from django.utils.translation import gettext as _

from portal.language import formatting, phrases
from portal.press.facts import Figure, IndicatorFacts, MunicipalityFacts, NationalFacts
from rankings.engine.evidence import BETTER, LEAST_FIT, UNUSABLE, WORSE

NAMES_SHOWN = 6


def of_municipality(facts: MunicipalityFacts) -> tuple[str, ...]:
    """The claims that would not hold about a municipality, the gravest first."""
    before = facts.overall.before_n if facts.comparable and facts.overall.rank is not None else None
    return tuple(
        filter(
            None,
            [
                _demo(is_demo=facts.is_demo),
                _registers(facts.of_the_index),
                _not_comparable(facts.previous_year, comparable=facts.comparable),
                _fewer(facts.overall.n, before, facts.previous_year),
                _change_within(facts),
                _alike(facts),
                _shared(facts),
                *_breaks(facts),
                _provisional(facts.figures),
                _unusable(facts.figures),
                _missing(facts),
                _few_people(facts),
                _thin(facts),
                _effort(),
            ],
        )
    )


def of_indicator(facts: IndicatorFacts) -> tuple[str, ...]:
    """The claims that would not hold about an indicator."""
    neutral = _(
        "Skriv ikke »bedst« eller »dårligst«: tallet vises uden at tælle med, og er hverken godt eller dårligt."
    )
    return tuple(
        filter(
            None,
            [
                _demo(is_demo=facts.is_demo),
                _registers(facts.of_the_index),
                neutral if facts.neutral else _direction(facts),
                _break(facts.name, facts.broken_in) if facts.broken_in else "",
                _provisional_count(facts.provisional),
                _missing_count(facts),
                _apart(facts),
                _foretold(facts),
                _effort(),
            ],
        )
    )


def of_edition(facts: NationalFacts) -> tuple[str, ...]:
    """The claims that would not hold about an edition."""
    return tuple(
        filter(
            None,
            [
                _demo(is_demo=facts.is_demo),
                _registers(facts.of_the_index),
                _not_comparable(facts.previous_year, comparable=facts.comparable),
                _of_how_many(facts),
                _first_alike(facts),
                _most_within(facts),
                _back_again(facts),
                *(_break(name, year) for name, year in facts.breaks),
                _effort(),
            ],
        )
    )


def _demo(*, is_demo: bool) -> str:
    return _("Brug ikke tallene: de er opdigtede (demodata).") if is_demo else ""


def _registers(share: float | None) -> str:
    if share is None:
        return ""
    return _(
        "Skriv ikke »Socialt Indeks« alene: det er registerudgaven, med %(share)d %% af indeksets vægt. Den kan ikke "
        "sammenlignes med Socialt Indeks."
    ) % {"share": round(100 * share)}


def _not_comparable(year: int | None, *, comparable: bool) -> str:
    if comparable or year is None:
        return ""
    return _("Sammenlign ikke placeringen med %(year)s: metoden er ændret.") % {"year": year}


def _fewer(n: int, before: int | None, year: int | None) -> str:
    """Places among another number of municipalities are not the same places."""
    if before is None or year is None or before == n:
        return ""
    words = {"n": n, "before": before, "year": year}
    return (
        _("Skriv »af %(n)s« med: i %(year)s var %(before)s kommuner placeret, så en plads er ikke det samme nu.")
        % words
    )


def _change_within(facts: MunicipalityFacts) -> str:
    own = facts.overall
    if not facts.comparable or own.rank is None or own.before is None or own.moved_clearly or own.rank == own.before:
        return ""
    words = {
        "name": facts.name,
        "year": facts.previous_year,
        "before": f"{formatting.rank_in_text(own.before)} {formatting.of(own.before_n or own.n)}",
        "now": f"{formatting.rank_in_text(own.rank, own.last)} {formatting.of(own.n)}",
    }
    if own.rank < own.before:
        template = _(
            "Skriv ikke, at %(name)s er blevet bedre siden %(year)s: fra %(before)s til %(now)s, men forskellen er "
            "inden for usikkerheden."
        )
    else:
        template = _(
            "Skriv ikke, at %(name)s er blevet dårligere siden %(year)s: fra %(before)s til %(now)s, men forskellen er "
            "inden for usikkerheden."
        )
    return template % words


def _alike(facts: MunicipalityFacts) -> str:
    count = facts.overall.alike
    if not count:
        return ""
    others = formatting.count(count, _("anden kommune"), _("andre kommuner"))
    template = _(
        "Skriv ikke, at %(name)s er bedre eller dårligere end naboerne på listen: den kan ikke skelnes fra %(others)s."
    )
    return template % {"name": facts.name, "others": others}


def _shared(facts: MunicipalityFacts) -> str:
    own = facts.overall
    if own.rank is None or own.last is None or own.rank == own.last:
        return ""
    words = {"rank": own.rank, "shared": formatting.rank_in_text(own.rank, own.last)}
    return _("Skriv ikke »nr. %(rank)s« alene: pladsen er delt (%(shared)s).") % words


def _breaks(facts: MunicipalityFacts) -> list[str]:
    return [_break(one.name, one.broken_in) for one in facts.figures if one.broken_in]


def _break(name: str, year: int) -> str:
    words = {"indicator": name, "before": year - 1, "year": year}
    return _("Sammenlign ikke »%(indicator)s« med %(before)s eller tidligere: databrud i %(year)s.") % words


def _provisional(figures: tuple[Figure, ...]) -> str:
    names = [formatting.quoted(one.name) for one in figures if one.provisional]
    return _("Skriv »foreløbige tal« ved %(names)s.") % {"names": phrases.listed(names, NAMES_SHOWN)} if names else ""


def _unusable(figures: tuple[Figure, ...]) -> str:
    names = [formatting.quoted(one.name) for one in figures if one.quality == UNUSABLE]
    if not names:
        return ""
    said = phrases.listed(names, NAMES_SHOWN)
    return _("Skriv ikke om %(names)s: det er for usikkert at handle på.") % {"names": said}


def _provisional_count(count: int) -> str:
    if not count:
        return ""
    return _("Skriv »foreløbige tal« ved %(municipalities)s.") % {
        "municipalities": formatting.count(count, _("kommune"), _("kommuner"))
    }


def _missing(facts: MunicipalityFacts) -> str:
    names = [formatting.quoted(one.name) for one in facts.figures if one.missing]
    if not names:
        return ""
    return _("Et manglende tal er ikke et dårligt tal. Her mangler %(names)s.") % {
        "names": phrases.listed(names, NAMES_SHOWN)
    }


def _missing_count(facts: IndicatorFacts) -> str:
    count = sum(facts.missing.values())
    if not count:
        return ""
    kinds = [f"{amount} {formatting.missing(kind)}" for kind, amount in sorted(facts.missing.items())]
    words = {
        "municipalities": formatting.count(count, _("kommune"), _("kommuner")),
        "kinds": formatting.joined(kinds),
    }
    return _("Et manglende tal er ikke et dårligt tal: %(municipalities)s har ingen værdi (%(kinds)s).") % words


def _thin(facts: MunicipalityFacts) -> str:
    own = facts.overall
    if own.rank is None or own.coverage >= phrases.LITTLE_COVERAGE:
        return ""
    share = phrases.coverage(own.coverage)
    return _("Nævn, at placeringen bygger på %(share)s %% af vægten; resten mangler.") % {"share": share}


def _apart(facts: IndicatorFacts) -> str:
    if facts.apart != 0:
        return ""
    text = _("Skriv ikke, at kløften vokser eller lukker sig: der er ingen sikker ændring fra %(since)s til %(year)s.")
    return text % {"since": facts.apart_since, "year": facts.year}


def _foretold(facts: IndicatorFacts) -> str:
    if not facts.foretold or facts.neutral:
        return ""
    if facts.against_expected is not None:
        beside = {BETTER, WORSE} & set(facts.against_expected.values())
        never_effort = _("Skriv ikke, at det er indsatsen, når en kommune er bedre eller dårligere end ventet: noget, "
                         "som vilkårene ikke fanger, kan være grunden.")  # fmt: skip
        return never_effort if beside else ""
    text = _("Skriv ikke, at en kommune er bedre eller dårligere end ventet efter sine vilkår: de forudsiger %(share)s "
             "af forskellene, og vi siger først noget, når det er mindst %(least)s i to udgaver.")  # fmt: skip
    return text % {"share": facts.foretold, "least": formatting.percent(100 * LEAST_FIT)}


def _direction(facts: IndicatorFacts) -> str:
    return _("Skriv retningen med: %(direction)s.") % {"direction": facts.direction}


def _first_alike(facts: NationalFacts) -> str:
    first = [one for one in facts.places if one.rank == 1]
    if len(first) != 1 or not first[0].alike:
        return ""
    others = formatting.count(first[0].alike, _("anden kommune"), _("andre kommuner"))
    template = _("Skriv ikke »landets bedste« uden forbehold: %(name)s kan ikke skelnes fra %(others)s.")
    return template % {"name": first[0].name, "others": others}


def _most_within(facts: NationalFacts) -> str:
    moved = [one for one in facts.places if one.change]
    unclear = [one for one in moved if not one.clear]
    if not facts.comparable or not unclear:
        return ""
    words = {"unclear": len(unclear), "moved": len(moved)}
    if len(unclear) == len(moved):
        return _("Skriv ikke, at en kommune er rykket: for alle %(moved)s, der har skiftet plads, er forskellen inden "
                 "for usikkerheden.") % words  # fmt: skip
    return (
        _("Skriv ikke, at en kommune er rykket, uden at se på usikkerheden: for %(unclear)s af de %(moved)s, der har "
          "skiftet plads, er forskellen inden for usikkerheden.")
        % words
    )  # fmt: skip


def _back_again(facts: NationalFacts) -> str:
    """Regression to the mean: the largest moves of one year are partly chance, and chance goes the other way next."""
    if not facts.comparable or not any(one.change for one in facts.places):
        return ""
    return _("Skriv ikke om en udvikling efter ét år: de, der flytter sig mest, går oftest noget tilbage året efter. "
             "Se gennemsnittet af tre udgaver.")  # fmt: skip


def _of_how_many(facts: NationalFacts) -> str:
    """That a place is told with its n: another n than before, municipalities without a place, or both, in one go."""
    fewer = _fewer(facts.n, facts.previous_n if facts.comparable else None, facts.previous_year)
    if not facts.unranked:
        return fewer
    words = {"names": phrases.listed(list(facts.unranked), NAMES_SHOWN), "n": facts.n}
    if fewer:
        return f"{fewer} {_('Ikke placeret, fordi der mangler for mange tal: %(names)s.') % words}"
    return _("Skriv »af %(n)s«: %(names)s er ikke placeret, fordi der mangler for mange tal.") % words


def _few_people(facts: MunicipalityFacts) -> str:
    if not facts.is_small or facts.inhabitants is None:
        return ""
    return _("Skriv ikke om en udvikling uden at spørge, hvor mange det handler om: her bor %(count)s, så få personer "
             "kan flytte et tal meget.") % {"count": formatting.number(facts.inhabitants)}  # fmt: skip


def _effort() -> str:
    return _("Skriv ikke, at placeringen skyldes kommunens indsats alene: vilkår og tilfældigheder spiller også ind.")
