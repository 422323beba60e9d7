"""What is said in public beside a year's figures: flags, comments, voices; read with the editions, in no own query.

Every page asks which editions there are; what is said of their figures comes with that answer and is held with the
release. At a pinned address nothing of it stands: it was said afterwards.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from rankings.bundle.table import Field, Value

WHOLE = "samlet"
# One object for each edition, of its year: lists of rows, so that nothing is read that is not shown.
_SAID = """(SELECT jsonb_build_object(
'flags', (SELECT coalesce(jsonb_agg(jsonb_build_array(m.code, i.code, f.raised_at, f.due_on) ORDER BY f.id), '[]')
    FROM hearing_flag f JOIN rankings_edition e ON e.id = f.edition_id
    JOIN indicators_municipality m ON m.id = f.municipality_id JOIN indicators_indicator i ON i.id = f.indicator_id
    WHERE f.state = 'raised' AND e.year = rankings_edition.year),
'comments', (SELECT coalesce(jsonb_agg(jsonb_build_array(c.code, c.slug, c.name, c.text, c.short, c.written_at)), '[]')
    FROM (SELECT DISTINCT ON (k.organisation_id, k.area_id) m.code, a.slug, o.name, k.text, k.short, k.written_at,
        k.withdrawn_at FROM hearing_comment k JOIN people_organisation o ON o.id = k.organisation_id
        JOIN indicators_municipality m ON m.id = o.municipality_id LEFT JOIN indicators_area a ON a.id = k.area_id
        WHERE k.year = rankings_edition.year ORDER BY k.organisation_id, k.area_id, k.version DESC) c
    WHERE c.withdrawn_at IS NULL),
'voices', (SELECT coalesce(jsonb_agg(jsonb_build_array(m.code, t.code, o.name, v.text, v.written_at)
        ORDER BY v.written_at), '[]')
    FROM hearing_voice v JOIN rankings_edition e ON e.id = v.edition_id
    JOIN people_organisation o ON o.id = v.organisation_id
    LEFT JOIN indicators_municipality m ON m.id = v.municipality_id
    LEFT JOIN indicators_theme t ON t.id = v.theme_id
    WHERE v.shown_at IS NOT NULL AND v.withdrawn_at IS NULL AND e.year = rankings_edition.year)))"""


def said_of_the_year() -> RawSQL:
    """The annotation of a queryset of editions that ``statements`` reads."""
    return RawSQL(_SAID, [], output_field=models.JSONField())  # noqa: S611  no value of anybody's is in it


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody's own words: who, what, when. ``short`` is the speaker's own short form, or the whole."""

    who: str
    text: str
    short: str
    on: dt.date

    @property
    def paragraphs(self) -> list[str]:
        """The text by its own line breaks."""
        return [line for line in self.text.split("\n") if line.strip()]


@dataclass(frozen=True)
class Statements:
    """A year's flags by municipality and indicator (codes), comments by municipality and area ("samlet": all), voices.

    A flag says since which day.
    """

    flags: Mapping[tuple[str, str], dt.date] = field(default_factory=dict)
    comments: Mapping[tuple[str, str], Said] = field(default_factory=dict)
    voices: tuple[tuple[str, str, Said], ...] = ()

    def comment(self, municipality: str, area: str = WHOLE) -> Said | None:
        """The municipality's words about all its figures, or about those of an area."""
        return self.comments.get((municipality, area))

    def voices_on(self, *, municipality: str = "", theme: str = "") -> list[Said]:
        """What organisations say of one municipality, of one theme, or (neither) of the whole index."""
        return [said for who, what, said in self.voices if (who, what) == (municipality, theme)]

    def flagged(self, municipality: str) -> list[str]:
        """The indicators of a municipality's figures that are under clarification."""
        return [indicator for who, indicator in self.flags if who == municipality]

    def tag(self, municipality: str, subject: str) -> str:
        """What stands beside a figure or a place: "under afklaring" at exactly that figure, else "kommentar"; or ""."""
        if (municipality, subject) in self.flags:
            return _("under afklaring")
        return _("kommentar") if (municipality, subject) in self.comments else ""

    def noted(self, fields: Iterable[Field], rows: Iterable[tuple[Value, ...]]) -> Iterator[tuple[Value, ...]]:
        """A file's rows with what is said added to their note; rows of which nothing is said stay as they are."""
        names = [one.name for one in fields]
        who, what, note = (names.index(name) for name in ("municipality_code", "subject", "note"))
        for row in rows:
            words = self.words(str(row[who]), str(row[what]))
            if words:
                own = str(row[note] or "")
                yield (*row[:note], f"{own} {words}".strip(), *row[note + 1 :])
            else:
                yield row

    def words(self, municipality: str, subject: str) -> str:
        """What is said of a line, in a file: that it is under clarification and since when, and the comment."""
        if since := self.flags.get((municipality, subject)):
            return _("Under afklaring siden %(day)s.") % {"day": since.isoformat()}
        said = self.comment(municipality, subject)
        return _("Kommunen skriver: %(text)s") % {"text": said.short} if said else ""


NOTHING = Statements()


def statements(raw: Mapping[str, Any] | None) -> Statements:
    """What an edition's annotation holds; nothing where it has none."""
    if not raw:
        return NOTHING
    return Statements(
        flags={(who, what): _day(raised) for who, what, raised, _due in raw["flags"]},
        comments={
            (who, area or WHOLE): Said(name, text, short or text, _day(written))
            for who, area, name, text, short, written in raw["comments"]
        },
        voices=tuple(
            (who or "", theme or "", Said(name, text, text, _day(written)))
            for who, theme, name, text, written in raw["voices"]
        ),
    )


def _day(moment: str) -> dt.date:
    return timezone.localdate(dt.datetime.fromisoformat(moment))
