"""Who is asking: a view of the members' room gets the person and the organisation, or is not there."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from indicators.people.models import WRITERS, MemberRole, Membership, Organisation

Rest = ParamSpec("Rest")
View = Callable[..., HttpResponseBase]


def members_only(view: Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]) -> View:
    """Send whoever is not signed in to the sign-in of the members' room."""

    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            where = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('account_request_login_code')}?{where}")
        return view(request, *args, **kwargs)

    return asked


def person(request: HttpRequest) -> User:
    """Who is signed in; for the views behind ``members_only``."""
    assert isinstance(request.user, User)  # noqa: S101  the view is not reached otherwise
    return request.user


def own_organisation(request: HttpRequest, **which: object) -> Organisation:
    """The organisation of an address, if the person is its member now. Http404 for any other: it is not even there."""
    mine = Organisation.objects.spoken_for_by(request.user, timezone.now()).select_related("municipality")
    found = mine.filter(**which).first()
    if found is None:
        raise Http404
    return found


def roles_in(organisation: Organisation, user: User, now: dt.datetime) -> set[str]:
    """The roles that a person has there now."""
    found = Membership.objects.current(now).filter(organisation=organisation, user=user)
    return set(found.values_list("role", flat=True))


def may_write(roles: set[str]) -> bool:
    """Whether one of the roles may say something."""
    return bool(roles & set(WRITERS))


def may_approve(roles: set[str]) -> bool:
    """Whether one of the roles may send what the organisation says."""
    return MemberRole.APPROVER in roles
