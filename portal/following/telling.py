"""Tells the followers what is new, each thing once: safe to run again after a stop in the middle."""

import datetime as dt
import logging
from dataclasses import dataclass
from smtplib import SMTPException

from django.utils.translation import gettext as _

from indicators.services.compare import Progress
from portal import formatting
from portal.following.letters import news
from portal.revisions import revision
from rankings.models import Edition, Follower
from rankings.services import forget_unconfirmed, note_told

log = logging.getLogger(__name__)


def tell_of(release: str, progress: Progress, now: dt.datetime) -> str:  # noqa: ARG001  everyone is told of everything
    """Tell the followers after a publication, as a job of the worker; say how it went."""
    told = tell_followers(now=now, progress=progress)
    said = formatting.count(told.sent, _("brev er sendt"), _("breve er sendt"))
    if not told.refused:
        return f"{said}."
    refused = formatting.count(told.refused, _("blev afvist"), _("blev afvist"))
    return f"{said}, {refused}. {_('De afviste prøves igen ved næste kørsel af tell_followers.')}"


@dataclass(slots=True)
class Told:
    """How many letters went, and how many the mail server refused."""

    sent: int = 0
    refused: int = 0


def tell_followers(*, now: dt.datetime, progress: Progress | None = None) -> Told:
    """Write to everyone about every public edition and correction they have not been told of.

    A letter is noted when it has been handed over; one that the mail server refuses is tried again next time.
    """
    forget_unconfirmed(now=now)
    told = Told()
    for edition in Edition.objects.ever_published().order_by("published_at"):
        followers = Follower.objects.confirmed().not_told(edition).select_related("municipality", "indicator")
        many = followers.count()
        changed = revision(edition) if many else None
        for number, follower in enumerate(followers.order_by("pk"), start=1):
            if progress:
                progress("letters", number / many)
            try:
                letter = news(follower, edition, changed)
                told.sent += letter.send() if letter else 0
            except (SMTPException, OSError, ValueError):  # ValueError: an address that mail cannot be written to
                log.exception("Follower %s was not told of edition %s", follower.pk, edition.release)
                told.refused += 1
                continue
            note_told(follower=follower, edition=edition, now=now)
    return told
