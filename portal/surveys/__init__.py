"""Questionnaires: what members answer, where a municipality answers, and what was asked of whom, in public."""
