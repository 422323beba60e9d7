"""The desk's first page: the year's work, what comes next for whoever looks, and the page of each source."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.admin.uploads import address, person
from indicators.danish import danish
from indicators.models import Indicator, Source
from indicators.surveys.models import Wave
from portal.components.links import Link
from portal.desk.readiness import KIND, job_of
from portal.desk.year import (
    LATE,
    MISSING,
    REPORT,
    SourceLine,
    Span,
    source_lines,
    waves_of,
    year_in_the_making,
    year_line,
)
from portal.language import formatting
from portal.operating.roles import words_of
from portal.operating.security import posted_key
from rankings.computed import changed_since
from rankings.hearing.models import Hearing, Remark
from rankings.models import Edition, Look, SourcePlan
from rankings.practices.models import Practice
from rankings.practices.services.assessing import ASSESS as ASSESS_PRACTICE
from rankings.practices.services.assessing import PUBLISH as PUBLISH_PRACTICE
from rankings.services.sources import SourceError, confirm_reuse, plan_source
from rankings.services.sources import share_out as share_out_sources

VIEW, ADD, PLAN = "rankings.view_edition", "indicators.add_upload", "rankings.compute_edition"
PUBLISH, RULE = "rankings.publish_edition", "hearing.rule_remark"


def home(request: HttpRequest) -> HttpResponse:
    """The year's work: what is late, who does what, and the next steps of whoever is signed in."""
    by, now = person(request, VIEW), timezone.now()
    year, today = year_in_the_making(), danish(now).date()
    draft = Edition.objects.still_open().newest_first().first()
    lines = source_lines(year, by, today)
    return _show(
        request,
        "admin/desk/home.html",
        title=_("Årets arbejde"),
        year=year,
        role=words_of(by),
        summary=_summary(lines),
        line=year_line(_spans(year, lines, draft, today), today),
        cards=_cards(by, lines, draft),
        lines=lines,
        chosen=_chosen(lines, request.GET.get("vis", "")),
        counts={"alle": len(lines), "mine": sum(one.is_mine for one in lines), "mangler": len(_unsettled(lines))},
        draft=draft,
        since=changed_since(draft) if draft else None,
        hearing=Hearing.objects.filter(edition=draft).first() if draft else None,
        waves=waves_of(year),
        may_add=by.has_perm(ADD),
        may_plan=by.has_perm(PLAN),
        people=_staff(),
    )


def _unsettled(lines: list[SourceLine]) -> list[SourceLine]:
    return [one for one in lines if not one.is_settled]


def _chosen(lines: list[SourceLine], which: str) -> dict[str, Any]:
    kept = {"mine": [one for one in lines if one.is_mine], "mangler": _unsettled(lines)}
    return {"name": which if which in kept else "alle", "lines": kept.get(which, lines)}


def _summary(lines: list[SourceLine]) -> str:
    settled, late = len(lines) - len(_unsettled(lines)), [one for one in lines if one.state == LATE]
    said = _("%(settled)d af %(all)s er på plads.") % {
        "settled": settled,
        "all": formatting.count(len(lines), _("kilde"), _("kilder")),
    }
    if late:
        names = formatting.joined([one.source.name for one in late[:3]] + (["…"] if len(late) > 3 else []))
        said += " " + _("For sent: %(names)s.") % {"names": names}
    return said


