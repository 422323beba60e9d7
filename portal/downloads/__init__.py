"""Files of what a page shows: the rows of the same question, as CSV, Excel, JSON; a whole edition's, written once."""
