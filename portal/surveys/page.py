"""What was asked of whom, word by word, and who answered: the public page of a year's waves."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.models import Measurement, Municipality
from indicators.surveys.aggregate import Reason
from indicators.surveys.models import Frame, Instrument, Question, SurveyFigure, Wave
from indicators.upload.cells import Missing
from portal.addresses import Links
from portal.components.links import Link
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.surveys.fields import choices_of, said

BANDS = ((0, 0), (1, 9), (10, 19), (20, 49), (50, 99), (100, 10**9))
"""How many answers: none, not shown, shown and not ranked, and three sizes of what is ranked."""


def surveys_page(year: int) -> dict[str, Any]:
    """Gather the page of a year; raises Http404 where nothing was asked."""
    waves = list(Wave.objects.announced().filter(year=year).select_related("questionnaire").newest_first())
    closed = [wave for wave in waves if wave.closed_at is not None]
    if not waves:
        raise Http404
    years = Wave.objects.announced().values_list("year", flat=True).distinct().order_by("-year")
    links = [Link(str(each), reverse("surveys-year", kwargs={"year": each})) for each in years]
    return dict(year=year, waves=[_wave(wave) for wave in closed], years=links, is_open=len(closed) < len(waves))


def newest_year() -> int:
    """The newest year in which anybody was asked; raises Http404 where nobody was."""
    newest = Wave.objects.announced().order_by("-year").values_list("year", flat=True).first()
    if newest is None:
        raise Http404
    return newest


def _wave(wave: Wave) -> dict[str, Any]:
    """A wave: whom it asked and how, its rules, its questions, who answered."""
    frames = list(wave.frames.select_related("municipality").order_by("municipality__sort_key"))
    questions = list(wave.questionnaire.questions.in_order().select_related("indicator"))
    english = get_language() == "en"
    members = wave.instrument == Instrument.MEMBERS
    title = wave.questionnaire.title_en if english else wave.questionnaire.title_da
    silent = [frame for frame in frames if not frame.answered and frame.asked]
    outcomes = _members_outcomes(wave) if members else _administrations_outcomes(wave, questions)
    return dict(
        anchor=wave.instrument,
        title=title or wave.questionnaire.title_da,
        how=(wave.how_en or wave.how_da) if english else wave.how_da,
        facts=_facts(wave, frames),
        silent=[_municipality(frame.municipality) for frame in silent],
        silent_words=_("Ingen har svaret i:") if members else _("Har ikke afgivet et godkendt svar:"),
        questions=[_question(question, outcomes) for question in questions],
        response=_response(wave, frames),
        funnel=_funnel(wave, questions) if members else None,
        demo=wave.is_demo,
        checksum=wave.result_sha256,
    )


def _municipality(municipality: Municipality) -> Link:
    return Link(municipality.name, Links().municipality(municipality.slug))


def _facts(wave: Wave, frames: Sequence[Frame]) -> list[tuple[str, str]]:
    asked, answered = sum(f.asked for f in frames), sum(f.answered or 0 for f in frames)
    facts = [
        (_("Åben"), f"{formatting.day(wave.opened_at)} – {formatting.day(wave.closed_at)}"),
        (_("Spurgte"), formatting.number(asked)),
        (_("Svar"), f"{formatting.number(answered)} ({formatting.percent(100 * answered / max(asked, 1))})"),
        (_("Skemaets version"), str(wave.questionnaire.version)),
    ]
    if wave.instrument == Instrument.MEMBERS:
        rules = _("Vises fra %(shown)d svar. Rangeres fra %(ranked)d svar og %(rate)s af de spurgte.")
        rate = formatting.percent(float(wave.rank_rate) * 100)
        facts.insert(
            3,
            (
                _("Regler, fastlagt før runden"),
                rules % {"shown": wave.publish_from, "ranked": wave.rank_from, "rate": rate},
            ),
        )
    return facts


def _question(question: Question, outcomes: dict[int, str]) -> dict[str, Any]:
    """A question word by word, what is counted, and how its answers came out over the country."""
    answers = [option.label for option in choices_of(question)]
    both = [said(question, "numerator"), said(question, "denominator")]
    words = " · ".join(answers) or (
        _("%(part)s – ud af %(all)s") % {"part": both[0], "all": _inside(both[1])} if both[0] else ""
    )
    indicator = question.indicator
    name = (indicator.name_en if get_language() == "en" else indicator.name_da) if indicator else ""
    meant = " · ".join(text for text in (said(question, "universe"), said(question, "period")) if text)
    return dict(
        number=question.position,
        words=said(question, "words"),
        hint=said(question, "hint"),
        answers=words,
        meant=meant,
        indicator=Link(name, Links().to("indicator", "code", indicator.code)) if indicator else None,
        since=_("De samme ord siden %(year)d.") % {"year": question.since} if question.since else "",
        outcome=outcomes.get(question.pk, ""),
    )


def _members_outcomes(wave: Wave) -> dict[int, str]:
    words = _("%(ranked)d kommuner kan rangeres, %(shown)d vises kun, %(hidden)d har for få svar til at vise.")
    counts = SurveyFigure.objects.filter(wave=wave).values("question").annotate(
        ranks=Count("pk", filter=Q(ranked=True)),
        shows=Count("pk", filter=Q(ranked=False, estimate__isnull=False)),
        hides=Count("pk", filter=Q(estimate__isnull=True)),
        asks=Sum("asked"),
    )  # fmt: skip
    return {
        row["question"]: words % {"ranked": row["ranks"], "shown": row["shows"], "hidden": row["hides"]}
        for row in counts
    }


def _administrations_outcomes(wave: Wave, questions: Sequence[Question]) -> dict[int, str]:
    """How many gave a figure, and why the others did not, from what came in by the wave's own file."""
    rows = Measurement.objects.filter(upload__sha256=wave.result_sha256, year=wave.year)
    counted = rows.values_list("indicator", "missing").annotate(count=Count("pk")).order_by("missing")
    by_indicator: dict[int, Counter[str]] = {}
    for indicator, kind, count in counted:
        by_indicator.setdefault(indicator, Counter())[kind] += count
    found = {}
    for question in questions:
        kinds = by_indicator.get(question.indicator_id or 0)
        if kinds:
            gave = kinds.pop("", 0)
            said = ngettext("%(count)d kommune gav et tal.", "%(count)d kommuner gav et tal.", gave) % {"count": gave}
            rest = formatting.joined([f"{formatting.missing(kind)} ({count})" for kind, count in kinds.most_common()])
            found[question.pk] = f"{said} {_('Hos de andre står der %(kinds)s.') % {'kinds': rest}}" if rest else said
    return found


