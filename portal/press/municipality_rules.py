"""What can be written about a municipality. Each rule is a function of the facts; every branch is tested."""

from django.utils.translation import gettext as _

from portal.addresses import EVERYONE
from portal.language import formatting
from portal.language.phrases import coverage_percent, index_name, main_cause, named
from portal.press.facts import Figure, MunicipalityFacts, Number, Standing, Statement, say
from rankings.engine.evidence import UNUSABLE

SURE_OF_VALUE = {1: 0.9, 2: 0.7}
"""By the grade of the value (`rankings.quality`): one's own word, a wide interval, few answers are less sure. Nothing
is written of a value that one should not act on."""
PROVISIONAL_VALUE, FEW_PEOPLE, ONE_YEAR = 0.5, 0.3, 0.2
BEST_FIFTH, WORST_FIFTH = 0.2, 0.8
THIRD = 3
GREAT_CHANGE = 15.0  # points on the scale of 100 that count as a whole story


def statements(facts: MunicipalityFacts) -> list[Statement | None]:
    """Everything the rules can say, in the order of the rules."""
    return [
        place(facts),
        change(facts),
        weights(facts),
        peers(facts),
        areas_apart(facts),
        *(value(facts, figure) for figure in facts.figures),
        *(moved(facts, figure) for figure in facts.figures),
        unranked(facts),
    ]


def place(facts: MunicipalityFacts) -> Statement | None:
    """The overall place with its interval."""
    own = facts.overall
    if own.rank is None:
        return None
    parts = say(
        _("%(name)s er %(rank)s i %(index)s %(year)s, %(interval)s i 9 af 10 beregninger."),
        name=named(facts.name, own),
        rank=_ranked(facts, own),
        index=index_name(registers_only=facts.of_the_index is not None),
        year=facts.year,
        interval=formatting.rank_interval(own.low or own.rank, own.high or own.rank),
    )
    return Statement("place", "place", parts, 0.6 + 0.4 * own.extreme, 1 - own.width)


def change(facts: MunicipalityFacts) -> Statement | None:
    """A move since the edition before, only where the intervals of the two lie apart."""
    own = facts.overall
    if not facts.comparable or own.rank is None or own.before is None or not own.moved_clearly:
        return None
    cause = main_cause(facts.causes, own.before - own.rank)
    template = (
        _("%(name)s er gået fra %(before)s i %(before_year)s til %(rank)s i %(year)s, %(cause)s.")
        if cause
        else _("%(name)s er gået fra %(before)s i %(before_year)s til %(rank)s i %(year)s.")
    )
    parts = say(
        template,
        name=named(facts.name, own),
        before=f"{formatting.rank_in_text(own.before)} {formatting.of(own.before_n or own.n)}",
        before_year=facts.previous_year or "",
        rank=_ranked(facts, own),
        year=facts.year,
        cause=cause,
    )
    size = min(1.0, abs(own.before - own.rank) / (own.n / 4))
    return Statement("change", "change", parts, 0.6 + 0.4 * size, 1 - own.width / 2)


def weights(facts: MunicipalityFacts) -> Statement | None:
    """A place in the best or worst third that no reasonable weights change."""
    low, high, n = facts.weights_low, facts.weights_high, facts.overall.n
    if low is None or high is None:
        return None
    if high * THIRD <= n:
        template = _("%(name)s er blandt den bedste tredjedel under alle rimelige vægte (%(range)s).")
    elif (low - 1) * THIRD >= 2 * n:
        template = _("%(name)s er blandt den dårligste tredjedel under alle rimelige vægte (%(range)s).")
    else:
        return None
    reach = Number(f"{formatting.rank_in_text(low, high)} {formatting.of(n)}", facts.code, facts.overall.code)
    return Statement("weights", "weights", say(template, name=named(facts.name, facts.overall), range=reach), 0.7, 1.0)


def peers(facts: MunicipalityFacts) -> Statement | None:
    """First or last among those with the same conditions."""
    found = facts.peers
    if found is None or facts.overall.rank is None or found.place not in {1, found.count + 1}:
        return None
    template = (
        _("%(name)s klarer sig bedst af de %(count)s kommuner, der har de mest ensartede vilkår (%(rank)s).")
        if found.place == 1
        else _("%(name)s ligger sidst af de %(count)s kommuner, der har de mest ensartede vilkår (%(rank)s).")
    )
    parts = say(
        template, name=named(facts.name, facts.overall), count=found.count + 1, rank=_ranked(facts, facts.overall)
    )
    return Statement("peers", "peers", parts, 0.7, 0.3 + 0.6 * found.told_apart / found.count)


