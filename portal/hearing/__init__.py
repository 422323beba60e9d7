"""The hearing in the open: who was asked, who answered, what was said and ruled; and a reader's own question."""
