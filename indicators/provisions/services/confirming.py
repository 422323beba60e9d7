"""Once a year somebody who knows says that what is registered of a provision is right."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.people.models import WRITERS, Membership, Organisation, OrganisationKind, Task
from indicators.people.services.tasks import finish_task, give_task
from indicators.provisions.models import CONFIRMED_FOR, Confirmation, Provision, Registration, Status

from .writing import bring_in_line

TASK = "provision-confirmation"
ASKED_BEFORE = dt.timedelta(days=30)
"""So long before a confirmation runs out the municipality is asked for the next."""


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


def _runs_out(provision: Provision, now: dt.datetime) -> bool:
    """Whether a confirmation runs out within thirty days, or has, or never was."""
    soon = timezone.localtime(now).date() - CONFIRMED_FOR + ASKED_BEFORE
    return provision.confirmed_on is None or provision.confirmed_on <= soon


@transaction.atomic
def ask_to_confirm(*, address: str, now: dt.datetime) -> list[Task]:
    """Give each municipality one task for all services in it whose confirmation runs out within thirty days, or has.

    ``address`` is the path where it is done. Returns the new tasks: repeated, one that is open keeps its deadline and
    is told of the services there are now.
    """
    soon = timezone.localtime(now).date() - CONFIRMED_FOR + ASKED_BEFORE
    due = Q(provision__confirmed_on__lte=soon) | Q(provision__confirmed_on__isnull=True)
    waiting = Registration.objects.public().filter(due, status=Status.OPEN)
    counted = dict(waiting.values_list("municipality").annotate(Count("pk")).order_by())
    homes = Organisation.objects.of_municipalities().filter(municipality__in=counted).in_danish_order()
    asked = {one.organisation_id: one for one in Task.objects.still_open().about("provisions").filter(kind=TASK)}
    given = []
    for home in homes:
        title = _("Bekræft %(count)d tilbud") % {"count": counted[home.municipality_id]}
        if (one := asked.get(home.pk)) is not None:
            Task.objects.filter(pk=one.pk).exclude(title=title).update(title=title)  # the deadline stays
            continue
        task = give_task(
            organisation=home,
            kind=TASK,
            about="provisions",
            title=title,
            now=now,
            due_at=now + ASKED_BEFORE,
            address=address,
        )
        given.append(task)
    return given


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
    if not any(_runs_out(row.provision, now) for row in to_confirm(by, now)):
        finish_task(organisation=speaker, kind=TASK, about="provisions", by=by, now=now)
    return confirmation
