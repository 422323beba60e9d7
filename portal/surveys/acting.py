"""What a municipality's member does on its pages: save answers, sign, give a section away; the office opens again."""

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.people.models import MemberRole
from indicators.surveys.models import Frame, Question, Reply
from indicators.surveys.services.administrations import (
    ReplyConflictError,
    approve_replies,
    attach,
    give_section,
    reopen_replies,
    role_in,
    save_reply,
)
from indicators.surveys.services.questionnaires import SurveyError
from indicators.surveys.services.results import with_population
from portal.operating.security import posted_key
from portal.surveys.workbench import Problem, doubts, given_of, in_words, mark_of, read, replies_of
from portal.workbench.members import person

OFFICE = "office"
WRITING = {MemberRole.RESPONDENT.value, MemberRole.APPROVER.value}


def frame_of(request: HttpRequest, frame: int, *, writing: bool = False) -> tuple[Frame, User, str]:
    """The frame, who asks and in which role. Raises Http404 for strangers, and for observers where they would write."""
    user = person(request)
    frames = with_population(Frame.objects.select_related("wave__questionnaire", "municipality", "approved_by"))
    found = get_object_or_404(frames, pk=frame)
    role = role_in(found, user, timezone.now())
    if user.has_perm("surveys.change_wave"):
        role = role or OFFICE
    if not role or (writing and role not in WRITING):
        raise Http404
    return found, user, role


def save_section(request: HttpRequest, frame: Frame, section: str, user: User) -> dict[str, Problem]:
    """Save each answer that was touched, over the version that was shown; say which were not saved, and why."""
    problems: dict[str, Problem] = {}
    for question in frame.wave.questionnaire.questions.filter(section=section).in_order():
        try:
            save_one(request, frame, question, user)
        except ReplyConflictError as error:
            problems[question.code] = Problem(str(error), error.theirs)
        except SurveyError as error:
            problems[question.code] = Problem(str(error))
    return problems


def save_one(request: HttpRequest, frame: Frame, question: Question, user: User) -> int:
    """Save one answer if it was touched; return its version. Raises SurveyError for what cannot be read or be right."""
    given, unread = read(question, {name: str(value) for name, value in request.POST.items()})
    if given is None:
        raise SurveyError(unread)
    seen = request.POST.get(f"{question.code}-version", "0")
    version = int(seen) if seen.isdecimal() else 0
    if mark_of(given) != request.POST.get(f"{question.code}-vist", ""):
        reply = save_reply(frame=frame, question=question, seen=version, given=given, by=user, now=timezone.now())
        version = reply.version
    _keep_attachment(request, frame, question, user)
    return version


def _keep_attachment(request: HttpRequest, frame: Frame, question: Question, user: User) -> None:
    file = request.FILES.get(f"{question.code}-bilag")
    reply = Reply.objects.filter(frame=frame, question=question).first() if file else None
    if file and reply:
        attach(reply=reply, name=file.name or "bilag", content=file.read(), by=user, now=timezone.now())
    elif file:
        raise SurveyError(_("Et bilag hører til et svar: svar først, også hvis svaret er »ved ikke«."))


def told_of_one(request: HttpRequest, frame: Frame, question: Question, user: User) -> HttpResponse:
    """Save one answer as one types: its new version, or (409) what somebody else has saved."""
    try:
        version = save_one(request, frame, question, user)
    except ReplyConflictError as error:
        theirs = in_words(question, given_of(error.theirs))
        return JsonResponse({"said": str(error), "theirs": theirs, "version": error.theirs.version}, status=409)
    except SurveyError as error:
        return JsonResponse({"said": str(error)}, status=422)
    stored = given_of(replies_of(frame).get(question.code))
    told = {"version": version, "shown": mark_of(stored), "doubts": doubts(frame, question, stored)}
    return JsonResponse(told)


def act_on(request: HttpRequest, frame: Frame, user: User, role: str) -> None:
    """Do what a button of the overview says. Raises SurveyError; Http404 where the role may not."""
    what, now = request.POST.get("act", ""), timezone.now()
    here = reverse("survey-answers", kwargs={"frame": frame.pk})
    if what == "approve" and role == MemberRole.APPROVER:
        approve_replies(frames=[frame], by=user, now=now)
    elif what == "reopen" and role == OFFICE:
        reopen_replies(frame=frame, reason=request.POST.get("reason", ""), by=user, now=now, address=here)
    elif what == "give" and role in WRITING:
        colleague = get_object_or_404(User, pk=posted_key(request, "colleague"))
        part = request.POST.get("part", "")
        title = _("Besvar afsnittet »%(section)s«") % {"section": part}
        give_section(frame=frame, section=part, title=title, colleague=colleague, now=now, address=f"{here}{part}/")
    else:
        raise Http404
