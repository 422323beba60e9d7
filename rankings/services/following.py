"""Followers come by asking and confirming, and go without a trace."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import QuerySet

from indicators.models import Indicator, Municipality
from rankings.models import Edition, Follower, Told

AGAIN_AFTER = dt.timedelta(days=1)
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

    None when nobody is to be written to: already confirmed, or a letter to the same address, about whatever, is less
    than a day old and not answered (a stranger's address cannot be filled with letters). Two at once wait for each
    other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"follow {email.strip().lower()}"])
    waiting = Follower.objects.filter(email=email.strip().lower(), confirmed_at__isnull=True)
    if waiting.filter(asked_at__gt=now - AGAIN_AFTER).exists():
        return None
    follower, created = Follower.objects.select_for_update().get_or_create(
        email=email.strip().lower(),
        municipality=municipality,
        indicator=indicator,
        defaults={"asked_at": now, "language": language},
    )
    if created:
        return follower
    if follower.confirmed_at is not None:
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
def take_back_asking(*, follower: Follower) -> None:
    """Forget that somebody asked, whose letter could not be sent: else nobody could ask again before tomorrow."""
    Follower.objects.filter(pk=follower.pk, confirmed_at__isnull=True).delete()


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
