"""A member's municipality in a hearing: who asks, what it is asked about, and a step taken all or none."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from indicators.models import Indicator
from indicators.people.models import Organisation
from portal.workbench.members import own_organisation, person, roles_in
from rankings.hearing.models import Hearing, Response
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
