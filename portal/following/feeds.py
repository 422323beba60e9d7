"""Atom feeds: editions, corrections, one municipality, one indicator. Entries have the pinned address as their id."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import Links, TextFeed, trace_url
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published import Edition, Indicator, Level, Municipality, Placement
from portal.published.edition import corrections, editions_with, newest_revisions, reservation, withdrawn
from portal.published.revisions import ChangedRank, ChangedValue, Revision, revision
from portal.published.rows import places_over_editions
from portal.published.subjects import OVERALL, localised

MOST = 50
_WITHDRAWN = "tilbagetrukket"  # an entry of its own beside that of the publication, which had the address itself


def editions_feed(address: str) -> str:
    """Every edition and correction."""
    entries = [*_gone(), *(_entry(edition, "home", {}) for edition in newest_revisions(MOST))]
    return _feed(_("Udgaver og rettelser"), address, entries)


def corrections_feed(address: str) -> str:
    """Every correction."""
    entries = [*_gone(), *(_entry(edition, "home", {}) for edition in newest_revisions(MOST) if edition.revision > 1)]
    return _feed(_("Rettelser"), address, entries)


def municipality_feed(municipality: Municipality, address: str) -> str:
    """A municipality's place in every edition, and the corrections that touched it."""
    placements = {row.edition_id: row for row in places_over_editions(municipality, newest_revisions(MOST))}

    def text(edition: Edition) -> str:
        placement = placements.get(edition.pk)
        return _placed(municipality.name, placement) if placement else ""

    def touched(changed: Revision) -> bool:
        ours = municipality.pk
        return any(one.municipality.pk == ours for one in changed.values) or any(
            one.after.municipality_id == ours for one in changed.ranks
        )

    entries = _entries("municipality", {"slug": municipality.slug}, text, touched)
    return _feed(municipality.name, address, entries)


def indicator_feed(indicator: Indicator, address: str) -> str:
    """An indicator in every edition it is part of, and the corrections of its values."""
    editions = editions_with(indicator)

    def text(edition: Edition) -> str:
        return localised(indicator, "definition") if edition.pk in editions else ""

    def touched(changed: Revision) -> bool:
        return any(one.indicator.pk == indicator.pk for one in changed.values)

    entries = _entries("indicator", {"code": indicator.code}, text, touched)
    return _feed(localised(indicator, "name"), address, entries)


def _entries(
    name: str, arguments: dict[str, str], text: Callable[[Edition], str], touched: Callable[[Revision], bool]
) -> Iterable[dict[str, Any]]:
    for edition in newest_revisions(MOST):
        if (said := text(edition)) and ((changed := revision(edition)) is None or touched(changed)):
            yield _entry(edition, name, arguments, said)


def _placed(name: str, placement: Placement) -> str:
    if placement.rank is None:
        return _("%(name)s er ikke placeret.") % {"name": name}
    return _("%(name)s er %(rank)s %(of)s, %(interval)s i 9 af 10 beregninger.") % {
        "name": phrases.named(name, placement),
        "rank": phrases.rank_in_text(placement),
        "of": phrases.of(placement),
        "interval": formatting.rank_interval(placement.low or placement.rank, placement.high or placement.n),
    }


def _entry(edition: Edition, name: str, arguments: dict[str, str], text: str = "") -> dict[str, Any]:
    title = (
        _("Rettelse: udgave %(release)s") % {"release": edition.release}
        if edition.revision > 1
        else _("Ny udgave: %(year)s") % {"year": edition.year}
    )
    said = [
        text or localised(edition, "note"),
        edition.reason and _("Begrundelse: %(reason)s") % {"reason": localised(edition, "reason")},
    ]
    said.append(reservation(edition))
    path = Links(f"@{edition.release}").of(name, **arguments)
    at = edition.published_at or edition.computed_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    return dict(title=title, path=path, text=" ".join(one for one in said if one), at=at)


def _gone() -> list[dict[str, Any]]:
    """That editions were withdrawn, and why: who follows by feed is told as of a correction."""
    return [
        dict(
            title=_("Trukket tilbage: udgave %(release)s") % {"release": edition.release},
            path=f"{Links(f'@{edition.release}').home()}#{_WITHDRAWN}",
            text=_("Begrundelse: %(reason)s") % {"reason": localised(edition, "withdrawn_because")},
            at=edition.withdrawn_at,
        )
        for edition in withdrawn()
    ]


