"""The log is written here, in the same transaction as what it tells of."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

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
