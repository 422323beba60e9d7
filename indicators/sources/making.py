"""From a publisher's figures to an indicator's: one for each municipality, or the kind of missing and why."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from indicators.upload.cells import Missing
from indicators.upload.messages import Text, _

from .answers import RawAnswer, SourceError
from .collecting import Collector, Publisher
from .publishers import Description, Figure, Figures, client_of
from .recipes import Part, Question, Recipe, question

HEADER = ("kode", "kommune", "indikator", "aar", "vaerdi", "status", "note")
"""The columns of the project's own upload format."""
STATUS_WORDS = {
    Missing.NOT_REPORTED: "ikke indberettet",
    Missing.SUPPRESSED: "diskretioneret",
    Missing.NOT_APPLICABLE: "ikke relevant",
    Missing.NOT_COLLECTED: "ikke opgjort",
    Missing.NOT_AVAILABLE: "ikke tilgængelig",
}
_KINDS = {
    ".": Missing.NOT_APPLICABLE,
    "x": Missing.SUPPRESSED,
    "*": Missing.SUPPRESSED,
    ":": Missing.NOT_AVAILABLE,
    "c": Missing.SUPPRESSED,
}
"""What a symbol says; every other one (`..` and its like) says that the publisher has no figure to give."""
_WORST_FIRST = (Missing.SUPPRESSED, Missing.NOT_REPORTED, Missing.NOT_AVAILABLE, Missing.NOT_APPLICABLE)


class Made(NamedTuple):
    """An indicator's figure of one municipality: full precision, or a kind of missing; `note` says how it was made."""

    municipality: str
    value: float | None
    missing: Missing | None
    note: str
    provisional: bool = False


class Doubt(NamedTuple):
    """Something about a fetch that a person should see before its figures are used. `rule` names the kind of doubt."""

    rule: str
    text: Text
    municipalities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Making:
    """An indicator's figures of one year, with everything that they were made from."""

    recipe: Recipe
    year: int
    figures: tuple[Made, ...]
    answers: tuple[RawAnswer, ...]
    texts: Mapping[str, str]
    doubts: tuple[Doubt, ...]
    updated: str
    notes: tuple[str, ...]


class _Side(NamedTuple):
    """One side of the fraction, asked and answered."""

    part: Part
    asked: Question
    figures: Figures
    described: Description


def make(
    recipe: Recipe,
    *,
    year: int,
    publisher: Publisher,
    collector: Collector,
    described: Mapping[str, Description],
    municipalities: Mapping[str, str],
    place_names: Sequence[str] = (),
) -> Making:
    """Ask for what a recipe needs and make the figures. `municipalities` are names by code, in the file's order.

    Raises SourceError for whatever the publisher says wrongly or not at all; what is merely odd is a doubt.
    """
    sides = []
    for part in recipe.parts:
        table = described[part.table]
        asked = question(
            part,
            table,
            period=recipe.period_of(part, year),
            municipalities=tuple(municipalities),
            place_names=place_names,
        )
        found = client_of(publisher).figures(collector, publisher, table, asked.selection)
        if not found.cells:  # head without rows: 98 municipalities did not all fall silent, the answer did
            raise SourceError(_("%(table)s svarer uden et eneste tal. Prøv igen senere.", table=part.table))
        sides.append(_Side(part, asked, found, table))
    figures = tuple(_made(recipe, code, sides) for code in municipalities)
    return Making(
        recipe=recipe,
        year=year,
        figures=figures,
        answers=_answers(sides),
        texts={f"{side.part.table} {key}": text for side in sides for key, text in side.asked.texts.items()},
        doubts=tuple(_doubts(recipe, sides, figures)),
        updated=max(side.figures.updated for side in sides),
        notes=tuple(dict.fromkeys(note for s in sides for note in (*s.described.notes, *s.figures.notes))),
    )


def _answers(sides: Sequence[_Side]) -> tuple[RawAnswer, ...]:
    every = [answer for side in sides for answer in (side.described.answer, side.figures.answer)]
    return tuple({id(answer): answer for answer in every}.values())


def _made(recipe: Recipe, municipality: str, sides: Sequence[_Side]) -> Made:
    """One municipality's figure. A part that is missing makes the whole missing: it is never counted as 0."""
    sums = [_summed(recipe, municipality, side) for side in sides]
    note = " / ".join(f"{_plain(each.value)}" if each.value is not None else each.symbol or "–" for each in sums)
    provisional = any(each.provisional for each in sums)
    told = f"{' og '.join(recipe.tables)}: {note}"
    reporter = recipe.reported_by.get(municipality)
    if reporter is not None and not sums[0].value:
        return Made(municipality, None, Missing.NOT_APPLICABLE, f"Tallet er med i kommune {reporter}. {told}")
    kinds = [each.kind for each in sums if each.kind]
    if kinds:
        worst = min(kinds, key=_WORST_FIRST.index)
        return Made(municipality, None, worst, told, provisional)
    values = [each.value for each in sums if each.value is not None]
    if len(values) == 1:
        return Made(municipality, values[0] * recipe.factor, None, told, provisional)
    if not values[1]:
        return Made(municipality, None, Missing.NOT_APPLICABLE, f"Ingen at regne ud af. {told}", provisional)
    return Made(municipality, values[0] * recipe.factor / values[1], None, told, provisional)


class _Sum(NamedTuple):
    value: float | None
    symbol: str = ""
    kind: Missing | None = None
    provisional: bool = False


