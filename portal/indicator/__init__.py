"""Indicators, themes and areas."""
