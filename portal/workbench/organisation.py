"""An organisation on its page: who speaks for it, where it is written to, what it says; and the change of each."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from indicators.models import Municipality, Theme
from indicators.people.models import MemberRole, Membership, Organisation, OrganisationKind, Purpose
from indicators.people.services.members import change_contact
from rankings.hearing.services.statements import raise_voice, withdraw_voice
from rankings.models import Edition


def people_page(organisation: Organisation, now: dt.datetime) -> dict[str, Any]:
    """What the page shows to every member."""
    members = Membership.objects.current(now).filter(organisation=organisation).select_related("user")
    return {
        "organisation": organisation,
        "members": members.order_by("role", "user__last_name"),
        "waiting": organisation.invitations.unanswered().order_by("invited_at"),
        "contacts": organisation.contacts.current().order_by("purpose"),
        "roles": MemberRole.choices,
        "purposes": Purpose.choices,
        "is_municipality": organisation.kind == OrganisationKind.MUNICIPALITY,
        "voices": organisation.voices.select_related("municipality", "theme", "edition").order_by("-written_at"),
        "municipalities": Municipality.objects.in_danish_order(),
        "themes": Theme.objects.order_by("position"),
    }


def set_contact(organisation: Organisation, form: QueryDict, *, by: User, now: dt.datetime) -> None:
    """Set where the organisation is written to, as it says itself. Raises PeopleError."""
    change_contact(
        organisation=organisation,
        purpose=Purpose(form.get("purpose", "")),
        email=form.get("email", ""),
        title=form.get("title", ""),
        phone=form.get("phone", ""),
        published="published" in form,
        confirmed=True,
        by=by,
        now=now,
    )


def say(organisation: Organisation, form: QueryDict, *, by: User, now: dt.datetime) -> None:
    """Say something of the newest edition, or take away what was said. Raises HearingError."""
    if form.get("withdraw", "").isdecimal():
        withdraw_voice(voice=get_object_or_404(organisation.voices, pk=form["withdraw"]), by=by, now=now)
        return
    raise_voice(
        organisation=organisation,
        edition=get_object_or_404(Edition.objects.published().newest_first()[:1]),
        text=form.get("text", ""),
        municipality=Municipality.objects.filter(slug=form.get("kommune", "")).first(),
        theme=Theme.objects.filter(code=form.get("tema", "")).first(),
        by=by,
        now=now,
    )
