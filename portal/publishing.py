"""Publish an edition, have its pages ready before anybody asks, and let the worker do what follows.

The services of rankings make an edition public; what the site adds to that stands here, so that neither the settings
nor the packages below name a function of the site. The desk has the worker do it: portal/desk/publication.py.
"""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from indicators.services.queue import FollowUp, enqueue_follow_up
from portal.following.page import tell_of
from portal.press.making import make_sheets_of
from portal.published import Edition
from portal.serving.walk import warm_up
from rankings.services.editions import publish_edition

FOLLOW_UPS: dict[str, FollowUp] = {"press": make_sheets_of, "letters": tell_of}
NAMES = {"press": _("presseark"), "letters": _("breve til følgere")}


@transaction.atomic
def publish(
    *,
    edition: Edition,
    by: User,
    now: dt.datetime,
    origin: str = "",
    seen: str | None = None,
    unheard_because: str = "",
) -> Edition:
    """Publish an edition and make its pages, in one transaction: readers see the old site or the new one, ready.

    Raises what `rankings.services.publish_edition` raises; nothing is changed then.
    """
    edition = publish_edition(
        edition=edition, by=by, now=now, origin=origin, seen=seen, unheard_because=unheard_because
    )
    for kind in FOLLOW_UPS if settings.FOLLOW_UP else ():
        enqueue_follow_up(kind=kind, about=edition.release, by=by)
    if settings.WARM_UP:
        warm_up()
    return edition
