"""What can be written about an edition: the top, the movers, the spread, what is new."""

from django.utils.translation import gettext as _

from portal.addresses import EVERYONE
from portal.language import formatting, phrases
from portal.press.facts import NationalFacts, Number, Place, Statement, say
from portal.press.indicator_rules import need_and_help
from portal.published.subjects import OVERALL_CODE as OVERALL

NAMED = 5


def statements(facts: NationalFacts) -> list[Statement | None]:
    """Everything the rules can say, in the order of the rules."""
    return [
        first(facts),
        best_everywhere(facts),
        worst_everywhere(facts),
        *movers(facts),
        nobody_moved(facts),
        surely_best(facts),
        spread(facts),
        firsts_of_areas(facts),
        new(facts),
        *map(need_and_help, facts.pairs),
    ]


def first(facts: NationalFacts) -> Statement | None:
    """Who is first, how sure that is, and from how many it cannot be told apart."""
    top = [one for one in facts.places if one.rank == 1]
    if len(top) != 1 or top[0].low is None or top[0].high is None:
        return None
    one = top[0]
    template = (
        _("%(name)s er %(rank)s i %(index)s %(year)s (%(interval)s), men kan ikke skelnes fra %(others)s.")
        if one.alike
        else _("%(name)s er %(rank)s i %(index)s %(year)s (%(interval)s) og kan skelnes fra alle andre.")
    )
    parts = say(
        template,
        name=phrases.named(one.name, one),
        rank=_rank(one, facts.n),
        index=phrases.index_name(registers_only=facts.of_the_index is not None),
        year=facts.year,
        interval=formatting.rank_interval(one.low or 1, one.high or 1),
        others=formatting.count(one.alike, _("anden kommune"), _("andre kommuner")),
    )
    return Statement("first", "first", parts, 1.0, 1 - (one.high or 1) / facts.n)


def best_everywhere(facts: NationalFacts) -> Statement | None:
    """Those in the best fifth of all areas."""
    template = _("%(names)s er i den bedste femtedel på alle områder i %(year)s.")
    return _everywhere(facts, facts.everywhere_best, template, "best everywhere", 0.85)


def worst_everywhere(facts: NationalFacts) -> Statement | None:
    """Those in the worst fifth of all areas."""
    template = _("%(names)s er i den dårligste femtedel på alle områder i %(year)s.")
    return _everywhere(facts, facts.everywhere_worst, template, "worst everywhere", 0.8)


def _everywhere(
    facts: NationalFacts, who: tuple[Place, ...], template: str, rule: str, robustness: float
) -> Statement | None:
    if not 1 <= len(who) <= NAMED:
        return None
    names = formatting.joined([phrases.named(one.name, one) for one in who])
    number = Number(names, who[0].code if len(who) == 1 else EVERYONE, OVERALL)
    return Statement(rule, rule, say(template, names=number, year=facts.year), 0.8, robustness)


def movers(facts: NationalFacts) -> tuple[Statement | None, ...]:
    """The greatest move up and down among those whose intervals lie apart."""
    if not facts.comparable or facts.previous_year is None:
        return ()
    clear = [one for one in facts.places if one.clear and one.change]
    return _mover(facts, _farthest(clear, 1), "up"), _mover(facts, _farthest(clear, -1), "down")


def _farthest(clear: list[Place], way: int) -> Place | None:
    """Who went farthest; None where nobody did, or several went as far: no one of them is the most."""
    size = max((way * (one.change or 0) for one in clear), default=0)
    most = [one for one in clear if way * (one.change or 0) == size]
    return most[0] if size > 0 and len(most) == 1 else None


def _mover(facts: NationalFacts, one: Place | None, rule: str) -> Statement | None:
    if one is None or one.rank is None or one.change is None or one.low is None or one.high is None:
        return None
    template = (
        _("%(name)s er gået mest frem, ud over usikkerheden: fra %(before)s i %(before_year)s til %(rank)s i %(year)s.")
        if one.change > 0
        else _(
            "%(name)s er gået mest tilbage, ud over usikkerheden: fra %(before)s i %(before_year)s til %(rank)s i "
            "%(year)s."
        )
    )
    parts = say(
        template,
        name=phrases.named(one.name, one),
        before=one.before,
        before_year=facts.previous_year or "",
        rank=_rank(one, facts.n),
        year=facts.year,
    )
    return Statement(rule, rule, parts, 0.9, 1 - (one.high - one.low) / facts.n / 2)


