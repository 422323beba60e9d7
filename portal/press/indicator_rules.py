"""What can be written about an indicator. Each rule is a function of the facts; every branch is tested."""

from django.utils.translation import gettext as _

from portal.addresses import EVERYONE
from portal.language import formatting, phrases
from portal.press.facts import IndicatorFacts, NeedAndHelp, Number, Place, Statement, say
from rankings.engine.evidence import BETTER, UNUSABLE, WORSE

CLEAR_MAJORITY = 0.6
NAMED = 3  # more who share a place or a change are counted


def statements(facts: IndicatorFacts) -> list[Statement | None]:
    """Everything the rules can say, in the order of the rules."""
    return [ends(facts), middle(facts), median(facts), majority(facts), *extremes(facts), movers(facts), apart(facts),
            beyond_expectation(facts), *map(need_and_help, facts.pairs)]  # fmt: skip


def ends(facts: IndicatorFacts) -> Statement | None:
    """From the lowest to the highest value."""
    if not facts.spread.lowest or facts.spread.lowest == facts.spread.highest:
        return None
    parts = say(
        _("»%(indicator)s« går fra %(lowest)s til %(highest)s i landets kommuner i %(year)s; medianen er %(median)s."),
        indicator=facts.name,
        lowest=_all(facts, facts.spread.lowest),
        highest=_all(facts, facts.spread.highest),
        median=_all(facts, facts.spread.median),
        year=facts.year,
    )
    return Statement("ends", "ends", parts, 0.8, _sure(facts))


def middle(facts: IndicatorFacts) -> Statement | None:
    """Where the middle half lies."""
    if not facts.spread.lower or facts.spread.lower == facts.spread.upper:
        return None
    parts = say(
        _("Den midterste halvdel af kommunerne ligger mellem %(lower)s og %(upper)s på »%(indicator)s« i %(year)s."),
        indicator=facts.name,
        lower=_all(facts, facts.spread.lower),
        upper=_all(facts, facts.spread.upper),
        year=facts.year,
    )
    return Statement("middle", "middle", parts, 0.45, min(1.0, _sure(facts) + 0.05))


def median(facts: IndicatorFacts) -> Statement | None:
    """How the median moved since the year before, where no break lies between."""
    if facts.broken_in or facts.before_year is None or facts.before_year == facts.year or not facts.before_median:
        return None
    moved = {
        1: _(
            "Medianen for »%(indicator)s« er steget fra %(before)s i %(before_year)s til %(now)s i %(year)s (%(way)s)."
        ),
        0: _("Medianen for »%(indicator)s« er %(now)s i %(year)s, det samme som i %(before_year)s (%(way)s)."),
        -1: _(
            "Medianen for »%(indicator)s« er faldet fra %(before)s i %(before_year)s til %(now)s i %(year)s (%(way)s)."
        ),
    }
    parts = say(
        moved[facts.median_rises],
        indicator=facts.name,
        before=facts.before_median,
        before_year=facts.before_year,
        now=_all(facts, facts.spread.median),
        year=facts.year,
        way=facts.direction,
    )
    return Statement("median", "median", parts, 0.7 if facts.median_rises else 0.4, _sure(facts))


def majority(facts: IndicatorFacts) -> Statement | None:
    """How many became better and worse, of those that have both years' figures, where a clear majority did either."""
    if facts.broken_in or facts.before_year in {None, facts.year} or not facts.both or facts.neutral:
        return None
    most = max(facts.better, facts.worse)
    if most / facts.both < CLEAR_MAJORITY:
        return None
    template = (
        _("%(most)s af de %(both)s kommuner, der har tal for begge år, er blevet bedre på »%(indicator)s« siden "
          "%(before_year)s, %(fewer)s dårligere.")
        if facts.better > facts.worse
        else _("%(most)s af de %(both)s kommuner, der har tal for begge år, er blevet dårligere på »%(indicator)s« "
               "siden %(before_year)s, %(fewer)s bedre.")
    )  # fmt: skip
    parts = say(
        template,
        most=Number(str(most), EVERYONE, facts.code),
        both=facts.both,
        fewer=min(facts.better, facts.worse),
        indicator=facts.name,
        before_year=facts.before_year or "",
    )
    return Statement("majority", "majority", parts, 0.9 * most / facts.both, _sure(facts) - 0.2)


def extremes(facts: IndicatorFacts) -> tuple[Statement | None, ...]:
    """Who is first and who is last; a place that is shared names everyone, or is no story. So is a place that rests on
    a value that one should not act on."""
    if facts.neutral or len(facts.places) < 2:
        return ()
    first = [one for one in facts.places if one.rank == 1]
    last = [one for one in facts.places if one.last == facts.places[-1].last]
    best = _("%(names)s ligger bedst på »%(indicator)s« med %(value)s i %(year)s (%(way)s).")
    worst = _("%(names)s ligger dårligst på »%(indicator)s« med %(value)s i %(year)s (%(way)s).")
    return _extreme(facts, best, first, "best"), _extreme(facts, worst, last, "worst")


def apart(facts: IndicatorFacts) -> Statement | None:
    """Whether the differences between the municipalities have grown or become smaller, where that is sure."""
    if not facts.apart:
        return None
    template = (
        _("Forskellene mellem kommunerne på »%(indicator)s« er blevet større fra %(since)s til %(year)s.")
        if facts.apart > 0
        else _("Forskellene mellem kommunerne på »%(indicator)s« er blevet mindre fra %(since)s til %(year)s.")
    )
    parts = say(template, indicator=facts.name, since=facts.apart_since or "", year=facts.year)
    return Statement("apart", "apart", parts, 0.85, _sure(facts))


