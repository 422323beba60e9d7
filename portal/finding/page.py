"""What a search found, as text and addresses."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.links import Link
from portal.language import formatting, phrases
from portal.published import Municipality
from portal.published.edition import NoEdition, edition_of_address
from portal.published.rows import PlacementRow, places_of
from portal.published.search import Found
from portal.published.subjects import OVERALL, Subject, localised


def results(question: str, found: Found) -> dict[str, Any]:
    """Everything that was found, best first."""
    links = Links()
    hits: dict[str, Any] = dict(
        answers=tuple(_answers(found, links)),
        municipalities=tuple(_named(found, links)),
        subjects=(
            *(
                dict(name=localised(row, "name"), kind=_("område"), url=links.area(row.slug), note="")
                for row in found.areas
            ),
            *(
                dict(
                    name=localised(row, "name"),
                    kind=_("tema"),
                    url=links.theme(row.code),
                    note=localised(row.area, "name"),
                )
                for row in found.themes
            ),
        ),
        indicators=tuple(
            dict(name=localised(row, "name"), kind=_("indikator"), url=links.indicator(row.code), note="")
            for row in found.indicators
        ),
    )
    return hits | dict(
        question=question,
        found=any(hits.values()),
        actions=(
            Link(_("Alle kommuner"), links.to("municipalities")),
            Link(_("Alle indikatorer"), links.to("indicators")),
        ),
        advice=_advice(question),
        covered=_covered(),
    )


def _named(found: Found, links: Links) -> Iterable[dict[str, Any]]:
    """The municipalities that a name fits, each with its overall place: the answer, before anybody goes there."""
    rows = _places([(row, OVERALL) for row, _by, _fit in found.municipalities])
    for (municipality, by, _fit), row in zip(found.municipalities, rows, strict=True):
        said = " · ".join(filter(None, [_place(row), _interval(row)])) if row else ""
        by_name = _("fundet som »%(name)s«") % {"name": by} if by else ""
        yield dict(
            name=municipality.name,
            kind=said or _("kommune"),
            url=links.municipality(municipality.slug),
            note=" · ".join(filter(None, [by_name, said])),
        )


def _answers(found: Found, links: Links) -> Iterable[dict[str, Any]]:
    """What was asked for in so many words: a municipality's place in a subject, or one set against another."""
    if found.compared:
        names = [one.name for one in found.compared]
        query = urlencode([("kommune", one.slug) for one in found.compared])
        rows = _places([(one, OVERALL) for one in found.compared])
        note = " · ".join(f"{name}: {_place(row)}" for name, row in zip(names, rows, strict=True) if row)
        name = _("%(one)s mod %(other)s") % {"one": names[0], "other": names[1]}
        yield dict(name=name, kind=note or _("sammenligning"), url=f"{links.to('comparison')}?{query}", note=note)
    for (municipality, subject), row in zip(found.placed, _places(found.placed), strict=True):
        if row:
            name = f"{municipality.name} · {subject.name}"
            url = _where_it_stands(municipality.slug, subject, links)
            said = " · ".join(filter(None, [_value(subject, row), _place(row), _interval(row)]))
            yield dict(name=name, kind=said, url=url, note=said)


def _where_it_stands(slug: str, subject: Subject, links: Links) -> str:
    """Where a municipality's line of a subject is: on its page, or an indicator's own."""
    if subject.indicator:
        return links.of("municipality-figure", slug=slug, code=subject.code)
    return f"{links.municipality(slug)}#{subject.code}"


def _places(asked: Iterable[tuple[Municipality, Subject]]) -> list[PlacementRow | None]:
    """The places asked for in the newest edition; None where there is no such row."""
    try:
        edition = edition_of_address().edition
    except NoEdition:
        return [None for _one in asked]
    return places_of(edition, [(one.pk, subject.key) for one, subject in asked])


def _place(row: PlacementRow) -> str:
    """ "nr. 12 af 97", with what it rests on where that is little; or that it has no place."""
    rank = phrases.rank_in_text(row)
    if not rank:
        return formatting.missing(row.missing) if row.missing else phrases.rank(None)
    return " · ".join(filter(None, [f"{rank} {phrases.of(row)}", phrases.rests_on(row)]))


def _interval(row: PlacementRow) -> str:
    return formatting.rank_interval(row.low, row.high) if row.low and row.high else ""


def _value(subject: Subject, row: PlacementRow) -> str:
    return phrases.value(subject.indicator, row.value) if subject.indicator else ""


def _advice(question: str) -> str:
    """What to try where nothing fits."""
    if any(letter.isdigit() for letter in question):
        return _("Adresser kan vi ikke slå op. Skriv et postnummer på fire cifre eller kommunens navn.")
    return _("Prøv et andet ord, fx »bostøtte« eller »anbragt«, eller find kommunen på listen.")


def _covered() -> str:
    """What the search knows and what it does not."""
    return _("Søgningen kender alle kommuner, også ved deres gamle og engelske navne, ved kommunekode og med "
             "stavefejl, postnumre, byer og bydele med omkring 500 indbyggere eller flere, når de ligger i én "
             "kommune, og alle områder, temaer og indikatorer, også ved hverdagens ord for dem. Den kender ikke "
             "adresser, landsbyer og små øer. Byerne er fra GeoNames, postnumrenes grænser fra "
             "Klimadatastyrelsen (begge CC BY 4.0).")  # fmt: skip


def suggestions_of(found: Found, most: int = 8) -> tuple[dict[str, Any], ...]:
    """The best few of all kinds: what was asked in so many words first, then municipalities."""
    everything = results("", found)
    best = (*everything["answers"], *everything["municipalities"][:5], *everything["subjects"][:3])
    return (*best, *everything["indicators"])[:most]