def nobody_moved(facts: NationalFacts) -> Statement | None:
    """That no move can be seen over the uncertainty: a story too, and one that stops false ones."""
    if not facts.comparable or facts.previous_year is None or any(one.clear for one in facts.places):
        return None
    moved = sum(1 for one in facts.places if one.change)
    parts = say(
        _(
            "Ingen kommune har flyttet sig så meget siden %(before_year)s, at det er mere end usikkerheden, selv om "
            "%(moved)s af %(n)s har en anden placering."
        ),
        before_year=facts.previous_year,
        moved=Number(str(moved), EVERYONE, OVERALL),
        n=facts.n,
    )
    return Statement("nobody moved", "up", parts, 0.7, 0.95)


def surely_best(facts: NationalFacts) -> Statement | None:
    """How many are in the best fifth in at least nine of ten calculations."""
    sure = [one for one in facts.places if one.high is not None and one.high * 5 <= facts.n]
    if not sure:
        return None
    parts = say(
        _("%(count)s er i den bedste femtedel i mindst 9 af 10 beregninger: %(names)s."),
        count=Number(formatting.count(len(sure), _("kommune"), _("kommuner")), EVERYONE, OVERALL),
        names=phrases.listed([phrases.named(one.name, one) for one in sure], NAMED),
    )
    return Statement("surely best", "surely best", parts, 0.75, 0.9)


def spread(facts: NationalFacts) -> Statement | None:
    """How far apart the municipalities lie."""
    if not facts.spread.lowest:
        return None
    parts = say(
        _(
            "Den samlede score går fra %(low)s til %(high)s af 100, og den midterste halvdel ligger mellem %(q1)s og "
            "%(q3)s."
        ),
        low=Number(facts.spread.lowest, EVERYONE, OVERALL),
        high=Number(facts.spread.highest, EVERYONE, OVERALL),
        q1=Number(facts.spread.lower, EVERYONE, OVERALL),
        q3=Number(facts.spread.upper, EVERYONE, OVERALL),
    )
    return Statement("spread", "spread", parts, 0.8, 0.9)


def firsts_of_areas(facts: NationalFacts) -> Statement | None:
    """Who is first in each area, with from how many it cannot be told apart."""
    firsts = [(area, area.first[0]) for area in facts.areas if len(area.first) == 1]
    if not firsts or len(firsts) != len(facts.areas):
        return None
    parts: list[str | Number] = [_("Nr. 1 på områderne er ")]
    for position, (area, one) in enumerate(firsts):
        if position:
            parts.append(_(" og ") if position == len(firsts) - 1 else ", ")
        parts += [Number(one.name, one.code, area.code), f" ({area.name}{_reservation(one)})"]
    widths = [((one.high or facts.n) - (one.low or 1)) / facts.n for _area, one in firsts]
    return Statement("areas", "areas", (*parts, "."), 0.75, 1 - max(widths))


def _reservation(one: Place) -> str:
    others = formatting.count(one.alike, _("anden kommune"), _("andre kommuner"))
    alike = _("; kan ikke skelnes fra %(others)s") % {"others": others} if one.alike else ""
    little = phrases.rests_on(one)
    return f"{alike}; {little}" if little else alike


def new(facts: NationalFacts) -> Statement | None:
    """What is new: indicators, or a correction with its reason."""
    if facts.reason:
        parts = say(_("Udgave %(release)s er en rettelse: %(reason)s"), release=facts.release, reason=facts.reason)
        return Statement("correction", "new", parts, 1.0, 1.0)
    if not facts.new_indicators:
        return None
    template = _("Nyt i %(year)s: %(names)s. I alt er %(count)s indikatorer med.")
    names = phrases.listed([formatting.quoted(name) for name in facts.new_indicators], NAMED)
    return Statement("new", "new", say(template, year=facts.year, names=names, count=facts.indicators), 0.6, 1.0)


def _rank(one: Place, n: int) -> Number:
    return Number(f"{formatting.rank_in_text(one.rank or 0, one.last)} {formatting.of(n)}", one.code, OVERALL)
