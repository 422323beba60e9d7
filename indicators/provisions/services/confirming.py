"""Once a year somebody who knows says that what is registered of a provision is right."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from indicators.people.models import WRITERS, Membership, Organisation, OrganisationKind
from indicators.provisions.models import Confirmation, Provision, Registration, Status

from .writing import bring_in_line


class NotTheirsError(Exception):
    """Somebody confirms a provision that neither they nor their municipality runs or houses."""


def speaks_for(user: User, provision: Provision, now: dt.datetime) -> Organisation | None:
    """The organisation in whose name a person may confirm a provision: the service itself, or its municipality.

    A protected provision has no municipality here, so only the service itself can confirm it.
    """
    registration = provision.registrations.current().first()
    if registration is None:
        return None
    writing = Membership.objects.current(now).with_role(*WRITERS).filter(user=user)
    mine = Organisation.objects.filter(pk__in=writing.values("organisation"))
    own = mine.filter(pk=provision.organisation_id).first() if provision.organisation_id else None
    if own is not None or registration.municipality_id is None:
        return own
    return mine.filter(kind=OrganisationKind.MUNICIPALITY, municipality=registration.municipality_id).first()


def to_confirm(user: User, now: dt.datetime) -> list[Registration]:
    """What a person may confirm: the services of their municipalities and their own, the longest unconfirmed first.

    Protected ones only for the service itself.
    """
    writing = Membership.objects.current(now).with_role(*WRITERS).filter(user=user)
    mine = Organisation.objects.filter(pk__in=writing.values("organisation"))
    homes = mine.filter(kind=OrganisationKind.MUNICIPALITY).values("municipality")
    theirs = Q(municipality__in=homes) | Q(provision__organisation__in=mine)
    found = Registration.objects.current().filter(theirs, status=Status.OPEN).select_related("provision")
    return list(found.order_by(F("provision__confirmed_on").asc(nulls_first=True), "name", "pk"))


@transaction.atomic
def confirm_provision(*, provision: Provision, by: User, now: dt.datetime) -> Confirmation:
    """Note that a provision's service or municipality says that what is registered is right; it holds twelve months.

    Raises NotTheirsError for whoever speaks for neither.
    """
    provision = Provision.objects.select_for_update().get(pk=provision.pk)
    speaker = speaks_for(by, provision, now)
    if speaker is None:
        message = _("%(who)s kan ikke bekræfte tilbuddet %(number)s: kun tilbuddet selv og dets kommune kan.")
        raise NotTheirsError(message % {"who": by, "number": provision.number})
    confirmation = Confirmation.objects.create(provision=provision, by=by, at=now, speaker=speaker.name)
    bring_in_line()
    return confirmation
