"""The public log of definitions: what of the catalogue was changed, when and why."""
