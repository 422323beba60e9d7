"""The hearing of an edition, and what is said of its figures: remarks, rulings, flags, comments, voices, decisions."""
