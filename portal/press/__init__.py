"""Press sheets: what can be written about an edition, what cannot, and the proof of every number."""

from portal.press.pdf import NoPango, draw_on_one_page, draw_pdf
from portal.press.sheet import asked_of

__all__ = ["NoPango", "asked_of", "draw_on_one_page", "draw_pdf"]
