"""The words that go with every file: licence, attribution and the warning of demo data."""

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
DEMO_DA = "Demodata: tallene er opdigtede"
DEMO_EN = "Demo data: the figures are invented"
ATTRIBUTION = "Socialt Indeks"


def demo_note(*, is_demo: bool, english: bool = False) -> str:
    """The warning for a file or a row of demo data; empty for real figures."""
    return (DEMO_EN if english else DEMO_DA) if is_demo else ""


def file_stem(release: str, what: str, *, is_demo: bool) -> str:
    """A file's name without its ending: "socialt-indeks-2026.1-samlet-demodata"."""
    return f"socialt-indeks-{release}-{what}{'-demodata' if is_demo else ''}"
