"""Numbers, words and sentences in both languages."""
