"""People come by a named invitation, act for one organisation, and leave; what they did stays.

A token in a link is a number signed with the site's key: nothing that opens a door lies in the database.
"""

import datetime as dt

from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.models import Action, Municipality, Region
from indicators.people.models import (
    Contact,
    Invitation,
    Letter,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
    Purpose,
    Task,
)
from indicators.services.log import record

INVITATION, CONTACT = "people-invitation", "people-contact"
OPEN_FOR = dt.timedelta(days=14)


class PeopleError(Exception):
    """What was asked cannot be done with these people; the message says why. Nothing was changed."""


class InvitationError(PeopleError):
    """A link leads to no invitation that can be accepted; the message says why, for its reader."""


@transaction.atomic
def found_organisation(
    *,
    kind: OrganisationKind,
    name: str,
    municipality: Municipality | None = None,
    region: Region | None = None,
    url: str = "",
    now: dt.datetime,
) -> Organisation:
    """Make an organisation, or return the one of that kind, name and place that there is already."""
    organisation = Organisation(
        kind=kind, name=name.strip(), municipality=municipality, region=region, url=url, founded_at=now
    )
    organisation.derive_keys()
    known = Organisation.objects.filter(
        kind=kind, name=organisation.name, municipality=municipality, region=region
    ).first()
    if known is not None:
        return known
    organisation.full_clean(validate_constraints=False)
    organisation.save()
    return organisation


@transaction.atomic
def found_organisations_of_municipalities(*, now: dt.datetime) -> list[Organisation]:
    """See to it that every municipality is an organisation ("Rødovre Kommune"); returns the new ones."""
    known = Organisation.objects.of_municipalities().values("municipality")
    new = []
    for municipality in Municipality.objects.exclude(pk__in=known).in_danish_order():
        organisation = Organisation(
            kind=OrganisationKind.MUNICIPALITY,
            name=f"{municipality.name} Kommune",
            municipality=municipality,
            founded_at=now,
        )
        organisation.derive_keys()
        new.append(organisation)
    return Organisation.objects.bulk_create(new)


def clean_email(text: str) -> str:
    """An address as it is stored: in small letters. Raises PeopleError where it is none."""
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        msg = _("»%(email)s« er ikke en e-mailadresse.")
        raise PeopleError(msg % {"email": text.strip()}) from error
    return email


@transaction.atomic
def invite(
    *, organisation: Organisation, name: str, email: str, role: MemberRole, by: User, now: dt.datetime, origin: str = ""
) -> Invitation:
    """Ask a named person to speak for an organisation. The letter is the caller's: its address is a page's.

    Raises PeopleError for an address that is none, for a missing name, and for somebody who has that role already. An
    unanswered invitation to the same is sent again instead.
    """
    email = clean_email(email)
    if not name.strip():
        msg = _("Skriv navnet på den, der inviteres. En adgang er personlig.")
        raise PeopleError(msg)
    if Membership.objects.current(now).filter(organisation=organisation, role=role, user__email=email).exists():
        msg = _("%(email)s er allerede %(role)s for %(organisation)s.")
        raise PeopleError(msg % {"email": email, "role": MemberRole(role).label, "organisation": organisation})
    waiting = Invitation.objects.unanswered().filter(organisation=organisation, email=email, role=role).first()
    if waiting is not None:
        return resend_invitation(invitation=waiting, by=by, now=now, origin=origin)
    invitation = Invitation.objects.create(
        organisation=organisation,
        name=name.strip(),
        email=email,
        role=role,
        invited_by=by,
        invited_at=now,
        expires_at=now + OPEN_FOR,
    )
    _note(Action.MEMBER_INVITED, organisation, by=by, now=now, origin=origin, role=str(role), invitation=invitation.pk)
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, now: dt.datetime, origin: str = "") -> Invitation:
    """Open an unanswered invitation for two weeks more, by a new link; the one before leads nowhere from now on."""
    invitation = _unanswered(invitation)
    invitation.serial += 1
    invitation.expires_at = now + OPEN_FOR
    invitation.save(update_fields=["serial", "expires_at"])
    organisation = invitation.organisation
    _note(Action.MEMBER_INVITED, organisation, by=by, now=now, origin=origin, invitation=invitation.pk, again=True)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, now: dt.datetime) -> Invitation:
    """Close an unanswered invitation for good."""
    invitation = _unanswered(invitation)
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    return invitation


