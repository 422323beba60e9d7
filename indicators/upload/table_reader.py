"""One table of a sheet, read: its layout, the marks of its numbers, what its headings say, then its values.

What a heading, the title or the sheet's name says against the choices that were made becomes a question or a note: a
figure is never read in silence where something in the file speaks against it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from .columns import Columns
from .doubts import WORDS_FOR, unit_of, years_in
from .extraction import Extraction
from .grid import roles_in
from .indicator_labels import filled_columns, fills_down, telling_columns
from .layouts import Plan, recognise
from .marks import FIRST_WALK, Wish, body_of, parsers_of
from .messages import _
from .period_rules import COMBINING, combine, planned, question_about
from .periods import is_provisional, part_of_year, period_of, year_of
from .places import fold, gazetteer
from .reading import LeftOut, Problem, Question, Reading, ReadingOptions, UnitSaid, Unmapped
from .tables import Row, Table, letter_of, text_of
from .weighing import UNIT_HEADINGS, refuse_unlike_units, weigh_names, weigh_years

SAMPLE = 20_000


def columns_of(table: Table, wish: Wish) -> Columns:
    """The columns of a table, seen from its first rows."""
    return Columns(list(islice(table.rows(), SAMPLE)), wish.options, wish.known, above=wish.above)


def read_table(table: Table, reading: Reading, wish: Wish, columns: Columns | None = None) -> None:
    """Read one table into a reading; what is wrong or open stands there as problems, questions and notes.

    `columns` are the table's, where they have been looked at already.
    """
    columns = columns or columns_of(table, wish)
    columns = columns.without(_hidden_values(table, columns, reading, wish))
    plan = _plan(columns, reading, wish)
    if plan is None:
        reading.refuse(_not_recognised(columns))
        reading.roles = roles_in(None, columns, reading)
        return
    plan = _dated(plan, columns, reading, wish)
    parts = _parts(plan, columns)
    plan = _by_period_rule(plan, parts, reading, wish)
    reading.layout, reading.title = plan.layout, plan.title
    parsers = parsers_of(table, plan, reading, wish)
    sample = columns.rows[plan.body_start :]
    filled = filled_columns(plan, sample)
    telling = telling_columns(plan, sample, filled)
    fills = fills_down(plan, sample, telling)
    extraction = Extraction(
        plan, columns, reading, parsers=parsers, telling=telling, fills=fills, filled=filled, facts=table.facts
    )
    _offer(plan, columns, reading)
    _leave_out_columns(plan, reading, telling)
    _categories(plan, columns, reading, telling)
    _units(plan, columns, reading)
    refuse_unlike_units(plan, columns, reading, telling)
    weigh_names(plan, columns, reading, wish)
    extraction.body(body_of(table, plan, wish, FIRST_WALK, 1.0))
    extraction.finish()
    weigh_years(plan, columns, reading)
    if reading.period_rule in COMBINING:
        combine(reading, reading.period_rule, part_of_year(parts[0])[0], extraction.parts)
    reading.roles = roles_in(plan, columns, reading, telling)


def _parts(plan: Plan, columns: Columns) -> list[str]:
    """The parts of years that the headings or the year's column speak of, where no whole years are beside them."""
    if plan.periods and not plan.values:
        return [period.part for _column, period in plan.periods]
    if plan.year is None:
        return []
    texts = dict.fromkeys(text_of(row[plan.year]) for row in columns.rows[plan.body_start :] if plan.year < len(row))
    periods = [period_of(text) for text in texts if text and year_of(text) is None]
    return [period.part for period in periods if period is not None and period.part and not period.rest]


def _by_period_rule(plan: Plan, parts: list[str], reading: Reading, wish: Wish) -> Plan:
    """Ask what the year's figure is where the file has parts of years; follow the rule where somebody has chosen."""
    question = question_about(parts) if parts else None
    if question is None:
        return plan
    reading.questions.append(question)  # unanswered, each column or row is refused by itself
    rule = wish.options.answers.get(question.key, "")
    if rule not in dict(question.choices):
        return plan
    reading.period_rule = rule
    return planned(plan, rule, wish.options.year) if plan.periods else plan


