"""Tells the followers what is new, each thing once: safe to run again after a stop in the middle."""

import datetime as dt
import logging
from smtplib import SMTPException

from portal.following.letters import news
from rankings.models import Edition, Follower
from rankings.services import forget_unconfirmed, note_told

log = logging.getLogger(__name__)


def tell_followers(*, now: dt.datetime) -> int:
    """Write to everyone about every public edition and correction they have not been told of; return how many letters.

    A letter is noted when it has been handed over; one that the mail server refuses is tried again next time.
    """
    forget_unconfirmed(now=now)
    sent = 0
    for edition in Edition.objects.ever_published().order_by("published_at"):
        followers = Follower.objects.confirmed().not_told(edition).select_related("municipality", "indicator")
        for follower in followers.order_by("pk"):
            letter = news(follower, edition)
            try:
                sent += letter.send() if letter else 0
            except (SMTPException, OSError):
                log.exception("Follower %s was not told of edition %s", follower.pk, edition.release)
                continue
            note_told(follower=follower, edition=edition, now=now)
    return sent
