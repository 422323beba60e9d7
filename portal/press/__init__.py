"""Press sheets: what can be written about an edition, what cannot, and the proof of every number."""

from portal.press.facts import Place
from portal.press.findings import Finding, findings, light_facts
from portal.press.pdf import NoPango, draw_pdf

__all__ = ["Finding", "NoPango", "Place", "draw_pdf", "findings", "light_facts"]