def _plan(columns: Columns, reading: Reading, wish: Wish) -> Plan | None:
    """The plan without the columns whose heading says that they are no plain figures; with them, asked about, where
    there are no others."""
    doubtful = columns.doubtful
    if not doubtful:
        return recognise(columns)
    plain = recognise(columns.without(doubtful))
    if plain is not None and plain.values:
        for column, kind in doubtful.items():
            label = columns.headers[column]
            reading.leave_out(LeftOut("doubtful_column", None, label))
            reading.notes.append(
                _(
                    "Kolonnen »%(label)s« ser ud til at være %(what)s og er ikke læst.",
                    label=label,
                    what=str(WORDS_FOR[kind]),
                )
            )
        return plain
    refused = []
    for column, kind in doubtful.items():
        label = columns.headers[column]
        question = Question(
            f"words:{label}",
            "doubtful_words",
            _(
                "Overskriften »%(label)s« lyder som %(what)s og ikke som tallet selv.",
                label=label,
                what=str(WORDS_FOR[kind]),
            ),
            (("figure", _("det er tallet selv")), ("leave_out", _("lad kolonnen ude"))),
            column=label,
        )
        if reading.ask(question, wish.options) != "figure":
            refused.append(column)
    return recognise(columns.without(refused)) or recognise(columns)


def head_of_rows(rows: Sequence[Row], sheet: str | None) -> str:
    """The words above the data and the sheet's name, without years: what remembered answers are tied to. It is the same
    however the file is then read."""
    columns = Columns(rows, ReadingOptions(), None)
    end = columns.first_data if columns.first_data is not None else min(len(rows), 3)
    parts = [sheet or "", *(text for row in rows[:end] for cell in row if (text := text_of(cell)))]
    return " ; ".join(fold(re.sub(r"(?<!\d)(?:19|20)\d\d(?!\d)", " ", part)) for part in parts)[:4000]


_HIDDEN = {
    (True, False): _("Skjulte kolonner med tal i arket: %(columns)d (%(labels)s). De er ladt ude."),
    (False, True): _("Skjulte eller filtrerede rækker med indhold i arket: %(rows)d (%(labels)s). De er ladt ude."),
    (True, True): _(
        "Skjult i arket: kolonner med tal: %(columns)d, skjulte eller filtrerede rækker med indhold: %(rows)d "
        "(%(labels)s). De er ladt ude."
    ),
}


def _hidden_values(table: Table, columns: Columns, reading: Reading, wish: Wish) -> frozenset[int]:
    """The hidden columns of numbers; they and hidden rows are told, and left out unless a person says otherwise."""
    facts = table.facts
    places = {c for c in range(columns.width) if columns.roles.get(c) in {"code", "municipality"}}
    hidden = [
        c
        for c in sorted(facts.hidden_columns)
        if c < columns.width and columns.profiles[c].numeric and c not in places and columns.roles.get(c) != "year"
    ]
    rows = [
        n for n in sorted(facts.hidden_rows) if columns.body_start < n <= len(columns.rows) and any(columns.rows[n - 1])
    ]
    if any(c in facts.hidden_columns for c in places) and not any(c not in facts.hidden_columns for c in places):
        label = columns.headers[min(places)] or letter_of(min(places))
        reading.notes.append(_("Kolonnen »%(label)s« er skjult; tallene er læst efter kommunerne i den.", label=label))
    if not hidden and not rows:
        return frozenset()
    labels = ", ".join([f"»{columns.headers[c] or letter_of(c)}«" for c in hidden] + [str(n) for n in rows[:5]])
    question = Question(
        "hidden",
        "hidden",
        _HIDDEN[bool(hidden), bool(rows)]._replace(
            params={"columns": len(hidden), "rows": len(rows), "labels": labels}
        ),
        (("leave_out", _("lad det skjulte ude")), ("read", _("læs det skjulte med"))),
        default="leave_out",
    )
    if reading.ask(question, wish.options) == "read":
        return frozenset()
    for column in hidden:
        reading.leave_out(LeftOut("hidden_column", None, columns.headers[column] or letter_of(column)))
    return frozenset(hidden)


