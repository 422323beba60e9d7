"""Files that are made once and then given as they are: share cards and press sheets of a published edition."""

import os
import tempfile
from pathlib import Path

from django.conf import settings


def keep(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all, also when two processes write it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        Path(name).chmod(settings.FILE_UPLOAD_PERMISSIONS)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
