"""Follow by e-mail: asked twice, left with one click. No cookie: nobody is logged in, so nothing can be forged."""

from smtplib import SMTPException

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.following.feeds import corrections_feed, corrections_page, editions_feed, indicator_feed, municipality_feed
from portal.following.page import NO, YES, FollowForm, asking, follow_page, follower_of, subject_of
from portal.frame.of_an_edition import with_or_without_edition
from portal.operating.security import is_cross_site, seconds_for_everybody, seconds_to_wait
from portal.published.edition import ShownEdition
from portal.published.municipalities import municipality_or_404
from portal.published.subjects import indicator_or_404
from portal.serving.cache import released
from rankings.services.following import ask_to_follow, confirm_follower, leave, take_back_asking

HOUR = 3600
TEXT = "text/plain; charset=utf-8"


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Show the form; a POST sends the first letter. A known address gets the same answer as an unknown one."""
    if request.method == "POST" and is_cross_site(request):  # no cookie is asked for, but letters would go out
        return HttpResponseForbidden(_("Formularen kan kun sendes fra vores egen side."), content_type=TEXT)
    form = FollowForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        if wait := seconds_for_everybody("follow-all", settings.FOLLOWS_OF_ALL_AN_HOUR, HOUR):
            return _wait(request, form, wait)
        if wait := seconds_to_wait("follow", request, settings.FOLLOWS_AN_HOUR, HOUR):
            return _wait(request, form, wait)
        return _ask(request, form)
    status = 422 if request.method == "POST" else 200
    return render(request, "following/follow.html", {"page": follow_page(form), "section": ""}, status=status)


def _wait(request: HttpRequest, form: FollowForm, seconds: int) -> HttpResponse:
    """Nobody can have letters sent to strangers all day from one place."""
    form.add_error(None, _("Der er bedt om mange breve herfra. Prøv igen om en time."))
    response = render(request, "following/follow.html", {"page": follow_page(form), "section": ""}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _ask(request: HttpRequest, form: FollowForm) -> HttpResponse:
    follower = ask_to_follow(
        email=form.cleaned_data["email"],
        municipality=form.cleaned_data["kommune"],
        indicator=form.cleaned_data["indikator"],
        language=get_language() or "da",
        now=timezone.now(),
    )
    try:
        if follower is not None:
            asking(follower).send()
    except (SMTPException, OSError):
        if follower is not None:
            take_back_asking(follower=follower)
        form.add_error(None, _("Brevet kunne ikke sendes lige nu. Prøv igen om en time."))
        return render(request, "following/follow.html", {"page": follow_page(form), "section": ""}, status=503)
    page = follow_page(FollowForm(), sent=True)
    return render(request, "following/follow.html", {"page": page, "section": ""})


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def yes(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the second yes by a button: programs that open every link in a letter do not follow."""
    follower = follower_of(token, YES)
    done = request.method == "POST" and follower is not None
    if done and follower is not None:
        confirm_follower(follower=follower, now=timezone.now())
    return _answer(request, "yes", subject_of(follower) if follower else "", done=done)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def no(request: HttpRequest, token: str) -> HttpResponse:
    """Leave: the button here, or the mail program's own (RFC 8058). The address is deleted at once."""
    follower = follower_of(token, NO)
    words = subject_of(follower) if follower else ""
    if request.method == "POST" and follower is not None:
        leave(follower=follower)
    return _answer(request, "no", words, done=request.method == "POST")


def _answer(request: HttpRequest, kind: str, subject: str, *, done: bool) -> HttpResponse:
    context = {"kind": kind, "subject": subject, "done": done, "section": ""}
    status = 200 if subject or done else 410
    response = render(request, "following/answer.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


ATOM = "application/atom+xml; charset=utf-8"


@released(parameters=[])
def editions(request: HttpRequest) -> HttpResponse:
    """Give the feed of editions and corrections."""
    return HttpResponse(editions_feed(request.path), content_type=ATOM)


@released(parameters=[])
def corrections_atom(request: HttpRequest) -> HttpResponse:
    """Give the feed of corrections."""
    return HttpResponse(corrections_feed(request.path), content_type=ATOM)


@released(parameters=[])
def municipality(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a municipality's feed."""
    return HttpResponse(municipality_feed(municipality_or_404(slug), request.path), content_type=ATOM)


@released(parameters=[])
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Give an indicator's feed."""
    row = indicator_or_404(code)
    return HttpResponse(indicator_feed(row, request.path), content_type=ATOM)


@with_or_without_edition
def corrections(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Show every correction: each value before and after, why, and the ranks that moved."""
    return render(request, "following/corrections.html", {"page": corrections_page(), "section": ""})
