"""Press sheets: what can be written about an edition, what cannot, and the proof of every number."""

from portal.press.pdf import NoPango, draw_pdf

__all__ = ["NoPango", "draw_pdf"]
