"""Services for citizens. These pages read the clock (a vacancy is shown for seven days, a confirmation holds for a
year), so they are made for each request and not kept until the release changes."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators.provisions.models import Provision
from indicators.provisions.services.confirming import NotTheirsError, confirm_provision, to_confirm
from indicators.provisions.shown.question import Choices, Question, UnknownValueError, question_of
from indicators.provisions.shown.service import service_page
from portal.frame.of_an_edition import framed_by_anyone
from portal.provisions.files import around_rows, gap_rows, rows_csv, services_csv, services_geojson
from portal.provisions.gaps import gaps_page
from portal.provisions.page import refused_page, services_page
from portal.provisions.service import confirm_rows, one_service_page
from portal.serving.cache import refuse_parameters

if TYPE_CHECKING:
    from django.contrib.auth.models import User

View = Callable[..., HttpResponse]


def of_today(view: View) -> View:
    """Only read; a cache between us and the reader may keep the answer for a minute."""

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=60)
        return response

    return answered


def _asked(request: HttpRequest) -> tuple[Question, Choices]:
    """What the address asks for, today. Raises UnknownValueError."""
    today = timezone.localdate()
    choices = Choices.on(today)
    return question_of(request.GET.dict(), day=today, choices=choices), choices


@of_today
def services(request: HttpRequest) -> HttpResponse:
    """List the services that fit, with a map of the same rows."""
    return _list(request, "provisions/list.html")


def _list(request: HttpRequest, template: str) -> HttpResponse:
    try:
        question, choices = _asked(request)
    except UnknownValueError as error:
        page = refused_page(error, Choices.on(timezone.localdate()), request.GET)
        return render(request, template, {"page": page, "section": "provisions"}, status=422)
    page = services_page(question, choices, request.GET)
    return render(request, template, {"page": page, "section": "provisions"})


@framed_by_anyone
@of_today
def embed(request: HttpRequest) -> HttpResponse:
    """Show the map and its numbers in somebody else's page."""
    return _list(request, "provisions/embed.html")


@of_today
def services_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Give all rows that fit as a file; a value that nobody knows is refused, for a file cannot explain."""
    try:
        question, choices = _asked(request)
    except UnknownValueError as error:
        return HttpResponse(f"{error}\n", status=422, content_type="text/plain; charset=utf-8")
    return (services_csv if ending == "csv" else services_geojson)(question, choices)


@of_today
def service(request: HttpRequest, number: str) -> HttpResponse:
    """Show one service; a protected one is not there."""
    found = service_page(number, day=timezone.localdate())
    if found is None:
        raise Http404
    return render(request, "provisions/service.html", {"page": one_service_page(found), "section": "provisions"})


@of_today
def gaps(request: HttpRequest) -> HttpResponse:
    """Show where no place is registered."""
    page = gaps_page(timezone.localdate(), request.GET.get("maalgruppe", ""))
    status = 422 if page["error"] else 200
    return render(request, "provisions/gaps.html", {"page": page, "section": "provisions"}, status=status)


@of_today
def gaps_file(request: HttpRequest) -> HttpResponse:
    """Give the gaps as a file."""
    refuse_parameters(request)
    return rows_csv(gap_rows(timezone.localdate()), "tilbud-huller.csv")


@of_today
def around_file(request: HttpRequest) -> HttpResponse:
    """Give what stands in and around every municipality as a file."""
    refuse_parameters(request)
    return rows_csv(around_rows(timezone.localdate()), "tilbud-kommuner.csv")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The services that somebody may confirm; a POST confirms one. Others than theirs are not there."""
    by, now = cast("User", request.user), timezone.now()
    if request.method == "POST":
        provision = get_object_or_404(Provision, number=request.POST.get("tilbud", ""))
        try:
            confirm_provision(provision=provision, by=by, now=now)
        except NotTheirsError as error:
            raise Http404 from error
        messages.success(request, _("Tilbuddet er bekræftet. Det holder i et år."))
        return redirect("work-provisions")
    rows = confirm_rows(to_confirm(by, now), timezone.localdate(now))
    return render(request, "provisions/confirm.html", {"rows": rows, "section": "provisions"})


@of_today
def levels(request: HttpRequest) -> HttpResponse:
    """Say what is law about specialisation, what was proposed and what is not known."""
    return render(request, "provisions/levels.html", {"section": "provisions"})
