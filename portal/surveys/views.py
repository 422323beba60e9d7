"""The members' form, the municipality's answers, and the public page."""

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from indicators.people.models import MemberRole
from indicators.surveys.models import Frame, Question
from indicators.surveys.services import (
    ReplyConflictError,
    SurveyError,
    TicketError,
    answer,
    approve_replies,
    attach,
    give_section,
    reopen_replies,
    role_in,
    save_reply,
    ticket_of,
)
from indicators.surveys.services.results import with_population
from indicators.surveys.services.sheets import replies_workbook, take_workbook
from portal.surveys.members import member_page
from portal.surveys.page import newest_year, surveys_page
from portal.surveys.receipt import receipt_pdf
from portal.surveys.workbench import (
    Problem,
    doubts,
    given_of,
    in_words,
    mark_of,
    overview,
    read,
    replies_of,
    section_page,
)
from portal.workbench.members import members_only, person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFICE = "office"
WRITING = {MemberRole.RESPONDENT.value, MemberRole.APPROVER.value}


# In public. Not kept with a release: a wave closes when it closes, and its page tells it at once


def surveys(request: HttpRequest) -> HttpResponse:
    """Show the newest year."""
    return surveys_of_a_year(request, newest_year())


def surveys_of_a_year(request: HttpRequest, year: int) -> HttpResponse:
    """Show what was asked of whom in a year, and who answered."""
    return render(request, "surveys/year.html", {"page": surveys_page(year), "section": ""})


# Members: no cookie, nobody is logged in, so nothing can be forged; the address is the key and goes nowhere


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form to whom a token was sent; a POST uses the token."""
    try:
        ticket = ticket_of(token)
        if request.method == "POST":
            answer(token=token, given={name: str(value) for name, value in request.POST.items()})
            return _private(render(request, "surveys/member_done.html", {"section": "", "said": ""}))
    except TicketError as error:
        return _private(render(request, "surveys/member_done.html", {"section": "", "said": str(error)}, status=410))
    except SurveyError as error:
        page = member_page(ticket, {name: str(value) for name, value in request.POST.items()}, str(error))
        return _private(render(request, "surveys/member.html", {"page": page, "section": ""}, status=422))
    return _private(render(request, "surveys/member.html", {"page": member_page(ticket, {}), "section": ""}))


def _private(response: HttpResponse) -> HttpResponse:
    """An answer whose address nobody else may learn: not the next page, not a search engine."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


# A municipality's answers: whoever has no role there is told that there is no such page


def _frame(request: HttpRequest, frame: int, *, writing: bool = False) -> tuple[Frame, User, str]:
    """The frame, who asks and in which role. Raises Http404 for strangers, and for observers where they would write."""
    user = person(request)
    found = get_object_or_404(
        with_population(Frame.objects.select_related("wave__questionnaire", "municipality")), pk=frame
    )
    role = role_in(found, user, timezone.now())
    if user.has_perm("surveys.change_wave"):
        role = role or OFFICE
    if not role or (writing and role not in WRITING):
        raise Http404
    return found, user, role


@members_only
@require_http_methods(["GET", "HEAD"])
def answers(request: HttpRequest, frame: int) -> HttpResponse:
    """Show how far a municipality's questionnaire is."""
    found, _user, role = _frame(request, frame)
    return _overview(request, found, role)


def _overview(request: HttpRequest, frame: Frame, role: str, error: str = "") -> HttpResponse:
    page = overview(frame, role)
    context = {"page": page, "error": error, "office": role == OFFICE, "section": ""}
    return render(request, "surveys/answers.html", context, status=422 if error else 200)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, frame: int, section: str) -> HttpResponse:
    """Show a section's questions; a POST saves what was changed, and says what could not be."""
    found, user, role = _frame(request, frame, writing=request.method == "POST")
    questions = list(found.wave.questionnaire.questions.filter(section=section).in_order())
    if not questions:
        raise Http404
    problems = _save(request, found, questions, user) if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        return redirect(request.path)
    sent = {name: str(value) for name, value in request.POST.items()}
    asked = section_page(found, section, sent=sent, problems=problems)
    context = {"questions": asked, "frame": found, "title": questions[0].section_da, "may_write": role in WRITING}
    context["saved"] = len(problems)
    return render(request, "surveys/section.html", context | {"section": ""}, status=409 if problems else 200)