def _unanswered(invitation: Invitation) -> Invitation:
    found = Invitation.objects.unanswered().select_for_update().filter(pk=invitation.pk).first()
    if found is None:
        msg = _("Invitationen er allerede taget imod eller trukket tilbage.")
        raise PeopleError(msg)
    return found


def token_of_invitation(invitation: Invitation) -> str:
    """What stands in the invitation's link."""
    return signing.dumps([invitation.pk, invitation.serial], salt=INVITATION)


def invitation_of(*, token: str, now: dt.datetime) -> Invitation:
    """Whose invitation a link opens. Raises InvitationError for one that is not ours, used, replaced or too old."""
    try:
        key, serial = signing.loads(token, salt=INVITATION)
    except (signing.BadSignature, ValueError) as error:
        msg = _("Linket er ikke helt. Kopiér det igen fra brevet.")
        raise InvitationError(msg) from error
    invitation = Invitation.objects.select_related("organisation").filter(pk=key).first()
    if invitation is None or invitation.withdrawn_at is not None:
        msg = _("Invitationen er trukket tilbage.")
        raise InvitationError(msg)
    if invitation.accepted_at is not None:
        msg = _("Invitationen er brugt. Log ind med den e-mailadresse, brevet kom til.")
        raise InvitationError(msg)
    if invitation.serial != serial:
        msg = _("Der er sendt et nyere brev. Brug linket i det.")
        raise InvitationError(msg)
    if now >= invitation.expires_at:
        msg = _("Invitationen er udløbet. Bed den, der inviterede, om at sende den igen.")
        raise InvitationError(msg)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, now: dt.datetime, origin: str = "") -> Membership:
    """Make the invited person a member, with an account by that address where there is none.

    Whoever holds the link has read the letter: the address is proven. The account has no password.
    """
    invitation = _unanswered(invitation)
    if now >= invitation.expires_at:
        msg = _("Invitationen er udløbet. Bed den, der inviterede, om at sende den igen.")
        raise InvitationError(msg)
    user = person_of(email=invitation.email, name=invitation.name)
    membership = join(
        user=user,
        organisation=invitation.organisation,
        role=MemberRole(invitation.role),
        by=user,
        now=now,
        origin=origin,
    )
    invitation.accepted_at, invitation.membership = now, membership
    invitation.save(update_fields=["accepted_at", "membership"])
    return membership


@transaction.atomic
def person_of(*, email: str, name: str) -> User:
    """The one active account of an address, made where there is none: the address is its name, it has no password.

    Raises PeopleError for an address whose account was closed.
    """
    known = User.objects.filter(email__iexact=email).order_by("-is_active", "pk").first()
    if known is None:
        first, _space, last = name.strip().rpartition(" ")
        known = User(username=email[:150], email=email, first_name=first[:150], last_name=last[:150])
        known.set_unusable_password()
        known.save()
    if not known.is_active:
        msg = _("Kontoen for %(email)s er lukket. Skriv til redaktionen.")
        raise PeopleError(msg % {"email": email})
    return known


