"""Changing the catalogue: one person proposes, another approves, and the public log tells what, when and why.

A text holds at once. What alters what figures mean (unit, direction, definition, theme, decimals) holds from an edition
that is not public yet, and starts a new series where the figures before and after cannot be compared.
"""

import datetime as dt
from collections.abc import Mapping
from copy import copy
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from indicators.danish import search_key
from indicators.models import (
    Action,
    Area,
    ChangeState,
    DefinitionChange,
    Indicator,
    MunicipalityAlias,
    SeriesBreak,
    Source,
    Theme,
)

from .log import record

KEYS: dict[type[models.Model], tuple[str, ...]] = {
    Indicator: ("code",),
    Theme: ("code",),
    Area: ("code",),
    Source: ("name",),
    SeriesBreak: ("indicator__code", "year"),
    MunicipalityAlias: ("name",),
}
"""What can be changed, and what names a row for ever: it is no field of a proposal but of a new row."""
MODELS = {str(model._meta.model_name): model for model in KEYS}
MEANS = frozenset({"unit", "direction", "role", "definition_da"})
"""What a figure means: changed, a new series begins."""
COUNTS = MEANS | {"decimals", "theme_id"}
"""What an edition is computed by: changed, it holds from an edition that is not public yet."""
DERIVED = {"search_key", "position"}


class DefinitionError(Exception):
    """The catalogue cannot be changed so; the message says why, in the user's language. Nothing was changed."""


def code_of(row: models.Model) -> str:
    """What names a row of the catalogue in a proposal: "b-neet", "b-neet 2024" for a break of a series."""
    said = []
    for key in KEYS[type(row)]:
        value: Any = row
        for name in key.split("__"):
            value = getattr(value, name)
        said.append(str(value))
    return " ".join(said)


def fields_of(model: type[models.Model]) -> list[str]:
    """The columns that a proposal may say, in the model's order."""
    own = [field for field in model._meta.concrete_fields if field.editable and not field.primary_key]
    return [field.attname for field in own if field.name not in DERIVED]


def meaning_of(change: DefinitionChange) -> bool:
    """Whether a change alters what figures mean, so that a new series begins."""
    if change.model != "indicator" or change.is_new:
        return False
    said = set(change.values) - ({"definition_da"} if change.wording_only else set())
    return bool(said & MEANS)


def _waits_for_an_edition(change: DefinitionChange) -> bool:
    if change.model != "indicator" or change.is_new:
        return False
    said = set(change.values) - ({"definition_da"} if change.wording_only else set())
    return bool(said & COUNTS) and Indicator.objects.filter(code=change.code, measurements__isnull=False).exists()


@transaction.atomic
def propose_change(  # noqa: PLR0913  a proposal is what, why and from when
    *,
    row: models.Model,
    values: Mapping[str, Any],
    reason_da: str,
    reason_en: str = "",
    by: User,
    now: dt.datetime,
    edition_year: int | None = None,
    break_year: int | None = None,
    wording_only: bool = False,
    origin: str = "",
) -> DefinitionChange:
    """Propose that columns of a row say something else; of an unsaved row, that it be added.

    Raises DefinitionError where nothing would change, where the row would not be valid, where another proposal about it
    waits, or where a change of meaning does not say from when.
    """
    model, is_new = type(row), row.pk is None
    current = {} if is_new else {name: _plain(getattr(row, name)) for name in fields_of(model)}
    said = {name: _plain(value) for name, value in values.items() if name in fields_of(model)}
    said = {name: value for name, value in said.items() if is_new or current[name] != value}
    if not said:
        raise DefinitionError(_("Forslaget ændrer intet."))
    if not reason_da.strip():
        raise DefinitionError(_("Skriv, hvorfor kataloget skal ændres."))
    changed = _with(row, said)
    change = DefinitionChange(
        model=str(model._meta.model_name),
        code=code_of(changed),
        is_new=is_new,
        values=said,
        before={name: current[name] for name in said} if not is_new else {},
        wording_only=wording_only,
        reason_da=reason_da.strip(),
        reason_en=reason_en.strip(),
        edition_year=edition_year,
        break_year=break_year,
        proposed_by=by,
        proposed_at=now,
    )
    if DefinitionChange.objects.waiting().filter(model=change.model, code=change.code).exists():
        raise DefinitionError(_("Der venter allerede et forslag om %(code)s.") % {"code": change.code})
    if _waits_for_an_edition(change) and edition_year is None:
        raise DefinitionError(_("Ændringen ændrer, hvad tallene betyder. Sig, fra hvilken udgave den gælder."))
    if meaning_of(change) and edition_year is not None and break_year is None:
        raise DefinitionError(_("Ændringen begynder en ny serie. Sig, hvilket dataår der er det første."))
    change.save()
    record(action=Action.DEFINITION_PROPOSED, what=str(change), by=by, now=now, origin=origin, details=said)
    return change


