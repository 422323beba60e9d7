"""The list of services and the map of the very same rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.provisions.models import Form
from indicators.provisions.shown.answer import InMunicipality, Service, by_municipality, some_of
from indicators.provisions.shown.question import Choices, Question, UnknownValueError, known_places
from indicators.upload.places import gazetteer
from portal.charts.maps import DrawnPlace, Map, Step, assembled
from portal.components.links import Link
from portal.components.subject import drawn_outlines
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.provisions import words
from portal.published.subjects import localised

PAGE = 40  # services on a page of the list
LONGEST = 5  # digits of a page's number
CLASSES = ((1, 1), (2, 3), (4, 9), (10, None))  # so many services give each of the map's four colours


def services_page(question: Question, choices: Choices, query: QueryDict) -> dict[str, Any]:
    """Gather the page: eight queries, with those of the question and its choices."""
    standing = by_municipality(question)
    total = sum(row.services for row in standing)
    last = max(-(-total // PAGE), 1)
    number = _page(query, last)
    services = some_of(question, (number - 1) * PAGE, number * PAGE, standing) if total else []
    names = {term.pk: localised(term, "name") for term in choices.groups.values()}
    query_text = urlencode(question.asked)
    return dict(
        asked=asked_of(question.asked, choices),
        error="",
        says=says_of(standing, question),
        notes=notes_of(standing, question),
        decides=words.who_decides(),
        table=list_of(question, services, names) if total else None,
        pager=_pager(question.asked, number, last),
        map=map_of(standing, question) if total else None,
        legend=legend() if total else (),
        counts=counts_of(standing) if total else None,
        rows=words.services(total),
        downloads=_downloads(query_text),
        embed_url=_with("embed-provisions", query_text),
        reset_url=reverse("provisions") if question.asked else "",
        sources=formatting.joined(sorted({one.source for one in services})),
        is_demo=any(one.is_demo for one in services),
        ways=ways(),
    )


def refused_page(error: UnknownValueError, choices: Choices, query: QueryDict) -> dict[str, Any]:
    """The form again, with what was not understood: no list of something else is shown in its place."""
    asked = {name: str(query.get(name) or "") for name in query}
    known = {
        "maalgruppe": _("Målgruppen"),
        "paragraf": _("Paragraffen"),
        "alder": _("Alderen"),
        "form": _("Formen"),
        "kommune": _("Kommunen"),
        "landsdel": _("Landsdelen"),
        "sted": _("Stedet"),
    }
    text = _("%(what)s »%(value)s« kender vi ikke.") % {"what": known[error.name], "value": error.value}
    if error.name == "sted":
        text += " " + _("Skriv en by. Vi kender punkterne for %(count)s byer.") % {"count": known_places()}
    return dict(
        asked=asked_of(asked, choices),
        error=text,
        decides=words.who_decides(),
        reset_url=reverse("provisions"),
        ways=ways(),
    )


def asked_of(asked: Mapping[str, str], choices: Choices) -> dict[str, Any]:
    """The form, filled in."""
    return dict(
        groups=_options(choices.groups, lambda term: localised(term, "name"), asked.get("maalgruppe", "")),
        bases=_options(choices.bases, words.basis, asked.get("paragraf", "")),
        forms=_options({str(form): form for form in Form}, words.form, asked.get("form", "")),
        age=asked.get("alder", ""),
        place=asked.get("sted", ""),
        municipality=asked.get("kommune", ""),
        landsdel=asked.get("landsdel", ""),
    )


def _options(choices: Mapping[str, object], named: Callable[[Any], str], chosen: str) -> tuple[dict[str, Any], ...]:
    everything = dict(value="", text=_("Alle"), selected=not chosen)
    return (everything, *(dict(value=code, text=named(one), selected=code == chosen) for code, one in choices.items()))


def says_of(standing: Sequence[InMunicipality], question: Question) -> str:
    """How many, where, with how many places: the sums of the map, the list and the files."""
    total, places = sum(row.services for row in standing), sum(row.places for row in standing)
    if not total:
        what = localised(question.group, "name") if question.group else ""
        if what:
            return _("%(group)s: ingen registreret plads, der passer.") % {"group": what}
        return _("Ingen registreret plads, der passer.")
    return _("%(services)s tilbud i %(municipalities)s. %(places)s oplyste pladser.") % {
        "services": formatting.number(total),
        "municipalities": formatting.count(len(standing), _("kommune"), _("kommuner")),
        "places": formatting.number(places),
    }


def notes_of(standing: Sequence[InMunicipality], question: Question) -> tuple[str, ...]:
    """What the numbers leave out, said beside them."""
    notes = []
    if without := sum(row.without_places for row in standing):
        notes.append(_("%(count)s har ikke oplyst, hvor mange pladser der er.") % {"count": formatting.number(without)})
    if unconfirmed := sum(row.unconfirmed for row in standing):
        notes.append(_("%(count)s er ikke bekræftet det seneste år.") % {"count": formatting.number(unconfirmed)})
    if question.age is not None:
        notes.append(_("Tilbud, der ikke har oplyst alder, er med."))
    if question.place is not None:
        notes.append(
            _("Afstanden er i lige linje fra %(place)s, og kun hvor tilbuddet har et punkt.")
            % {"place": question.place.name}
        )
    return tuple(notes)


def list_of(question: Question, services: Sequence[Service], names: Mapping[int, str]) -> Table:
    """The list's rows; the distance only where a place is named."""
    far = question.place is not None
    heads = [_("Kommune"), *([_("Afstand")] if far else []), _("Pladser"), _("Alder"), _("Bekræftet")]
    rows = []
    for one in services:
        groups = formatting.joined([names[group] for group in one.groups if group in names])
        cells = [Cell(one.municipality, heads[0], css="text")]
        cells += [Cell(words.distance(one.km), _("Afstand"), css="number")] if far else []
        cells += [
            Cell(words.places(one.places), _("Pladser"), css="number"),
            Cell(words.ages(one.ages), _("Alder"), css="nowrap" if len(set(one.ages)) < 2 else ""),
            Cell(words.confirmed(one.confirmed_on, holds=one.is_confirmed), _("Bekræftet"), css="text"),
        ]
        note = f"{words.form(one.form)} · {groups}" if groups else words.form(one.form)
        rows.append(Row(one.name, reverse("provision", args=[one.number]), note, cells=tuple(cells), lang="da"))
    columns = (
        Column(_("Tilbud")),
        *(Column(head, css="number" if head in {_("Afstand"), _("Pladser")} else "") for head in heads),
    )
    return Table(_("Tilbud, der passer"), columns, tuple(rows))