@transaction.atomic
def join(
    *, user: User, organisation: Organisation, role: MemberRole, by: User, now: dt.datetime, origin: str = ""
) -> Membership:
    """Let a person speak for an organisation from now on. Whoever has the role already keeps it."""
    known = Membership.objects.current(now).filter(user=user, organisation=organisation, role=role).first()
    if known is not None:
        return known
    membership = Membership.objects.create(user=user, organisation=organisation, role=role, since=now, given_by=by)
    _note(Action.MEMBER_JOINED, organisation, by=by, now=now, origin=origin, role=str(role), user=user.pk)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User, now: dt.datetime, origin: str = "") -> Membership:
    """Let a person speak for an organisation no longer, at once. Its open tasks go to whoever else has the role."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.until is not None and membership.until <= now:
        return membership
    membership.until, membership.ended_by = now, by
    membership.save(update_fields=["until", "ended_by"])
    mine = Task.objects.still_open().filter(organisation=membership.organisation_id, assignee=membership.user_id)
    mine.update(assignee=None)
    _note(Action.MEMBERSHIP_ENDED, membership.organisation, by=by, now=now, origin=origin, user=membership.user_id)
    return membership


@transaction.atomic
def forget_person(*, user: User, because: str, by: User, now: dt.datetime, origin: str = "") -> None:
    """Take name and address from an account and close it, and the address from the letters that went to it.

    What it did for an organisation stays, without a name. ``because`` stands in the log, so it names nobody.
    Raises PeopleError without a reason, and for an account that is the office's own: such a one is closed in "users".
    """
    if not because.strip():
        raise PeopleError(_("Skriv, hvorfor personen slettes. Begrundelsen står i loggen uden navn."))
    if user.is_staff or user.is_superuser:
        raise PeopleError(_("Kontoen hører til redaktionen. Den lukkes under brugere."))
    for membership in Membership.objects.current(now).filter(user=user):
        end_membership(membership=membership, by=by, now=now, origin=origin)
    forgotten = _("slettet person %(number)d") % {"number": user.pk}
    for invitation in Invitation.objects.filter(email=user.email):
        invitation.name, invitation.email = forgotten, f"slettet-{user.pk}-{invitation.pk}@example.invalid"
        invitation.save(update_fields=["name", "email"])
        invitation.letters.update(email=invitation.email, body="")
    if user.email:
        Letter.objects.filter(email=user.email).update(email=f"slettet-{user.pk}@example.invalid", body="")
    user.username, user.email, user.first_name, user.last_name = f"slettet-{user.pk}", "", "", ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    record(
        action=Action.PERSON_FORGOTTEN,
        what=f"person {user.pk}",
        by=by,
        now=now,
        origin=origin,
        details={"reason": because.strip()},
    )


@transaction.atomic
def change_contact(  # noqa: PLR0913  what a contact is
    *,
    organisation: Organisation,
    purpose: Purpose,
    email: str,
    title: str = "",
    phone: str = "",
    published: bool = False,
    confirmed: bool = False,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> Contact:
    """Set where an organisation is written to; the contact before ends. ``confirmed``: the organisation says so itself.

    Raises PeopleError for an address that is none, and for one that would be published unconfirmed.
    """
    email = clean_email(email)
    if published and not confirmed:
        msg = _("En kontakt kan først vises offentligt, når organisationen har bekræftet den.")
        raise PeopleError(msg)
    Contact.objects.current().filter(organisation=organisation, purpose=purpose).update(ended_at=now)
    contact = Contact.objects.create(
        organisation=organisation,
        purpose=purpose,
        title=title.strip(),
        email=email,
        phone=phone.strip(),
        published=published,
        added_at=now,
        confirmed_at=now if confirmed else None,
    )
    _note(Action.CONTACT_CHANGED, organisation, by=by, now=now, origin=origin, purpose=str(purpose))
    return contact


@transaction.atomic
def confirm_contact(*, contact: Contact, published: bool | None = None, now: dt.datetime) -> Contact:
    """Note that the organisation itself says that the contact is right, and whether readers may see it."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    contact.confirmed_at, contact.bounced_at = now, None
    contact.published = contact.published if published is None else published
    contact.save(update_fields=["confirmed_at", "bounced_at", "published"])
    return contact


def _note(
    action: Action, organisation: Organisation, *, by: User, now: dt.datetime, origin: str, **details: object
) -> None:
    record(action=action, what=f"organisation {organisation.pk}", by=by, now=now, origin=origin, details=details)
