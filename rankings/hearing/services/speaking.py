"""Who may say something for an organisation, and what a text must be before it is kept."""

import datetime as dt

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from indicators.people.models import WRITERS, MemberRole, Membership, Organisation
from indicators.personal_data import PersonalDataError, refuse_personal_data


class HearingError(Exception):
    """What was asked cannot be done in this hearing; the message says why and what to do. Nothing was changed."""


def must_speak_for(
    organisation: Organisation, by: User, now: dt.datetime, roles: list[MemberRole] | None = None
) -> None:
    """Raise HearingError unless a person speaks for the organisation at that moment, in one of the roles."""
    wanted = WRITERS if roles is None else roles
    if not Membership.objects.current(now).with_role(*wanted).filter(user=by, organisation=organisation).exists():
        words = " / ".join(str(role.label) for role in wanted)
        msg = _("Det kræver, at du er %(role)s for %(organisation)s.")
        raise HearingError(msg % {"role": words, "organisation": organisation})


def clean_text(text: str, longest: int, *, what: str) -> str:
    """A text as it is kept: line ends as \\n, nothing at its ends. Raises HearingError for what cannot be kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if not text:
        raise HearingError(_("%(what)s er tom. Skriv mindst en sætning.") % {"what": what})
    if len(text) > longest:
        msg = _("%(what)s har %(length)d tegn. Der er plads til %(longest)d.")
        raise HearingError(msg % {"what": what, "length": len(text), "longest": longest})
    try:
        refuse_personal_data(text)
    except PersonalDataError as error:
        raise HearingError(str(error)) from error
    return text
