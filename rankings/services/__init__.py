"""Every write of this app: prepare, compute, publish, correct."""

from .computing import compute_edition
from .editions import EditionError, correct_edition, prepare_edition, publish_edition

__all__ = ["EditionError", "compute_edition", "correct_edition", "prepare_edition", "publish_edition"]
