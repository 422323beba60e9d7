"""Files that carry figures out: one table of typed columns, written as CSV, XLSX, JSON or Parquet; an edition's bundle.

Portal makes tables of what a page shows; ``edition`` makes those of a whole edition, which are written once.
"""
