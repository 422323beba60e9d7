"""The pages behind the admin's path that are about figures and where they come from."""

from . import catalogue, history, uploads

__all__ = ["catalogue", "history", "uploads"]
