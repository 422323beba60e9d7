"""The answer while the database does not answer: plain words, 503, nothing that needs it."""

import logging
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views import defaults

log = logging.getLogger(__name__)


def unreachable(request: HttpRequest, reason: object = "") -> HttpResponse:
    """503 for a reader who asks for a page that is not kept, or for an admin, who is told that nothing was saved."""
    log.error("503 %s: %s", request.path, reason)
    in_admin = request.path.startswith(f"/{settings.ADMIN_PATH}/")
    template = get_template("admin_unreachable.html" if in_admin else "maintenance.html")
    response = HttpResponse(template.render(), status=503)
    response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody caught. Middleware that meets no database (a session, a signed-in person) raises where no view could
    answer for it: 503 then too, not the words for an error of ours."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unreachable(request, sys.exc_info()[1])
    return defaults.server_error(request)
