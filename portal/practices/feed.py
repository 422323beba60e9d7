"""The feed of practices: published and withdrawn, newest first."""

import datetime as dt

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses.feed import TextFeed
from portal.addresses.links import Links
from portal.practices.shown import written
from rankings.practices.models import Knowledge, Practice, PracticeState

MOST = 50


def practices_feed(address: str) -> str:
    """The news of practices as Atom."""
    links = Links()
    feed = TextFeed(
        title=f"Socialt Indeks: {_('God praksis')}",
        link=settings.SITE_ADDRESS + links.to("practices"),
        description="",
        language=get_language(),
        feed_url=settings.SITE_ADDRESS + address,
    )
    for when, practice in sorted(_news(), key=lambda one: (one[0], one[1].pk), reverse=True)[:MOST]:
        path = settings.SITE_ADDRESS + links.to("practice", "slug", practice.slug)
        gone = practice.state == PracticeState.WITHDRAWN and when == practice.withdrawn_at
        title = written(practice, "title").text
        feed.add_item(
            title=_("Trukket tilbage: %(title)s") % {"title": title} if gone else title,
            link=path,
            unique_id=f"{path}#{when.date().isoformat()}",
            description=_why(practice) if gone else _said(practice),
            pubdate=when,
            updateddate=when,
        )
    return feed.writeString("utf-8")


def _why(practice: Practice) -> str:
    """The owner's reason, which is Danish."""
    return practice.withdrawn_reason if get_language() != "en" else _("Begrundelsen står på siden.")


def _said(practice: Practice) -> str:
    known = _("Vidensgrundlag: %(knowledge)s.") % {"knowledge": Knowledge(practice.knowledge).label}
    return f"{written(practice, 'summary').text} {known}"


def _news() -> list[tuple[dt.datetime, Practice]]:
    practices = list(Practice.objects.public())
    published = [(one.published_at, one) for one in practices if one.published_at]
    return published + [(one.withdrawn_at, one) for one in practices if one.withdrawn_at]
