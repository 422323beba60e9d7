"""Where the need is greatest, and what is done: declared pairs of need and help, themes by level and spread."""
