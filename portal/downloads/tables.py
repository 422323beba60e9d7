"""Tables of what pages show: a ranking with its columns, a municipality, an indicator over the editions."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.addresses import NumberId
from portal.downloads.files import about_all, about_subjects, is_english
from portal.language.phrases import unit as unit_of
from portal.published import Edition, Indicator, Level, Municipality
from portal.published.coverage import coverage_of
from portal.published.edition import ShownEdition, Statements, public_as_of
from portal.published.proofs import checksums_of, doubts_in
from portal.published.ranking import Answer, Line
from portal.published.rows import PlacementRow
from portal.published.subjects import Subject, indicator_or_404, localised
from portal.published.subjects import catalogue as entries
from rankings.bundle.edition import (
    PLACEMENT,
    TOO_LITTLE,
    catalogue,
    columns_of,
    directions_of,
    missing_of,
    quality_cells,
    rows_of,
)
from rankings.bundle.formats import About, DataTable, Field, Kind, Value, as_printed, columns

RANKING = columns(
    "edition", "level", "subject", "subject_name", "municipality_code", "municipality", "rank", "rank_last", "n",
    "score", "score_full", "low", "high", "change", "change_distinguishable", "compared_with", "n_before", "value",
    "value_full", "unit", "direction", "data_year", "missing", "provisional", "coverage", "trace", "upload",
    "method_low", "method_high", "quality", "quality_why",
)  # fmt: skip
NOTE = columns("note")


def ranking_table(answer: Answer, query: str = "") -> DataTable:
    """The rows of a ranking question with everything the page shows of them, in the order of the page.

    ``query`` is the state of the page, for the address that is written into the file.
    """
    own = columns_of(answer.shown.edition, RANKING)
    fields = (*own, *(field for child in answer.columns for field in _child_fields(child)), *NOTE)
    about = about_subjects(
        answer.shown,
        f"{_('Rangliste')}: {answer.subject.name}",
        answer.subject.ranking,
        (answer.subject, *answer.columns),
        query=query,
    )
    said = answer.shown.said
    name = f"{answer.subject.level}-{answer.subject.code}"
    return DataTable(name, fields, about, lambda: _noted(said, fields, ranking_rows(answer, len(own))))


def _child_fields(child: Subject) -> tuple[Field, ...]:
    """Of a column of the page: its score or value, its rank, and at indicators why there is none."""
    name, short = child.code, child.short_name
    said = child.name
    main = Field(name, short, Kind.NUMBER, _main_text("da", child, said), _main_text("en", child, said))
    place = Field(f"{name}_rank", f"{short}: nr.", Kind.WHOLE, f"{said}: placering.", f"{said}: rank.")
    missing = Field(f"{name}_missing", f"{short}: mangler", Kind.TEXT, f"{said}: hvorfor der intet er.",
                    f"{said}: why there is none.")  # fmt: skip
    return main, place, missing


def _main_text(language: str, child: Subject, said: str) -> str:
    words = {"da": ("værdi", "score"), "en": ("value", "score")}[language]
    unit = f" ({unit_of(child.indicator)})" if child.indicator else ""
    return f"{said}: {words[0] if child.indicator else words[1]}{unit}."


def ranking_rows(answer: Answer, width: int = len(RANKING)) -> Iterator[tuple[Value, ...]]:
    """RANKING, the columns one step down and the note. ``width``: how many of RANKING's columns the edition has."""
    edition = answer.shown.edition
    doubted = doubts_in(edition, answer.subject.indicator) if answer.subject.indicator else {}
    directions = directions_of(edition)
    used = {line.placement.upload_id for line in answer.lines if line.placement.upload_id}
    uploads = checksums_of(used)
    note = edition.warning(english=is_english()) or None
    for line in answer.lines:
        own = line.placement
        direction = directions.get(own.indicator_id) if own.indicator_id else None
        cells = (cell for child in answer.columns for cell in _child_cells(child, line.children.get(child.code)))
        against = doubted.get((own.municipality_id, own.indicator_id or 0), {})
        worth = (own.method_low, own.method_high, *quality_cells(own.value, against))
        yield (*(*_own_cells(answer, line, direction), uploads.get(own.upload_id or 0), *worth)[:width], *cells, note)