def _spans(year: int, lines: list[SourceLine], draft: Edition | None, today: dt.date) -> list[Span]:
    spans: list[Span] = []
    dues = sorted({one.plan.due_on for one in lines if one.plan and one.plan.due_on})
    for due in dues:
        waiting = [one for one in lines if one.plan and one.plan.due_on == due]
        left = [one for one in waiting if not one.is_settled]
        words = _("Frist: %(left)d af %(all)s mangler") % {
            "left": len(left), "all": formatting.count(len(waiting), _("kilde"), _("kilder")),
        }  # fmt: skip
        spans.append((words, due, due, "late" if left and due < today else "due", ""))
    spans += [
        (_wave_words(wave), danish(wave.opens_at).date(), danish(wave.closes_at).date(), "wave", "")
        for wave in waves_of(year)
    ]
    hearing = Hearing.objects.filter(edition=draft).first() if draft else None
    if hearing is not None:
        where = reverse("admin:hearing_hearing_change", args=[hearing.pk])
        opens, closes = danish(hearing.opens_at).date(), danish(hearing.closes_at).date()
        spans.append((_("Høring"), opens, closes, "hearing", where))
    job = job_of(draft, KIND) if draft else None
    if draft is not None and job is not None and job.not_before is not None and job.ended_at is None:
        day = danish(job.not_before).date()
        where = reverse("admin:rankings_edition_publication", args=[draft.pk])
        spans.append((_("Udgivelse"), day, day, "publication", where))
    return spans


def _wave_words(wave: Wave) -> str:
    return _("Undersøgelse: %(who)s (%(state)s)") % {
        "who": wave.get_instrument_display(),
        "state": wave.get_state_display(),
    }


def _cards(by: User, lines: list[SourceLine], draft: Edition | None) -> list[tuple[str, str, Link]]:
    """The next steps of somebody, the most pressing first: heading, why, where."""
    of_the_draft = _of_the_draft(by, draft) if draft else _without_a_draft(by)
    cards = [*_of_sources(by, lines), *_of_practices(by), *of_the_draft]
    return cards[:6]


def _of_sources(by: User, lines: list[SourceLine]) -> list[tuple[str, str, Link]]:
    own = [one for one in lines if one.is_mine or one.plan is None or one.plan.responsible_id is None]
    cards = []
    if by.has_perm(ADD):
        for state in (LATE, REPORT, MISSING):
            found = [one for one in own if one.state == state and (one.is_mine or state != MISSING)]
            cards += [(f"{one.word}: {one.source.name}", f"{one.gives}; {one.detail}", one.step) for one in found[:2]]
    if by.has_perm(PLAN) and (bare := [one for one in lines if one.plan is None and not one.is_settled]):
        step = Link(
            _("Fordel og sæt frist"),
            reverse("admin:rankings_edition_source", args=[year_in_the_making(), bare[0].source.pk]),
        )
        words = formatting.count(
            len(bare), _("kilde har ingen ansvarlig og ingen frist"), _("kilder har ingen ansvarlig og ingen frist")
        )
        cards.append((_("Fordel kilderne"), f"{words}.", step))
    return cards


def _of_practices(by: User) -> list[tuple[str, str, Link]]:
    if not (by.has_perm(ASSESS_PRACTICE) or by.has_perm(PUBLISH_PRACTICE)):
        return []
    waiting = Practice.objects.waiting_for_assessment().count()
    if not waiting:
        return []
    what = formatting.count(waiting, _("praksis venter"), _("praksisser venter"))
    return [(_("Vurdér praksis"), f"{what}.", Link(_("Se dem"), f"/{settings.ADMIN_PATH}/praksis/"))]


def _without_a_draft(by: User) -> list[tuple[str, str, Link]]:
    if not by.has_perm(PLAN):
        return []
    step = Link(_("Forbered en kladde"), reverse("admin:rankings_edition_changelist"))
    return [(_("Der er ingen kladde"), _("En kladde kan laves, så snart de første tal er inde."), step)]


