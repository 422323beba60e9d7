"""What every answer carries against misuse, and whose address a request has."""

import datetime as dt
import hashlib
import ipaddress
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone

GetResponse = Callable[[HttpRequest], HttpResponse]

NOT_NEEDED = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
PERMISSIONS = ", ".join(f"{name}=()" for name in NOT_NEEDED)
PASSKEYS = "publickey-credentials-create=(self), publickey-credentials-get=(self)"
OPEN_DATA = ("image/", "application/json", "application/ld+json", "text/csv", "application/atom", "text/turtle")
LONGEST_SESSION = dt.timedelta(hours=10)


def in_admin(request: HttpRequest) -> bool:
    """Whether an address lies behind the admin's path."""
    return request.path_info.startswith(f"/{settings.ADMIN_PATH}/")


def in_workbench(request: HttpRequest) -> bool:
    """Whether an address lies in the members' room: it has cookies of its own, which no other address is sent."""
    return request.path_info.startswith(f"/{settings.WORKBENCH_PATH}/")


def is_personal(request: HttpRequest) -> bool:
    """Whether an address is for somebody who signs in: nothing of it is kept anywhere."""
    return in_admin(request) or in_workbench(request)


class OwnSessions(SessionMiddleware):
    """Sessions whose cookie is sent to the room in which it was made and nowhere else.

    Somebody who is staff and a member has two sessions: being in as the one opens nothing of the other.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Django sets the cookie for the admin's path; in the workbench it becomes that room's."""
        _in_its_room(request, super().process_response(request, response), settings.SESSION_COOKIE_NAME)
        return response


class OwnForms(CsrfViewMiddleware):
    """The same for the cookie that a form is checked with."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Django sets the cookie for the admin's path; in the workbench it becomes that room's."""
        return _in_its_room(request, super().process_response(request, response), settings.CSRF_COOKIE_NAME)


def _in_its_room(request: HttpRequest, response: HttpResponseBase, cookie: str) -> HttpResponseBase:
    if in_workbench(request) and cookie in response.cookies:
        response.cookies[cookie]["path"] = f"/{settings.WORKBENCH_PATH}/"
    return response


def addresses_of_the_room(get_response: GetResponse) -> GetResponse:
    """In the workbench the names of signing in (account_login, mfa_…) lead to its own addresses, not to the admin's;
    and where the office works with practices their names (work-…) lead to the office's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if in_workbench(request):
            request.urlconf = "portal.member_urls"
        elif request.path_info.startswith(f"/{settings.ADMIN_PATH}/praksis/"):
            request.urlconf = "portal.office_urls"
        return get_response(request)

    return middleware


def careful_headers(get_response: GetResponse) -> GetResponse:
    """Permissions-Policy and Cross-Origin-Resource-Policy on every answer; nothing of the admin is kept anywhere.

    Open data and pictures may be shown by any site: they are free, and no cookie can make them personal.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        headers = response.headers
        admin = is_personal(request)
        headers.setdefault("Permissions-Policy", f"{PERMISSIONS}, {PASSKEYS}" if admin else PERMISSIONS)
        is_open = not admin and headers.get("Content-Type", "").startswith(OPEN_DATA)
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_open else "same-origin")
        if admin:
            headers["Referrer-Policy"] = "same-origin"
            headers.setdefault("Cache-Control", "no-store, private")
            headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return middleware


def visitors_address(get_response: GetResponse) -> GetResponse:
    """REMOTE_ADDR is the visitor's, also behind our nginx; what a visitor claims in the header counts for nothing.

    nginx appends the address that it saw, so the last one is true; those before it are the visitor's own words.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if settings.BEHIND_PROXY and forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()
        return get_response(request)

    return middleware


def address_of(request: HttpRequest) -> str:
    """The visitor's address, for django-axes."""
    return str(request.META.get("REMOTE_ADDR", ""))


def name_tried(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """The user name of a sign-in, for django-axes: allauth's form calls it login and takes any case."""
    return str((credentials or {}).get("username") or request.POST.get("login", "")).casefold()[:150]


def short_sessions(get_response: GetResponse) -> GetResponse:
    """A session ends LONGEST_SESSION after its sign-in, however busy; after an idle hour it has ended by itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_personal(request) and request.user.is_authenticated:
            now = timezone.now().timestamp()
            if now - request.session.setdefault("began", now) > LONGEST_SESSION.total_seconds():
                logout(request)
        return get_response(request)

    return middleware


def seconds_to_wait(what: str, request: HttpRequest, most: int, period: int) -> int:
    """Count a request within the period of the clock; how long to wait when it is one too many, else 0.

    No address is kept: only its hash, until the period is over.
    """
    return _seconds_to_wait(f"{what}:{visitor_of(request)}", most, period)


def seconds_for_everybody(what: str, most: int, period: int) -> int:
    """The same for all visitors together: a ceiling that many addresses do not lift."""
    return _seconds_to_wait(what, most, period)


def visitor_of(request: HttpRequest) -> str:
    """A hash of who asks. A household has one IPv4 address and 2⁶⁴ of IPv6: those count as one."""
    address = request.META.get("REMOTE_ADDR", "")
    with suppress(ValueError):
        found = ipaddress.ip_address(address)
        if found.version == 6 and found.ipv4_mapped is None:
            address = str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return hashlib.sha256(address.encode()).hexdigest()[:32]


def is_here(request: HttpRequest) -> bool:
    """Whether the request comes from this very machine."""
    with suppress(ValueError):
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    return False


def is_cross_site(request: HttpRequest) -> bool:
    """Whether another site's page sent a form here, by what the browser itself says of where it comes from."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()


def posted_key(request: HttpRequest, name: str) -> int:
    """A row's primary key in a form that was sent; 0, which no row has, for what is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _seconds_to_wait(what: str, most: int, period: int) -> int:
    now = time.time()
    key = f"{what}:{int(now // period)}"
    try:
        caches["limits"].add(key, 0, period + 5)
        count = caches["limits"].incr(key)
    except (ValueError, redis.RedisError):  # it ran out in between, or Redis is away: nobody waits for that
        return 0
    return 0 if count <= most else period - int(now % period)