def _dated(plan: Plan, columns: Columns, reading: Reading, wish: Wish) -> Plan:
    """The plan with the year that the title or the sheet's name says, where nothing else says one; a year that
    contradicts the chosen one is asked about. A title that says preliminary marks all figures."""
    if any(is_provisional(line) for line in columns.title_lines):
        plan = replace(plan, values=tuple(value._replace(provisional=True) for value in plan.values))
    open_ones = [value for value in plan.values if value.year is None]
    if plan.year is not None or not open_ones:
        return plan
    sheet = years_in([reading.sheet or ""])
    title = years_in([*columns.title_lines, *(columns.headers[value.column] for value in open_ones)])
    said = title or sheet
    asked = wish.options.year
    if asked is None and len(said) == 1:
        year = next(iter(said))
        where = _("titlen") if title else _("arkets navn")
        reading.notes.append(_("Året %(year)d er taget fra %(where)s.", year=year, where=str(where)))
        return replace(plan, values=tuple(v._replace(year=v.year or year) for v in plan.values))
    for years, where in ((title, _("Titlen")), (sheet, _("Arkets navn"))):
        if asked and years and not min(years) <= asked <= max(years):
            listed = ", ".join(map(str, sorted(years)))
            question = Question(
                f"year:{listed}:{asked}",
                "year_in_title",
                _(
                    "%(where)s siger %(years)s, men der er valgt %(asked)d.",
                    where=str(where),
                    years=listed,
                    asked=asked,
                ),
                (
                    ("chosen", _("tallene er fra %(year)d", year=asked)),
                    ("title", _("tallene er ikke fra %(year)d", year=asked)),
                ),
            )
            reading.ask(question, wish.options)
    return plan


def _categories(plan: Plan, columns: Columns, reading: Reading, telling: tuple[int, ...]) -> None:
    """Say for which part of a category the figures stand, where it is the same in every row; refuse where it varies and
    the municipalities have one each, so that unlike figures would stand side by side."""
    for column in plan.stubs:
        label = columns.headers[column]
        if column in telling or not label or fold(label) in UNIT_HEADINGS:
            continue
        values = {
            text for row in columns.rows[plan.body_start :] if column < len(row) and (text := text_of(row[column]))
        }
        if len(values) == 1 and gazetteer().find(next(iter(values))).kind != "country":  # "I alt" leaves nothing out
            note = _(
                "»%(label)s« er »%(value)s« i alle rækker: tallene gælder kun det.", label=label, value=values.pop()
            )
            reading.notes.append(note)
        elif len(values) > 1 and columns.is_named_category(column):
            reason = _(
                "»%(label)s« er ikke det samme for alle kommuner (%(values)s).",
                label=label,
                values=", ".join(sorted(values)[:5]),
            )
            advice = _("Lad filen have de samme slags tal for alle kommuner.")
            reading.refuse(Problem("category_varies", None, label, None, reason, advice))


def _units(plan: Plan, columns: Columns, reading: Reading) -> None:
    """Collect the units that headings, the row under them, a column of units and the title say."""
    for value in plan.values:
        label = columns.headers[value.column]
        under = columns.unit_row.get(value.column, "")
        for text, where in (
            (under, _("rækken under overskrifterne")),
            (label, _("overskriften »%(label)s«", label=label)),
        ):
            if text and unit_of(text):
                reading.units.append(UnitSaid(value.column, text, where))
                break
    for column in (*plan.stubs, *plan.left_out, *plan.offered):
        if fold(columns.headers[column]) in UNIT_HEADINGS:
            seen = {
                text for row in columns.rows[plan.body_start :] if column < len(row) and (text := text_of(row[column]))
            }
            if len(seen) == 1 and unit_of(next(iter(seen))):
                reading.units.append(
                    UnitSaid(None, seen.pop(), _("kolonnen »%(label)s«", label=columns.headers[column]))
                )
    told = {unit.column for unit in reading.units}
    for line in columns.title_lines:
        if unit_of(line) and None not in told and any(value.column not in told for value in plan.values):
            reading.units.append(UnitSaid(None, line[:120], _("titlen")))
            told.add(None)


