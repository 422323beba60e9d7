"""Files as they lie: static ones under names that hold their hash, and those that are made once and kept."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

from rankings.pinned import previewed


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """WhiteNoise's storage, for error pages too: they must come out when something is broken already."""

    manifest_strict = False

    def hashed_name(self, name: str, *args: Any, **kwargs: Any) -> str:
        """The name with its hash, or as it is where collectstatic has not seen it."""
        try:
            return str(super().hashed_name(name, *args, **kwargs))
        except ValueError:
            return name


def keep(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all, also when two processes write it at the same time.

    Nothing of a draft that is shown as if it were public: what is kept, is public.
    """
    if previewed() is not None:
        return
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
