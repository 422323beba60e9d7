"""Press sheets: what can be written about an edition, what cannot, and the proof of every number."""