def _not_recognised(columns: Columns) -> Problem:
    """The true reason why a table cannot be read."""
    has_place = bool({"code", "municipality"} & set(columns.roles.values())) or any(p.names for p in columns.profiles)
    spaced = [row for row in columns.rows[:200] if row and re.search(r"\S {2,}\d", str(row[0]))]
    if len(spaced) >= max(2, len(columns.rows[:200]) // 2):
        reason = _("Kolonnerne er skilt af mellemrum (fast bredde), så de kan ikke skelnes fra hinanden.")
        advice = _("Gem filen med semikolon mellem cellerne, eller åbn den i et regneark og gem den som .xlsx.")
        return Problem("fixed_width", None, None, None, reason, advice)
    words = [
        (columns.headers[c] or letter_of(c), c)
        for c, profile in enumerate(columns.profiles)
        if profile.filled and profile.is_text and not profile.names and c not in columns.roles
    ]
    if has_place and words:
        label, column = words[0]
        seen = Counter(text_of(row[column]) for row in columns.rows[columns.body_start :] if column < len(row))
        examples = ", ".join(f"»{text[:20]}«" for text, _count in seen.most_common(3) if text)
        reason = _("Kolonnen »%(label)s« har tekst (%(examples)s), ikke tal.", label=label, examples=examples)
        advice = _("Skriv tallene selv; bogstaver, karakterer og ord kan ikke læses som tal.")
        return Problem("words_for_numbers", None, label, None, reason, advice)
    if not has_place or columns.first_data is None:
        reason = _("Der er ingen kolonne med kommuner i filen.")
        return Problem(
            "no_municipalities", None, None, None, reason, _("Skriv kommunens kode eller navn i en kolonne.")
        )
    reason = _("Der er ingen kolonne med værdier i filen.")
    return Problem("no_values", None, None, None, reason, _("Se skabelonen for, hvordan en fil kan se ud."))


def _leave_out_columns(plan: Plan, reading: Reading, telling: tuple[int, ...]) -> None:
    """List the columns that are understood and not read: context, other years, words that tell nothing apart."""
    words = () if plan.layout == "statbank" else tuple(column for column in plan.stubs if column not in telling)
    extra = plan.offered if plan.layout == "long" else ()
    for column in sorted({*plan.left_out, *words, *extra}):
        reading.leave_out(LeftOut("column", None, plan.headers[column] or letter_of(column)))
    for column in plan.other_years:
        reading.leave_out(LeftOut("other_year", None, plan.headers[column]))


def _offer(plan: Plan, columns: Columns, reading: Reading) -> None:
    """What a wide file's columns leave open is a problem; a long file's extra columns are listed as left out."""
    for column, period in plan.periods:
        if columns.options.year in (None, period.year):
            reason = _("»%(header)s« er ikke et år, men en del af et år eller flere år.", header=plan.headers[column])
            advice = _("Brug årstal, eller vælg, hvilket år kolonnen skal gælde for.")
            reading.refuse(Problem("not_a_year", None, plan.headers[column], period.part, reason, advice))
            reading.unmapped.append(Unmapped(plan.headers[column], column, columns.profiles[column].filled, None))
    for column in plan.offered if plan.layout != "long" else ():
        label = plan.headers[column] or letter_of(column)
        suggestion = _misspelt_year(label, plan)
        reading.unmapped.append(Unmapped(label, column, columns.profiles[column].filled, suggestion))
        reason = _("Kolonnen »%(header)s« har tal, men er hverken et år eller en kendt indikator.", header=label)
        advice = _("Vælg, hvad kolonnen er, eller lad den ude.")
        if suggestion:
            advice = _("Vælg, hvad kolonnen er (måske %(year)s), eller lad den ude.", year=suggestion)
        reading.refuse(Problem("unmapped_column", None, label, text_of(label), reason, advice))


def _misspelt_year(label: str, plan: Plan) -> str | None:
    """The year that a header's digits make when read together (2pop_014 → 2014), if the file lacks just that one."""
    digits = "".join(re.findall(r"\d", label))
    years = {value.year for value in plan.values if value.year}
    if len(digits) == 4 and years and min(years) - 1 <= int(digits) <= max(years) + 1 and int(digits) not in years:
        return digits
    return None
