"""How allauth behaves here: no visitor makes an account, secrets lie sealed, members sign in by a code or a key.

Staff and members are kept apart: who may sign in to the administration cannot sign in by a letter alone.
"""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Action
from indicators.services.log import record
from portal.operating.security import in_workbench


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by an administrator, never by their visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Members begin at their tasks, staff at the administration."""
        return reverse("workbench" if in_workbench(request) else "admin:index")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Mail only those who have an address: a missing one must not stop a sign-in."""
        user = args[1] if len(args) > 1 else kwargs.get("user")
        if getattr(user, "email", ""):
            super().send_notification_mail(*args, **kwargs)

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> Any:
        """Every sign-in of the office stands in the log: who and when, not from where. A member can be forgotten."""
        if user.is_staff:
            record(action=Action.SIGNED_IN, what=f"user {user.username}", by=user, now=timezone.now())
        return super().post_login(request, user, **how)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password for a name that exists does too; the lockout counts all others."""
        user = User.objects.filter(username__iexact=credentials.get("username") or "", is_staff=True).first()
        if user is not None:
            what, now = f"user {user.username}", timezone.now()
            record(action=Action.SIGN_IN_FAILED, what=what, by=user, now=now)
        super().authentication_failed(request, **credentials)


class ChoosePassword(PasswordResetConfirmView):
    """Choose a password by the link in a letter; nothing is opened by it, and it is good once."""

    template_name = "account/choose_password.html"
    success_url = reverse_lazy("account_login")

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        """Note that it was chosen."""
        answer = super().form_valid(form)
        what = f"user {form.user.username}"
        record(action=Action.PASSWORD_CHANGED, what=what, by=form.user, now=timezone.now())
        return answer


class AskForCode(RequestLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    """The form that asks for a code by e-mail. Staff get none: their way in has a password and a second factor."""

    def clean_email(self) -> str:
        """The address; the answer is the same whoever has it."""
        email: str = super().clean_email()
        user: User | None = getattr(self, "_user", None)  # allauth sets it in its own clean_email
        self._user = None if user is not None and user.is_staff else user
        return email


class MembersOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """A municipality's own sign-in opens a member's account and no other, and never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """No."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Stop where there is no member of that address, and say what to do."""
        user = sociallogin.user
        if not user.pk or user.is_staff or not user.is_active:
            messages.error(request, _("Der er ingen adgang til den adresse. Bed jeres godkender om en invitation."))
            raise ImmediateHttpResponse(redirect(reverse("account_login")))


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The secrets of second factors lie encrypted: a copy of the database alone opens nothing."""

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """A second factor is asked of staff. A member's key stands in for the code, it does not come on top of it."""
        return bool(user.is_staff and super().is_mfa_enabled(user, types))

    def encrypt(self, text: str) -> str:
        """Seal with a key made from SECRET_KEY."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open. Raises InvalidToken after SECRET_KEY was changed: then second factors are made anew."""
        return _seal().decrypt(encrypted_text.encode()).decode()


def _seal() -> Fernet:
    digest = hashlib.sha256(b"second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
