"""The public log of definitions: what of the catalogue was changed, when and why, and where a series begins anew."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import DefinitionChange, Indicator, SeriesBreak
from indicators.services.defining import MODELS
from rankings.models import Edition, EditionState


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One thing that says something else: its name, what it said and what it says."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedDefinition:
    """One entry of the log. ``code`` is an indicator's, where it has a page; ``from_edition`` None: at once.

    ``is_withdrawn``: the edition it came with was taken back, and its year has no other.
    """

    day: dt.datetime
    kind: str
    name: str
    code: str
    fields: tuple[ChangedField, ...]
    reason: str
    is_danish: bool
    from_edition: int | None
    is_withdrawn: bool
    break_year: int | None


def told_values(row: models.Model, columns: Iterable[str]) -> list[tuple[str, str]]:
    """The name and the words of each column of a row, as they stand in the language of the page."""
    return [(field_name(type(row), column), told(type(row), column, getattr(row, column))) for column in columns]


def field_name(model: type[models.Model], column: str) -> str:
    """What a column is called."""
    return str(_field(model, column).verbose_name)


def told(model: type[models.Model], column: str, value: Any) -> str:
    """A column's value in words: a related row by its name, a choice by its label, a dash for nothing."""
    field = _field(model, column)
    if value is None or value == "":
        return "–"
    if isinstance(field, models.ForeignKey):
        found = field.related_model._default_manager.filter(pk=value).first()
        return str(found or value)
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    return str(dict(field.flatchoices).get(value, value))


def _field(model: type[models.Model], column: str) -> "models.Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if field.attname == column)


def changed_fields(change: DefinitionChange) -> tuple[ChangedField, ...]:
    """What a change alters, field by field; of a new row what it says."""
    model, before = MODELS[change.model], change.before
    return tuple(
        ChangedField(field_name(model, name), told(model, name, before.get(name)), told(model, name, value))
        for name, value in change.values.items()
        if name in {field.attname for field in model._meta.concrete_fields}
        and (not change.is_new or value not in {None, ""})
    )


def definition_log() -> list[ChangedDefinition]:
    """Every approved change, the newest first."""
    english = get_language() == "en"
    indicators: Mapping[str, Indicator] = {each.code: each for each in Indicator.objects.select_related("theme")}
    gone = set(Edition.objects.filter(state=EditionState.WITHDRAWN).values_list("year", flat=True))
    gone -= set(Edition.objects.published().values_list("year", flat=True))
    return [
        _entry(change, indicators, gone, english=english)
        for change in DefinitionChange.objects.approved().newest_first()
    ]


def _entry(
    change: DefinitionChange, indicators: Mapping[str, Indicator], gone: set[int], *, english: bool
) -> ChangedDefinition:
    found = indicators.get(change.code.partition(" ")[0]) if change.model in {"indicator", "seriesbreak"} else None
    name = change.code if found is None else (found.name_en if english else found.name_da)
    in_english = english and bool(change.reason_en)
    return ChangedDefinition(
        day=change.decided_at or change.proposed_at,
        kind=str(MODELS[change.model]._meta.verbose_name),
        name=name,
        code=found.code if found is not None and found.theme is not None else "",
        fields=changed_fields(change),
        reason=change.reason_en if in_english else change.reason_da,
        is_danish=not in_english,
        from_edition=change.edition_year,
        is_withdrawn=change.edition_year in gone,
        break_year=change.break_year,
    )


def series_breaks() -> list[SeriesBreak]:
    """Where figures are counted in another way from a year on, the newest first."""
    return list(SeriesBreak.objects.select_related("indicator").order_by("-year", "indicator__position"))