def _summed(recipe: Recipe, municipality: str, side: _Side) -> _Sum:
    """The sum over a part's codes in one municipality; a missing one among them makes the sum missing."""
    place = next((code for code, known in side.asked.place_codes.items() if known == municipality), None)
    absent = Missing(recipe.absent)
    if place is None:
        return _Sum(None, "", absent)
    cells = [side.figures.cells.get(codes) for codes in _combinations(side, place)]
    provisional = any(cell is not None and cell.provisional for cell in cells)
    kinds = [_kind(recipe, side, cell, absent) for cell in cells]
    missing = [kind for kind in kinds if kind is not None]
    if missing:
        symbol = next((cell.symbol for cell in cells if cell and cell.value is None), "")
        return _Sum(None, symbol, min(missing, key=_WORST_FIRST.index), provisional)
    return _Sum(sum(cell.value for cell in cells if cell and cell.value is not None), "", None, provisional)


def _combinations(side: _Side, place: str) -> Iterator[tuple[str, ...]]:
    selection = {**side.asked.selection, side.asked.place: (place,)}
    return product(*(selection[code] for code in side.figures.variables))


def _kind(recipe: Recipe, side: _Side, cell: Figure | None, absent: Missing) -> Missing | None:
    """Why a cell has no figure; None where it has. An absent row was not reported, a 0 may be a hidden figure."""
    if cell is None:
        return absent
    if cell.value is None:
        return _KINDS.get(cell.symbol, Missing.NOT_AVAILABLE)
    may_hide = side.described.zero_if_suppressed and recipe.zeros == "missing" and side.part is recipe.numerator
    return Missing.SUPPRESSED if may_hide and cell.value == 0 and cell.symbol != "-" else None


def _doubts(recipe: Recipe, sides: Sequence[_Side], figures: Sequence[Made]) -> Iterator[Doubt]:
    for side in sides:
        for doubt in side.asked.doubts:
            yield Doubt("other_words", _("Teksten ved koden er en anden, end opskriften venter: %(what)s.", what=doubt))
        if not side.described.active:
            yield Doubt("closed", _("Tabellen %(table)s er lukket hos kilden.", table=side.part.table))
    yield from _absent(recipe, sides, figures)
    yield from _zeros(recipe, sides[0], figures)


def _absent(recipe: Recipe, sides: Sequence[_Side], figures: Sequence[Made]) -> Iterator[Doubt]:
    """Municipalities that a table has no row of. Some are missing each year where reports must be approved first."""
    for side in sides:
        delivered = {codes[side.figures.variables.index(side.asked.place)] for codes in side.figures.cells}
        known = {side.asked.place_codes[code] for code in delivered}
        lost = tuple(m.municipality for m in figures if m.municipality not in known | set(recipe.reported_by))
        most = len(figures) // 10 if recipe.absent == Missing.NOT_REPORTED else 0
        if len(lost) > most:
            yield Doubt(
                "absent",
                _(
                    "%(table)s har ingen tal for %(count)d kommuner. De har måske ikke godkendt deres indberetning.",
                    table=side.part.table,
                    count=len(lost),
                ),
                lost,
            )


def _zeros(recipe: Recipe, numerator: _Side, figures: Sequence[Made]) -> Iterator[Doubt]:
    if recipe.zeros != "ask" or not numerator.described.zero_if_suppressed:
        return
    nils = tuple(each.municipality for each in figures if each.value == 0)
    if nils:
        yield Doubt(
            "zeros",
            _(
                "%(count)d kommuner har 0. Kilden kan skrive 0 for et tal, der er for lille til at vise.",
                count=len(nils),
            ),
            nils,
        )


def stale(figures: Sequence[Made], before: Mapping[str, float]) -> Doubt | None:
    """Municipalities whose figure is exactly that of the year before, where that is no coincidence.

    A figure that others have too (a small count, a rounded share) may well come again; one that stands alone in both
    years may not.
    """
    alone = Counter(each.value for each in figures)
    alone.update(before.values())
    same = tuple(
        each.municipality
        for each in figures
        if each.value and before.get(each.municipality) == each.value and alone[each.value] == 2
    )
    if len(same) <= max(3, len(figures) // 20):  # by chance some are
        return None
    return Doubt(
        "stale",
        _("%(count)d kommuner har præcis samme tal som året før. Er det gamle tal?", count=len(same)),
        same,
    )


def as_file(making: Making, municipalities: Mapping[str, str], *, publisher: Publisher, said: str = "") -> bytes:
    """The figures as a file in the upload format. `said` is written in front of every note: of invented figures.

    The time of the publisher's update stands in each note, so that the same figures, given back after a correction, are
    a file of their own.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(HEADER)
    for each in making.figures:
        value = "" if each.value is None else _plain(each.value)
        status = STATUS_WORDS[each.missing] if each.missing else "foreløbig" if each.provisional else ""
        note = f"{said}{publisher.title}, {each.note}; opdateret {making.updated or 'ukendt'}"
        name = municipalities[each.municipality]
        writer.writerow((each.municipality, name, making.recipe.indicator, making.year, value, status, note))
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _plain(value: float) -> str:
    """A number in full precision, with a decimal comma and no exponent."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.17g}" if float(f"{value:.15g}") != value else f"{value:.15g}"
    return (f"{value:.20f}".rstrip("0") if "e" in text else text).replace(".", ",")
