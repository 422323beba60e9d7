"""Letters: written in the transaction of what they tell of, sent afterwards over one connection, never twice.

A letter is locked while it is sent and marked in the same transaction, so two senders never take the same one. What
the mail server refuses for good (5xx) is marked as such; anything else is tried again.
"""

import datetime as dt
import logging
import re
from collections.abc import Callable, Sequence
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from indicators.people.models import Contact, Invitation, Letter, Organisation, Purpose, Task

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
_OURS = re.compile(r"^[> ]*Message-ID:\s*<brev\.([0-9]+)@", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^Action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_SERVER = re.compile(r"^From:.*(?:mailer-daemon|postmaster)", re.IGNORECASE | re.MULTILINE)


class LetterKind:
    """The kinds that every room may write; a room adds its own words."""

    INVITATION = "invitation"
    REMINDER = "reminder"


def address_of(organisation: Organisation, purpose: Purpose) -> str:
    """Where an organisation is written to about something; "" where nobody knows."""
    current = Contact.objects.current().filter(organisation=organisation, purpose__in=[purpose, Purpose.GENERAL])
    found = {contact.purpose: contact.email for contact in current}
    return found.get(purpose, found.get(Purpose.GENERAL, ""))


def letter(  # noqa: PLR0913  what a letter is
    *,
    kind: str,
    email: str,
    subject: str,
    body: str,
    now: dt.datetime,
    about: str = "",
    organisation: Organisation | None = None,
    task: Task | None = None,
    invitation: Invitation | None = None,
    secret: bool = False,
) -> Letter:
    """A letter that is not in the box yet."""
    return Letter(
        kind=kind,
        email=email,
        subject=" ".join(subject.split())[:200],  # a line break in a subject would be a header of its own
        body=body,
        written_at=now,
        about=about,
        organisation=organisation,
        task=task,
        invitation=invitation,
        secret=secret,
    )


def write_letters(letters: Sequence[Letter]) -> list[Letter]:
    """Put letters in the box; they go with the next ``send_letters``, and not at all if the transaction fails."""
    return Letter.objects.bulk_create(letters)


def write_letter(**what: Any) -> Letter:
    """Put one letter in the box: what ``letter`` takes."""
    return write_letters([letter(**what)])[0]


def send_letters(*, clock: Callable[[], dt.datetime] = timezone.now, most: int = 1_000) -> tuple[int, int]:
    """Send what waits, oldest first; return how many went and how many could not.

    No transaction around all: a letter that has gone is marked, whatever becomes of the next.
    """
    waiting = list(Letter.objects.waiting().order_by("written_at", "pk").values_list("pk", flat=True)[:most])
    if not waiting:
        return 0, 0
    sent = failed = 0
    connection: BaseEmailBackend = get_connection()
    try:
        for key in waiting:
            gone = _send(key, connection, clock())
            sent += gone is True
            failed += gone is False
    finally:
        connection.close()
    return sent, failed


@transaction.atomic
def _send(key: int, connection: BaseEmailBackend, now: dt.datetime) -> bool | None:
    """Send one; None where somebody else has it."""
    found = Letter.objects.waiting().select_for_update(skip_locked=True).filter(pk=key).first()
    if found is None:
        return None
    found.attempts += 1
    headers = {"Message-ID": f"<brev.{found.pk}@{_host()}>", "Auto-Submitted": "auto-generated"}
    message = EmailMessage(found.subject, found.body, to=[found.email], headers=headers, connection=connection)
    try:
        message.send()
        found.sent_at, found.trouble = now, ""
    except (SMTPException, OSError, ValueError) as error:  # ValueError: an address that mail cannot be written to
        log.warning("Letter %s was not sent: %s", found.pk, error)
        found.trouble = _answered(error)[:300]
        if _is_final(error) or found.attempts >= MOST_ATTEMPTS:
            found.refused_at = now
            _mark_contact(found, now)
        connection.close()  # a server that broke off is asked anew for the next
    if found.secret and (found.sent_at or found.refused_at):
        found.body = ""
    found.save(update_fields=["attempts", "sent_at", "refused_at", "trouble", "body"])
    return found.sent_at is not None


def _answered(error: Exception) -> str:
    """What the mail server said, as it said it: "550 No such user"."""
    refused = error.recipients.values() if isinstance(error, SMTPRecipientsRefused) else ()
    said = [*refused, *([(error.smtp_code, error.smtp_error)] if isinstance(error, SMTPResponseException) else [])]
    words = [f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}" for code, text in said]
    return "; ".join(words) or str(error)


def _is_final(error: Exception) -> bool:
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, ValueError) or (isinstance(error, SMTPResponseException) and error.smtp_code >= 500)


def _host() -> str:
    return settings.SITE_ADDRESS.partition("//")[2].partition(":")[0] or "localhost"


@transaction.atomic
def note_bounce(*, returned: str, now: dt.datetime) -> Letter | None:
    """Mark the letter that a returned message (its whole text) is about; None where it is none of ours.

    Mail servers quote the head of what they return (RFC 3464): our Message-ID in it names the letter. An answer, an
    absence and a report that a letter is only late come to the same mailbox, and name it too: they return nothing.
    """
    found = _OURS.search(returned) if _is_returned(returned) else None
    letter = Letter.objects.select_for_update().filter(pk=int(found[1])).first() if found else None
    if letter is None or letter.sent_at is None:
        return None
    letter.bounced_at = letter.bounced_at or now
    letter.save(update_fields=["bounced_at"])
    _mark_contact(letter, now)
    return letter


def _is_returned(message: str) -> bool:
    actions = {action.lower() for action in _ACTION.findall(message)}
    return "failed" in actions if actions else _SERVER.search(message) is not None


def _mark_contact(letter: Letter, now: dt.datetime) -> None:
    Contact.objects.current().filter(organisation=letter.organisation, email=letter.email).update(bounced_at=now)
