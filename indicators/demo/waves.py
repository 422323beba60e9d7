"""The survey figures of the demo come from waves that are run as real ones are; only the answers are invented.

Of the 98 administrations 96 approve, one answers and does not approve, the smallest is silent. Their values are those
of the invented figures to the last digit: a share gets a numerator and a denominator that make it. Members' figures are
what k of n invented members say, so they are near the invented value and as uncertain as so few answers are.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import isnan
from pathlib import Path

import numpy as np
from django.conf import settings
from django.contrib.auth.models import User

from indicators.models import Municipality
from indicators.surveys.aggregate import Respondent
from indicators.surveys.conditions import Kind
from indicators.surveys.forms import Form, Item, read_form, write_form
from indicators.surveys.models import Frame, Instrument, NoAnswer, Wave
from indicators.surveys.respondents import ColumnMapping, Export
from indicators.surveys.services.administrations import Given, approve_replies, take_replies
from indicators.surveys.services.members import take_export
from indicators.surveys.services.questionnaires import SHIPPED, add_questionnaire, shipped_questionnaire
from indicators.surveys.services.waves import close_wave, open_wave, plan_wave

from .figures import NEW_IN_2025, DemoIndicator, DemoMunicipality, DemoYear
from .files import FILE_NAMES

KINDS = {Instrument.ADMINISTRATIONS: "survey_managers", Instrument.MEMBERS: "survey_members"}
FEWEST, MOST, INHABITANTS_A_MEMBER = 3, 400, 450
OPEN_DAYS = 42
SKIPPED = 0.04  # of the questions that a member answers none
HOW = {
    Instrument.ADMINISTRATIONS: (
        "Alle 98 kommuners forvaltninger er spurgt. (Opdigtet: runden og svarene er demodata.)",
        "The administrations of all 98 municipalities were asked. (Invented: wave and answers are demo data.)",
    ),
    Instrument.MEMBERS: (
        "Alle medlemmer, der arbejder i kommunen, er spurgt med et link, der kun virker én gang. (Opdigtet: demodata.)",
        "All members who work in the municipality were asked by a link that works once. (Invented: demo data.)",
    ),
}


def run_waves(
    folder: Path, year: DemoYear, who: Sequence[DemoMunicipality], what: Sequence[DemoIndicator], by: User
) -> list[Path]:
    """Run both waves of an edition and write their results to files in the upload format; return the paths."""
    paths = []
    for instrument, kind in KINDS.items():
        wave = _opened(instrument, year.edition, who, by)
        columns = {i.code: c for c, i in enumerate(what) if i.source_kind == kind}
        if instrument == Instrument.ADMINISTRATIONS:
            _administrations(wave, year, who, columns, by)
        else:
            _members(wave, year, who, [what[column] for column in columns.values()], list(columns.values()), by)
        wave = close_wave(wave=wave, by=by, now=_moment(year.edition, 6))
        path = folder / f"demo-{year.edition}-{FILE_NAMES[kind]}.csv"
        path.write_bytes(bytes(wave.result))
        paths.append(path)
    return paths


def wave_to_walk(*, year: int, by: User, now: dt.datetime, address: Callable[[int], str]) -> Wave:
    """A wave of the administrations that is open now, so that a stranger can answer it as a municipality."""
    questionnaire = shipped_questionnaire(instrument=Instrument.ADMINISTRATIONS, now=now)
    codes = Municipality.objects.order_by("code").values_list("code", flat=True)
    how_da, how_en = HOW[Instrument.ADMINISTRATIONS]
    wave = plan_wave(
        questionnaire=questionnaire, year=year, opens_at=now, closes_at=now + dt.timedelta(days=OPEN_DAYS),
        asked=dict.fromkeys(codes, 1), how_da=how_da, how_en=how_en, is_demo=True, by=by, now=now,
    )  # fmt: skip
    return open_wave(wave=wave, by=by, now=now, address=address)


def _moment(year: int, month: int) -> dt.datetime:
    return dt.datetime(year, month, 1, 8, tzinfo=dt.UTC)


def _form(instrument: Instrument, edition: int) -> bytes:
    """The shipped form; the administrations' first version lacks the question that came later."""
    content = (Path(settings.BASE_DIR) / "indicators" / "data" / SHIPPED[instrument]).read_bytes()
    if instrument == Instrument.MEMBERS or edition >= 2025:
        return content
    form: Form = read_form(content)
    earlier = tuple(item for item in form.items if item.indicator != NEW_IN_2025)
    return write_form(replace(form, version=form.version - 1, items=earlier))


