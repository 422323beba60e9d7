"""Followers come by asking and confirming, and go without a trace."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from indicators.models import Indicator, Municipality
from rankings.models import Edition, Follower, Told

AGAIN_AFTER = dt.timedelta(hours=1)
UNCONFIRMED_FOR = dt.timedelta(days=7)


@transaction.atomic
def ask_to_follow(
    *,
    email: str,
    municipality: Municipality | None = None,
    indicator: Indicator | None = None,
    language: str = "da",
    now: dt.datetime,
) -> Follower | None:
    """Note who wants to follow what; return whom to write to for a confirmation.

    None when nobody is to be written to: already confirmed, or asked less than an hour ago (a stranger's address
    cannot be filled with letters).
    """
    follower, created = Follower.objects.select_for_update().get_or_create(
        email=email.strip().lower(),
        municipality=municipality,
        indicator=indicator,
        defaults={"asked_at": now, "language": language},
    )
    if created:
        return follower
    if follower.confirmed_at is not None or now - follower.asked_at < AGAIN_AFTER:
        return None
    follower.asked_at, follower.language = now, language
    follower.save(update_fields=["asked_at", "language"])
    return follower


@transaction.atomic
def confirm_follower(*, follower: Follower, now: dt.datetime) -> Follower:
    """Note the second yes. Confirming again changes nothing.

    Editions that are public already are taken as known: the first letter is about something new.
    """
    follower = Follower.objects.select_for_update().get(pk=follower.pk)
    if follower.confirmed_at is None:
        follower.confirmed_at = now
        follower.save(update_fields=["confirmed_at"])
        known = Edition.objects.ever_published()
        Told.objects.bulk_create(
            [Told(follower=follower, edition=edition, at=now) for edition in known], ignore_conflicts=True
        )
    return follower


@transaction.atomic
def leave(*, follower: Follower) -> None:
    """Forget an address and everything about it, in whatever it followed."""
    Follower.objects.filter(email=follower.email).delete()


@transaction.atomic
def note_told(*, follower: Follower, edition: Edition, now: dt.datetime) -> None:
    """Note that the letter about an edition has gone out."""
    Told.objects.get_or_create(follower=follower, edition=edition, defaults={"at": now})


@transaction.atomic
def forget_unconfirmed(*, now: dt.datetime) -> int:
    """Delete the addresses that never confirmed within a week; return how many."""
    deleted, _by_model = Follower.objects.filter(confirmed_at__isnull=True, asked_at__lt=now - UNCONFIRMED_FOR).delete()
    return deleted


def follower_by_number(key: int) -> Follower | None:
    """A follower by the number in a signed link; None where they have left."""
    return Follower.objects.select_related("municipality", "indicator").filter(pk=key).first()


def followers_not_told(edition: Edition) -> QuerySet[Follower]:
    """Those who confirmed and were not yet written to about an edition."""
    return Follower.objects.confirmed().not_told(edition).select_related("municipality", "indicator")
