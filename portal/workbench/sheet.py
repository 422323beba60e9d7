"""All of a municipality's figures as one workbook, to be filled in and read back as remarks: all of them or none."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from indicators.models import Indicator
from indicators.upload.numbers import NumberFormat, NumberParser, Refused
from portal.language.formatting import direction, is_yes_no
from portal.workbench.figures import OwnTheme
from rankings.hearing.models import RemarkKind
from rankings.hearing.services.speaking import HearingError

HEADS = ("Kode", "Tema", "Indikator", "Enhed", "Retning", "Tal i udkastet", "Sidste år", "Lignende kommuner", "Kilde",
         "Slags", "Det rigtige tal", "Begrundelse")  # fmt: skip
CODE, KIND, RIGHT, WHY = 0, 9, 10, 11
WORDS = {
    "tallet er forkert": RemarkKind.FIGURE,
    "definitionen er forkert": RemarkKind.DEFINITION,
    "tallet mangler": RemarkKind.MISSING,
    "bemærkning": RemarkKind.REMARK,
}
LARGEST, MOST_ROWS = 2_000_000, 1_000
YES_NO = {"ja": 1.0, "nej": 0.0, "1": 1.0, "0": 0.0}


@dataclass(frozen=True, slots=True)
class Said:
    """A remark as a row of the sheet has it."""

    row: int
    indicator: Indicator
    kind: RemarkKind
    proposed: float | None
    text: str


def write_sheet(themes: Sequence[OwnTheme]) -> bytes:
    """The workbook: a row for each figure; the three last columns are to be filled in."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("Tal")
        head, to_fill = book.add_format({"bold": True}), book.add_format({"bold": True, "bg_color": "#fff6d8"})
        for column, name in enumerate(HEADS):
            sheet.write_string(0, column, name, to_fill if column >= KIND else head)
        for number, values in enumerate(_rows(themes), start=1):
            for column, value in enumerate(values):
                sheet.write(number, column, value)
        sheet.freeze_panes(1, 3)
        sheet.set_column(1, 2, 36)
        sheet.set_column(3, 8, 16)
        sheet.set_column(9, 10, 20)
        sheet.set_column(11, 11, 60)
        sheet.data_validation(1, KIND, MOST_ROWS, KIND, {"validate": "list", "source": list(WORDS)})
    return stream.getvalue()


def _rows(themes: Sequence[OwnTheme]) -> Iterator[tuple[str | float | None, ...]]:
    for theme in themes:
        for row in theme.rows:
            one = row.indicator
            value = row.missing if row.number is None else round(row.number, one.decimals)
            yield (one.code, theme.theme.name_da, one.name_da, one.unit, direction(one.direction, "da"), value,
                   row.last, row.peers, row.file)  # fmt: skip


def read_sheet(content: bytes, indicators: dict[str, Indicator]) -> list[Said]:
    """What the rows say. Raises HearingError that names row, column and value and what to do; nothing is half read."""
    if len(content) > LARGEST:
        raise HearingError(_("Filen er for stor. Brug det ark, der er hentet her."))
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = list(islice(sheet.to_python(skip_empty_area=False), MOST_ROWS + 1))
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise HearingError(_("Filen kan ikke læses som Excel. Brug det ark, der er hentet her.")) from error
    if not rows or [str(cell).strip() for cell in rows[0][: len(HEADS)]] != list(HEADS):
        raise HearingError(_("Række 1 har ikke de overskrifter, arket blev hentet med: %(heads)s.")
                           % {"heads": ", ".join(HEADS)})  # fmt: skip
    said = [_said(number, row, indicators) for number, row in enumerate(rows[1:], start=2)]
    found = [one for one in said if one is not None]
    if not found:
        raise HearingError(_("Ingen række har noget i kolonnen »Begrundelse«."))
    return found


def _said(number: int, row: Sequence[object], indicators: dict[str, Indicator]) -> Said | None:
    cells = [*row, *[""] * (len(HEADS) - len(row))]
    kind, right, why = (str(cells[column]).strip() for column in (KIND, RIGHT, WHY))
    if not kind and not right and not why:
        return None
    indicator = indicators.get(str(cells[CODE]).strip())
    if indicator is None:
        raise _wrong(number, CODE, cells[CODE], _("Koden er ikke en af udgavens. Ret den ikke."))
    if not why:
        raise _wrong(number, WHY, "", _("Skriv hvorfor."))
    if kind.lower() not in WORDS:
        raise _wrong(number, KIND, kind, _("Skriv et af: %(words)s.") % {"words": ", ".join(WORDS)})
    proposed = read_number(cells[RIGHT], indicator) if right else None
    if isinstance(proposed, str):
        raise _wrong(number, RIGHT, right, proposed)
    return Said(number, indicator, WORDS[kind.lower()], proposed, why)


def read_number(raw: object, indicator: Indicator) -> float | str:
    """A figure as a Dane writes it ("12,5", "1.234", "ja"), or what is wrong with it."""
    if is_yes_no(indicator.unit):
        answer = YES_NO.get(str(raw).strip().lower().removesuffix(".0"))
        return _("Svar ja eller nej.") if answer is None else answer
    found = NumberParser(NumberFormat(",", "."))(raw)
    if isinstance(found, Refused) or found[1] or found[0] != found[0]:
        return _("Det er ikke et tal. Skriv som 12,5.")
    low, high = indicator.value_min, indicator.value_max
    if (low is not None and found[0] < low) or (high is not None and found[0] > high):
        return _("Tallet ligger uden for det mulige.")
    return float(found[0])


def _wrong(row: int, column: int, value: object, what: str) -> HearingError:
    words = {"row": row, "column": HEADS[column], "value": value, "what": what}
    return HearingError(_("Række %(row)d, kolonne »%(column)s«, »%(value)s«: %(what)s Intet er gemt.") % words)
