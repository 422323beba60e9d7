"""The pages behind the admin's path that are about editions."""

from . import editions

__all__ = ["editions"]
