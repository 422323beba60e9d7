"""Addresses: how they are made and read, and the ids of printed numbers."""
