"""The addresses of signing in, below the admin's path: those that are needed and no others."""

from typing import Never

from allauth.account import views
from django.http import Http404, HttpRequest
from django.urls import URLPattern, URLResolver, include, path

from portal.operating.accounts import ChoosePassword


def closed(_request: HttpRequest) -> Never:
    """Signing up and the like: allauth asks for these names, nobody may use them."""
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("ind/", views.login, name="account_login"),
    path("ud/", views.logout, name="account_logout"),
    path("igen/", views.reauthenticate, name="account_reauthenticate"),
    path("adgangskode/", views.password_change, name="account_change_password"),
    path("vaelg-adgangskode/<uidb64>/<token>/", ChoosePassword.as_view(), name="account_choose_password"),
    path("spaerret/", views.account_inactive, name="account_inactive"),
    path("totrin/", include("allauth.mfa.urls")),
    path("lukket/opret/", closed, name="account_signup"),
    path("lukket/saet/", closed, name="account_set_password"),
    path("lukket/mail/", closed, name="account_email"),
]
