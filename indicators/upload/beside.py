"""What stands beside cells' contents in a workbook: struck through, shown in thousands, commented. Told and decided."""

from .cells import PROVISIONAL
from .messages import _
from .periods import is_provisional
from .places import Place
from .reading import LeftOut, Question, Reading, ReadingOptions
from .tables import At, SheetFacts


class Beside:
    """Collects what stood beside the cells that were read, and says it at the end."""

    def __init__(self, facts: SheetFacts, reading: Reading, options: ReadingOptions) -> None:
        reads_struck = options.answers.get("struck") == "read"
        reads_hidden = options.answers.get("hidden") == "read"
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
        is struck through and left out."""
        at = (number, column)
        if at in self._struck:
            self.leave_out_struck(number, place.name)
            return -1
        self._scaled_count += at in self._facts.scaled
        self._unseen_count += at in self._facts.unseen
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
            shown = _(
                "%(count)d tal har et format, der skjuler dem i arket. De er læst; er det meningen?",
                count=self._unseen_count,
            )
            self._reading.notes.append(shown)
        if self._comments:
            shown = _(
                "%(count)d tal har en kommentar i arket: %(shown)s.",
                count=len(self._comments),
                shown="; ".join(self._comments[:3]),
            )
            self._reading.notes.append(shown)
