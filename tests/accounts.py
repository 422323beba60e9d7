"""People with roles, signed in as the forms would leave them."""

import time
from collections.abc import Callable

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import Group, User
from django.test import Client, RequestFactory

from portal.operating.roles import make_roles

PASSWORD = "en lang sætning som ingen gætter 42"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code() -> str:
    """What the second factor's app shows now."""
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))


Person = Callable[..., User]
SignIn = Callable[..., Client]


@pytest.fixture
def person(db: None) -> Person:
    """Make somebody: staff with a role and a second factor, unless said otherwise."""
    make_roles()

    def make(name: str, *roles: str, staff: bool = True, superuser: bool = False, factor: bool = True) -> User:
        user = User.objects.create_user(name, password=PASSWORD, is_staff=staff, is_superuser=superuser)
        user.groups.set(Group.objects.filter(name__in=roles))
        if factor:
            TOTP.activate(user, SECRET)
        return user

    return make


@pytest.fixture
def signed_in() -> SignIn:
    """A client whose session has been opened with password and, unless said otherwise, the second factor."""

    def sign_in(user: User, *, factor: bool = True) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        request = RequestFactory().get("/")
        request.session = client.session
        record_authentication(request, user, "password")
        if factor:
            authenticator = Authenticator.objects.get(user=user, type="totp")
            record_authentication(request, user, "mfa", id=authenticator.pk, type="totp")
        request.session.save()
        return client

    return sign_in