def _own_cells(answer: Answer, line: Line, direction: str | None) -> tuple[Value, ...]:
    own, subject, indicator = line.placement, answer.subject, answer.subject.indicator
    return (
        answer.shown.edition.release, str(subject.level), subject.code, subject.name, line.municipality.code,
        line.municipality.name, own.rank, own.rank_last, own.n, own.printed, own.score, own.low, own.high,
        *_change_cells(answer, line), as_printed(own.value, indicator.decimals) if indicator else None, own.value,
        unit_of(indicator) if indicator else None, direction, own.data_year, missing_of(own) or None,
        own.provisional if indicator else None, round(own.coverage, 6),
        str(NumberId(answer.shown.edition.release, line.municipality.code, subject.code)),
    )  # fmt: skip


def _change_cells(answer: Answer, line: Line) -> tuple[Value, ...]:
    """Places, whether they may be called a move (None where nobody can tell), against which revision, and its n."""
    change, previous = line.change, answer.shown.previous
    if change is None or previous is None:
        return None, None, None, None
    known = line.placement.low is not None and change.before.low is not None
    return change.places, change.clear if known else None, previous.release, change.before.n or None


def _child_cells(child: Subject, placement: PlacementRow | None) -> tuple[Value, ...]:
    if placement is None:
        return None, None, None
    figure = as_printed(placement.value, child.indicator.decimals) if child.indicator else placement.printed
    missing = placement.missing if child.indicator else TOO_LITTLE if placement.printed is None else ""
    return figure, placement.rank, missing or None


def municipality_table(shown: ShownEdition, municipality: Municipality) -> DataTable:
    """All placements of a municipality in an edition: the whole, areas, themes, indicators with values."""
    title = _("%(name)s: alle placeringer og værdier") % {"name": municipality.name}
    about = about_all(shown, title, lambda links: links.municipality(municipality.slug))
    return _placements(shown, municipality.slug, about, Q(municipality=municipality))


def _placements(shown: ShownEdition, name: str, about: About, only: Q) -> DataTable:
    """Some placements of the edition that is shown, with what is said of them."""
    fields, english = columns_of(shown.edition, PLACEMENT), is_english()

    def rows() -> Iterator[tuple[Value, ...]]:
        found = rows_of(shown.edition, only, english=english, doubted=doubts_in(shown.edition))
        return (row[: len(fields)] for row in _noted(shown.said, PLACEMENT, found))

    return DataTable(name, fields, about, rows)


def comparison_table(shown: ShownEdition, municipalities: Q, query: str) -> DataTable:
    """All placements and values of those who are compared: ``municipalities`` picks their placements."""
    about = about_all(shown, _("Sammenligning"), lambda links: links.to("comparison"), query=query)
    return _placements(shown, "sammenligning", about, municipalities)


def scatter_table(shown: ShownEdition, x: str, y: str, query: str) -> DataTable:
    """The values of two indicators, by their codes."""
    rows = [indicator_or_404(code) for code in dict.fromkeys((x, y))]
    subjects = [Subject(Level.INDICATOR, indicator=one) for one in rows]
    about = about_subjects(shown, f"{x}, {y}", lambda links: links.to("scatter"), subjects, query=query)
    return _placements(shown, f"{x}-{y}", about, Q(indicator__code__in=[x, y]))


def catalogue_table(shown: ShownEdition) -> DataTable:
    """The areas, themes and indicators of an edition, with what they weigh."""
    about = about_all(shown, _("Alle indikatorer"), lambda links: links.to("indicators"))
    return replace(catalogue(shown.edition), about=about)


def indicator_table(shown: ShownEdition, indicator: Indicator) -> DataTable:
    """An indicator's values and placements in every edition up to the one shown, oldest first."""
    subject = Subject(Level.INDICATOR, indicator=indicator)
    about = about_subjects(shown, subject.name, subject.page, (subject,))
    fields = columns_of(shown.edition, PLACEMENT)
    return DataTable(indicator.code, fields, about, lambda: _of_editions(shown, indicator, len(fields)))


