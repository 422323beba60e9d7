"""The proof of a printed number: where it came from, what it moved."""
