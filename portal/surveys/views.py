"""The members' form, the municipality's answers, and the public page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from indicators.surveys.models import Attachment, Frame
from indicators.surveys.services.members import TicketError, answer, ticket_of
from indicators.surveys.services.questionnaires import SurveyError
from indicators.surveys.services.sheets import replies_workbook, take_workbook
from portal.surveys.acting import OFFICE, WRITING, act_on, frame_of, save_section, told_of_one
from portal.surveys.members import member_page
from portal.surveys.page import newest_year, surveys_page
from portal.surveys.workbench import overview, receipt_pdf, section_page, takes_answers
from portal.workbench.members import members_only

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


@members_only
@require_http_methods(["GET", "HEAD"])
def answers(request: HttpRequest, frame: int) -> HttpResponse:
    """Show how far a municipality's questionnaire is."""
    found, _user, role = frame_of(request, frame)
    return _overview(request, found, role)


def _overview(request: HttpRequest, frame: Frame, role: str, error: str = "") -> HttpResponse:
    page = overview(frame, role)
    context = {"page": page, "error": error, "office": role == OFFICE, "section": ""}
    return render(request, "surveys/answers.html", context, status=422 if error else 200)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, frame: int, section: str) -> HttpResponse:
    """Show a section's questions; a POST saves what was changed, and says what could not be."""
    found, user, role = frame_of(request, frame, writing=request.method == "POST")
    problems = save_section(request, found, section, user) if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        return redirect(request.path)
    sent = {name: str(value) for name, value in request.POST.items()}
    context = {
        "page": section_page(found, section, sent=sent, problems=problems),
        "may_write": role in WRITING and takes_answers(found),
        "section": "",
    }
    return render(request, "surveys/section.html", context, status=409 if problems else 200)


@members_only
@require_POST
def one_answer(request: HttpRequest, frame: int, code: str) -> HttpResponse:
    """Save one answer as one types: its new version, or (409) what somebody else has saved."""
    found, user, _role = frame_of(request, frame, writing=True)
    question = get_object_or_404(found.wave.questionnaire.questions.select_related("indicator"), code=code)
    return told_of_one(request, found, question, user)


@members_only
@require_POST
def act(request: HttpRequest, frame: int) -> HttpResponse:
    """Sign, give a section to a colleague, or (the office) open again; then back to the overview."""
    found, user, role = frame_of(request, frame)
    try:
        act_on(request, found, user, role)
    except SurveyError as error:
        return _overview(request, found, role, str(error))
    return redirect("survey-answers", frame=found.pk)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: HttpRequest, frame: int) -> HttpResponse:
    """Give the questionnaire as a workbook with the answers so far; a POST takes it in again, all of it or nothing."""
    found, user, role = frame_of(request, frame, writing=request.method == "POST")
    if request.method != "POST":
        return _file(replies_workbook(found), XLSX, f"spoergeskema-{found.municipality.slug}-{found.wave.year}.xlsx")
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
    found, _user, _role = frame_of(request, frame)
    return _file(receipt_pdf(found), "application/pdf", f"kvittering-{found.municipality.slug}-{found.wave.year}.pdf")


@members_only
@require_http_methods(["GET", "HEAD"])
def attachment(request: HttpRequest, frame: int, pk: int) -> HttpResponse:
    """Give a file that belongs to an answer to its municipality and the office: as bytes to be saved, never shown."""
    found, _user, _role = frame_of(request, frame)
    file = get_object_or_404(Attachment, pk=pk, reply__frame=found)
    response = HttpResponse(bytes(file.content), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or ""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