def _of_indicator(edition: Edition, indicator: Indicator) -> Iterator[tuple[Value, ...]]:
    doubted, levels = doubts_in(edition, indicator), (Level.INDICATOR,)
    return rows_of(edition, Q(indicator=indicator), english=is_english(), doubted=doubted, levels=levels)


def _of_editions(shown: ShownEdition, indicator: Indicator, width: int) -> Iterable[tuple[Value, ...]]:
    for edition in shown.years:
        rows = _of_indicator(edition, indicator)
        noted = _noted(shown.said, PLACEMENT, rows) if edition == shown.edition else rows
        yield from (row[:width] for row in noted)


COVERAGE = columns(
    "edition", "subject", "subject_name", "data_year", "with_value", "municipalities", "missing_kinds", "series_break",
    "note",
)  # fmt: skip
HISTORY = columns("replaced", "series_break")


def coverage_table(shown: ShownEdition) -> DataTable:
    """Every indicator in every edition up to the one shown: how many have a figure, and why the others lack one."""
    about = about_all(shown, _("Hvilke tal findes?"), lambda links: links.to("coverage"))
    return DataTable("daekning", COVERAGE, about, lambda: _covered(shown))


def _covered(shown: ShownEdition) -> Iterator[tuple[Value, ...]]:
    covered, language = coverage_of(shown.years), 1 if is_english() else 0
    note = shown.edition.warning(english=is_english()) or None
    for edition in shown.years:
        for one in entries(shown.edition):
            if found := covered.get((edition.pk, one.pk)):
                kinds = "; ".join(f"{kind}: {count}" for kind, count in sorted(found.missing.items()))
                broken = found.broken[language] or None
                figures = (found.data_year, found.with_value, found.of, kinds or None, broken, note)
                yield edition.release, one.code, localised(one, "name"), *figures


def history_table(shown: ShownEdition, indicator: Indicator) -> DataTable:
    """An indicator in every revision that was ever public, the oldest first; rows say where its series breaks."""
    subject = Subject(Level.INDICATOR, indicator=indicator)
    about = about_subjects(shown, f"{subject.name}: {_('alle udgaver og revisioner')}", subject.page, (subject,))
    own, name = columns_of(shown.edition, PLACEMENT), f"{indicator.code}-alle-udgaver"
    return DataTable(name, (*own, *HISTORY), about, lambda: _every_revision(shown, indicator, len(own)))


def _every_revision(shown: ShownEdition, indicator: Indicator, width: int) -> Iterator[tuple[Value, ...]]:
    editions = sorted(public_as_of(shown), key=lambda one: (one.year, one.revision))
    in_force = {one.pk for one in shown.years}
    covered, language = coverage_of(shown.years), 1 if is_english() else 0
    broken = {one.year: covered[one.pk, indicator.pk].broken[language]
              for one in shown.years if (one.pk, indicator.pk) in covered}  # fmt: skip
    for edition in editions:
        if edition.year > shown.edition.year:
            continue
        rows = _of_indicator(edition, indicator)
        noted = _noted(shown.said, PLACEMENT, rows) if edition == shown.edition else rows
        for row in noted:
            yield *row[:width], edition.pk not in in_force, broken.get(edition.year) or None


def _noted(said: Statements, fields: Iterable[Field], rows: Iterable[tuple[Value, ...]]) -> Iterator[tuple[Value, ...]]:
    """A file's rows with what is said added to their note; rows of which nothing is said stay as they are."""
    names = [one.name for one in fields]
    who, what, note = (names.index(name) for name in ("municipality_code", "subject", "note"))
    for row in rows:
        words = said.words(str(row[who]), str(row[what]))
        if words:
            own = str(row[note] or "")
            yield (*row[:note], f"{own} {words}".strip(), *row[note + 1 :])
        else:
            yield row
