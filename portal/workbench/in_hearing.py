"""A member's municipality in a hearing: who asks, what is shown, and a step taken all or none."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from indicators.models import Area, Indicator
from indicators.people.models import Organisation
from portal.workbench.figures import OwnTheme
from portal.workbench.members import may_approve, may_write, own_organisation, person, roles_in
from rankings.hearing.models import RESPONSE_WORDS, Comment, Decision, Hearing, RemarkKind, Response
from rankings.hearing.services.hearings import clock_words
from rankings.hearing.services.speaking import HearingError


@dataclass(frozen=True, slots=True)
class Asked:
    """A member's municipality in a hearing, and what the member may do there now."""

    organisation: Organisation
    hearing: Hearing
    response: Response
    roles: set[str]
    now: dt.datetime

    @property
    def where(self) -> tuple[int, str]:
        """What stands in its addresses."""
        municipality = self.organisation.municipality
        return self.hearing.edition.year, municipality.slug if municipality else ""

    def back(self, theme: str = "") -> HttpResponse:
        """To the figures, at a theme."""
        question = f"?tema={theme}" if theme else ""
        return redirect(reverse("workbench-figures", args=self.where) + question)


def asked(request: HttpRequest, year: int, slug: str) -> Asked:
    """The member's own municipality in a hearing that has opened. Http404 for every other, as if it were not there."""
    organisation = own_organisation(request, municipality__slug=slug, kind="municipality")
    responses = Response.objects.filter(organisation=organisation, hearing__edition__year=year)
    found = responses.select_related("hearing__edition").order_by("-hearing__edition__revision").first()
    if found is None:
        raise Http404
    found.organisation = organisation
    now = timezone.now()
    return Asked(organisation, found.hearing, found, roles_in(organisation, person(request), now), now)


def take_step(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Take a step all or none, and say how it went."""
    try:
        with transaction.atomic():
            act()
    except HearingError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True


def theme_of(indicator: Indicator) -> str:
    """The code of its theme, for an address."""
    return indicator.theme.code if indicator.theme else ""


def figures_page(request: HttpRequest, one: Asked, themes: list[OwnTheme], chosen: OwnTheme) -> dict[str, Any]:
    """What the page shows: how far the hearing is, the remarks, the chosen theme, what the member may do."""
    state = one.response.state(one.hearing.closes_at)
    remarks = [remark for theme in themes for row in theme.rows for remark in row.remarks]
    edition = one.hearing.edition
    return {
        "section": "hearing",
        "one": one,
        "here": reverse("workbench-figures", args=one.where),
        "organisation": one.organisation,
        "hearing": one.hearing,
        "edition": edition,
        "response": one.response,
        "state": RESPONSE_WORDS[state],
        "opens": clock_words(one.hearing.opens_at),
        "closes": clock_words(one.hearing.closes_at),
        "days": max((one.hearing.closes_at - one.now).days, 0),
        "is_open": one.hearing.is_open(one.now),
        "themes": themes,
        "chosen": chosen,
        "opened": request.POST.get("indikator", "") or request.GET.get("ret", ""),
        "about": request.POST.get("slags", "") or request.GET.get("om", ""),
        "typed": request.POST,  # into a form that was refused: nothing of it is lost
        "kinds": RemarkKind.choices,
        "drafts": [remark for remark in remarks if remark.received_at is None],
        "received": [remark for remark in remarks if remark.received_at is not None],
        "figures": sum(len(theme.rows) for theme in themes),
        "may_write": may_write(one.roles) and one.response.final_at is None,
        "may_approve": may_approve(one.roles) and one.response.final_at is None,
        "may_flag": may_write(one.roles) and not edition.is_open,
        "comments": Comment.objects.filter(organisation=one.organisation, year=edition.year).order_by("-version"),
        "areas": Area.objects.order_by("position"),
        "decision": Decision.objects.filter(organisation=one.organisation, year=edition.year - 1).first(),
    }
