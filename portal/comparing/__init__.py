"""Municipalities side by side, and two indicators against each other."""
