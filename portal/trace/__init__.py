"""The proof of a printed number: its id, where it came from, what it moved."""

from .numbers import EVERYONE, NumberId, Proofs, trace_url

__all__ = ["EVERYONE", "NumberId", "Proofs", "trace_url"]
