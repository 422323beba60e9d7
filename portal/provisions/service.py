"""The page of one service: what is registered, and who says so."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.provisions.models import (
    CONFIRMED_FOR,
    AssertedField,
    Form,
    Inspection,
    LevelClaim,
    Reaction,
    Registration,
    Status,
)
from indicators.provisions.shown.answer import Ages
from indicators.provisions.shown.service import Part, ServicePage, UsedBy, themes_of
from portal.components.links import Link
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.provisions import words
from portal.published.subjects import localised


def one_service_page(found: ServicePage) -> dict[str, Any]:
    """Dress what is registered of a service as its page."""
    row = found.registration
    return dict(
        title=_title(found),
        name=row.name,
        under=" · ".join(
            part for part in (words.form(row.form), row.municipality.name if row.municipality else "") if part
        ),
        closed="" if found.is_open else _closed(found),
        is_demo=found.upload.is_demo,
        facts=tuple(_facts(found)),
        groups=_groups(found.parts),
        parts=_parts(found.parts),
        claims=tuple(map(_claim, found.claims)),
        otherwise=_otherwise(found),
        inspections=tuple(map(_inspection, found.inspections)),
        usage=_usage(found.usage),
        usage_says=_usage_says(found.usage),
        vacancies=tuple(
            _("%(group)s: %(places)s, oplyst %(day)s")
            % {
                "group": localised(one.target_group, "name"),
                "places": formatting.count(one.places, _("ledig plads"), _("ledige pladser")),
                "day": formatting.date(one.as_of),
            }
            for one in found.vacancies
        ),
        former=formatting.joined(found.former_names),
        source=found.upload.source,
        file=found.upload.name,
        row=row.row,
        decides=words.who_decides(),
        not_coverage=words.not_coverage(),
        ways=(
            Link(_("Alle tilbud"), reverse("provisions")),
            Link(_("Hvad er kendt om specialisering?"), reverse("provisions-levels")),
        ),
    )


def _title(found: ServicePage) -> str:
    """The page's title: the service's name, which is Danish; in English its number, for a title has one language."""
    number = found.registration.provision.number
    return found.registration.name if get_language() == "da" else _("Tilbud %(number)s") % {"number": number}


def _closed(found: ServicePage) -> str:
    closed = found.registration.closed
    if found.registration.status == Status.CLOSED and closed:
        return _("Tilbuddet er lukket %(day)s.") % {"day": formatting.date(closed)}
    return _("Tilbuddet er registreret som lukket eller ikke åbnet endnu.")


def _facts(found: ServicePage) -> Iterator[dict[str, Any]]:
    row = found.registration
    if row.operator:
        yield dict(name=_("Drives af"), text=row.operator, lang="da")
    if row.municipality:
        yield dict(name=_("Ligger i"), text=row.municipality.name, note=row.municipality.landsdel)
    if row.service_type:
        yield dict(name=_("Type"), text=localised(row.service_type, "name"))
    yield dict(name=_("Pladser"), text=words.places(found.places), note=_("hver plads talt én gang"))
    spans = {Ages(places.age_from, places.age_to) for part in found.parts for places in part.places}
    yield dict(name=_("Alder"), text=words.ages(tuple(sorted(spans, key=lambda span: span.youngest or 0))))
    if found.bases:
        yield dict(name=_("Lovgrundlag"), text=formatting.joined([words.basis(basis) for basis in found.bases]))
    if row.opened:
        yield dict(name=_("Åbnet"), text=formatting.date(row.opened))
    by = found.confirmation.speaker if found.confirmation and found.confirmed_on else found.upload.source
    when = words.confirmed(found.confirmed_on, holds=found.is_confirmed)
    yield dict(name=_("Bekræftet"), text=when, by=by)
    if row.cvr:
        yield dict(name=_("CVR-nummer"), text=row.cvr)
    yield dict(name=_("Tilbudsid"), text=row.provision.number)


def _groups(parts: Sequence[Part]) -> tuple[str, ...]:
    """Target groups, each once, as the source names them; an outside term with what we read it as."""
    named = {}
    for group in (group for part in parts for group in part.groups):
        name = localised(group, "name")
        if group.means is not None:
            name = _("%(name)s (læses som %(ours)s)") % {
                "name": name,
                "ours": formatting.quoted(localised(group.means, "name")),
            }
        named[group.pk] = name
    return tuple(named.values())


def _parts(parts: Sequence[Part]) -> Table | None:
    heads = (_("Pladser"), _("Alder"), _("Lovgrundlag"), _("Gælder fra"))
    rows = [
        Row(
            part.name or _("Hele tilbuddet"),
            cells=(
                Cell(words.places(one.places), heads[0], css="number"),
                Cell(words.ages((Ages(one.age_from, one.age_to),)), heads[1], css="nowrap"),
                Cell(formatting.joined([words.basis(basis) for basis in one.bases]), heads[2], css="text"),
                Cell(formatting.date(one.valid_on), heads[3], css="text"),
            ),
            lang="da" if part.name else "",
        )
        for part in parts
        for one in part.places
    ]
    columns = (Column(_("Afdeling")), Column(heads[0], css="number"), *(Column(head) for head in heads[1:]))
    return Table(_("Pladser, hver talt én gang under alle sine paragraffer"), columns, tuple(rows)) if rows else None


def _claim(row: LevelClaim) -> dict[str, Any]:
    """A level, by which scheme, according to whom and when; ``invented`` is a scheme of the demo."""
    scheme = row.level.scheme
    return dict(
        scheme=f"{localised(scheme, 'name')} ({scheme.version})",
        level=localised(row.level, "name"),
        according_to=row.claimed_by,
        when=formatting.date(row.claimed_on),
        source=scheme.source,
    )


def _otherwise(found: ServicePage) -> tuple[dict[str, Any], ...]:
    """Where sources differ, both are told, each with who says it."""
    row = found.registration
    own = {
        AssertedField.NAME: row.name,
        AssertedField.FORM: words.form(row.form),
        AssertedField.OPERATOR: row.operator or _("ikke oplyst"),
        AssertedField.MUNICIPALITY: row.municipality.name if row.municipality else _("ikke oplyst"),
        AssertedField.STATUS: _("i drift") if row.status == Status.OPEN else _("lukket"),
        AssertedField.PLACES: words.places(found.places),
    }
    fields = {
        AssertedField.NAME: _("Navn"),
        AssertedField.FORM: _("Form"),
        AssertedField.OPERATOR: _("Drives af"),
        AssertedField.MUNICIPALITY: _("Kommune"),
        AssertedField.STATUS: _("Status"),
        AssertedField.PLACES: _("Pladser"),
    }
    said: dict[AssertedField, list[dict[str, Any]]] = {}
    for one in found.assertions:
        field = AssertedField(one.field)
        first = [dict(value=own[field], source=found.upload.source)]
        another = dict(value=_asserted(field, one.value), source=one.source, when=formatting.date(one.verified_on))
        said.setdefault(field, first).append(another)
    return tuple(dict(field=fields[field], said=tuple(all_of_it)) for field, all_of_it in said.items())


def _asserted(field: AssertedField, value: str) -> str:
    """A value as a source wrote it; what our own words are known for, in them."""
    if field == AssertedField.FORM and value in Form.values:
        return words.form(value)
    if field == AssertedField.STATUS and value in Status.values:
        return _("i drift") if value == Status.OPEN else _("lukket")
    return value


def _inspection(row: Inspection) -> dict[str, Any]:
    """An inspection: when, the reaction in words, its seven themes."""
    reactions = {
        Reaction.NONE: _("Ingen reaktion"),
        Reaction.ORDER: _("Påbud"),
        Reaction.INTENSIFIED: _("Skærpet tilsyn"),
    }
    names = {
        "education": _("Uddannelse og beskæftigelse"),
        "independence": _("Selvstændighed og relationer"),
        "methods": _("Målgrupper, metoder og resultater"),
        "health": _("Sundhed og trivsel"),
        "organisation": _("Organisation og ledelse"),
        "competences": _("Kompetencer"),
        "surroundings": _("Fysiske rammer"),
    }
    head = _("Vurdering, 1–5, 5 er bedst")
    rows = []
    for theme, score in themes_of(row).items():
        cell = (
            Cell("", head, missing=_("ikke vurderet"))
            if score is None
            else Cell(formatting.number(score, 1), head, css="number")
        )
        rows.append(Row(names[theme], cells=(cell,)))
    columns = (Column(_("Tema")), Column(head, css="number"))
    table = Table(
        _("Socialtilsynets vurdering %(day)s") % {"day": formatting.date(row.on)}, columns, tuple(rows), css="plain"
    )
    return dict(
        when=formatting.date(row.on),
        reaction=reactions[Reaction(row.reaction)],
        is_severe=row.reaction != Reaction.NONE,
        themes=table,
    )


def _usage(usage: UsedBy | None) -> Table | None:
    if usage is None:
        return None
    head = _("Personer i %(year)s") % {"year": usage.year}
    rows = tuple(
        Row(
            payer.name,
            reverse("municipality", args=[payer.slug]),
            cells=(Cell(words.persons(payer.persons), head, css="number"),),
        )
        for payer in usage.payers
    )
    return Table(_("Hvilke kommuner betaler"), (Column(_("Kommune")), Column(head, css="number")), rows, css="plain")


def _usage_says(usage: UsedBy | None) -> tuple[str, ...]:
    if usage is None:
        return ()
    if usage.from_outside is not None:
        outside = _(
            "%(outside)s af %(all)s personer (%(share)s) kom i %(year)s fra andre kommuner end den, tilbuddet ligger i."
        )
        numbers = {
            "outside": formatting.number(usage.persons - usage.own),
            "all": formatting.number(usage.persons),
            "share": formatting.percent(100 * usage.from_outside),
            "year": usage.year,
        }
        return (outside % numbers,)
    return (_("Nogle kommuner har så få personer, at tallet ikke vises. Derfor kan andelen udefra ikke regnes ud."),)


def confirm_rows(rows: Sequence[Registration], day: dt.date) -> list[dict[str, Any]]:
    """What somebody may confirm: the service, what is registered of it in a sentence, whether it still holds. A
    protected service has no page to look at."""
    found = []
    for row in rows:
        places, on = row.provision.places, row.provision.confirmed_on
        stated = _("pladser ikke oplyst")
        if places is not None:
            stated = formatting.count(places, _("plads"), _("pladser"))
        holds = on is not None and on > day - CONFIRMED_FOR
        when = (
            _("bekræftet %(day)s") % {"day": formatting.date(on)} if on and holds else words.confirmed(on, holds=False)
        )
        url = "" if row.protected else reverse("provision", args=[row.provision.number])
        found.append({"row": row, "url": url, "says": f"{words.form(row.form)}, {stated}, {when}", "holds": holds})
    return found
