"""Long files: a worker in another process, killed, cancelled, taken up again. These tests commit."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.utils import timezone

from indicators.models import Job, JobKind, JobState, LogEntry, Measurement, Upload, UploadState
from indicators.services.check import check_upload
from indicators.services.child_process import ChildDiedError, in_a_child
from indicators.services.compare import cells_of, examine
from indicators.services.queue import LOCKS, ask_to_cancel, control_connection, enqueue, work_on_next
from indicators.services.receive import FileToImport, UploadError, receive_upload
from tests.filled_in import HEADER, steward

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
DELAYS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 30.0)  # seconds
YEARS = range(1990, 2000)
WORK = """
import django
django.setup()
from django.core.management import call_command
call_command("work", once=True)
"""
APPLY = """
import datetime as dt, django, sys
django.setup()
from django.db import connection
connection.ensure_connection()
from indicators.models import Upload
from indicators.services.apply import apply_upload
upload = Upload.objects.get(pk=int(sys.argv[1]))
accepted = {f["key"]: "Set efter." for f in upload.report["findings"]}
print("ready", flush=True)
apply_upload(upload=upload, accepted=accepted, by=upload.uploaded_by, now=dt.datetime.now(dt.UTC))
print("applied", flush=True)
"""


def year_rows() -> bytes:
    codes = [row[0] for row in _municipalities()]
    rows = [f"{code};;b-omgoerelse;{year};{10 + int(code) % 37},5;" for year in YEARS for code in codes]
    return "\n".join((HEADER, *rows, "")).encode()


def _municipalities() -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM indicators_municipality ORDER BY code")
        return list(cursor.fetchall())


def received() -> Upload:
    return receive_upload(file=FileToImport("stor.csv", year_rows()), by=steward(), now=NOW)


def keys_of(upload: Upload) -> dict[str, str]:
    return {finding["key"]: "Set efter." for finding in upload.report["findings"]}


def written(upload: Upload) -> int:
    return Measurement.objects.filter(upload=upload).count()


def environment() -> dict[str, str]:
    """That of the tests, so that another process sees this process's database and files."""
    settings = connection.settings_dict
    host, port, user = settings["HOST"], settings["PORT"], settings["USER"]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"postgresql://{user}@:{port}/{settings['NAME']}?host={host}",
        "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
        "PGAPPNAME": "process of a test",
    }


def let_the_server_end_its_part() -> None:
    """A killed client may have sent its COMMIT: wait until the server's process for it is gone."""
    with connection.cursor() as cursor:
        while cursor.execute("SELECT FROM pg_stat_activity WHERE application_name = 'process of a test'").fetchone():
            time.sleep(0.01)


def process_of(code: str, *arguments: str) -> "subprocess.Popen[str]":
    from django.conf import settings  # noqa: PLC0415  its folder is that of this very test process

    code = f"import django.conf; django.conf.settings.MEDIA_ROOT = {str(settings.MEDIA_ROOT)!r}\n{code}"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("delays", [DELAYS[2::3], pytest.param(DELAYS, marks=pytest.mark.full)], ids=len)
def test_killing_the_process_at_any_point_of_applying_leaves_the_old_state_or_the_new_one(
    delays: tuple[float, ...],
) -> None:
    upload = check_upload(upload=received(), by=steward(), now=NOW)
    assert upload.state == UploadState.CHECKED
    whole, seen = len(YEARS) * 98, set()
    for delay in delays:
        with process_of(APPLY, str(upload.pk)) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            try:
                process.wait(timeout=delay)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        let_the_server_end_its_part()
        upload.refresh_from_db()
        state = (upload.state, written(upload))
        seen.add(state)
        assert state in {(UploadState.CHECKED, 0), (UploadState.APPLIED, whole)}
        logged = LogEntry.objects.about(f"upload {upload.pk}").filter(action="upload_applied").count()
        assert logged == (1 if upload.state == UploadState.APPLIED else 0)
        if upload.state == UploadState.APPLIED:
            break
    assert seen == {(UploadState.CHECKED, 0), (UploadState.APPLIED, whole)}


def test_a_worker_checks_and_applies_tells_how_far_it_is_and_writes_a_letter() -> None:
    by = steward()
    by.email = "dorte@example.org"
    by.save()
    upload = received()
    with control_connection() as control:
        enqueue(upload=upload, kind=JobKind.CHECK, by=by, now=NOW)
        assert work_on_next(control)
        upload.refresh_from_db()
        assert upload.state == UploadState.CHECKED
        job = enqueue(upload=upload, kind=JobKind.APPLY, accepted=keys_of(upload), by=by, now=NOW)
        assert work_on_next(control)
        assert not work_on_next(control)
    job.refresh_from_db()
    assert (job.state, job.share) == (JobState.DONE, 1.0)
    assert "980 nye tal" in job.message
    assert written(upload) == 980
    assert [letter.to for letter in mail.outbox] == [["dorte@example.org"]] * 2


