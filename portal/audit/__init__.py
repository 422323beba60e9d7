"""Is the index sound: an edition's audit as a page, as files and in words."""
