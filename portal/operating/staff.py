"""Accounts of the office: invited by mail, helped by a second administrator, never by themselves. Each step is logged.

Nobody changes their own roles, second factor or access: who could, would need only one stolen session.
"""

import datetime as dt
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from indicators.models import Action
from indicators.services.log import record

from .roles import ROLES


class StaffError(Exception):
    """The step cannot be taken; the message says why. Nothing was changed."""


@transaction.atomic
def invite_staff(  # noqa: PLR0913  who, with what, by whom
    *,
    username: str,
    email: str,
    name: str,
    roles: Iterable[str],
    is_administrator: bool = False,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> User:
    """Make an account without a password and send its person a link to choose one. Raises StaffError."""
    if User.objects.filter(username__iexact=username).exists():
        raise StaffError(_("Der er allerede en konto, der hedder %(name)s.") % {"name": username})
    first, _space, last = name.strip().rpartition(" ")
    user = User(username=username, email=email, first_name=first or last, last_name=last if first else "")
    user.is_staff, user.is_superuser = True, is_administrator
    user.set_unusable_password()
    user.save()
    said = _give(user, roles)
    record(
        action=Action.STAFF_INVITED, what=name_of(user), by=by, now=now, origin=origin,
        details={"roles": said, "administrator": is_administrator},
    )  # fmt: skip
    _send_link(user, _("Du er inviteret til Socialt Indeks' redaktion"))
    return user


@transaction.atomic
def send_password_link(*, user: User, reason: str, by: User, now: dt.datetime, origin: str = "") -> None:
    """Send somebody who forgot their password, or never chose one, a link that is good once and for three days."""
    _may(user, by, reason)
    if not user.email:
        raise StaffError(_("%(who)s har ingen e-mail. Skriv den først.") % {"who": user})
    record(
        action=Action.PASSWORD_LINK_SENT, what=name_of(user), by=by, now=now, origin=origin, details={"reason": reason}
    )
    _send_link(user, _("Ny adgangskode til Socialt Indeks' redaktion"))


@transaction.atomic
def remove_second_factor(*, user: User, reason: str, by: User, now: dt.datetime, origin: str = "") -> None:
    """Take a lost second factor away: at the next sign-in the person makes another, before anything opens."""
    _may(user, by, reason)
    Authenticator.objects.filter(user=user).delete()
    details = {"reason": reason}
    record(action=Action.SECOND_FACTOR_REMOVED, what=name_of(user), by=by, now=now, origin=origin, details=details)
    if user.email:
        text = _("%(who)s har fjernet dit andet trin: %(reason)s Har du ikke bedt om det, så ring til redaktionen nu.")
        subject = _("Dit andet trin hos Socialt Indeks er fjernet")
        send_mail(subject, text % {"who": by, "reason": reason}, settings.DEFAULT_FROM_EMAIL, [user.email])


@transaction.atomic
def unlock(*, user: User, by: User, now: dt.datetime, origin: str = "") -> None:
    """End the wait of a name that was tried with too many wrong passwords."""
    reset(username=user.username.casefold())
    record(action=Action.ACCOUNT_UNLOCKED, what=name_of(user), by=by, now=now, origin=origin)


@transaction.atomic
def change_roles(  # noqa: PLR0913  what, of whom, why, by whom
    *,
    user: User,
    roles: Iterable[str],
    is_administrator: bool,
    email: str,
    reason: str,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> None:
    """Give somebody other roles, or another address. Raises StaffError for one's own account and without a reason."""
    _may(user, by, reason)
    before = {"roles": roles_of(user), "administrator": user.is_superuser, "email": user.email}
    user.is_superuser, user.email = is_administrator, email
    user.save(update_fields=["is_superuser", "email"])
    after = {"roles": _give(user, roles), "administrator": is_administrator, "email": email}
    if before != after:
        details = {"before": before, "after": after, "reason": reason}
        record(action=Action.ROLES_CHANGED, what=name_of(user), by=by, now=now, origin=origin, details=details)


@transaction.atomic
def open_or_close(*, user: User, is_open: bool, reason: str, by: User, now: dt.datetime, origin: str = "") -> None:
    """Close the account of somebody who left (their sessions end at once), or open it again."""
    _may(user, by, reason)
    User.objects.filter(pk=user.pk).update(is_active=is_open)
    action = Action.ACCOUNT_OPENED if is_open else Action.ACCOUNT_CLOSED
    record(action=action, what=name_of(user), by=by, now=now, origin=origin, details={"reason": reason})


def roles_of(user: User) -> list[str]:
    """The names of somebody's roles."""
    return list(user.groups.order_by("name").values_list("name", flat=True))


def is_locked(user: User) -> bool:
    """Whether too many wrong passwords were tried with a name, so that it has to wait somewhere."""
    tried = AccessAttempt.objects.filter(username=user.username.casefold())
    return bool(tried.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists())


def name_of(user: User) -> str:
    """What somebody is called in the log."""
    return f"user {user.username}"


def _may(user: User, by: User, reason: str) -> None:
    if user.pk == by.pk:
        raise StaffError(_("Det skal en anden administrator gøre for dig."))
    if not reason.strip():
        raise StaffError(_("Skriv hvorfor. Det bliver stående i loggen."))


def _give(user: User, roles: Iterable[str]) -> list[str]:
    user.groups.set(Group.objects.filter(name__in=set(roles) & ROLES.keys()))
    return roles_of(user)


def _send_link(user: User, subject: str) -> None:
    key = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
    link = f"{settings.SITE_ADDRESS}{reverse('account_choose_password', args=key)}"
    text = _(
        "Hej %(name)s\n\nVælg din adgangskode her: %(link)s\nLinket virker én gang og i tre dage. Dit brugernavn er "
        "%(username)s.\nBagefter laver du et andet trin: en app med koder eller en nøgle. Først da åbner noget."
    )
    said = {"name": user.first_name or user.username, "link": link, "username": user.username}
    send_mail(subject, text % said, settings.DEFAULT_FROM_EMAIL, [user.email])
