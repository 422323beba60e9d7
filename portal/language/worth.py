"""How sure a survey's figure is, out of how many answers it is made, and what a place's interval holds."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from indicators.surveys.aggregate.intervals import bounds_of
from portal.language import formatting, phrases
from portal.language.phrases import Measured, Standing
from portal.published import Indicator, Measurement, Placement
from portal.published.rows import PlacementRow
from rankings.engine.evidence import UNUSABLE


class Worth(NamedTuple):
    """What a survey's figure is worth: its interval at 95 %, and of how many answers it is made.

    ``shown``: the figure of too few answers to be ranked. ``least``–``most``: what it would be at the least and at the
    most if all had answered, whoever the others are.
    """

    asked: int | None
    answered: int | None
    low: float | None
    high: float | None
    shown: float | None
    least: float | None = None
    most: float | None = None

    @classmethod
    def of(cls, indicator: Measured, own: PlacementRow) -> "Worth":
        """That of a row."""
        return cls(own.asked, own.answered, own.value_low, own.value_high, own.shown).bounded(indicator, own.value)

    @classmethod
    def of_measurement(cls, indicator: Measured, one: Measurement | None) -> "Worth | None":
        """That of a measurement; None of no measurement."""
        if one is None:
            return None
        return cls(one.asked, one.answered, one.low, one.high, one.shown).bounded(indicator, one.value)

    def bounded(self, indicator: Measured, figure: float | None) -> "Worth":
        """With the bounds, where there is an interval that they belong beside."""
        figure = self.shown if figure is None else figure
        if figure is None or self.low is None:
            return self
        least, most = bounds_of(figure, self.answered, self.asked, (indicator.value_min, indicator.value_max))
        return self._replace(least=least, most=most)


def worth(indicator: Measured, of: Worth | None, language: str | None = None) -> str:
    """Say beside a figure how sure it is: "51–90 (yderst 22–92), 12 af 40 svarede"; "" where nobody was asked."""
    if of is None or not of.asked:
        return ""
    parts = [] if of.shown is None else [phrases.value(indicator, of.shown, language)]
    if of.low is not None and of.high is not None:
        parts.append(_with_bounds(indicator, of, language))
    counts = {"answered": formatting.number(of.answered or 0), "asked": formatting.number(of.asked)}
    return ", ".join([*parts, _("%(answered)s af %(asked)s svarede") % counts])


def worth_of_place(indicator: Indicator, own: Placement | PlacementRow, language: str | None = None) -> str:
    """The same of a place in a survey's ranking; "" for every other indicator: nothing is asked of the database."""
    if not indicator.is_of_a_survey or not isinstance(own, Placement):
        return ""
    return worth(indicator, Worth.of_measurement(indicator, own.measurement), language)


def _with_bounds(indicator: Measured, of: Worth, language: str | None) -> str:
    said = formatting.number_range(of.low or 0.0, of.high or 0.0, indicator.decimals, language)
    if of.least is None or of.most is None:
        return said
    bounds = formatting.number_range(of.least, of.most, indicator.decimals, language)
    return _("%(interval)s (yderst %(bounds)s)") % {"interval": said, "bounds": bounds}


def worth_in_full(indicator: Measured, of: Worth | None) -> str:
    """The same as sentences, for the proof: under which condition the interval holds, and what holds without any."""
    if of is None or of.low is None or of.high is None:
        return ""
    words = {"interval": formatting.number_range(of.low, of.high, indicator.decimals)}
    said = [_("95 %%-interval %(interval)s, hvis de, der ikke svarede, ligner dem, der svarede.") % words]
    if of.least is not None and of.most is not None:
        words = {"bounds": formatting.number_range(of.least, of.most, indicator.decimals)}
        said.append(_("Uden den antagelse kan tallet være alt i %(bounds)s.") % words)
    return " ".join(said)


def both_intervals(place: Standing | None) -> str:
    """Say what a place's interval holds: the method's choices and sampling together, and the method's alone."""
    if not isinstance(place, (Placement, PlacementRow)) or place.low is None or place.high is None:
        return ""
    if place.method_low is None or place.method_high is None:
        return _("Intervallet er metodens valg alene. Stikprøvernes usikkerhed er ikke med i denne udgave.")
    words = {"alone": formatting.rank_interval(place.method_low, place.method_high)}
    if (place.low, place.high) == (place.method_low, place.method_high):
        return _("Intervallet rummer metodens valg og stikprøvernes usikkerhed. Metodens valg alene giver det samme.")
    return _("Intervallet rummer metodens valg og stikprøvernes usikkerhed. Metodens valg alene: %(alone)s.") % words


CLEAR, USABLE = 1, 2


def grade_name(grade: int) -> str:
    """A grade in words."""
    return {
        CLEAR: _("ingen kendte forbehold"),
        USABLE: _("brugbart med forbehold"),
        UNUSABLE: _("for usikkert at handle på"),
    }[grade]


def doubt_name(name: str) -> str:
    """Why a value is not the best there is."""
    return {
        "interval": _("usikkerheden er stor i forhold til forskellene"),
        "age": _("tallet er mindst to år gammelt"),
        "response": _("under 60 procent svarede"),
        "provisional": _("tallet er foreløbigt"),
        "own_word": _("forvaltningens eget svar"),
        "warnings": _("indlæst med advarsler"),
    }[name]
