"""Dit eget indeks: the ranking by the reader's own weights."""
