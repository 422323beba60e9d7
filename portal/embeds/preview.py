"""The page where an embed is chosen, seen, and its code copied."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.links import Link
from portal.embeds.sharing import HEIGHTS, Embed
from portal.published import Level
from portal.published.edition import ShownEdition
from portal.published.municipalities import municipalities, municipality_named
from portal.published.proofs import subject_of
from portal.published.subjects import (
    OVERALL,
    Subject,
    all_indicators,
    areas_of_edition,
    indicators_of_edition,
    localised,
    themes_of_edition,
)
from portal.ranking.controls import Field, Option

OF_MUNICIPALITY = {"kommune": "embed-municipality", "forloeb": "embed-municipality-development"}


def preview_page(shown: ShownEdition, query: QueryDict) -> dict[str, Any]:
    """Dress the choice in the address: ``hvad``, ``emne``, ``kommune`` and ``fast`` ("1": pinned)."""
    what = query.get("hvad", "kort")
    what = what if what in _kinds() else "kort"
    pinned = query.get("fast", "1") == "1"
    links = Links(f"@{shown.edition.release}" if pinned else shown.prefix.removeprefix(f"@{shown.edition.release}"))
    fields = _fields(shown, query, what, pinned=pinned)
    embed, pictures = (
        _of_municipality(links, what, query) if what in OF_MUNICIPALITY else _of_subject(links, what, query)
    )
    return dict(fields=fields, embed=embed, pinned=pinned, release=shown.edition.release, pictures=pictures)


def _kinds() -> dict[str, str]:
    return {
        "kort": _("Kort over landet"),
        "fordeling": _("Fordeling"),
        "rangliste": _("Rangliste"),
        "udvikling": _("Indikators udvikling"),
        "kommune": _("Kommunes kort"),
        "forloeb": _("Kommunes udvikling"),
    }


def _of_municipality(links: Links, what: str, query: QueryDict) -> tuple[Embed, tuple[Link, ...]]:
    slug = query.get("kommune", "")
    row = municipality_named(slug) or municipalities().first()
    if row is None:
        raise Http404(_("Der er ingen kommuner."))
    name = "picture-municipality" if what == "kommune" else "picture-municipality-development"
    pictures = tuple(Link(ending.upper(), links.of(name, slug=row.slug, ending=ending)) for ending in ("png", "svg"))
    height = HEIGHTS["kommune" if what == "kommune" else "udvikling"]
    embed = Embed(links.of(OF_MUNICIPALITY[what], slug=row.slug), f"{row.name} – Socialt Indeks", height)
    return embed, pictures


def _of_subject(links: Links, what: str, query: QueryDict) -> tuple[Embed, tuple[Link, ...]]:
    subject = subject_of(query.get("emne") or OVERALL.code)
    if what == "udvikling":
        subject = subject if subject.indicator else _some_indicator()
        name, arguments, drawing = (
            "embed-indicator-development",
            {"code": subject.code},
            "picture-indicator-development",
        )
        picture = arguments
    else:
        ending = "" if subject.level == Level.OVERALL else f"-{subject.level}"
        code = {} if subject.level == Level.OVERALL else {"code": subject.code}
        name, arguments = f"embed{ending}", {"what": what, **code}
        drawing, picture = f"picture{ending}", {"what": "kort" if what == "rangliste" else what, **code}
    pictures = tuple(Link(ending.upper(), links.of(drawing, **picture, ending=ending)) for ending in ("png", "svg"))
    return Embed(links.of(name, **arguments), f"{subject.name} – Socialt Indeks", HEIGHTS[what]), pictures


def _some_indicator() -> Subject:
    first = all_indicators().first()
    if first is None:
        raise Http404(_("Der er ingen indikatorer."))
    return Subject(Level.INDICATOR, indicator=first)


def _fields(shown: ShownEdition, query: QueryDict, what: str, *, pinned: bool) -> tuple[Field, ...]:
    kinds = tuple(Option(value, name, value == what) for value, name in _kinds().items())
    fields = [Field("hvad", _("Hvad"), "select", what, kinds)]
    if what in OF_MUNICIPALITY:
        chosen = query.get("kommune", "")
        rows = municipalities()
        options = tuple(Option(row.slug, row.name, row.slug == chosen) for row in rows)
        fields.append(Field("kommune", _("Kommune"), "select", chosen, options))
    else:
        fields.append(Field("emne", _("Emne"), "select", query.get("emne", ""), _subjects(shown, query, what)))
    release = shown.edition.release
    times = (
        Option("1", _("Fast: altid udgave %(release)s") % {"release": release}, pinned),
        Option("0", _("Levende: altid den nyeste"), not pinned),
    )
    return (*fields, Field("fast", _("Udgave"), "select", "1" if pinned else "0", times))


def _subjects(shown: ShownEdition, query: QueryDict, what: str) -> tuple[Option, ...]:
    chosen = query.get("emne", OVERALL.code)
    indicators = [
        Option(one.code, localised(one, "name"), one.code == chosen) for one in indicators_of_edition(shown.edition)
    ]
    if what == "udvikling":
        return tuple(indicators)
    areas = areas_of_edition(shown.edition)
    themes = themes_of_edition(shown.edition)
    return (
        Option(OVERALL.code, _("Samlet"), chosen == OVERALL.code),
        *(Option(area.slug, localised(area, "name"), area.slug == chosen) for area in areas),
        *(Option(theme.code, localised(theme, "name"), theme.code == chosen) for theme in themes),
        *indicators,
    )
