"""How a page is cited so that the citation stays true: as text, as BibTeX and as RIS."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.links import Link, citation
from portal.published.edition import ShownEdition, reservation

TYPES = {"txt": "text/plain", "bib": "application/x-bibtex", "ris": "application/x-research-info-systems"}
_AUTHOR = "Socialt Indeks"
_SPECIAL = re.compile(r"([\\{}$&#%_~^])")


@dataclass(frozen=True, slots=True)
class Citation:
    """A page's citation in three forms, its pinned address, and where each form is as a file."""

    text: str
    bibtex: str
    ris: str
    permalink: str
    files: tuple[Link, ...]

    def form(self, ending: str) -> str:
        """The form of a file: "txt", "bib" or "ris"."""
        return {"txt": f"{self.text}\n", "bib": self.bibtex, "ris": self.ris}[ending]


def citation_of(shown: ShownEdition, title: str, permalink: str) -> Citation:
    """Cite a page of an edition. ``permalink`` is its full pinned address; the date is that of publication."""
    text = f"{citation(shown, title)} {permalink}"
    return Citation(text, _bibtex(shown, title, permalink), _ris(shown, title, permalink), permalink, _files(permalink))


def _files(permalink: str) -> tuple[Link, ...]:
    parts = urlsplit(permalink)
    page = quote(f"{parts.path}?{parts.query}" if parts.query else parts.path, safe="/@")
    names = {"txt": _("Tekst"), "bib": "BibTeX", "ris": "RIS"}
    return tuple(Link(name, f"{Links().to(f'cite-{ending}')}?side={page}") for ending, name in names.items())


def _bibtex(shown: ShownEdition, title: str, permalink: str) -> str:
    edition = shown.edition
    key = re.sub(r"[^a-z0-9]+", "-", urlsplit(permalink).path.lower()).strip("-")
    fields = {
        "author": f"{{{_AUTHOR}}}",
        "title": f"{{{_escaped(title)}}}",
        "edition": edition.release,
        "year": str(edition.year),
        "date": edition.published_on,
        "url": permalink,
        "language": "danish" if get_language() == "da" else "english",
        "note": reservation(edition).removesuffix("."),
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@online{{socialt-indeks-{key},", *lines, "}"]) + "\n"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _ris(shown: ShownEdition, title: str, permalink: str) -> str:
    edition = shown.edition
    lines = [("TY", "ELEC"), ("AU", _AUTHOR), ("TI", title), ("ET", edition.release), ("PY", str(edition.year))]
    if edition.published_on:
        lines.append(("DA", edition.published_on.replace("-", "/")))
    lines += [("UR", permalink), ("LA", get_language() or "da")]
    if said := reservation(edition):
        lines.append(("N1", said.removesuffix(".")))
    return "".join(f"{tag}  - {text}\r\n" for tag, text in [*lines, ("ER", "")])
