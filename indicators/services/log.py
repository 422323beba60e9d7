"""The log is written here, in the transaction of what it tells of; and who acts where nobody has signed in."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management.base import CommandError

from indicators.models import Action, LogEntry, Upload


def record(
    *,
    action: Action,
    what: str,
    by: User,
    now: dt.datetime,
    origin: str = "",
    details: Mapping[str, Any] | None = None,
) -> LogEntry:
    """Note that somebody did something. ``what`` names the thing, ``origin`` is the address it came from."""
    return LogEntry.objects.create(
        at=now, by=by, action=action, what=what[:100], origin=origin[:100], details=dict(details or {})
    )


def name_of(upload: Upload) -> str:
    """What an upload is called in the log: "upload 12"."""
    return f"upload {upload.pk}"


COMMAND_LINE = "kommandolinjen"


def acting_user(name: str) -> User:
    """The user of that name; for "" an account that nobody can sign in with and that the log shows.

    Raises CommandError for a name that nobody has.
    """
    users = get_user_model().objects
    if not name:
        account, created = users.get_or_create(username=COMMAND_LINE)
        if created:
            account.set_unusable_password()
            account.save(update_fields=["password"])
        return account
    user = users.filter(username=name).first()
    if user is None:
        msg = f"There is no user {name!r}."
        raise CommandError(msg)
    return user