def _inside(words: str) -> str:
    """Words as they stand inside a sentence: "Alle børn" is "alle børn"; STU stays STU."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _response(wave: Wave, frames: Sequence[Frame]) -> Table:
    if wave.instrument == Instrument.ADMINISTRATIONS:
        columns: tuple[Column, ...] = (Column(_("Kommune")), Column(_("Svar")))
        gave = set(wave.frames.filter(replies__isnull=False).values_list("pk", flat=True))
        rows = [_row(frame, (Cell(_state(frame, gave), label=_("Svar")),)) for frame in frames]
        return Table(_("Hvilke forvaltninger der svarede"), columns, tuple(rows), css="plain")
    heads = (_("Spurgte"), _("Svar"), _("Svarandel"))
    columns = (Column(_("Kommune")), *(Column(head, css="number") for head in heads))
    rows = []
    for frame in frames:
        rate = formatting.percent(100 * (frame.answered or 0) / frame.asked) if frame.asked else "–"
        texts = (formatting.number(frame.asked), formatting.number(frame.answered or 0), rate)
        rows.append(_row(frame, tuple(Cell(text, head, css="number") for text, head in zip(texts, heads, strict=True))))
    return Table(_("Hvor mange medlemmer der svarede i hver kommune"), columns, tuple(rows), css="plain")


def _row(frame: Frame, cells: tuple[Cell, ...]) -> Row:
    link = _municipality(frame.municipality)
    return Row(link.name, link.url, cells=cells)


def _state(frame: Frame, gave: set[int]) -> str:
    if frame.approved_at is not None:
        return _("godkendt svar")
    return formatting.missing(Missing.NOT_APPROVED if frame.pk in gave else Missing.UNANSWERED)


def _funnel(wave: Wave, questions: Sequence[Question]) -> Table:
    """For how many municipalities there are how many answers to each question: the fewer, the wider the intervals."""
    counts: dict[int, Counter[int]] = {question.pk: Counter() for question in questions}
    rows = SurveyFigure.objects.filter(wave=wave).values_list("question", "answered", "reason")
    for question, answered, reason in rows:
        if reason != Reason.NOBODY_ASKED:
            counts[question][next(i for i, (low, high) in enumerate(BANDS) if low <= answered <= high)] += 1
    heads = [_band(low, high) for low, high in BANDS]
    columns = (Column(_("Spørgsmål")), *(Column(head, css="number") for head in heads))
    return Table(
        _("Antal kommuner efter, hvor mange der svarede"),
        columns,
        tuple(
            Row(
                f"{question.position}. {said(question, 'words')}",
                cells=tuple(
                    Cell(formatting.number(counts[question.pk][band]), heads[band], css="number")
                    for band in range(len(BANDS))
                ),
            )
            for question in questions
        ),
    )


def _band(low: int, high: int) -> str:
    if low == high:
        return _("ingen svar")
    return _("%(low)d og flere") % {"low": low} if high >= 10**9 else f"{low}–{high}"