def _of_the_draft(by: User, draft: Edition) -> list[tuple[str, str, Link]]:
    where = reverse("admin:rankings_edition_change", args=[draft.pk])
    cards = []
    if by.has_perm(PLAN) and changed_since(draft):
        why = _("Tal er ændret, siden kladden blev beregnet.")
        cards.append(
            (_("Beregn udgave %(release)s igen") % {"release": draft.release}, why, Link(_("Se kladden"), where))
        )
    if not Look.objects.filter(edition=draft, by=by, checksum=draft.checksum).exists():
        why = _("Du har ikke set den nyeste beregning.")
        cards.append((_("Se kladden %(release)s") % {"release": draft.release}, why, Link(_("Se kladden"), where)))
    hearing = Hearing.objects.filter(edition=draft).first()
    if hearing is not None and by.has_perm(RULE):
        left = Remark.objects.of(hearing).in_time().without_ruling().count()
        if left:
            what = formatting.count(left, _("bemærkning venter"), _("bemærkninger venter"))
            step = Link(_("Afgør"), reverse("admin:hearing_hearing_change", args=[hearing.pk]))
            cards.append((_("Afgør bemærkninger"), f"{what}.", step))
    if by.has_perm(PUBLISH):
        step = Link(_("Se, hvad der mangler"), reverse("admin:rankings_edition_publication", args=[draft.pk]))
        cards.append(
            (
                _("Udgiv %(release)s") % {"release": draft.release},
                _("Siden siger, hvad der spærrer, og hvem der kan løse det."),
                step,
            )
        )
    return cards


def source(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """The page of a source in a year: its indicators, who sees to it, by when; or that old figures are used again."""
    by, found = person(request, VIEW), get_object_or_404(Source, pk=pk)
    if request.method == "POST":
        return _planned(request, year, found)
    line = next((one for one in source_lines(year, by, danish(timezone.now()).date()) if one.source == found), None)
    return _show(
        request,
        "admin/desk/source.html",
        title=found.name,
        year=year,
        source=found,
        line=line,
        plan=SourcePlan.objects.filter(year=year, source=found).select_related("responsible", "reused_by").first(),
        indicators=Indicator.objects.of_the_index().in_catalogue_order().filter(source=found),
        people=_staff(),
        may_plan=by.has_perm(PLAN),
    )


def _planned(request: HttpRequest, year: int, found: Source) -> HttpResponse:
    by, form, now = person(request, PLAN), request.POST, timezone.now()
    try:
        if "reuse" in form:
            because = form.get("because", "")
            confirm_reuse(year=year, source=found, because=because, by=by, now=now, origin=address(request))
        else:
            who = User.objects.filter(pk=posted_key(request, "responsible")).first()
            due = dt.date.fromisoformat(form["due"]) if form.get("due") else None
            plan_source(
                year=year, source=found, responsible=who, due_on=due, by=by, now=now, origin=address(request)
            )  # fmt: skip
    except SourceError as error:
        messages.error(request, str(error))
    except ValueError:
        messages.error(request, _("Skriv fristen som en dato."))
    else:
        messages.success(request, _("Gemt."))
    return redirect("admin:rankings_edition_source", year, found.pk)


def share_out(request: HttpRequest, year: int) -> HttpResponse:
    """Give the chosen sources a person and a day at once."""
    by, form = person(request, PLAN), request.POST
    try:
        count = share_out_sources(
            year=year,
            sources=Source.objects.filter(pk__in=[pk for pk in form.getlist("source") if pk.isdigit()]),
            responsible=_staff().filter(pk=posted_key(request, "responsible")).first(),
            due_on=dt.date.fromisoformat(form["due"]) if form.get("due") else None,
            by=by,
            now=timezone.now(),
            origin=address(request),
        )
    except SourceError as error:
        messages.error(request, str(error))
    except ValueError:
        messages.error(request, _("Skriv fristen som en dato."))
    else:
        said = formatting.count(count, _("kilde er fordelt"), _("kilder er fordelt"))
        messages.success(request, f"{said}.")
    return redirect(f"{reverse('admin:index')}#kilderne")


def _staff() -> QuerySet[User]:
    return User.objects.filter(is_staff=True, is_active=True).order_by("username")


def guide(request: HttpRequest) -> HttpResponse:
    """The year's work in words, from the first file to the day after publication."""
    person(request, VIEW)
    return _show(request, "admin/desk/guide.html", title=_("Vejledning"))


def _show(request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})
