"""Files that go all the way in one step: from the command line and for the demo."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from indicators.models import Upload
from indicators.upload.reading import ReadingOptions

from .apply import check_and_apply
from .receive import FileOnDisk, FileToImport, UploadError, receive_upload
from .writing import Applied


@transaction.atomic
def import_files(
    *,
    files: Sequence[FileToImport | FileOnDisk],
    by: User,
    now: dt.datetime,
    options: ReadingOptions | None = None,
    is_demo: bool = False,
    accept_warnings: bool = False,
) -> list[tuple[Upload, Applied]]:
    """Receive, check and apply files in one transaction: all of them, or none.

    Each is checked as an admin's upload is. Raises UploadError with every refusal of every file, and with every
    warning too unless they are accepted beforehand.
    """
    errors: list[str] = []
    done: list[tuple[Upload, Applied]] = []
    for file in files:
        try:
            upload = receive_upload(file=file, by=by, now=now, options=options, is_demo=is_demo)
            done.append((upload, check_and_apply(upload=upload, by=by, now=now, accept_warnings=accept_warnings)))
        except UploadError as error:
            errors.append(str(error))
    if errors:
        raise UploadError("\n".join(errors))
    return done