def map_of(standing: Sequence[InMunicipality], question: Question, prefix: str = "t") -> Map:
    """How many fitting services stand in each municipality; each leads to the list of its own."""
    outlines = drawn_outlines()
    by_code = {row.code: row for row in standing}
    rest = {name: value for name, value in question.asked.items() if name not in {"kommune", "landsdel"}}
    address, none = f"{reverse('provisions')}?{urlencode({**rest, 'kommune': ''})}", words.none_registered()
    drawn = []
    for number, name in gazetteer().names.items():  # what is drawn ships with the code: no query
        code = f"{number:03d}"
        if code not in outlines.paths:
            continue
        count = by_code[code].services if code in by_code else 0
        title = f"{name}: {words.services(count)}" if count else f"{name}: {none}"
        url = address + quote_plus(name)
        css = _class(count)
        drawn.append(
            DrawnPlace(
                code, outlines.paths[code], css, url, title, missing=False, in_zoom=code in outlines.inside, name=name
            )
        )
    said = _("Danmarkskort over, hvor mange tilbud der ligger i hver kommune")
    return assembled(outlines, drawn, name=said, prefix=prefix)


def _class(count: int) -> str:
    for number, (low, high) in enumerate(CLASSES, start=2):
        if count >= low and (high is None or count <= high):
            return f"fifth-{number}"
    return "aside"


def legend() -> tuple[Step, ...]:
    """What each colour of the map counts."""
    steps = []
    for number, (low, high) in reversed(list(enumerate(CLASSES, start=2))):
        text = words.services(low)
        if high is None:
            text = _("%(count)s tilbud eller flere") % {"count": low}
        elif high > low:
            text = _("%(low)s–%(high)s tilbud") % {"low": low, "high": high}
        steps.append(Step(f"fifth-{number}", text))
    return (*steps, Step("hatch-ground", words.none_registered()))


def counts_of(standing: Sequence[InMunicipality]) -> Table:
    """The map's numbers as a table."""
    heads = (_("Tilbud"), _("Oplyste pladser"), _("Uden oplyste pladser"))
    rows = tuple(
        Row(
            row.name,
            reverse("municipality", args=[row.slug]),
            row.landsdel,
            cells=tuple(
                Cell(formatting.number(number), head, css="number")
                for head, number in zip(heads, (row.services, row.places, row.without_places), strict=True)
            ),
        )
        for row in standing
    )
    columns = (Column(_("Kommune")), *(Column(head, css="number") for head in heads))
    return Table(_("Tallene bag kortet"), columns, rows, css="plain")


def ways() -> tuple[Link, ...]:
    """The other pages about services."""
    return (
        Link(_("Hvor mangler der registrerede pladser?"), reverse("provisions-gaps")),
        Link(_("Hvad er kendt om specialisering?"), reverse("provisions-levels")),
        Link(_("Hvor er behovet størst?"), reverse("need")),
    )


def _downloads(query: str) -> tuple[Link, ...]:
    return (
        Link("CSV", _with("provisions-csv", query)),
        Link("GeoJSON", _with("provisions-geojson", query)),
        Link("API", f"/api/v1/provisions{'?' if query else ''}{query}"),
    )


def _with(name: str, query: str) -> str:
    return f"{reverse(name)}?{query}" if query else reverse(name)


def _page(query: QueryDict, last: int) -> int:
    asked = query.get("side") or "1"
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST else 1
    return min(max(number, 1), last)


def _pager(asked: Mapping[str, str], number: int, last: int) -> dict[str, str] | None:
    if last == 1:
        return None

    def link(page: int) -> str:
        return f"?{urlencode({**asked, 'side': page})}"

    text = _("Side %(page)s af %(last)s") % {"page": number, "last": last}
    return dict(
        previous_url=link(number - 1) if number > 1 else "",
        next_url=link(number + 1) if number < last else "",
        text=text,
    )
