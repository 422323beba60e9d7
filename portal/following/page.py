"""The page where one begins to follow, and what a follower is written: plain text, one link to leave in every letter
(RFC 2369, one click by RFC 8058)."""

import datetime as dt
import logging
from dataclasses import dataclass
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.addresses import Links
from portal.components.links import Link
from portal.language import formatting
from portal.published import Edition, Follower
from portal.published.edition import ever_published
from portal.published.municipalities import municipalities
from portal.published.revisions import Revision, revision
from portal.published.subjects import all_indicators, localised
from rankings.services.following import follower_by_number, followers_not_told, forget_unconfirmed, note_told

if TYPE_CHECKING:
    from indicators.services.compare import Progress


class IndicatorChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes no argument when it runs
    """A choice of indicators, by their names in the language of the page."""

    def label_from_instance(self, obj: object) -> str:
        """The text of a choice."""
        return localised(obj, "name")


class FollowForm(forms.Form):
    """An address, and what it follows: everything, one municipality or one indicator."""

    email = forms.EmailField(label=gettext_lazy("Din e-mail"), max_length=254)
    kommune = forms.ModelChoiceField(
        municipalities(),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("Kommune"),
        empty_label=gettext_lazy("Alle kommuner"),
    )
    indikator = IndicatorChoice(
        all_indicators(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Indikator"),
        empty_label=gettext_lazy("Alle indikatorer"),
    )

    def clean(self) -> dict[str, object]:
        """One thing at a time: a municipality or an indicator."""
        cleaned = super().clean() or {}
        if cleaned.get("kommune") and cleaned.get("indikator"):
            raise forms.ValidationError(_("Vælg en kommune eller en indikator, ikke begge."))
        return cleaned


def follow_page(form: FollowForm, *, sent: bool = False) -> dict[str, Any]:
    """Dress the page. What it says after sending is the same whether the address is known or not."""
    said = _("Tak. Vi har sendt et brev, hvis adressen ikke allerede følger med. Svar ja i brevet, så begynder det.")
    links = Links()
    feeds = (Link(_("Nye udgaver"), links.of("feed-editions")), Link(_("Rettelser"), links.of("feed-corrections")))
    return dict(form=form, feeds=feeds, said=said if sent else "")


YES, NO = "follow-yes", "follow-no"
WEEK = 7 * 24 * 60 * 60


def token_of(follower: Follower, salt: str) -> str:
    """What stands in a follower's own links: its number, signed. ``salt`` is YES or NO."""
    return signing.dumps(follower.pk, salt=salt)


def follower_of(token: str, salt: str) -> Follower | None:
    """Whose link it is; None where it is not ours, is older than a week (YES), or the follower has left."""
    try:
        key = signing.loads(token, salt=salt, max_age=WEEK if salt == YES else None)
    except signing.BadSignature:
        return None
    return follower_by_number(key)


def subject_of(follower: Follower) -> str:
    """What a follower follows, in words."""
    if follower.municipality:
        return follower.municipality.name
    return formatting.quoted(localised(follower.indicator, "name")) if follower.indicator else _("hele indekset")


def asking(follower: Follower) -> EmailMessage:
    """The first letter: nothing is sent before its link is answered."""
    with override(follower.language):
        link = _address("follow-yes", token_of(follower, YES))
        body = render_to_string("following/asking.txt", {"subject": subject_of(follower), "link": link})
        return _letter(follower, _("Vil du følge Socialt Indeks?"), body)


def news(follower: Follower, edition: Edition, changed: Revision | None) -> EmailMessage | None:
    """The letter about an edition, or about a correction and what it ``changed``.

    None where a correction does not touch what is followed.
    """
    with override(follower.language):
        if changed is not None and not _touches(changed, follower):
            return None
        title = (
            _("Rettelse: Socialt Indeks %(release)s") % {"release": edition.release}
            if changed
            else _("Ny udgave: Socialt Indeks %(year)s") % {"year": edition.year}
        )
        context = {
            "subject": subject_of(follower),
            "edition": edition,
            "note": localised(edition, "note"),
            "reason": localised(edition, "reason"),
            "changed": changed,
            "lines": _lines(changed, follower) if changed else [],
            "page": f"{settings.SITE_ADDRESS}{_page(follower, edition)}",
            "corrections": f"{settings.SITE_ADDRESS}{reverse('corrections')}",
            "leave": _address("follow-no", token_of(follower, NO)),
        }
        return _letter(follower, title, render_to_string("following/news.txt", context))


def _touches(changed: Revision, follower: Follower) -> bool:
    if follower.indicator_id:
        return any(one.indicator.pk == follower.indicator_id for one in changed.values)
    if follower.municipality_id is None:
        return True
    own = follower.municipality_id
    return any(one.municipality.pk == own for one in changed.values) or any(
        one.after.municipality_id == own for one in changed.ranks
    )


def _lines(changed: Revision, follower: Follower) -> list[str]:
    """The overall places that moved: the follower's own, or how many did."""
    moved = [one for one in changed.overall if one.before.rank != one.after.rank]
    own = [one for one in moved if one.after.municipality_id == follower.municipality_id]
    if own and own[0].before.rank and own[0].after.rank:
        words = {
            "name": own[0].after.municipality.name,
            "before": formatting.rank_in_text(own[0].before.rank, own[0].before.rank_last),
            "now": formatting.rank_in_text(own[0].after.rank, own[0].after.rank_last),
        }
        return [_("%(name)s er nu %(now)s (var %(before)s).") % words]
    values = formatting.count(len(changed.values), _("tal er rettet"), _("tal er rettet"))
    places = formatting.count(len(moved), _("kommune skifter plads"), _("kommuner skifter plads"))
    return [f"{values}, {places}."]


def _page(follower: Follower, edition: Edition) -> str:
    pinned = {"edition": f"@{edition.release}"}
    if follower.municipality:
        return reverse("municipality", kwargs={**pinned, "slug": follower.municipality.slug})
    if follower.indicator:
        return reverse("indicator", kwargs={**pinned, "code": follower.indicator.code})
    return reverse("home", kwargs=pinned)


def _address(name: str, token: str) -> str:
    return f"{settings.SITE_ADDRESS}{reverse(name, kwargs={'token': token})}"


def _letter(follower: Follower, title: str, body: str) -> EmailMessage:
    leave = _address("follow-no", token_of(follower, NO))
    headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(title, body, to=[follower.email], headers=headers)


log = logging.getLogger(__name__)


def tell_of(release: str, progress: "Progress", now: dt.datetime) -> str:  # noqa: ARG001  everyone is told of everything
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


def tell_followers(*, now: dt.datetime, progress: "Progress | None" = None) -> Told:
    """Write to everyone about every public edition and correction they have not been told of.

    A letter is noted when it has been handed over; one that the mail server refuses is tried again next time.
    """
    forget_unconfirmed(now=now)
    told = Told()
    for edition in ever_published().order_by("published_at"):
        followers = followers_not_told(edition)
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