def areas_apart(facts: MunicipalityFacts) -> Statement | None:
    """The best and the worst area, where their intervals lie apart."""
    placed = [area for area in facts.areas if area.rank is not None]
    if len(placed) < 2:
        return None
    best, worst = min(placed, key=_rank_of), max(placed, key=_rank_of)
    if best.high is None or worst.low is None or best.high >= worst.low:
        return None
    parts = say(
        _("%(name)s ligger bedst på %(best)s (%(best_rank)s) og dårligst på %(worst)s (%(worst_rank)s)."),
        name=facts.name,
        best=best.name,
        best_rank=_ranked(facts, best),
        worst=worst.name,
        worst_rank=_ranked(facts, worst),
    )
    gap = (worst.low - best.high) / best.n
    return Statement("areas", "areas", parts, 0.5 + 0.5 * gap, 1 - max(best.width, worst.width))


def value(facts: MunicipalityFacts, figure: Figure) -> Statement | None:
    """A value in the best or the worst fifth, with its direction, year, place and the median."""
    where = figure.place
    if where is None or BEST_FIFTH < where < WORST_FIFTH or figure.quality == UNUSABLE:
        return None
    parts = say(
        _("%(name)s har %(value)s i %(year)s på »%(indicator)s« (%(direction)s): %(rank)s. Medianen er %(median)s."),
        name=facts.name,
        value=Number(figure.text, facts.code, figure.code),
        year=figure.year,
        indicator=figure.name,
        direction=figure.direction,
        rank=Number(_place_of(figure), facts.code, figure.code),
        median=Number(figure.median, EVERYONE, figure.code),
    )
    topic = "best" if where <= BEST_FIFTH else "worst"
    return Statement("value", topic, parts, abs(2 * where - 1) * (0.95 - 0.2 * _shared(figure)), _sure(facts, figure))


def moved(facts: MunicipalityFacts, figure: Figure) -> Statement | None:
    """A change of value since the edition before, where no break lies between."""
    points = figure.change
    if points is None or abs(points) < GREAT_CHANGE / 3 or figure.quality == UNUSABLE:
        return None
    better = _("en forbedring") if points > 0 else _("en forværring")
    parts = say(
        _(
            "%(name)s er gået fra %(before)s i %(before_year)s til %(value)s i %(year)s på »%(indicator)s« (%(way)s), "
            "%(better)s."
        ),
        name=facts.name,
        before=figure.before_text,
        before_year=figure.before_year or "",
        value=Number(figure.text, facts.code, figure.code),
        year=figure.year,
        indicator=figure.name,
        way=figure.direction,
        better=better,
    )
    news = min(1.0, abs(points) / GREAT_CHANGE / 2) * 0.8
    return Statement("moved", "better" if points > 0 else "worse", parts, news, _sure(facts, figure) - ONE_YEAR)


def unranked(facts: MunicipalityFacts) -> Statement | None:
    """That there is no place, and why: the only thing to write then."""
    own = facts.overall
    if own.rank is not None:
        return None
    share = Number(coverage_percent(own.coverage), facts.code, own.code)
    parts = say(
        _("%(name)s er ikke placeret i %(year)s: der er kun tal for %(share)s af vægten."),
        name=facts.name,
        year=facts.year,
        share=share,
    )
    return Statement("unranked", "place", parts, 1.0, 1.0)


def _rank_of(standing: Standing) -> int:
    return standing.rank or 0


def _ranked(facts: MunicipalityFacts, standing: Standing) -> Number:
    text = f"{formatting.rank_in_text(standing.rank or 0, standing.last)} {formatting.of(standing.n)}"
    return Number(text, facts.code, standing.code)


def _place_of(figure: Figure) -> str:
    return f"{formatting.rank_in_text(figure.rank or 0, figure.last)} {formatting.of(figure.n)}"


def _shared(figure: Figure) -> bool:
    return figure.last is not None and figure.last != figure.rank


def _sure(facts: MunicipalityFacts, figure: Figure) -> float:
    """How sure a value is, by its grade; where few live, one family more or less moves it."""
    sure = PROVISIONAL_VALUE if figure.provisional else SURE_OF_VALUE[figure.quality]
    return sure - FEW_PEOPLE if facts.is_small else sure
