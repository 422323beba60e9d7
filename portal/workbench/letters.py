"""The letter that invites a person, with the address of its page; the letters of a demo, read in a browser."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.people.models import Invitation, Letter
from indicators.people.services.letters import LetterKind, write_letter
from indicators.people.services.members import token_of_invitation

BETWEEN = "-" * 79
MOST_SHOWN = 200


def address(name: str, *args: object) -> str:
    """A whole address in the members' room, for a letter."""
    return settings.SITE_ADDRESS + reverse(name, args=args)


def letter_of_invitation(invitation: Invitation) -> Letter:
    """Write the letter that invites; it holds a way in, so its text goes when it has been sent."""
    words = {
        "name": invitation.name,
        "organisation": invitation.organisation,
        "role": invitation.get_role_display(),
        "link": address("workbench-invitation", token_of_invitation(invitation)),
        "until": timezone.localtime(invitation.expires_at).strftime("%d.%m.%Y"),
    }
    return write_letter(
        kind=LetterKind.INVITATION,
        email=invitation.email,
        subject=_("Adgang til Socialt Indeks for %(organisation)s") % words,
        body=_(
            "Til %(name)s\n\nDu er inviteret som %(role)s for %(organisation)s i Socialt Indeks. Tag imod her:\n"
            "%(link)s\n\nLinket virker én gang og til den %(until)s. Adgangen er personlig og har ingen adgangskode: "
            "du logger ind med en kode, der sendes til denne adresse, eller med en adgangsnøgle.\n"
        )
        % words,
        organisation=invitation.organisation,
        invitation=invitation,
        secret=True,
        now=timezone.now(),
    )


def has_mailbox() -> bool:
    """Whether letters are kept on this machine for everybody to read: only in a demo, at this machine's own address."""
    own = urlsplit(settings.SITE_ADDRESS).hostname in {"127.0.0.1", "localhost", "::1"}
    return own and settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def letters_of_the_demo(to: str = "") -> list[dict[str, Any]]:
    """The newest letters on the disk, newest first; of one address where ``to`` is given."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True) if folder.exists() else []
    found: list[dict[str, Any]] = []
    for path in files:
        for text in reversed(path.read_text("utf-8", errors="replace").split(BETWEEN)):
            message = message_from_bytes(text.lstrip().encode(), policy=default)  # text would lose æ, ø and å
            if message["To"] and (not to or to in str(message["To"])):
                found.append(_shown(message))
            if len(found) == MOST_SHOWN:
                return found
    return found


def _shown(message: EmailMessage) -> dict[str, Any]:
    """A letter as it went."""
    part = message.get_body(preferencelist=("plain",))
    body = part.get_content() if part is not None else ""
    return dict(to=str(message["To"]), subject=str(message["Subject"]), sent=str(message["Date"]), body=body)
