"""The pages behind the admin's path that are about figures and where they come from."""

from . import read_only, uploads

__all__ = ["read_only", "uploads"]
