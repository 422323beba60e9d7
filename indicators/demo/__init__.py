"""Invented figures that look like the real thing, as files in the upload format.

They are demo data and say so wherever they are shown or downloaded.
"""