def _save(request: HttpRequest, frame: Frame, questions: list[Question], user: User) -> dict[str, Problem]:
    """Save each answer that was touched, over the version that was shown; say which were not saved, and why."""
    problems: dict[str, Problem] = {}
    for question in questions:
        try:
            _save_one(request, frame, question, user)
        except ReplyConflictError as error:
            problems[question.code] = Problem(str(error), error.theirs)
        except SurveyError as error:
            problems[question.code] = Problem(str(error))
    return problems


def _save_one(request: HttpRequest, frame: Frame, question: Question, user: User) -> int:
    """Save one answer if it was touched; return its version. Raises SurveyError for what cannot be read or be right."""
    given, unread = read(question, {name: str(value) for name, value in request.POST.items()})
    seen = request.POST.get(f"{question.code}-version", "0")
    if given is None:
        raise SurveyError(unread)
    version = int(seen) if seen.isdecimal() else 0
    file = request.FILES.get(f"{question.code}-bilag")
    if mark_of(given) == request.POST.get(f"{question.code}-vist", "") and not file:
        return version
    now = timezone.now()
    reply = save_reply(frame=frame, question=question, seen=version, given=given, by=user, now=now)
    if file:
        attach(reply=reply, name=file.name or "bilag", content=file.read(), by=user, now=now)
    return reply.version


@members_only
@require_POST
def one_answer(request: HttpRequest, frame: int, code: str) -> HttpResponse:
    """Save one answer as one types: its new version, or (409) what somebody else has saved."""
    found, user, _role = _frame(request, frame, writing=True)
    question = get_object_or_404(found.wave.questionnaire.questions.select_related("indicator"), code=code)
    try:
        version = _save_one(request, found, question, user)
    except ReplyConflictError as error:
        theirs = in_words(question, given_of(error.theirs))
        return JsonResponse({"said": str(error), "theirs": theirs, "version": error.theirs.version}, status=409)
    except SurveyError as error:
        return JsonResponse({"said": str(error)}, status=422)
    stored = given_of(replies_of(found).get(code))
    told = {"version": version, "shown": mark_of(stored), "doubts": doubts(found, question, stored)}
    return JsonResponse(told)


@members_only
@require_POST
def act(request: HttpRequest, frame: int) -> HttpResponse:
    """Sign, give a section to a colleague, or (the office) open again; then back to the overview."""
    found, user, role = _frame(request, frame)
    try:
        _act(request, found, user, role)
    except SurveyError as error:
        return _overview(request, found, role, str(error))
    return redirect("survey-answers", frame=found.pk)


def _act(request: HttpRequest, frame: Frame, user: User, role: str) -> None:
    what, now = request.POST.get("act", ""), timezone.now()
    here = reverse("survey-answers", kwargs={"frame": frame.pk})
    if what == "approve" and role == MemberRole.APPROVER:
        approve_replies(frames=[frame], by=user, now=now)
    elif what == "reopen" and role == OFFICE:
        reopen_replies(frame=frame, reason=request.POST.get("reason", ""), by=user, now=now, address=here)
    elif what == "give" and role in WRITING:
        colleague = get_object_or_404(User, pk=request.POST.get("colleague") or 0)
        part = request.POST.get("part", "")
        title = _("Besvar afsnittet »%(section)s«") % {"section": part}
        give_section(frame=frame, section=part, title=title, colleague=colleague, now=now, address=f"{here}{part}/")
    else:
        raise Http404


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: HttpRequest, frame: int) -> HttpResponse:
    """Give the questionnaire as a workbook with the answers so far; a POST takes it in again, all of it or nothing."""
    found, user, role = _frame(request, frame, writing=request.method == "POST")
    if request.method != "POST":
        name = f"spoergeskema-{found.municipality.slug}-{found.wave.year}.xlsx"
        response = HttpResponse(replies_workbook(found), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    try:
        file = request.FILES.get("fil")
        take_workbook(frame=found, content=file.read() if file else b"", by=user, now=timezone.now())
    except SurveyError as error:
        return _overview(request, found, role, str(error))
    return redirect("survey-answers", frame=found.pk)


@members_only
@require_http_methods(["GET", "HEAD"])
def receipt(request: HttpRequest, frame: int) -> HttpResponse:
    """Give what was answered and signed as a PDF."""
    found, _user, _role = _frame(request, frame)
    response = HttpResponse(receipt_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = (
        f'attachment; filename="kvittering-{found.municipality.slug}-{found.wave.year}.pdf"'
    )
    return response
