"""A file's way: received → checked (or refused) → applied → perhaps taken back. All or nothing."""

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction

from indicators.models import Indicator, Municipality, Upload, UploadState
from indicators.upload.reader import read
from indicators.upload.reading import Reading, ReadingOptions, Unreadable

from .applying import Applied, apply_cells

log = logging.getLogger(__name__)


class UploadError(Exception):
    """A file cannot go in; the message names file, row, column, value and what to do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class FileToImport:
    """A file as it came."""

    name: str
    content: bytes

    @classmethod
    def at(cls, path: Path) -> "FileToImport":
        """Read a file of this machine."""
        return cls(path.name, path.read_bytes())


@transaction.atomic
def import_files(
    *,
    files: Sequence[FileToImport],
    by: User,
    now: dt.datetime,
    options: ReadingOptions | None = None,
    is_demo: bool = False,
) -> list[tuple[Upload, Applied]]:
    """Receive, check and apply files in one transaction: all of them, or none.

    Raises UploadError with every problem of every file.
    """
    errors: list[str] = []
    done: list[tuple[Upload, Applied]] = []
    for file in files:
        try:
            upload = receive_upload(file=file, by=by, now=now, options=options, is_demo=is_demo)
            done.append((upload, apply_upload(upload=upload, by=by, now=now)))
        except UploadError as error:
            errors.append(str(error))
    if errors:
        raise UploadError("\n".join(errors))
    return done


def receive_upload(
    *,
    file: FileToImport,
    by: User,
    now: dt.datetime,
    options: ReadingOptions | None = None,
    is_demo: bool = False,
) -> Upload:
    """Keep a file as it came, under its checksum. Raises UploadError where the same file is already in."""
    sha256 = hashlib.sha256(file.content).hexdigest()
    known = Upload.objects.applied().filter(sha256=sha256).first()
    if known is not None:
        msg = f"{file.name}: the same file was imported {known.uploaded_at:%Y-%m-%d %H:%M} (upload {known.pk})."
        raise UploadError(msg)
    upload = Upload(
        name=file.name[-255:],
        sha256=sha256,
        size=len(file.content),
        uploaded_by=by,
        uploaded_at=now,
        is_demo=is_demo,
        options=(options or ReadingOptions()).as_json(),
    )
    upload.file.save(sha256, ContentFile(file.content), save=False)
    upload.save()
    return upload


def read_upload(upload: Upload) -> Reading:
    """Read the stored file with the options it was uploaded with. Raises UploadError where that cannot be done."""
    with upload.file.open("rb") as stored:
        content = stored.read()
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        msg = f"{upload.name}: the stored file is not the one that was uploaded (its checksum differs)."
        raise UploadError(msg)
    try:
        return read(
            content,
            name=upload.name,
            options=ReadingOptions.from_json(upload.options),
            known_indicators=known_indicators(),
        )
    except Unreadable as error:
        msg = f"{upload.name}: {error}"
        raise UploadError(msg) from error


def known_indicators() -> dict[str, str]:
    """Every label an indicator may have in a file, and its code."""
    known: dict[str, str] = {}
    for code, name_da, name_en in Indicator.objects.values_list("code", "name_da", "name_en"):
        known |= {code: code, name_da: code, name_en: code}
    return known


@transaction.atomic
def apply_upload(*, upload: Upload, by: User, now: dt.datetime) -> Applied:
    """Read the stored file again and write its values as measurements. Raises UploadError; then nothing is changed."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state not in {UploadState.RECEIVED, UploadState.CHECKED}:
        msg = f"{upload.name}: this upload is {upload.get_state_display()} and cannot be applied."
        raise UploadError(msg)
    reading = read_upload(upload)
    _refuse_problems(upload, reading)
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    municipalities = dict(Municipality.objects.values_list("code", "pk"))
    applied = apply_cells(upload, reading.cells, indicators, municipalities)
    upload.state, upload.applied_by, upload.applied_at = UploadState.APPLIED, by, now
    upload.report = {
        **upload.report,
        "layout": reading.layout,
        "encoding": reading.encoding,
        "decimal": reading.decimal,
        "thousands": reading.thousands,
        "rows": reading.rows,
        "left_out": [[one.row, one.label, one.reason] for one in reading.left_out],
        "added": applied.added,
        "changed": applied.changed,
        "unchanged": applied.unchanged,
    }
    upload.save(update_fields=["state", "applied_by", "applied_at", "report"])
    log.info("Upload %s (%s) applied by %s: %s", upload.pk, upload.name, by, applied)
    return applied


def _refuse_problems(upload: Upload, reading: Reading) -> None:
    problems = [
        f"{upload.name}, row {problem.row}, column {problem.column}: {problem.reason} ({problem.value!r}). {problem.advice}"
        for problem in reading.problems
    ]
    problems += [
        f"{upload.name}: the column {one.label!r} names no known indicator."
        + (f" Did you mean {one.suggestion!r}?" if one.suggestion else " Give it with --indicator or map it.")
        for one in reading.unmapped
    ]
    if not problems and not len(reading.cells):
        problems = [f"{upload.name}: no values were found in the file."]
    if problems:
        raise UploadError("\n".join(problems))