def test_the_worker_does_what_waits_in_a_child_of_its_own() -> None:
    enqueue(upload=(upload := received()), kind=JobKind.CHECK, by=steward(), now=NOW)
    for _time in range(2):  # the second finds nothing to do
        with process_of(WORK) as process:
            assert process.wait(timeout=60) == 0
        upload.refresh_from_db()
        assert upload.state == UploadState.CHECKED


def test_what_a_check_read_of_a_long_file_is_kept_until_it_is_to_be_read_otherwise(settings: Any) -> None:
    settings.UPLOAD_AT_ONCE = 10
    upload = check_upload(upload=received(), by=steward(), now=NOW)
    kept, read = cells_of(upload, now=NOW), examine(upload, now=NOW).reading.cells
    assert [each[:6] for each in kept] == [each[:6] for each in read]
    upload.options = {"thousands": "."}
    with pytest.raises(UploadError, match="tjekkes igen"):
        cells_of(upload, now=NOW)


def test_work_that_takes_too_much_memory_or_crashes_ends_its_child_alone() -> None:
    connection.close()
    assert in_a_child(lambda: True, memory=10**9)
    assert not in_a_child(lambda: False, memory=10**9)
    with pytest.raises(ChildDiedError):
        in_a_child(lambda: bool(bytearray(500_000_000)), memory=100_000_000)
    with pytest.raises(ChildDiedError, match="signal 9"):
        in_a_child(lambda: bool(os.kill(os.getpid(), signal.SIGKILL)), memory=10**9)  # type: ignore[func-returns-value]


def test_one_upload_has_one_unfinished_job() -> None:
    upload = received()
    first = enqueue(upload=upload, kind=JobKind.CHECK, by=steward(), now=NOW)
    assert enqueue(upload=upload, kind=JobKind.CHECK, by=steward(), now=NOW) == first


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_runs_changes_nothing() -> None:
    upload = check_upload(upload=received(), by=steward(), now=NOW)
    waiting = enqueue(upload=upload, kind=JobKind.APPLY, accepted=keys_of(upload), by=steward(), now=NOW)
    ask_to_cancel(job=waiting, by=steward(), now=NOW)
    waiting.refresh_from_db()
    assert waiting.state == JobState.CANCELLED
    running = enqueue(upload=upload, kind=JobKind.APPLY, accepted=keys_of(upload), by=steward(), now=NOW)
    Job.objects.filter(pk=running.pk).update(state=JobState.RUNNING)
    ask_to_cancel(job=running, by=steward(), now=NOW)
    with control_connection() as control:
        work_on_next(control)
    running.refresh_from_db()
    assert running.state == JobState.CANCELLED
    assert written(upload) == 0


def test_a_killed_workers_job_is_taken_up_by_the_next_and_never_by_two() -> None:
    upload = received()
    job = enqueue(upload=upload, kind=JobKind.CHECK, by=steward(), now=NOW)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1)
    with control_connection() as dying, control_connection() as next_one:
        dying.execute("SELECT pg_advisory_lock(%s, %s)", [LOCKS, job.pk])
        assert not work_on_next(next_one)
        dying.close()  # what PostgreSQL sees of a killed process
        deadline = time.monotonic() + 10
        while not work_on_next(next_one):
            assert time.monotonic() < deadline
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_server_that_goes_away_in_the_middle_leaves_the_job_to_be_taken_up_again() -> None:
    job = enqueue(upload=received(), kind=JobKind.CHECK, by=steward(), now=NOW)
    connection.ensure_connection()
    ours = connection.connection.info.backend_pid
    times = iter([NOW])  # asked first for what is due, and then when the work begins
    with control_connection() as control:

        def clock() -> dt.datetime:
            if (at := next(times, None)) is None:
                control.execute("SELECT pg_terminate_backend(%s)", [ours])
            return at or NOW

        with pytest.raises(OperationalError):
            work_on_next(control, clock=clock)
        job.refresh_from_db()
        assert job.state == JobState.RUNNING
        assert work_on_next(control)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_job_that_kills_its_worker_again_and_again_is_marked_as_failed() -> None:
    job = enqueue(upload=received(), kind=JobKind.CHECK, by=steward(), now=timezone.now())
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=3)
    with control_connection() as control:
        work_on_next(control)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "3 gange" in job.message


def test_a_refused_application_ends_the_job_with_the_reason() -> None:
    upload = received()
    job = enqueue(upload=upload, kind=JobKind.APPLY, by=steward(), now=NOW)
    with control_connection() as control:
        work_on_next(control)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "modtaget" in job.message