def _opened(instrument: Instrument, year: int, who: Sequence[DemoMunicipality], by: User) -> Wave:
    opens, closes = _moment(year, 3), _moment(year, 5)
    questionnaire = add_questionnaire(content=_form(instrument, year), now=_moment(year, 2))
    asked = {m.code: 1 if instrument == Instrument.ADMINISTRATIONS else members_of(m) for m in who}
    how_da, how_en = HOW[instrument]
    wave = plan_wave(
        questionnaire=questionnaire, year=year, opens_at=opens, closes_at=closes, asked=asked, how_da=how_da,
        how_en=how_en, is_demo=True, by=by, now=_moment(year, 2),
    )  # fmt: skip
    return open_wave(wave=wave, by=by, now=opens)


def members_of(municipality: DemoMunicipality) -> int:
    """How many members an invented union has there: from 3 to 400."""
    return min(max(municipality.population // INHABITANTS_A_MEMBER, FEWEST), MOST)


# The administrations


def _administrations(
    wave: Wave, year: DemoYear, who: Sequence[DemoMunicipality], columns: dict[str, int], by: User
) -> None:
    items = [item for item in read_form(bytes(wave.questionnaire.file)).items if item.indicator]
    frames = {frame.municipality.code: frame for frame in wave.frames.select_related("municipality", "wave")}
    silent = min(range(len(who)), key=lambda line: who[line].population)
    nobody = [line for line in range(len(who)) if all(isnan(year.values[line, c]) for c in columns.values())]
    unapproved = next((line for line in nobody if line != silent), None)
    given: dict[tuple[int, str], Given] = {}
    signed: list[Frame] = []
    for line, municipality in enumerate(who):
        frame = frames[municipality.code]
        if line == silent:
            continue
        for item in items:
            value = float(year.values[line, columns[item.indicator]])
            kind = str(year.missing[line, columns[item.indicator]])
            given[frame.pk, item.code] = _given(item, value, kind, municipality.population, whole=line in nobody)
        if line != unapproved:
            signed.append(frame)
    take_replies(frames=list(frames.values()), replies=given, by=by, now=_moment(wave.year, 4))
    approve_replies(frames=signed, by=by, now=_moment(wave.year, 4))


def _given(item: Item, value: float, missing: str, population: int, *, whole: bool) -> Given:
    if isnan(value):
        refused = NoAnswer.REFUSED if whole else NoAnswer.DONT_KNOW
        return Given(no_answer=(NoAnswer.NOT_RELEVANT if missing == "not_applicable" else refused).value)
    if item.kind is Kind.SHARE:
        exact = Fraction(str(value)) / 100
        times = max(1, population // 400 // exact.denominator)
        return Given(float(exact.numerator * times), float(exact.denominator * times))
    if item.kind is Kind.RATE:
        return Given(round(value * population / (item.per or 1), 6))
    return Given(value)


# The members


def _members(
    wave: Wave,
    year: DemoYear,
    who: Sequence[DemoMunicipality],
    what: Sequence[DemoIndicator],
    columns: Sequence[int],
    by: User,
) -> None:
    random = np.random.default_rng(year.edition)
    items = {item.indicator: item for item in read_form(bytes(wave.questionnaire.file)).items}
    respondents: list[Respondent] = []
    for line, municipality in enumerate(who):
        n = round(members_of(municipality) * float(random.uniform(0.34, 0.68)))
        answers: list[dict[str, str | float]] = [{} for _ in range(n)]
        for indicator, column in zip(what, columns, strict=True):
            item, value = items[indicator.code], float(year.values[line, column])
            value = indicator.median if isnan(value) else value
            for person, said in enumerate(_said(item, value, n, random)):
                if said:
                    answers[person][item.code] = said
        respondents += [Respondent(municipality.code, each) for each in answers]
    export = Export(tuple(respondents), ColumnMapping(columns={item.code: item.code for item in items.values()}))
    take_export(wave=wave, export=export, by=by, now=_moment(wave.year, 5))


def _said(item: Item, value: float, n: int, random: np.random.Generator) -> list[str]:
    """What n members answer, near a value: k of n for a share, a spread of numbers for a scale; "" for no answer."""
    if item.kind is Kind.SCALE:
        numbers = np.clip(np.rint(random.normal(value, 0.9, n)), 1, 5).astype(int)
        said = [str(number) for number in numbers.tolist()]
    else:
        others = [choice.name for choice in item.choices if choice.name not in item.counts]
        yes = set(random.permutation(n)[: round(n * value / 100)].tolist())
        said = [(list(item.counts) if i in yes else others)[i % 2 - 1] for i in range(n)]
    skips = random.random(n) < SKIPPED
    return ["" if skip else each for skip, each in zip(skips.tolist(), said, strict=True)]
