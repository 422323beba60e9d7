"""Pages of text: method, about, editions, terms."""
