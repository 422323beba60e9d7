"""What stands in the share panel of a figure: pictures, a sentence with its reservation, address, embed, API call.

`shared` finds it for any address of ours that can be shared; a page that has its rows already calls
`share_of_place` or `share_of_subject`, and shows it by templates/components/share.html, beside its figure by
share_here.html.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.links import Link
from portal.components.subject import subject_said
from portal.language import phrases
from portal.markup import embed_code
from portal.published import Edition, Level
from portal.published.edition import ShownEdition, reservation
from portal.published.municipalities import municipality_or_404
from portal.published.ranking import PARAMETERS, Answer, ask_strictly
from portal.published.rows import PlacementRow, overall_placements, placement_rows
from portal.published.subjects import subject

if TYPE_CHECKING:
    from portal.published.address import Addressed

HEIGHTS = {"kort": 784, "fordeling": 424, "rangliste": 664, "kommune": 494, "udvikling": 494, "behov": 1108,
           "kvalitet": 664, "sundhed": 664}  # fmt: skip
"""Pixels that an embed needs in a column of some 600, where no script can tell the height."""


@dataclass(frozen=True, slots=True)
class Embed:
    """An embed's address, its height, and the code to copy."""

    path: str
    title: str
    height: int

    @property
    def url(self) -> str:
        """The full address."""
        return f"{settings.SITE_ADDRESS}{self.path}"

    @property
    def code(self) -> str:
        """The HTML to paste."""
        return embed_code(self.url, self.title, self.height, f"{settings.SITE_ADDRESS}/indlejr.js")


def shared(page: "Addressed") -> dict[str, Any]:
    """What can be taken along from one of our pages. Http404 for a page without a figure of its own."""
    name, kwargs, shown = page.name, page.kwargs, page.shown
    if name in {"municipality", "press-municipality"}:
        return share_of_municipality(shown, kwargs["slug"])
    level = kwargs.get("level") or name.removeprefix("ranking-").removeprefix("press-")
    code = kwargs.get("code") or kwargs.get("slug", "")
    if name in {"home", "ranking", "press"}:
        level, code = "overall", ""
    if level not in Level.values:
        raise Http404(_("Siden har ingen figur, der kan deles for sig."))
    asked = question_in(page.query) if name.startswith("ranking") else QueryDict()
    answer = ask_strictly(shown, subject(level, code), asked, children=False)
    return share_of_subject(answer, asked)


def question_in(query: QueryDict) -> QueryDict:
    """What of an address is the ranking's question."""
    asked = QueryDict(mutable=True)
    for key in PARAMETERS:
        asked.setlist(key, query.getlist(key)) if key in query else None
    return asked


def share_of_municipality(shown: ShownEdition, slug: str) -> dict[str, Any]:
    """A municipality's overall place."""
    row = municipality_or_404(slug)
    own = next(iter(placement_rows(overall_placements(shown.edition).filter(municipality=row))), None)
    if own is None:
        raise Http404(_("Kommunen er ikke med i udgaven."))
    return share_of_place(shown.edition, row.name, slug, own)


def share_of_place(edition: Edition, name: str, slug: str, own: PlacementRow) -> dict[str, Any]:
    """The same for a page that has read the place already."""
    links = Links(f"@{edition.release}")
    permalink = settings.SITE_ADDRESS + links.municipality(slug)
    said = municipality_sentence(name, own, edition)
    card = _picture(_("Bredt"), links, "picture-municipality", said, {"slug": slug})
    square = _picture(_("Kvadratisk"), links, "picture-municipality-square", said, {"slug": slug})
    embed = _embed(links, "embed-municipality", name, {"slug": slug}, "kommune")
    api = f"{settings.SITE_ADDRESS}/api/v1/placements?municipality={slug}&edition={edition.release}"
    return dict(
        sentence=said, permalink=permalink, pictures=(card, square), embed=embed, api=api, snippets=snippets(api)
    )


def municipality_sentence(name: str, own: PlacementRow, edition: Edition) -> str:
    """The place, what it rests on and how sure it is, in a sentence that can stand alone."""
    said = phrases.sentence(phrases.Facts(name=name, year=edition.year, place=own))
    return _signed(said, edition)


def share_of_subject(answer: Answer, query: QueryDict) -> dict[str, Any]:
    """A ranking, overall or of an area, a theme or an indicator, with the filters that were asked for."""
    edition, one = answer.shown.edition, answer.subject
    links = Links(f"@{edition.release}")
    state = f"?{query.urlencode()}" if query else ""
    said = subject_sentence(answer)
    level = "" if one.level == Level.OVERALL else f"-{one.level}"
    code = {} if one.level == Level.OVERALL else {"code": one.code}
    pictures = (
        _picture(_("Kort"), links, f"picture{level}", said, {"what": "kort", **code}, state),
        _picture(_("Fordeling"), links, f"picture{level}", said, {"what": "fordeling", **code}, state),
        _picture(_("Kvadratisk"), links, f"picture{level}-square", said, code, state),
    )
    shown_as = {"kort": "kort", "fordeling": "fordeling"}.get(query.get("vis", ""), "rangliste")
    embed = _embed(links, f"embed{level}", one.name, {"what": shown_as, **code}, shown_as, _without_view(query))
    api_query = _without_view(query)
    asked = f"level={one.level}&subject={one.code}&edition={edition.release}"
    api = f"{settings.SITE_ADDRESS}/api/v1/rankings?{asked}{'&' + api_query if api_query else ''}"
    return dict(
        sentence=said,
        permalink=f"{settings.SITE_ADDRESS}{one.ranking(links)}{state}",
        pictures=pictures,
        embed=embed,
        api=api,
        snippets=snippets(api),
    )


def subject_sentence(answer: Answer) -> str:
    """The sentence of a ranking, with its source."""
    return _signed(subject_said(answer), answer.shown.edition)


def _signed(said: str, edition: Edition) -> str:
    source = _("Kilde: Socialt Indeks, udgave %(release)s.") % {"release": edition.release}
    return " ".join(filter(None, (said, source, reservation(edition))))


def _picture(
    name: str, links: Links, address: str, alt: str, arguments: dict[str, str], state: str = ""
) -> dict[str, Any]:
    """A picture to take along: its name, its addresses by ending, what is seen."""
    files = tuple(Link(one.upper(), f"{links.of(address, ending=one, **arguments)}{state}") for one in ("png", "svg"))
    return dict(name=name, url=files[0].url, files=files, alt=alt, square=address.endswith("-square"))


def _embed(links: Links, address: str, name: str, kwargs: dict[str, str], what: str, state: str = "") -> Embed:
    path = links.of(address, **kwargs)
    return Embed(f"{path}?{state}" if state else path, f"{name} – Socialt Indeks", HEIGHTS[what])


def _without_view(query: QueryDict) -> str:
    kept = query.copy()
    kept.pop("vis", None)
    return kept.urlencode()


PYTHON = """import json
from urllib.request import urlopen

with urlopen("{api}") as answer:
    rows = json.load(answer)["rows"]"""


def snippets(api: str) -> tuple[tuple[str, str], ...]:
    """The same call in the languages that people copy: each runs as it stands."""
    return (
        ("curl", f'curl --fail --silent "{api}"'),
        ("Python", PYTHON.format(api=api)),
        ("R", f'library(jsonlite)\nrows <- fromJSON("{api}")$rows'),
    )
