"""The index engine: arithmetic on labelled numbers. numpy and the standard library only, no Django, no
database."""
