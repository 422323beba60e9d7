"""Lines of words among the figures: a note, or the title of another table that begins below it."""

import re
from collections.abc import Sequence

from .doubts import unit_of
from .messages import _
from .reading import Question, Reading, ReadingOptions, UnitSaid

FOOTNOTE = re.compile(
    r"(kilde|note|anm|source|bemærk|obs|©|\*|\(?\d\)|tallene|opdateret|opgjort|symbol|\.\.|fodnote|data|dato|udtrukket)",
    re.IGNORECASE,
)
_SAYS_YEAR = re.compile(
    r"\b(?:tal|tallene|opgjort|opgørelse\w*|gælder|vedrører|dækker|perioden)\b.*?\b((?:19|20)\d\d)\b", re.IGNORECASE
)
_SAYS_UNIT = re.compile(
    r"\W*i\s|.*\b(?:enhed\w*|(?:opgjort|angivet|oplyst|opgøres|vist|målt|står|er|beløb|tal|tallene|værdier) i)\b",
    re.IGNORECASE,
)
"""A line that tells what the figures above it are counted in: "Tallene er opgjort i 1.000 kr."."""
_SOURCE = re.compile(
    r"\W*(?:kilde|source|note\b|anm\b|bemærk|hentet|opdateret|udtrukket|copyright|©)|\*|\(?\d\)|\.\.", re.IGNORECASE
)
"""Lines that never head a table. "Opgjort 2025" may: it is no footnote where figures go on below it."""


class LinesBetween:
    """Remembers the lines of words that stood among the figures, and asks or tells what they may mean."""

    def __init__(self, reading: Reading, options: ReadingOptions) -> None:
        self._reading = reading
        self._options = options
        self._first: tuple[int, str] | None = None
        self._years: list[tuple[int, str]] = []
        self._unit = ""

    def see(self, number: int, label: str) -> None:
        """Take in a line of words: if figures go on after it, it may be another table's title."""
        if (found := _SAYS_YEAR.search(label)) and not _SOURCE.match(label):
            self._years.append((int(found[1]), label[:120]))
        if _SAYS_UNIT.match(label) and unit_of(label):
            self._unit = self._unit or label[:120]
        if self._reading.rows and label and not _SOURCE.match(label):
            self._first = self._first or (number, label[:200])

    @property
    def is_open(self) -> bool:
        """Whether a line stood among the figures that nobody has been asked about."""
        return self._first is not None

    def ask(self) -> None:
        """Figures have gone on: ask whether another table began."""
        number, label = self._first or (0, "")
        self._first = None
        question = Question(
            f"break:{label}",
            "second_table",
            _("»%(label)s« står midt i tallene. Begynder der en anden tabel?", label=label),
            (("same", _("det er samme tabel")), ("other", _("det er en anden tabel"))),
            row=number,
        )
        if all(question.key != asked.key for asked in self._reading.questions):
            self._reading.ask(question, self._options)

    def tell(self, years: Sequence[int]) -> None:
        """Note the lines that speak of other years than the figures were read as, and keep the unit that one says."""
        if self._unit and all(said.column is not None for said in self._reading.units):
            self._reading.units.append(UnitSaid(None, self._unit, _("en linje ved tallene")))
        read = ", ".join(map(str, years))
        for year, label in self._years:
            if years and year not in years:
                note = _(
                    "»%(label)s«: filen siger %(year)d, men tallene er læst som %(read)s.",
                    label=label,
                    year=year,
                    read=read,
                )
                self._reading.notes.append(note)