@transaction.atomic
def approve_change(
    *, change: DefinitionChange, by: User, now: dt.datetime, answer: str = "", origin: str = ""
) -> DefinitionChange:
    """Approve what another proposed: a text holds at once, what figures mean from its edition on.

    Raises DefinitionError for one's own proposal, one that was decided already, and one whose row says something else
    now than when it was proposed.
    """
    change = _decided(change, ChangeState.APPROVED, by=by, now=now, answer=answer)
    if change.proposed_by_id == by.pk:
        raise DefinitionError(_("Du har selv foreslået ændringen. En anden skal godkende den."))
    if not change.is_new:
        row = _row(change)
        if any(_plain(getattr(row, name)) != value for name, value in change.before.items()):
            raise DefinitionError(_("Kataloget er ændret, siden forslaget blev stillet. Stil det igen."))
    change.in_force = not _waits_for_an_edition(change)
    change.save()
    if meaning_of(change) and change.break_year is not None:
        _begin_series(change, change.break_year)
    if change.in_force:
        _apply(change)
    record(
        action=Action.DEFINITION_APPROVED, what=str(change), by=by, now=now, origin=origin, details=dict(change.values)
    )
    return change


@transaction.atomic
def refuse_change(
    *, change: DefinitionChange, by: User, now: dt.datetime, answer: str = "", origin: str = ""
) -> DefinitionChange:
    """Refuse a proposal with an answer; one's own is withdrawn."""
    own = change.proposed_by_id == by.pk
    if not own and not answer.strip():
        raise DefinitionError(_("Skriv, hvorfor forslaget afvises."))
    change = _decided(change, ChangeState.WITHDRAWN if own else ChangeState.REFUSED, by=by, now=now, answer=answer)
    change.save()
    record(action=Action.DEFINITION_REFUSED, what=str(change), by=by, now=now, origin=origin)
    return change


@transaction.atomic
def bring_into_force(*, edition_year: int, by: User, now: dt.datetime) -> list[DefinitionChange]:
    """Write the approved changes that hold from an edition into the catalogue: at the moment it is made public."""
    changes = list(
        DefinitionChange.objects.not_in_force().filter(edition_year__lte=edition_year).order_by("decided_at")
    )
    for change in changes:
        _apply(change)
        change.in_force = True
        change.save(update_fields=["in_force"])
        record(action=Action.DEFINITION_IN_FORCE, what=str(change), by=by, now=now)
    return changes


def touched_fields() -> dict[tuple[str, str], set[str]]:
    """The columns that people have changed, by model and code: the shipped catalogue leaves them alone."""
    touched: dict[tuple[str, str], set[str]] = {}
    for change in DefinitionChange.objects.approved():
        touched.setdefault((change.model, change.code), set()).update(change.values)
    return touched


def _decided(change: DefinitionChange, state: ChangeState, *, by: User, now: dt.datetime, answer: str) -> Any:
    change = DefinitionChange.objects.select_for_update().get(pk=change.pk)
    if change.state != ChangeState.PROPOSED:
        raise DefinitionError(_("Forslaget er allerede afgjort."))
    change.state, change.decided_by, change.decided_at, change.answer = state, by, now, answer.strip()
    return change


def _row(change: DefinitionChange) -> models.Model:
    model = MODELS[change.model]
    parts = change.code.rsplit(" ", 1) if model is SeriesBreak else [change.code]
    found = model._default_manager.filter(**dict(zip(KEYS[model], parts, strict=True))).first()
    if found is None:
        raise DefinitionError(_("%(code)s findes ikke længere.") % {"code": change.code})
    return found


def _with(row: models.Model, values: Mapping[str, Any]) -> models.Model:
    """The row with other values, checked as it would be stored."""
    model, changed = type(row), copy(row)
    for name, value in values.items():
        setattr(changed, name, value)
    if isinstance(changed, Indicator | Theme | Area) and row.pk is None:
        last = model._default_manager.aggregate(last=models.Max("position"))["last"] or 0
        changed.position = last + 1
    _derive(changed)
    try:
        changed.full_clean()
    except ValidationError as error:
        raise DefinitionError(" ".join(error.messages)) from error
    return changed


def _derive(row: models.Model) -> None:
    if isinstance(row, Indicator):
        row.search_key = search_key(f"{row.name_da} {row.name_en} {row.short_da}")
    if isinstance(row, MunicipalityAlias):
        row.search_key = search_key(row.name)


def _apply(change: DefinitionChange) -> None:
    row = MODELS[change.model]() if change.is_new else _row(change)
    _with(row, change.values).save(force_insert=change.is_new, force_update=not change.is_new)


def _begin_series(change: DefinitionChange, year: int) -> None:
    indicator = Indicator.objects.get(code=change.code)
    notes = {"note_da": change.reason_da, "note_en": change.reason_en or change.reason_da}
    SeriesBreak.objects.get_or_create(indicator=indicator, year=year, defaults=notes)


def _plain(value: Any) -> Any:
    """A value as it stands in JSON."""
    return value if value is None or isinstance(value, bool | int | float) else str(value)
