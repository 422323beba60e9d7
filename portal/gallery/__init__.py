"""The living gallery of components, in DEBUG."""
