"""Press links: made for one recipient, opened and refused in a log, withdrawn."""

import datetime as dt

from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from rankings.models import Edition, PressLink, PressLinkOpening

SALT = "press-link"
LONGEST = dt.timedelta(days=14)


class EmbargoError(Exception):
    """A press link cannot be made or opened; the message says why, for the log."""


@transaction.atomic
def make_press_link(*, edition: Edition, recipient: str, until: dt.datetime, by: User, now: dt.datetime) -> PressLink:
    """Make a link to an open edition's press sheets for one recipient, for at most two weeks."""
    if not edition.is_open or edition.computed_at is None:
        msg = _("Udgave %(release)s er offentlig eller ikke beregnet. Den skal ikke have et link.")
        raise EmbargoError(msg % {"release": edition.release})
    if not recipient.strip():
        msg = _("Skriv, hvem linket er til.")
        raise EmbargoError(msg)
    if not now < until <= now + LONGEST:
        msg = _("Et link udløber inden %(days)d dage.")
        raise EmbargoError(msg % {"days": LONGEST.days})
    return PressLink.objects.create(
        edition=edition, recipient=recipient.strip(), created_at=now, created_by=by, expires_at=until
    )


def token_of(link: PressLink) -> str:
    """What stands in the link's address: its number, signed with the site's key."""
    return signing.dumps(link.pk, salt=SALT)


@transaction.atomic
def open_press_link(*, token: str, what: str, now: dt.datetime) -> PressLink | None:
    """Open a press link and log it; None where it has expired or was withdrawn, which is logged too.

    Raises EmbargoError for a token that this site never signed.
    """
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        msg = "The signature of the press link is wrong."
        raise EmbargoError(msg) from error
    link = PressLink.objects.select_related("edition").filter(pk=key).first()
    if link is None:
        msg = "The press link's edition has been deleted."
        raise EmbargoError(msg)
    refused = link.withdrawn_at is not None or now >= link.expires_at
    PressLinkOpening.objects.create(link=link, at=now, what=what[:200], refused=refused)
    return None if refused else link


@transaction.atomic
def withdraw_press_link(*, link: PressLink, now: dt.datetime) -> PressLink:
    """Close a press link for good. Withdrawing again changes nothing."""
    link = PressLink.objects.select_for_update().get(pk=link.pk)
    if link.withdrawn_at is None:
        link.withdrawn_at = now
        link.save(update_fields=["withdrawn_at"])
    return link