def _feed(title: str, address: str, entries: Iterable[dict[str, Any]]) -> str:
    feed = TextFeed(
        title=f"Socialt Indeks: {title}",
        link=f"{settings.SITE_ADDRESS}/",
        description=None,
        language=get_language(),
        author_name="Socialt Indeks",
        feed_url=f"{settings.SITE_ADDRESS}{address}",
        feed_guid=f"{settings.SITE_ADDRESS}{address}",
        feed_copyright="CC BY 4.0",
    )
    for entry in entries:
        url = f"{settings.SITE_ADDRESS}{entry['path']}"
        feed.add_item(entry["title"], url, entry["text"], unique_id=url, pubdate=entry["at"], updateddate=entry["at"])
    return feed.writeString("utf-8")


def corrections_page() -> tuple[dict[str, Any], ...]:
    """Every correction, newest first."""
    editions = corrections().order_by("-published_at")
    return tuple(_correction(found) for edition in editions if (found := revision(edition)) is not None)


def _correction(found: Revision) -> dict[str, Any]:
    edition, replaced = found.edition, found.replaced
    moved = [one for one in found.overall if one.before.rank != one.after.rank]
    return dict(
        release=edition.release,
        replaced=replaced.release,
        url=Links(f"@{edition.release}").home(),
        replaced_url=Links(f"@{replaced.release}").home(),
        published=formatting.day(edition.published_at),
        reason=localised(edition, "reason"),
        demo=edition.is_demo,
        values=_values(found),
        ranks=_ranks(found, moved) if moved else None,
        followed=_followed(found, moved),
    )


def _followed(found: Revision, moved: list[ChangedRank]) -> str:
    """How far a correction reached, in one sentence."""

    def count(level: Level) -> int:
        return sum(1 for one in found.ranks if one.after.level == level and one.before.rank != one.after.rank)

    return _(
        "Rettelsen flyttede %(overall)s på den samlede liste, %(areas)s på områdernes og %(themes)s på temaernes."
    ) % {
        "overall": formatting.count(len(moved), _("placering"), _("placeringer")),
        "areas": formatting.count(count(Level.AREA), _("placering"), _("placeringer")),
        "themes": formatting.count(count(Level.THEME), _("placering"), _("placeringer")),
    }


def _values(found: Revision) -> Table:
    heads = (_("Indikator"), _("Før"), _("Efter"), _("Placering før"), _("Placering efter"))
    rows = tuple(Row(one.municipality.name, _proof(found, one), cells=_value_cells(one, heads)) for one in found.values)
    columns = (Column(_("Kommune")), *(Column(head) for head in heads))
    return Table(_("Tallene, der blev rettet"), columns, rows)


def _proof(found: Revision, one: ChangedValue) -> str:
    return trace_url(found.edition.release, one.municipality.code, one.indicator.code)


def _value_cells(one: ChangedValue, heads: tuple[str, ...]) -> tuple[Cell, ...]:
    def value(placement: Placement | None) -> str:
        if placement is None:
            return _("ingen måling")
        return phrases.value(one.indicator, placement.value) or formatting.missing(placement.missing)

    return (
        Cell(localised(one.indicator, "name"), heads[0]),
        Cell(value(one.before), heads[1]),
        Cell(value(one.after), heads[2]),
        Cell(_place(one.before), heads[3]),
        Cell(_place(one.after), heads[4]),
    )


def _ranks(found: Revision, moved: list[ChangedRank]) -> Table:
    heads = (_("Før"), _("Efter"), _("Score før"), _("Score efter"))
    rows = tuple(
        Row(
            one.after.municipality.name,
            trace_url(found.edition.release, one.after.municipality.code, OVERALL.code),
            cells=(
                Cell(_place(one.before), heads[0]),
                Cell(_place(one.after), heads[1]),
                Cell(phrases.score(one.before), heads[2], css="number"),
                Cell(phrases.score(one.after), heads[3], css="number"),
            ),
        )
        for one in moved
    )
    columns = (
        Column(_("Kommune")),
        Column(heads[0]),
        Column(heads[1]),
        *(Column(head, css="number") for head in heads[2:]),
    )
    return Table(_("Samlede placeringer, der blev andre"), columns, rows)


def _place(placement: Placement | None) -> str:
    return f"{phrases.rank_in_text(placement)} {phrases.of(placement)}".strip() or phrases.rank(None).lower()
