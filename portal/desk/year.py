"""The year's work: of the edition in the making every source, who sees to it, by when, and how far it has come."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Indicator, Measurement, Source, Upload, UploadState
from indicators.sources.recipes import recipes_of_the_catalogue
from indicators.surveys.models import Question, Wave
from portal.components.links import Link
from portal.language import formatting
from rankings.method import newest_years
from rankings.models import Criterion, Edition, SourcePlan

LATE, REPORT, MISSING, REUSED, APPLIED = "late", "report", "missing", "reused", "applied"
WORDS = {
    LATE: gettext_lazy("For sent"),
    REPORT: gettext_lazy("I rapport"),
    MISSING: gettext_lazy("Mangler"),
    REUSED: gettext_lazy("Genbruges"),
    APPLIED: gettext_lazy("Indlæst"),
}
"""In the order of the page: what is late stands first."""
SHAPES = {LATE: "■", REPORT: "◐", MISSING: "○", REUSED: "□", APPLIED: "●"}
ADD, PLAN = "indicators.add_upload", "rankings.compute_edition"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in the year of the edition: what it gives, who sees to it, its state, and what comes next."""

    source: Source
    count: str
    gives: str
    plan: SourcePlan | None
    due: str
    state: str
    detail: str
    step: Link
    is_mine: bool

    @property
    def word(self) -> str:
        """The state in a word."""
        return str(WORDS[self.state])

    @property
    def shape(self) -> str:
        """The state as a shape: it is never told by colour alone."""
        return SHAPES[self.state]

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be done about it for this edition."""
        return self.state in {REUSED, APPLIED}


def year_in_the_making() -> int:
    """The year of the first draft that is open; else the year after the newest edition; else this year."""
    draft = Edition.objects.still_open().filter(revision=1).newest_first().first()
    if draft is not None:
        return draft.year
    newest = Edition.objects.published().newest_first().first()
    return newest.year + 1 if newest else timezone.localdate().year


def expected_years(year: int) -> dict[str, int]:
    """By indicator the data year that an edition of a year is to have: as far behind it as in the edition before."""
    before = Edition.objects.published().filter(year__lt=year).newest_first().first()
    if before is None:
        return {}
    rows = Criterion.objects.of(before).for_indicators().values_list("indicator__code", "data_year")
    return {code: year - (before.year - data_year) for code, data_year in rows if data_year}


def source_lines(year: int, by: User, today: dt.date) -> list[SourceLine]:
    """Every source of the index in the year of an edition: what is late first, what is done last."""
    members: dict[Source, list[Indicator]] = defaultdict(list)
    for indicator in Indicator.objects.of_the_index().in_catalogue_order().select_related("source"):
        members[indicator.source].append(indicator)
    facts = _Facts.of(year)
    lines = [_line(source, indicators, year, by, today, facts) for source, indicators in members.items()]
    order = list(WORDS)
    return sorted(lines, key=lambda line: (order.index(line.state), line.due == "", _due(line), line.source.name))


def _due(line: SourceLine) -> dt.date:
    return line.plan.due_on if line.plan and line.plan.due_on else dt.date.max


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is asked once for all sources."""

    expected: Mapping[str, int]
    newest: Mapping[str, int]
    plans: Mapping[int, SourcePlan]
    waiting: Mapping[str, Upload]
    applied: Mapping[str, tuple[dt.datetime | None, int]]
    fetched: frozenset[str]
    surveyed: frozenset[str]
    """The indicators that a survey of the year asks for, where one is prepared."""

    @classmethod
    def of(cls, year: int) -> "_Facts":
        plans = SourcePlan.objects.filter(year=year).select_related("responsible", "reused_by")
        open_states = [UploadState.RECEIVED, UploadState.CHECKED, UploadState.REFUSED]
        waiting = Upload.objects.filter(state__in=open_states).exclude(source="").order_by("pk")
        newest = newest_years(year)
        rows = Measurement.objects.current().filter(indicator__role="index", year__in=set(newest.values()))
        applied = rows.values_list("indicator__code", "year").annotate(Max("upload__applied_at"), Max("upload"))
        return cls(
            expected=expected_years(year),
            newest=newest,
            plans={plan.source_id: plan for plan in plans},
            waiting={upload.source: upload for upload in waiting},
            applied={code: (at, upload) for code, own, at, upload in applied if newest.get(code) == own},
            fetched=frozenset(recipes_of_the_catalogue().recipes),
            surveyed=frozenset(_asked_for(year)),
        )


def _asked_for(year: int) -> Iterable[str]:
    rows = Question.objects.filter(questionnaire__waves__year=year, indicator__isnull=False)
    return rows.values_list("indicator__code", flat=True)


def _line(
    source: Source, indicators: list[Indicator], year: int, by: User, today: dt.date, facts: _Facts
) -> SourceLine:
    codes = [indicator.code for indicator in indicators]
    new = [code for code in codes if code in facts.newest and facts.newest[code] >= facts.expected.get(code, 0)]
    plan, upload = facts.plans.get(source.pk), facts.waiting.get(source.name)
    state = _state(len(new) == len(codes), upload, plan, today)
    return SourceLine(
        source=source,
        count=formatting.count(len(codes), _("tal"), _("tal")),
        gives=_("%(years)s → udgave %(year)d") % {"years": _years(codes, facts, year), "year": year},
        plan=plan,
        due=_short(plan.due_on, today) if plan and plan.due_on else "",
        state=state,
        detail=_detail(state, len(new), codes, upload, plan, today, facts),
        step=_step(state, source, codes, upload, year, by, facts),
        is_mine=plan is not None and plan.responsible_id == by.pk,
    )


