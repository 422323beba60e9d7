"""People with roles, for everything about who may do what."""

from tests.accounts import person, signed_in

__all__ = ["person", "signed_in"]
