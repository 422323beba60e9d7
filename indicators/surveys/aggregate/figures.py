"""The figures of a survey: what of each municipality's answers may be said, how surely, and what is held back.

What is published tells what a group of fewer than `publish_from` people answered neither alone nor by subtraction:

* a figure of too few answers is left out whole, with its interval and bounds (that they were few may be known);
* a total is made of the published figures only, so whatever is taken from it leaves published figures;
* a figure that differs from what was published earlier by too few people is left out (`held_back_by_earlier`).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from .intervals import Interval, bound, kish, mean_interval, share_interval


class AnswersError(Exception):
    """What was given cannot be made into figures; the text says where and what to do."""


class Kind(StrEnum):
    """What a question's figure is: the share that answered one thing, in per cent, or the mean of numbers."""

    SHARE = "share"
    MEAN = "mean"


class Reason(StrEnum):
    """Why a figure is not published, or not ranked."""

    NONE = ""
    NOBODY_ASKED = "nobody_asked"
    UNANSWERED = "unanswered"
    SUPPRESSED = "suppressed"
    HELD_BACK = "held_back"
    TOO_FEW_ANSWERS = "too_few_answers"
    LOW_RESPONSE = "low_response"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the answer that counts for a share, or the ends of the scale of a mean (None: no end is known)."""

    code: str
    kind: Kind
    yes: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """From how many answers a figure is published and ranked, and from which response it is ranked.

    Fixed before a wave opens. Raises AnswersError for rules that contradict themselves.
    """

    publish_from: int = 10
    rank_from: int = 20
    rank_rate: Fraction = Fraction(3, 10)

    def __post_init__(self) -> None:
        if self.publish_from < 1:
            raise AnswersError(f"publish-from is {self.publish_from}: a figure needs at least 1 answer")
        if self.rank_from < self.publish_from:
            raise AnswersError(
                f"rank-from {self.rank_from} is less than publish-from {self.publish_from}: "
                "what is ranked must be published"
            )
        if not 0 <= self.rank_rate <= 1:
            raise AnswersError(f"rank-rate is {float(self.rank_rate):g}: it is a share between 0 and 1")

    def reason(self, answered: int, asked: int) -> Reason:
        """What these rules say of a figure with so many answers."""
        if answered == 0:
            return Reason.UNANSWERED if asked else Reason.NOBODY_ASKED
        if answered < self.publish_from:
            return Reason.SUPPRESSED
        if answered < self.rank_from:
            return Reason.TOO_FEW_ANSWERS
        return Reason.NONE if answered >= self.rank_rate * asked else Reason.LOW_RESPONSE


class Respondent(NamedTuple):
    """What one person answered: question → text of the answer (a share) or number (a mean). No answer, no key."""

    municipality: str
    answers: Mapping[str, str | float]
    weight: float = 1.0


class Figure(NamedTuple):
    """A municipality's figure of one question. Shares in per cent; what is not published is None.

    `answered` counts those who answered this question. `interval` is None, too, where everybody answered or all
    numbers are equal; `bounds` are the least and the most possible whoever the others are, None where the scale has no
    end.
    """

    municipality: str
    question: str
    asked: int
    answered: int
    estimate: float | None
    interval: Interval | None
    bound_low: float | None
    bound_high: float | None
    reason: Reason

    @property
    def published(self) -> bool:
        """Whether anything of the answers is shown."""
        return self.estimate is not None

    @property
    def ranked(self) -> bool:
        """Whether the figure may count in a ranking."""
        return self.published and self.reason is Reason.NONE

    def without_its_answers(self, reason: Reason) -> "Figure":
        """The same line with nothing of what was answered."""
        return self._replace(estimate=None, interval=None, bound_low=None, bound_high=None, reason=reason)


def aggregate(
    respondents: Iterable[Respondent],
    questions: Sequence[Question],
    frame: Mapping[str, int],
    rules: Rules,
) -> list[Figure]:
    """The figures of every municipality of the frame (how many were asked there) and every question, in their order.

    The order of the respondents changes no digit: sums are exact before they are rounded. Raises AnswersError when more
    people answered in a municipality than were asked, or it is not in the frame.
    """
    of_municipality: dict[str, list[Respondent]] = {code: [] for code in frame}
    for respondent in respondents:
        if respondent.municipality not in of_municipality:
            raise AnswersError(f"municipality {respondent.municipality!r} has answers and is not in the frame")
        if respondent.answers:  # who opened the form and answered nothing has not answered
            of_municipality[respondent.municipality].append(respondent)
    for code, those in of_municipality.items():
        if len(those) > frame[code]:
            raise AnswersError(f"municipality {code!r}: {len(those)} people answered, {frame[code]} were asked")
    return [
        _figure(code, question, frame[code], those, rules)
        for code, those in of_municipality.items()
        for question in questions
    ]


def _figure(code: str, question: Question, asked: int, those: Sequence[Respondent], rules: Rules) -> Figure:
    given = [(each.answers[question.code], each.weight) for each in those if question.code in each.answers]
    reason = rules.reason(len(given), asked)
    line = Figure(code, question.code, asked, len(given), None, None, None, None, reason)
    if len(given) < rules.publish_from:
        return line
    weights = [weight for _answer, weight in given]
    if question.kind is Kind.SHARE:
        yes = [same(answer, question.yes) for answer, _weight in given]
        return _share(line, yes, weights)
    return _mean(line, [float(answer) for answer, _weight in given], weights, question)


def same(answer: str | float, value: str) -> bool:
    """Whether an answer is that value: the same text whatever its capitals, or the same number (1.0 is 1)."""
    if isinstance(answer, str) and answer.strip().casefold() == value.strip().casefold():
        return True
    try:
        return float(answer) == float(value)
    except ValueError:
        return False


def _share(line: Figure, yes: Sequence[bool], weights: Sequence[float]) -> Figure:
    n, asked = line.answered, line.asked
    percent = 100 * math.fsum(w for w, each in zip(weights, yes, strict=True) if each) / math.fsum(weights)
    # The unanswered count as people: the answers keep their weighted share, spread over those who gave them.
    low = percent if n == asked else percent * n / asked
    high = percent if n == asked else min(100.0, (percent * n + 100 * (asked - n)) / asked)
    interval = share_interval(percent / 100, n, asked, kish(weights))
    if interval is not None:
        interval = Interval(interval.low * 100, interval.high * 100).clipped(low, high)
    return line._replace(estimate=percent, interval=interval, bound_low=low, bound_high=high)


def _mean(line: Figure, values: Sequence[float], weights: Sequence[float], question: Question) -> Figure:
    n, asked, effective = line.answered, line.asked, kish(weights)
    equal = min(values) == max(values)
    total = math.fsum(weights)
    mean = values[0] if equal else math.fsum(w * v for w, v in zip(weights, values, strict=True)) / total
    low, high = (bound(mean, n, asked, end) for end in (question.low, question.high))
    interval = None
    if not equal:
        squares = math.fsum(w * (v - mean) ** 2 for w, v in zip(weights, values, strict=True)) / total
        deviation = math.sqrt(squares * effective / (effective - 1)) if effective > 1 else math.inf
        interval = mean_interval(mean, deviation, n, asked, effective)
    if interval is not None:
        interval = interval.clipped(low, high)
        interval = interval if all(map(math.isfinite, interval)) else None
    return line._replace(estimate=mean, interval=interval, bound_low=low, bound_high=high)


def total_of_published(figures: Iterable[Figure]) -> tuple[int, int, float | None]:
    """Asked, answered and the estimate of several municipalities together, made of the published ones only.

    So a total can be worked out from what is shown beside it, and taking one from another tells nothing new. Each
    municipality counts by its answers. Estimate None where nothing is published.
    """
    shown = [each for each in figures if each.estimate is not None]
    answered = sum(each.answered for each in shown)
    weighed = math.fsum((each.estimate or 0.0) * each.answered for each in shown)
    return sum(each.asked for each in shown), answered, weighed / answered if answered else None


def held_back_by_earlier(
    figures: Iterable[Figure],
    now: Mapping[tuple[str, str], Sequence[str | float]],
    earlier: Mapping[tuple[str, str], Sequence[str | float]],
    rules: Rules,
) -> list[Figure]:
    """The figures, without those that tell by subtraction from an earlier release what a few people answered.

    `now` and `earlier` are the answers by municipality and question; `earlier` holds only what was published. Where the
    two differ by at least one and fewer than `publish_from` answers, the new figure is left out: the old one is known
    already, and their difference would be those few.
    """
    lines = []
    for figure in figures:
        key = (figure.municipality, figure.question)
        if figure.published and key in earlier:
            before, after = Counter(map(str, earlier[key])), Counter(map(str, now.get(key, ())))
            moved = (after - before).total() + (before - after).total()
            if 0 < moved < rules.publish_from:
                lines.append(figure.without_its_answers(Reason.HELD_BACK))
                continue
        lines.append(figure)
    return lines
