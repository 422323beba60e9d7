"""The answer while the database does not answer: plain words, 503, nothing that needs it."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

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
