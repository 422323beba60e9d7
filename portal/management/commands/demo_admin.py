"""manage.py demo_admin: a way to look at the administration of a demo. Refuses to touch anything else."""

import base64
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.operating.roles import DATA_STEWARD, EDITOR, PUBLISHER, make_roles
from rankings.models import Edition

NAME = "demo-admin"
ROLE_OF = {"demo-indberetter": DATA_STEWARD, "demo-redaktoer": EDITOR, "demo-udgiver": PUBLISHER}
"""Three people beside the administrator, so that four eyes can be tried: one brings files, one minds the texts, one
publishes."""


class Command(BaseCommand):
    """Make the demo's three people, or print the code of this moment."""

    help = "Print names, a new password and a one-time code for the administration of a demo on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        """--code prints only the code."""
        parser.add_argument("--code", action="store_true", help="print the code of this half minute and nothing else")

    def handle(self, *, code: bool, **_options: Any) -> None:
        """Make the accounts anew, unless only the code is asked for. They share their password and their code."""
        _refuse_unless_demo()
        if code:
            self.stdout.write(_code(_secret()))
            return
        make_roles()
        password = secrets.token_urlsafe(12)
        secret = base64.b32encode(secrets.token_bytes(20)).decode()
        hashed = make_password(password)  # once, a quarter of a second: they share the password
        for name in (*ROLE_OF, NAME):
            _make(name, hashed, secret)
        people = "".join(f"  {name:<17} {role}\n" for name, role in {**ROLE_OF, NAME: "administrator"}.items())
        self.stdout.write(
            f"Administration (demo only): {settings.SITE_ADDRESS}/{settings.ADMIN_PATH}/\n"
            f"{people}"
            f"  password of all four {password}\n"
            f"  one-time code now {_code(secret)}, later: make demo-code; secret for an app: {secret}\n"
            f"Workbench (demo only): {settings.SITE_ADDRESS}/{settings.WORKBENCH_PATH}/\n"
            f"  respondent demo-svarer@hjoerring.example, approver demo-godkender@hjoerring.example\n"
            f"  their codes come by letter: {settings.SITE_ADDRESS}/{settings.WORKBENCH_PATH}/postkasse/"
        )


def _make(name: str, hashed: str, secret: str) -> None:
    user, _made = User.objects.get_or_create(username=name)
    user.is_staff, user.is_superuser = True, name not in ROLE_OF
    user.password = hashed
    user.save()
    user.groups.set(Group.objects.filter(name=ROLE_OF.get(name, "")))
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)


def _refuse_unless_demo() -> None:
    host = urlsplit(settings.SITE_ADDRESS).hostname
    real = Edition.objects.filter(is_demo=False).exists()
    if host not in {"127.0.0.1", "localhost", "::1"} or real or not Edition.objects.exists():
        msg = "This is for demo data on this machine only; here it would open a door. Use createsuperuser."
        raise CommandError(msg)


def _secret() -> str:
    row = Authenticator.objects.filter(user__username=NAME, type=Authenticator.Type.TOTP).first()
    if row is None:
        msg = "There is no demo administrator yet: run demo_admin without --code."
        raise CommandError(msg)
    return str(get_adapter().decrypt(row.data["secret"]))


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
