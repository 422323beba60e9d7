"""What a table says of itself weighed against what was chosen: another indicator, another year, units that differ.

Nothing here changes a figure: it asks, refuses or tells.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from .columns import Columns
from .doubts import WORDS_FOR, against, unit_of, years_in
from .layouts import Plan
from .marks import Wish
from .messages import _
from .periods import period_of
from .places import fold
from .reading import Problem, Question, Reading
from .tables import text_of

UNIT_HEADINGS = {"enhed", "unit", "maaleenhed", "prisenhed"}
_SHORTEST_NAME = 12
"""A name that is found inside a longer line has so many letters: "antal" and the like are in every title."""


def weigh_names(plan: Plan, columns: Columns, reading: Reading, wish: Wish) -> None:
    """Note words in the title that speak against plain figures, and ask where the file names another indicator than the
    one that was chosen."""
    for line in (*columns.title_lines, reading.sheet or ""):
        if (kind := against(line)) and not columns.is_known(line):
            reading.notes.append(_("Titlen »%(line)s« lyder som %(what)s.", line=line[:120], what=str(WORDS_FOR[kind])))
    asked = wish.options.indicator
    if not asked:
        return
    told = {asked}
    for text in _names_in(plan, columns, reading):
        code = _another_code(text, asked) if wish.known is None else _indicator_in(text, wish.known, asked)
        if code and code not in told and columns.mapped(text) is None:
            told.add(code)
            question = Question(
                f"indicator:{text}:{asked}",
                "indicator_in_title",
                _("Filen siger »%(text)s«, men der er valgt %(code)s.", text=text, code=asked),
                (("chosen", _("det er %(code)s", code=asked)), ("title", _("det er ikke %(code)s", code=asked))),
            )
            reading.ask(question, wish.options)


def _names_in(plan: Plan, columns: Columns, reading: Reading) -> Iterator[str]:
    """All that may name the indicator: title, sheet, headings, and what a column says in every row."""
    yield from columns.title_lines
    yield reading.sheet or ""
    for value in plan.values:
        yield columns.headers[value.column]
    rows = columns.rows[plan.body_start :]
    for column in (plan.indicator, *plan.stubs):
        if column is not None:
            said = {text for row in rows if column < len(row) and (text := text_of(row[column]))}
            if len(said) == 1:
                yield said.pop()


def _another_code(text: str, asked: str) -> str | None:
    """Without a catalogue only a code can be told from a name: one that is written as the chosen one is."""
    area, _dash, rest = text.partition("-")
    is_code = bool(rest) and text == text.casefold() and " " not in text and len(area) == len(asked.partition("-")[0])
    return text if is_code and "-" in asked and not any(letter.isdigit() for letter in text) else None


def _indicator_in(text: str, known: Mapping[str, str], asked: str) -> str | None:
    """The indicator that a text names, by itself or beside a year, else inside a longer line: the longest name counts,
    and the chosen indicator's own name before one that is inside it."""
    if not text:
        return None
    period = period_of(text)
    for exact in (text, period.rest if period else ""):
        if exact and (code := known.get(fold(exact))):
            return code
    padded = f" {fold(text)} "
    inside = [name for name in known if len(name) >= _SHORTEST_NAME and f" {name} " in padded]
    return known[max(inside, key=lambda name: (len(name), known[name] == asked))] if inside else None


def weigh_years(plan: Plan, columns: Columns, reading: Reading) -> None:
    """Tell where the title or the sheet's name speaks of other years than those that columns or rows say, and where a
    part of a year stands for the year that was chosen."""
    read = sorted(set(reading.cells.year))
    if not read:
        return
    told = ", ".join(map(str, read))
    for value in plan.values:
        label = columns.headers[value.column]
        if value.year and (period := period_of(label)) and period.part and not reading.period_rule:
            note = _(
                "»%(label)s« er en del af et år eller flere år. Tallene er læst som %(read)s.", label=label, read=told
            )
            reading.notes.append(note)
    if plan.year is None and any(value.year is None for value in plan.values):
        return  # then it is asked, not told
    for line in (*columns.title_lines, reading.sheet or ""):
        said = years_in([line])
        if said and not any(min(said) <= year <= max(said) for year in read):
            note = _(
                "»%(label)s«: filen siger %(year)d, men tallene er læst som %(read)s.",
                label=line[:120],
                year=min(said),
                read=told,
            )
            reading.notes.append(note)


def refuse_unlike_units(plan: Plan, columns: Columns, reading: Reading, telling: Sequence[int]) -> None:
    """Refuse a column of units that says several of one indicator: its figures cannot stand side by side. Not where it
    tells the figures of a municipality apart: then each is an indicator of its own."""
    for column in (*plan.stubs, *plan.left_out, *plan.offered):
        if column in telling or fold(columns.headers[column]) not in UNIT_HEADINGS:
            continue
        units: dict[str, dict[object, str]] = defaultdict(dict)
        for row in columns.rows[plan.body_start :]:
            if column < len(row) and (text := text_of(row[column])):
                named = "" if plan.indicator is None or plan.indicator >= len(row) else text_of(row[plan.indicator])
                unit = unit_of(text)
                units[named][(unit.kind, unit.size) if unit else fold(text)] = text
        for said in units.values():
            if len(said) > 1:
                label, listed = columns.headers[column], ", ".join(sorted(said.values())[:5])
                reason = _("»%(label)s« er ikke den samme i alle rækker (%(units)s).", label=label, units=listed)
                advice = _("Lad filen have én slags tal, eller sig med en indikator for hver, hvad de er.")
                reading.refuse(Problem("units_vary", None, label, None, reason, advice))
                return
