"""My tasks; coming in by invitation; who speaks for the organisation, where it is written to, what it says."""

from typing import Any, cast

from allauth.account import views as account
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from indicators.people.models import MemberRole, Membership, Organisation, Purpose, Task
from indicators.people.services.members import PeopleError, accept_invitation, end_membership, invitation_of, invite
from portal.workbench.letters import has_mailbox, letter_of_invitation, letters_of_the_demo
from portal.workbench.members import may_approve, may_write, members_only, own_organisation, person, roles_in
from portal.workbench.organisation import people_page, say, set_contact
from rankings.hearing.services.hearings import clock_words
from rankings.hearing.services.speaking import HearingError


def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address that a code goes to; beside it a municipality's own sign-in.

    A browser holds form-action against every redirect that follows a form, and a broker leads on to others.
    """
    apps = cast("dict[str, Any]", settings.SOCIALACCOUNT_PROVIDERS["openid_connect"])["APPS"]
    beyond = ["https:", *(app["settings"]["server_url"] for app in apps)] if apps else []
    return cast("HttpResponse", csp_update({"form-action": beyond})(account.request_login_code)(request))


@members_only
def home(request: HttpRequest) -> HttpResponse:
    """Show what there is to do, by when, and the organisations that the person speaks for."""
    now = timezone.now()
    tasks = Task.objects.for_member(request.user, now).still_open().select_related("organisation").soonest_first()
    context = {
        "section": "tasks",
        # letters need the whole address, a page of our own only the way from here
        "tasks": [
            (task, task.address.removeprefix(settings.SITE_ADDRESS), clock_words(task.due_at) if task.due_at else "")
            for task in tasks
        ],
        "organisations": Organisation.objects.spoken_for_by(request.user, now).in_danish_order(),
    }
    return render(request, "workbench/home.html", context)


@members_only
def keys(_request: HttpRequest) -> HttpResponse:
    """The keys of the person: signing in without a code."""
    return redirect("mfa_list_webauthn")


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who is invited to speak for whom; the button accepts and signs in. Opening the link alone does nothing."""
    try:
        found = invitation_of(token=token, now=timezone.now())
        if request.method != "POST":
            return render(request, "workbench/invitation.html", {"invitation": found})
        user = accept_invitation(invitation=found, now=timezone.now()).user
    except PeopleError as error:
        return render(request, "workbench/invitation.html", {"why": str(error)}, status=410)
    record_authentication(request, user, "invitation", email=user.email)
    return perform_login(request, Login(user=user, email=user.email))  # type: ignore[no-any-return]


@members_only
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who speaks for an organisation, who is invited, where it is written to, and what it has said."""
    return _people(request, own_organisation(request, pk=pk))


def _people(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The page of an organisation; where a form was refused, with what was typed into it."""
    now = timezone.now()
    may = may_approve(roles_in(organisation, person(request), now))
    context = people_page(organisation, now) | {"section": "people", "may_approve": may, "typed": request.POST}
    return render(request, "workbench/people.html", context)


@members_only
@require_POST
def invite_colleague(request: HttpRequest, pk: int) -> HttpResponse:
    """An approver invites a colleague by name and address."""
    organisation, now, form = own_organisation(request, pk=pk), timezone.now(), request.POST
    if not may_approve(roles_in(organisation, person(request), now)) or form.get("role") not in MemberRole.values:
        raise Http404
    said = {name: form.get(name, "") for name in ("name", "email")}
    try:
        found = invite(organisation=organisation, role=MemberRole(form["role"]), by=person(request), now=now, **said)
    except PeopleError as error:
        messages.error(request, str(error))
        return _people(request, organisation)
    letter_of_invitation(found)
    messages.success(request, _("Invitationen er sendt til %(email)s.") % {"email": found.email})
    return redirect("workbench-people", pk)


@members_only
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership: one's own, or as an approver a colleague's."""
    found = get_object_or_404(Membership.objects.current(timezone.now()), pk=pk)
    organisation, now = own_organisation(request, pk=found.organisation_id), timezone.now()
    own = found.user_id == person(request).pk
    if not own and not may_approve(roles_in(organisation, person(request), now)):
        raise Http404
    end_membership(membership=found, by=person(request), now=now)
    messages.success(request, _("Medlemskabet er afsluttet. Det, der er skrevet, bliver."))
    return redirect("workbench") if own else redirect("workbench-people", organisation.pk)


@members_only
@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """A member sets where the organisation is written to: confirmed, since it says so itself."""
    organisation, now, form = own_organisation(request, pk=pk), timezone.now(), request.POST
    if not may_write(roles_in(organisation, person(request), now)) or form.get("purpose") not in Purpose.values:
        raise Http404
    try:
        set_contact(organisation, form, by=person(request), now=now)
        messages.success(request, _("Kontakten er gemt og bekræftet."))
    except PeopleError as error:
        messages.error(request, str(error))
        return _people(request, organisation)
    return redirect("workbench-people", pk)


@members_only
@require_POST
def voice(request: HttpRequest, pk: int) -> HttpResponse:
    """An organisation that is no municipality says something, or takes what it said away."""
    organisation, form, now = own_organisation(request, pk=pk), request.POST, timezone.now()
    try:
        say(organisation, form, by=person(request), now=now)
        messages.success(request, _("Det er gemt. Redaktionen ser på teksten, før den vises."))
    except HearingError as error:
        messages.error(request, str(error))
        return _people(request, organisation)
    return redirect("workbench-people", pk)


@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """The demo's letters, those with codes among them: it is this machine's only. Not there on any other site."""
    if not has_mailbox():
        raise Http404
    to = request.GET.get("til", "")
    return render(request, "workbench/mailbox.html", {"letters": letters_of_the_demo(to), "to": to})
