"""The admin: nobody gets in without a second factor in this very session."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or reopened, with an app's code, a passkey or a recovery code."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


class TwoFactorAdminSite(AdminSite):
    """Django's admin, behind allauth's sign-in."""

    site_header = _("Socialt Indeks")
    site_title = _("Socialt Indeks")
    index_title = _("Årets arbejde")
    home: Callable[[HttpRequest], HttpResponse] | None = None
    """The first page of those who may see editions: portal/desk/home.py, given in portal/admin.py."""

    def index(  # type: ignore[override]  # any page of ours
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The year's work; for whoever may see nothing of it, Django's own list of what there is."""
        if self.home is None or not request.user.has_perm("rankings.view_edition"):
            return super().index(request, extra_context)
        return self.home(request)

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, active, and with a second factor."""
        return super().has_permission(request) and has_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send a visitor to what is missing: sign-in, the second factor, or making one."""
        onward = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
            onward = reverse("admin:index")
        name = "account_login"
        if request.user.is_authenticated and not request.user.is_staff:
            name = "account_logout"
        elif request.user.is_authenticated:
            if has_second_factor(request):
                return redirect(onward)
            name = _missing_factor(request)
        return redirect(f"{reverse(name)}?{urlencode({'next': onward})}")

    def logout(  # type: ignore[override]  # a redirect: the page that asks is allauth's
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """End the session: the head's button has sent a form already. Who comes by a link is asked first."""
        if request.method == "POST":
            logout(request)
            return redirect(reverse("account_login"))
        return redirect(reverse("account_logout"))


def _missing_factor(request: HttpRequest) -> str:
    """The page that opens this session: the key's where there is one, else a code's; first of all making either."""
    made = set(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    if not made:
        messages.info(
            request, _("Vælg dit andet trin: en app med koder, eller en nøgle. Før det er gjort, åbner intet.")
        )
        return "mfa_index"
    return "mfa_reauthenticate_webauthn" if "webauthn" in made and "totp" not in made else "mfa_reauthenticate"
