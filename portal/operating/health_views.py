"""For load balancers, monitors and Prometheus; nothing here is for people."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST

from portal.operating.health import answers
from portal.operating.metrics import page


@never_cache
def live(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers: restart it when it does not."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """Say whether this process can do its whole work: 503 with what is wrong when it cannot."""
    found = answers()
    return JsonResponse({name: found[name] or "ok" for name in found}, status=503 if any(found.values()) else 200)


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the counters to whoever knows METRICS_TOKEN; without one set, to this machine only."""
    told = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    known = settings.METRICS_TOKEN.encode()
    if not (hmac.compare_digest(told, known) if known else request.META["REMOTE_ADDR"] in {"127.0.0.1", "::1"}):
        raise Http404
    return HttpResponse(page(), content_type=CONTENT_TYPE_LATEST)
