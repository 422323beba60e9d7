"""»Er det rettet?«: whether what somebody has quoted, by a pinned address or the id of a number, still holds."""

import re
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from portal.addresses import EVERYONE, Links, NumberId
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published import Edition, Level, Placement
from portal.published.address import Addressed, addressed
from portal.published.edition import edition_of_address
from portal.published.municipalities import municipality_named
from portal.published.proofs import subject_of
from portal.published.revisions import Difference, differences, newest_revision
from portal.published.subjects import OVERALL, Subject, localised

_NUMBER = re.compile(r"\d{4}\.\d{1,3}-\d{3,8}-[a-z0-9][a-z0-9-]*")
_ADDRESS = re.compile(r"(?:https?://[^\s<>\"]+|/[^\s<>\"]*)")
_RELEASE = re.compile(r"@?(\d{4}\.\d{1,3})")
MOST = 40


def cited_page(asked: str) -> dict[str, Any]:
    """Answer the question in one sentence, with what is another now beneath it."""
    asked = asked.strip()
    page = dict(asked=asked, answer="", css="", table=None, more="", reason="", links=())
    if not asked:
        return page
    try:
        return page | _answered(asked)
    except Http404 as error:
        return page | dict(answer=_("Det kan vi ikke finde: %(why)s") % {"why": error}, css="unknown")


def _answered(asked: str) -> dict[str, Any]:
    if number := _NUMBER.search(asked):
        return _of_number(NumberId.read(number[0]))
    if address := _ADDRESS.search(asked):
        return _of_address(addressed(address[0].rstrip(".,;:)")))
    if release := _RELEASE.search(asked):
        return _held(edition_of_address(f"@{release[1]}").edition, _("alt i udgaven"), Q())
    raise Http404(_("Skriv en adresse herfra eller et tals nummer, for eksempel 2026.1-175-samlet."))


def _of_number(number: NumberId) -> dict[str, Any]:
    edition, subject = edition_of_address(f"@{number.release}").edition, subject_of(number.subject)
    if number.municipality == EVERYONE:
        return _held(edition, _("tallene bag medianen af %(name)s") % {"name": subject.name}, subject.where)
    municipality = municipality_named(number.municipality)
    if municipality is None:
        raise Http404(_("Der er ingen kommune med nummeret %(code)s.") % {"code": number.municipality})
    what = f"{municipality.name}, {subject.name}"
    return _held(edition, what, subject.where & Q(municipality=municipality)) | dict(proof=number.url)


def _of_address(page: Addressed) -> dict[str, Any]:
    edition = page.shown.edition
    if not page.shown.is_pinned:
        text = _("Adressen er ikke fast: den viser altid det nyeste, så det, du har citeret, kan være et andet nu.")
        return dict(answer=text, css="unknown", links=(dict(name=_("Den faste adresse"), url=page.permalink),))
    return _held(edition, page.title, _shown_on(page))


def _shown_on(page: Addressed) -> Q:
    """Which numbers a page shows: those of its municipality, or of its subject, or all."""
    name, kwargs = page.name, page.kwargs
    if "slug" in kwargs and name != "area":
        municipality = municipality_named(kwargs["slug"])
        return Q(municipality=municipality) if municipality else Q()
    code = kwargs.get("code") or kwargs.get("slug")
    if code:
        return subject_of(code).where
    return OVERALL.where if name in {"ranking", "ranking-csv", "ranking-file", "municipalities", "picture"} else Q()


def _held(edition: Edition, what: str, only: Q) -> dict[str, Any]:
    """Hold a revision against the one that holds now."""
    newest = newest_revision(edition)
    values = {"what": what, "cited": edition.release, "now": newest.release}
    if newest.pk == edition.pk:
        return dict(answer=_("Nej. Udgave %(cited)s er ikke rettet.") % values, css="same")
    found = differences(edition, newest, only)
    changed = [one for one in found if not one.is_interval_only]
    said = dict(reason=localised(newest, "reason"), links=_ways(newest))
    if not found:
        text = _("Nej. Udgave %(cited)s er rettet, men ikke det, du spørger om: %(what)s er det samme i %(now)s.")
        return said | dict(answer=text % values, css="same")
    if not changed:
        text = _("Tal og pladser i %(what)s er de samme i %(now)s. Kun hvor sikre pladserne er, er et andet.")
        return said | dict(answer=text % values, css="same", **_shown(found, edition, newest))
    values["count"] = formatting.number(len(changed))
    text = _("Ja. Udgave %(cited)s er rettet. Anderledes i %(now)s: %(what)s (%(count)s tal).")
    return said | dict(answer=text % values, css="changed", **_shown(changed, edition, newest))


def _ways(newest: Edition) -> tuple[dict[str, str], ...]:
    return (
        dict(name=_("Hele rettelsen"), url=f"{Links().to('corrections')}#r{newest.release}"),
        dict(name=_("Udgave %(release)s") % {"release": newest.release}, url=Links(f"@{newest.release}").home()),
    )


def _shown(found: list[Difference], edition: Edition, newest: Edition) -> dict[str, Any]:
    heads = (edition.release, newest.release)
    rows = [
        Row(
            f"{one.either.municipality.name}, {_subject(one.either).name}",
            cells=tuple(
                Cell(_figure(row), head, missing="" if _figure(row) else _missing(row))
                for row, head in zip((one.before, one.after), heads, strict=True)
            ),
        )
        for one in found[:MOST]
    ]
    columns = (Column(_("Tal")), *(Column(_("I udgave %(release)s") % {"release": head}) for head in heads))
    rest = len(found) - len(rows)
    more = _("Og %(rest)s, som står under hele rettelsen.") % {"rest": formatting.count(rest, _("til"), _("flere"))}
    return dict(table=Table(_("Før og efter rettelsen"), columns, tuple(rows)), more=more if rest else "")


def _subject(row: Placement) -> Subject:
    return Subject(Level(row.level), area=row.area, theme=row.theme, indicator=row.indicator)


def _figure(row: Placement | None) -> str:
    """Value or score, place and interval as they are printed."""
    if row is None:
        return ""
    figure = phrases.value(row.indicator, row.value) if row.indicator else _score(row)
    place = f"{phrases.rank_in_text(row)} {phrases.of(row)}".strip()
    return ", ".join(filter(None, (figure, place, phrases.interval(row))))


def _score(row: Placement) -> str:
    return _("score %(score)s") % {"score": phrases.score(row)} if row.printed is not None else ""


def _missing(row: Placement | None) -> str:
    if row is None:
        return _("ikke med")
    return formatting.missing(row.missing) if row.missing else phrases.rank(None).lower()
