"""What has to be right for the site to work: each a question with an answer in words, asked by /sundhed/klar."""

import hmac
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST

from indicators.models.log import Job, JobState
from portal.operating.logs import page
from rankings.models import Edition

LEAST_DISK = 500 * 1024 * 1024  # bytes that must be free for uploads and pages
MOST_WAITING = 1000  # jobs
LONGEST_WAIT = 60 * 60  # seconds a job may wait before something must be wrong with the workers


def database() -> str:
    """Whether it answers, and whether as the one that takes writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        (standby,) = cursor.fetchone() or (True,)
    return "a standby answers: readers only" if standby else ""


def migrations() -> str:
    """Whether the tables are those of this code."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations are not applied" if waiting else ""


def edition() -> str:
    """Whether there is something to show."""
    return "" if Edition.objects.published().exists() else "no edition is published"


def queue() -> str:
    """Whether the workers keep up."""
    waiting = Job.objects.filter(state=JobState.WAITING).aggregate(jobs=Count("pk"), first=Min("asked_at"))
    if waiting["jobs"] > MOST_WAITING:
        return f"{waiting['jobs']} jobs are waiting"
    longest = (timezone.now() - waiting["first"]).total_seconds() if waiting["first"] else 0
    return f"a job has been waiting for {longest:.0f} s" if longest > LONGEST_WAIT else ""


def disk() -> str:
    """Whether uploads can be kept."""
    folder = Path(settings.VAR_DIR)
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    return f"only {free // 2**20} MB of disk are free" if free < LEAST_DISK else ""


QUESTIONS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "edition": edition,
    "queue": queue,
    "disk": disk,
}


def answers() -> dict[str, str]:
    """Every question with "" where all is well, else what is wrong. Never raises."""
    found = {}
    for name, question in QUESTIONS.items():
        try:
            found[name] = question()
        except (Error, OSError) as error:
            found[name] = (str(error) or repr(error)).splitlines()[0]
    return found


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