def _state(all_new: bool, upload: Upload | None, plan: SourcePlan | None, today: dt.date) -> str:  # noqa: FBT001
    if upload is not None:
        return REPORT
    if all_new:
        return APPLIED
    if plan is not None and plan.reused_at is not None:
        return REUSED
    return LATE if plan is not None and plan.due_on is not None and plan.due_on < today else MISSING


def _years(codes: Iterable[str], facts: _Facts, year: int) -> str:
    """The data years that are to come, as "2026", "2025–2026"."""
    years = sorted({facts.expected.get(code, year) for code in codes})
    return formatting.years(years[0], years[-1]) if years else str(year)


def _detail(
    state: str, new: int, codes: list[str], upload: Upload | None, plan: SourcePlan | None, today: dt.date,
    facts: _Facts,
) -> str:  # fmt: skip
    if state == REPORT and upload is not None:
        return f"{upload.name}: {upload.get_state_display()}"
    if state == APPLIED:
        times = [at for code in codes if (at := facts.applied.get(code, (None, 0))[0])]
        return formatting.day(max(times)) if times else ""
    if state == REUSED and plan is not None:
        return _("bekræftet af %(who)s") % {"who": plan.reused_by}
    come = _("%(new)d af %(all)d er inde") % {"new": new, "all": len(codes)} if new else ""
    due = _in_days(plan.due_on, today) if plan and plan.due_on else _("ingen frist")
    return "; ".join(one for one in (come, due) if one)


def _in_days(due: dt.date, today: dt.date) -> str:
    days = (due - today).days
    if days < 0:
        return _("frist for %(days)s siden") % {"days": formatting.count(-days, _("dag"), _("dage"))}
    return _("frist om %(days)s") % {"days": formatting.count(days, _("dag"), _("dage"))} if days else _("frist i dag")


def _short(day: dt.date, today: dt.date) -> str:
    whole = formatting.date(day)
    return whole.removesuffix(f" {day.year}") if day.year == today.year else whole


def _step(
    state: str, source: Source, codes: list[str], upload: Upload | None, year: int, by: User, facts: _Facts
) -> Link:
    brings = by.has_perm(ADD)
    if state == REPORT and upload is not None:
        words = _("Svar i rapporten") if brings else _("Se rapporten")
        return Link(words, reverse("admin:indicators_upload_change", args=[upload.pk]))
    if state == APPLIED:
        own = [key for code in codes if (key := facts.applied.get(code, (None, 0))[1])]
        if own:
            return Link(_("Se rapporten"), reverse("admin:indicators_upload_change", args=[max(own)]))
    of_source = reverse("admin:rankings_edition_source", args=[year, source.pk])
    if state in {MISSING, LATE} and brings:
        if facts.surveyed.issuperset(codes):
            return Link(_("Se undersøgelsen"), reverse("surveys-year", args=[year]))
        if facts.fetched.issuperset(codes):
            return Link(_("Hent fra kilden"), reverse("admin:sources_fetch_sources"))
        expected = min(facts.expected.get(code, year) for code in codes)
        return Link(_("Hent skabelonen"), reverse("admin:indicators_upload_template", args=[source.pk, expected]))
    return Link(_("Fordel og sæt frist") if by.has_perm(PLAN) and state != REUSED else _("Se kilden"), of_source)


Span = tuple[str, dt.date, dt.date, str, str]
"""Words, first and last day, kind, address."""


def year_line(spans: list[Span], today: dt.date) -> dict[str, Any]:
    """Lay what is planned on one line of whole months around today."""
    days = [today, *(one[1] for one in spans), *(one[2] for one in spans)]
    first = min(days).replace(day=1)
    last = _months_after(max(*days, first + dt.timedelta(days=150)), 1)
    whole = (last - first).days

    def place(day: dt.date) -> int:
        return round(1000 * (day - first).days / whole)

    months = []
    month = first
    while month < last:
        months.append((formatting.date(month).split()[1], place(month)))
        month = _months_after(month, 1)
    marks = [
        dict(
            words=words,
            when=_from_to(since, until),
            left=place(since),
            width=max(place(until) - place(since), 6),
            kind=kind,
            url=url,
        )
        for words, since, until, kind, url in sorted(spans, key=lambda one: (one[1], one[2]))
    ]
    return dict(months=tuple(months), marks=tuple(marks), today=place(today), today_words=formatting.date(today))


def _months_after(day: dt.date, count: int) -> dt.date:
    month = day.month - 1 + count
    return dt.date(day.year + month // 12, month % 12 + 1, 1)


def _from_to(since: dt.date, until: dt.date) -> str:
    return formatting.date(since) if since == until else f"{formatting.date(since)} – {formatting.date(until)}"


def waves_of(year: int) -> list[Wave]:
    """The surveys whose answers an edition takes."""
    return list(Wave.objects.filter(year=year).order_by("opens_at", "pk"))
