"""Practices: what is known, what was measured here, whom to call. Other rooms may use the boxes and the rows."""
