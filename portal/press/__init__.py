"""Press sheets: what can be written about an edition, what cannot, and the proof of every number."""

from portal.press.facts import Place
from portal.press.findings import Finding, findings, light_facts
from portal.press.pdf import NoPango, draw_on_one_page, draw_pdf
from portal.press.sheet import asked_of

__all__ = ["Finding", "NoPango", "Place", "asked_of", "draw_on_one_page", "draw_pdf", "findings", "light_facts"]
