"""A file comes in: kept as it came, under its checksum."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Action, Measurement, Upload, UploadState
from indicators.upload.archive import unpacked_size
from indicators.upload.limits import LIMITS, refuse_size
from indicators.upload.reading import ReadingOptions, Unreadable

from .log import name_of, record

_CHUNK = 1 << 20


class UploadError(Exception):
    """A file cannot go in (or back out); the message says what, where and what to do. Nothing was changed."""


class SameFileError(UploadError):
    """The same file is here already. ``upload`` is the one that brought it; nothing was done."""

    def __init__(self, message: str, upload: Upload) -> None:
        super().__init__(message)
        self.upload = upload


@dataclass(frozen=True, slots=True)
class FileToImport:
    """A file as it came, in memory."""

    name: str
    content: bytes

    @classmethod
    def at(cls, path: Path) -> "FileToImport":
        """Read a file of this machine."""
        return cls(path.name, path.read_bytes())

    def chunks(self) -> Iterator[bytes]:
        """The content in one piece."""
        yield self.content


@dataclass(frozen=True, slots=True)
class FileOnDisk:
    """A file as it came, too large to hold in memory."""

    name: str
    content: Path

    def chunks(self) -> Iterator[bytes]:
        """The content, a megabyte at a time. Raises OSError where it cannot be opened."""
        with self.content.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


@transaction.atomic
def receive_upload(
    *,
    file: FileToImport | FileOnDisk,
    by: User,
    now: dt.datetime,
    origin: str = "",
    source: str = "",
    options: ReadingOptions | None = None,
    is_demo: bool | None = None,
) -> Upload:
    """Keep a file as it came; ``options`` are what a person says of how to read it.

    Without ``is_demo`` it is as real as the figures that are here: what is tried on a demo is no real figure. Raises
    SameFileError where the same file is in already or is being worked on, UploadError for an empty or too large one.
    """
    try:
        size = refuse_size(file.content, LIMITS)
    except Unreadable as error:
        raise UploadError(f"{file.name}: {error}") from error
    sha256 = _checksum(file.chunks())
    _refuse_the_same(file.name, sha256)
    upload = Upload(
        name=file.name[-255:],
        sha256=sha256,
        size=size,
        uploaded_by=by,
        uploaded_at=now,
        is_demo=bool(Measurement.objects.are_invented()) if is_demo is None else is_demo,
        source=source.strip()[:100],
        options=(options or ReadingOptions()).as_json(),
    )
    upload.file.name = _keep(upload.file.storage, file, sha256)
    upload.save()
    record(
        action=Action.UPLOAD_RECEIVED,
        what=name_of(upload),
        by=by,
        now=now,
        origin=origin,
        details={"name": upload.name, "sha256": sha256, "size": upload.size, "source": upload.source},
    )
    return upload


@transaction.atomic
def discard_upload(*, upload: Upload, by: User, now: dt.datetime, reason: str = "", origin: str = "") -> Upload:
    """Throw away a file that never went in: it leaves the list and may come again. Its row and the log stay.

    Raises UploadError for one that has been applied: that one can be taken back.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state not in {UploadState.RECEIVED, UploadState.CHECKED, UploadState.REFUSED}:
        message = _("%(file)s er %(state)s og kan ikke kasseres.")
        raise UploadError(message % {"file": upload.name, "state": upload.get_state_display()})
    upload.state = UploadState.DISCARDED
    upload.save(update_fields=["state"])
    details = {"reason": reason.strip()}
    record(action=Action.UPLOAD_DISCARDED, what=name_of(upload), by=by, now=now, origin=origin, details=details)
    return upload


def takes_long(upload: Upload) -> bool:
    """Whether no page should wait for it: by its size, a workbook's unpacked (a tenth of it is figures)."""
    return max(upload.size, unpacked_size(Path(upload.file.path)) // 10) > settings.UPLOAD_AT_ONCE


def _refuse_the_same(name: str, sha256: str) -> None:
    gone = [UploadState.TAKEN_BACK, UploadState.DISCARDED]
    known = Upload.objects.exclude(state__in=gone).filter(sha256=sha256).newest_first().first()
    if known is None:
        return
    message = _("%(file)s: den samme fil er her allerede (indberetning %(number)d, %(state)s %(when)s af %(who)s).") % {
        "file": name,
        "number": known.pk,
        "state": known.get_state_display(),
        "when": f"{timezone.localtime(known.applied_at or known.uploaded_at):%d.%m.%Y %H:%M}",
        "who": known.applied_by or known.uploaded_by,
    }
    raise SameFileError(message, known)


def _checksum(chunks: Iterator[bytes]) -> str:
    found = hashlib.sha256()
    for chunk in chunks:
        found.update(chunk)
    return found.hexdigest()


def _keep(storage: Storage, file: FileToImport | FileOnDisk, sha256: str) -> str:
    """Store the file under its checksum; a whole copy from an earlier upload is used, a broken one replaced."""
    name = f"uploads/{sha256}"
    if storage.exists(name):
        with storage.open(name, "rb") as kept:
            if _checksum(iter(lambda: kept.read(_CHUNK), b"")) == sha256:
                return name
        storage.delete(name)
    try:
        if isinstance(file.content, bytes):
            return storage.save(name, ContentFile(file.content))
        with file.content.open("rb") as opened:
            return storage.save(name, File(opened))
    except OSError:  # no room: the half of it would only take more
        storage.delete(name)
        raise
