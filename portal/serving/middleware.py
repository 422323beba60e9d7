"""Small steps around every request, and the answer while the database is away or the disk is full."""

import errno
import logging
import sys
import threading
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import trans_real
from django.views import defaults

from portal.operating.security import is_personal

GetResponse = Callable[[HttpRequest], HttpResponse]


def language_of(path: str) -> str:
    """The language of an address: /en/… is English, everything else Danish."""
    return "en" if f"{path}/".startswith("/en/") else settings.LANGUAGE_CODE


def language_of_the_address(get_response: GetResponse) -> GetResponse:
    """The address alone decides the language: /en/… is English, everything else Danish.

    Django's own middleware would vary the answer on Accept-Language, and a link would then not say
    the same to everybody.
    """
    _know_the_language_quickly()

    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


ACTIVE = "_active"  # where Django keeps the language of a thread


def _know_the_language_quickly() -> None:
    """A page asks a thousand times which language is active and four hundred times for a text.

    Django keeps the language where coroutines find it too, behind a lock; here threads answer, and none awaits. Its
    texts are looked for in a dozen catalogues; here each is found once a process.
    """
    before, quick = getattr(trans_real, ACTIVE), threading.local()
    if isinstance(before, threading.local):
        return
    if active := getattr(before, "value", None):
        quick.value = active
    setattr(trans_real, ACTIVE, quick)
    for language, _name in settings.LANGUAGES:
        texts = trans_real.translation(language)
        vars(texts)["gettext"] = lru_cache(maxsize=16_384)(texts.gettext)


log = logging.getLogger(__name__)


class Refused(Exception):  # noqa: N818  the message is the answer
    """A question that a file, a picture or an embed cannot answer, where nothing can be said beside the answer.

    A filter, a code or a column that it does not know. The message, in the reader's language, names it.
    """

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


def refuse_repeated(query: QueryDict, *but: str) -> None:
    """Raise Refused for a parameter that stands more than once, but for those that are lists."""
    if twice := sorted(name for name in set(query) - set(but) if len(query.getlist(name)) > 1):
        raise Refused(_("Kun én værdi ad gangen: %(names)s står flere gange.") % {"names": ", ".join(twice)})


def refused(error: Refused) -> HttpResponse:
    """404 or 422 in words. Plain text: who asks for a file or a picture reads no page."""
    response = HttpResponse(f"{error}\n", status=error.status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def unreachable(request: HttpRequest, reason: object = "") -> HttpResponse:
    """503 for a reader who asks for a page that is not kept, or for an admin, who is told that nothing was saved."""
    return _later(request, reason, "admin_unreachable.html" if is_personal(request) else "maintenance.html")


def answer_to(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """A refusal in words, or 503 for a failure that is neither the visitor's nor the code's; None for any other."""
    if isinstance(exception, Refused):
        return refused(exception)
    if isinstance(exception, OperationalError | InterfaceError):
        return unreachable(request, exception)
    if isinstance(exception, OSError) and exception.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _later(request, exception, "admin_no_room.html")
    return None


def _later(request: HttpRequest, reason: object, template: str) -> HttpResponse:
    log.error("503 %s: %s", request.path, reason)
    response = HttpResponse(get_template(template).render(), status=503)
    response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody caught. Middleware that meets no database (a session, a signed-in person) raises where no view could
    answer for it: 503 then too, not the words for an error of ours."""
    return answer_to(request, sys.exc_info()[1]) or defaults.server_error(request)