def beyond_expectation(facts: IndicatorFacts) -> Statement | None:
    """Who does better and who worse than the conditions foretell, in two editions running: in one sentence, so that
    neither is told without the other. Never called an effort."""
    if facts.neutral:
        return None
    better, worse = _beside(facts, BETTER), _beside(facts, WORSE)
    templates = {
        (True, True): _(
            "%(better)s er bedre end ventet efter vilkårene på »%(indicator)s«, to udgaver i træk, og %(worse)s er "
            "dårligere. Vilkårene forudsiger %(share)s af forskellene."
        ),
        (True, False): _(
            "%(better)s er bedre end ventet efter vilkårene på »%(indicator)s«, to udgaver i træk. Vilkårene "
            "forudsiger %(share)s af forskellene."
        ),
        (False, True): _(
            "%(worse)s er dårligere end ventet efter vilkårene på »%(indicator)s«, to udgaver i træk. Vilkårene "
            "forudsiger %(share)s af forskellene."
        ),
    }
    template = templates.get((bool(better), bool(worse)))
    if template is None:
        return None
    parts = say(
        template,
        better=_counted(better),
        worse=_counted(worse),
        indicator=facts.name,
        share=_all(facts, facts.foretold),
    )
    return Statement("beside_expectation", "beside_expectation", parts, 0.85, min(0.75, _sure(facts)))


def _counted(names: list[str]) -> str:
    """Whose it is: "Struer", "3 kommuner (Odense, Struer og Vejle)"."""
    if len(names) < 2:
        return "".join(names)
    return f"{formatting.count(len(names), _('kommune'), _('kommuner'))} ({phrases.listed(names, NAMED)})"


def _beside(facts: IndicatorFacts, side: str) -> list[str]:
    return [one.name for one in facts.places if (facts.against_expected or {}).get(one.code) == side]


def need_and_help(pair: NeedAndHelp) -> Statement:
    """That help follows a declared need over the country, or goes the other way; never why."""
    template = (
        _("Kommuner med større behov (»%(need)s«) giver mere hjælp (»%(help)s«), r = %(r)s. Det siger ikke, hvad der "
          "er årsag.")
        if pair.side > 0
        else _("Kommuner med større behov (»%(need)s«) giver mindre hjælp (»%(help)s«), r = %(r)s. Det siger ikke, "
               "hvad der er årsag.")
    )  # fmt: skip
    parts = say(template, need=pair.need, help=pair.help, r=Number(pair.r, EVERYONE, pair.need_code))
    return Statement("need", f"need {pair.need_code}", parts, 0.75, 0.7)


def _extreme(facts: IndicatorFacts, template: str, who: list[Place], rule: str) -> Statement | None:
    if not 1 <= len(who) <= NAMED or any(one.quality == UNUSABLE for one in who):
        return None
    parts = say(
        template,
        names=formatting.joined([one.name for one in who]),
        indicator=facts.name,
        value=Number(who[0].text, who[0].code, facts.code),
        year=facts.year,
        way=facts.direction,
    )
    return Statement(rule, rule, parts, 0.95 / len(who), _sure(facts))


def movers(facts: IndicatorFacts) -> Statement | None:
    """The greatest change of the printed value, for better or worse; all who share it are named, or counted."""
    changed = [one for one in facts.places if one.change and one.before_text]
    if facts.broken_in or facts.before_year in {None, facts.year} or not changed or facts.neutral:
        return None
    size = max(abs(one.change or 0.0) for one in changed)
    most = [one for one in changed if abs(one.change or 0.0) == size]
    if len({(one.change or 0.0) > 0 for one in most}) > 1:  # as far up as down: neither is the largest
        return None
    if any(one.quality == UNUSABLE for one in most):  # and the next largest is not the largest
        return None
    better = _("den største forbedring") if (most[0].change or 0.0) > 0 else _("den største forværring")
    same = len({(one.before_text, one.text) for one in most}) == 1
    if len(most) > NAMED or (len(most) > 1 and not same):
        return _many_movers(facts, most, better)
    parts = say(
        _("%(names)s har %(better)s på »%(indicator)s«: fra %(before)s i %(before_year)s til %(now)s i %(year)s."),
        names=formatting.joined([one.name for one in most]),
        better=better,
        indicator=facts.name,
        before=most[0].before_text,
        before_year=facts.before_year or "",
        now=Number(most[0].text, most[0].code, facts.code),
        year=facts.year,
    )
    return Statement("mover", "mover", parts, 0.8 / len(most), _sure(facts) - 0.2)


def _many_movers(facts: IndicatorFacts, most: list[Place], better: str) -> Statement:
    parts = say(
        _("%(count)s, blandt dem %(name)s, deler %(better)s på »%(indicator)s« fra %(before_year)s til %(year)s."),
        count=Number(formatting.count(len(most), _("kommune"), _("kommuner")), EVERYONE, facts.code),
        name=most[0].name,
        better=better,
        indicator=facts.name,
        before_year=facts.before_year or "",
        year=facts.year,
    )
    return Statement("mover", "mover", parts, 0.4, _sure(facts) - 0.2)


def _all(facts: IndicatorFacts, text: str) -> Number:
    return Number(text, EVERYONE, facts.code)


def _sure(facts: IndicatorFacts) -> float:
    """Sure of values by the grade of the middle one, less where many are provisional or missing."""
    gaps = sum(facts.missing.values())
    everyone = facts.spread.n + gaps
    sure = {1: 0.95, 2: 0.75, 3: 0.55}[facts.quality]
    return sure - 0.4 * (facts.provisional + gaps) / everyone if everyone else 0.0
