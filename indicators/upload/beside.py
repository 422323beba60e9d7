"""What stands beside the figures: struck through, shown in thousands, commented in a workbook; lines of words between
them, which are a note, a unit or the title of another table. Told and decided."""

import re
from collections.abc import Sequence

from .cells import PROVISIONAL
from .doubts import unit_of
from .messages import _
from .periods import is_provisional
from .places import Place
from .reading import LeftOut, Question, Reading, ReadingOptions, UnitSaid
from .tables import At, SheetFacts

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


class Beside:
    """Collects what stood beside the cells that were read, and says it at the end."""

    def __init__(self, facts: SheetFacts, reading: Reading, options: ReadingOptions) -> None:
        reads_struck = options.answers.get("struck") == "read"
        reads_hidden = options.answers.get("hidden") == "read"
        self._unseen = frozenset[At]() if options.answers.get("unseen") == "read" else facts.unseen
        self.hidden_rows = frozenset[int]() if reads_hidden else facts.hidden_rows
        self._struck = frozenset[At]() if reads_struck else facts.struck
        self._facts = facts
        self._reading = reading
        self._options = options
        self._struck_count = self._scaled_count = self._unseen_count = 0
        self._comments: list[str] = []
        self.is_any = bool(self._struck or facts.scaled or facts.unseen or facts.comments)

    def is_struck(self, number: int, columns: tuple[int, ...]) -> bool:
        """Whether one of these cells of a row is struck through."""
        return bool(self._struck) and any((number, column) in self._struck for column in columns)

    def bits(self, number: int, column: int, place: Place, bits: int) -> int:
        """The bits of a cell by what stands beside its contents: a comment that says preliminary sets one; -1 where it
        is struck through or cannot be seen, and is left out."""
        at = (number, column)
        if at in self._struck:
            self.leave_out_struck(number, place.name)
            return -1
        self._unseen_count += at in self._facts.unseen
        if at in self._unseen:
            self._reading.leave_out(LeftOut("unseen", number, place.name))
            return -1
        self._scaled_count += at in self._facts.scaled
        comment = self._facts.comments.get(at, "")
        if comment:
            self._comments.append(f"{place.name}: »{comment[:80]}«")
        return bits | PROVISIONAL if is_provisional(comment) else bits

    def leave_out_struck(self, number: int, label: str) -> None:
        """Leave a cell or a row out because it is struck through."""
        self._struck_count += 1
        self._reading.leave_out(LeftOut("struck", number, label))

    def tell(self) -> None:
        """Say what stood beside the cells' contents."""
        if self._struck_count:
            question = Question(
                "struck",
                "struck",
                _("%(count)d tal eller rækker er streget over i arket og er ladt ude.", count=self._struck_count),
                (("leave_out", _("lad det overstregede ude")), ("read", _("læs det overstregede med"))),
                default="leave_out",
            )
            self._reading.ask(question, self._options)
        if self._scaled_count:
            count = self._scaled_count
            shown = _(
                "%(count)d tal vises i tusinder eller millioner i arket, men er gemt og læst som hele tal.", count=count
            )
            self._reading.notes.append(shown)
        if self._unseen_count:
            question = Question(
                "unseen",
                "unseen",
                _(
                    "%(count)d tal kan ikke ses i arket: de er skrevet i papirets farve eller har et format, der "
                    "skjuler dem. De er ladt ude.",
                    count=self._unseen_count,
                ),
                (("leave_out", _("lad det usynlige ude")), ("read", _("læs det usynlige med"))),
                default="leave_out",
            )
            self._reading.ask(question, self._options)
        if self._comments:
            shown = _(
                "%(count)d tal har en kommentar i arket: %(shown)s.",
                count=len(self._comments),
                shown="; ".join(self._comments[:3]),
            )
            self._reading.notes.append(shown)


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
