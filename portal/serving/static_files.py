"""Static files under names that hold their hash; one that is missing never takes a page down with it."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """WhiteNoise's storage, for error pages too: they must come out when something is broken already."""

    manifest_strict = False

    def hashed_name(self, name: str, *args: Any, **kwargs: Any) -> str:
        """The name with its hash, or as it is where collectstatic has not seen it."""
        try:
            return str(super().hashed_name(name, *args, **kwargs))
        except ValueError:
            return name
