"""A press sheet: sentences, warnings, questions, tables. One shape for page, PDF and text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from portal.addresses import Addresses, NumberId
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.language.worth import grade_name
from portal.press import (
    indicator_rules,
    municipality_rules,
    national_rules,
    questions,
    warnings,
)
from portal.press.facts import (
    IndicatorFacts,
    MunicipalityFacts,
    NationalFacts,
    Number,
    Place,
    Standing,
    Statement,
    most_newsworthy,
)
from portal.press.gathering import indicator_facts, municipality_facts, national_facts
from portal.press.said import NOTHING_SAID, SaidOnSheet, said_of_edition, said_of_indicator, said_of_municipality
from portal.published import Edition, Indicator, Municipality
from portal.published.edition import NOTHING, Statements
from portal.published.press_figures import NATIONAL, Figures, figures_of
from portal.published.subjects import OVERALL_CODE as OVERALL
from portal.published.subjects import localised
from rankings.engine.evidence import UNUSABLE

TOP, MOVERS, ENDS = 10, 5, 5


def area_table(facts: MunicipalityFacts, addresses: Addresses) -> Table:
    """A municipality's places, overall and in each area, with how sure they are."""
    heads = (_("Placering"), _("Hvor sikkert"), _("Score"))
    rows = tuple(
        Row(
            one.name or _("Samlet"),
            addresses.number(facts.code, one.code),
            phrases.rests_on(one),
            cells=(
                Cell(_rank(one), heads[0], missing=_unranked(one)),
                _or_missing(_interval(one.low, one.high), heads[1]),
                _or_missing("" if one.score is None else formatting.score(one.score), heads[2], css="number"),
            ),
        )
        for one in (facts.overall, *facts.areas)
    )
    return Table(_("Placeringer"), _columns(_("Emne"), *heads), rows)


def top_table(facts: NationalFacts, addresses: Addresses) -> Table:
    """The first ten, more where the tenth place is shared."""
    top = [one for one in facts.places if (one.rank or 0) <= TOP]
    heads = (_("Kommune"), _("Placering"), _("Hvor sikkert"), _("Score"))
    rows = tuple(
        Row(
            one.name,
            addresses.number(one.code, OVERALL),
            phrases.rests_on(one),
            cells=(
                Cell(f"{formatting.rank_in_text(one.rank or 0, one.last)} {formatting.of(facts.n)}", heads[1]),
                _or_missing(_interval(one.low, one.high), heads[2]),
                Cell(one.text, heads[3], css="number"),
            ),
        )
        for one in top
    )
    return Table(_("De ti øverste"), _columns(*heads), rows, css="plain")


def movers_table(facts: NationalFacts, addresses: Addresses) -> Table | None:
    """Those who moved most, up and down, only where the move can be seen over the uncertainty; all who moved as far as
    the last one. Beside the score its mean over three editions: the largest moves of one year are partly chance."""
    clear = sorted((one for one in facts.places if one.clear), key=lambda one: -abs(one.change or 0.0))
    if not clear or not facts.comparable:
        return None
    least = abs(clear[: 2 * MOVERS][-1].change or 0.0)
    heads = (_("Kommune"), _("Før"), _("Nu"), _("Score"), _("Score, snit af tre udgaver"))
    rows = tuple(
        Row(
            one.name,
            addresses.number(one.code, OVERALL),
            phrases.rests_on(one),
            cells=(
                Cell(one.before, heads[1]),
                Cell(f"{formatting.rank_in_text(one.rank or 0, one.last)} {formatting.of(facts.n)}", heads[2]),
                Cell(one.text, heads[3], css="number"),
                _or_missing(one.mean, heads[4], css="number"),
            ),
        )
        for one in clear
        if abs(one.change or 0.0) >= least
    )
    caption = _("Flyttet sig mest siden %(year)s, ud over usikkerheden") % {"year": facts.previous_year}
    columns = (*map(Column, heads[:3]), *(Column(head, css="number") for head in heads[3:]))
    return Table(caption, columns, rows, css="plain")


def ends_table(facts: IndicatorFacts, addresses: Addresses, said: Statements = NOTHING) -> Table | None:
    """The first and the last five of an indicator and whoever shares their place; None for a neutral one."""
    if not facts.places:
        return None
    places, heads = facts.places, (_("Kommune"), _("Placering"), _("Værdi"))

    def row(one: Place, css: str = "") -> Row:
        place = f"{formatting.rank_in_text(one.rank or 0, one.last)} {formatting.of(len(places))}"
        cells = (Cell(place, heads[1]), Cell(one.text, heads[2], css="number"))
        unsure = grade_name(UNUSABLE) if one.quality == UNUSABLE else ""
        note = ", ".join(filter(None, [said.tag(one.code, facts.code), unsure]))
        return Row(one.name, addresses.number(one.code, facts.code), note, css, cells)

    if len(places) <= 2 * ENDS:
        rows = tuple(map(row, places))
    else:
        first, more_first = _end(places)
        last, more_last = _end(places[::-1])
        last = [one for one in last[::-1] if one not in first]
        css = ["group-start", *[""] * (len(last) - 1)]
        ends = (_others(more_last, last, heads), *map(row, last, css)) if last else ()
        rows = tuple(filter(None, (*map(row, first), _others(more_first, first, heads), *ends)))
    return Table(_("Først og sidst"), _columns(*heads), rows, css="plain")


def _end(places: Sequence[Place]) -> tuple[list[Place], int]:
    """The first few of an order and whoever shares the last one's place; of many, how many more share it."""
    sharing = [one for one in places[ENDS:] if one.rank == places[ENDS - 1].rank]
    if len(sharing) > ENDS:
        return list(places[:ENDS]), len(sharing)
    return [*places[:ENDS], *sharing], 0


def _others(count: int, beside: Sequence[Place], heads: Sequence[str]) -> Row | None:
    """That so many more share a place, told where they would stand."""
    if not count:
        return None
    one = beside[-1] if beside[0].rank == beside[-1].rank else max(beside, key=lambda place: place.rank or 0)
    shared = Cell(formatting.rank_in_text(one.rank or 0, one.last), heads[1])
    words = formatting.count(count, _("anden kommune deler pladsen"), _("andre kommuner deler pladsen"))
    return Row(words, cells=(shared, Cell(one.text, heads[2], css="number")))


def _columns(*heads: str) -> tuple[Column, ...]:
    """Heads over columns of which the last one has figures."""
    return *map(Column, heads[:-1]), Column(heads[-1], css="number")


def _or_missing(text: str, label: str, *, css: str = "") -> Cell:
    """A cell; where there is nothing to print, it says so."""
    return Cell(text, label, css=css, missing="" if text else formatting.missing("not_available"))


def _unranked(one: Standing) -> str:
    """Why there is no place; "" where there is one."""
    if one.rank is not None:
        return ""
    share = phrases.coverage_percent(one.coverage)
    return _("ikke placeret: der er kun tal for %(share)s af vægten") % {"share": share}


def _rank(one: Standing) -> str:
    return f"{formatting.rank_in_text(one.rank, one.last)} {formatting.of(one.n)}" if one.rank else ""


def _interval(low: int | None, high: int | None) -> str:
    return "" if low is None or high is None else formatting.rank_interval(low, high)


SURE, FAIRLY_SURE = 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a number with the id and the address of its proof."""

    text: str
    number: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to print, how sure it is, and the numbers in it."""

    pieces: tuple[Piece, ...]
    sure: str

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def numbers(self) -> tuple[Piece, ...]:
        """The numbers, each proof once."""
        return tuple({piece.number: piece for piece in self.pieces if piece.number}.values())


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a press sheet says, as text. ``name`` is its file's name without ending; ``embargo`` a line or "".

    ``practices``: a line for each that was tried there, or for that, with both axes; a pinned one knows those of then.
    ``against``: the revision that it is held against now, where that is another than when it was published.
    """

    name: str
    title: str
    under: str
    release: str
    published: str
    demo: bool
    sentences: tuple[Sentence, ...]
    warnings: tuple[str, ...]
    questions: tuple[str, ...]
    tables: tuple[Table, ...]
    contact: str
    page_url: str
    permalink: str
    embargo: str = ""
    correction: str = ""
    said: SaidOnSheet = NOTHING_SAID
    against: str = ""
    practices: tuple[str, ...] = ()


def municipality_sheet(
    figures: Figures,
    municipality: Municipality,
    addresses: Addresses,
    *,
    embargo: str = "",
    said: Statements = NOTHING,
) -> Sheet:
    """The sheet of one municipality; ``figures`` hold at least its placements. Http404 where there are none."""
    if municipality.pk not in figures.now:
        raise Http404(_("Kommunen er ikke med i udgaven."))
    facts = municipality_facts(figures, municipality)
    links = addresses.links
    sheet = _sheet(figures.edition, f"presse-{municipality.slug}", municipality.name, addresses, embargo)
    return replace(
        sheet,
        under=_("Pressefakta om kommunen i %(index)s %(year)s") % phrases.index_words(figures.edition),
        sentences=_sentences(most_newsworthy(municipality_rules.statements(facts)), addresses),
        warnings=warnings.of_municipality(facts),
        questions=questions.of_municipality(facts),
        tables=(area_table(facts, addresses),),
        said=said_of_municipality(said, municipality, _by_code(figures), figures.edition.year),
        page_url=addresses.page(links.municipality(municipality.slug)),
        permalink=_full(addresses, links.to("press-municipality", "slug", municipality.slug)),
    )


def _by_code(figures: Figures) -> dict[str, Indicator]:
    return {one.code: one for one in figures.indicators}


def indicator_sheet(
    figures: Figures, indicator: Indicator, addresses: Addresses, *, embargo: str = "", said: Statements = NOTHING
) -> Sheet:
    """The sheet of one indicator; ``figures`` hold at least its placements."""
    facts = indicator_facts(figures, indicator)
    links = addresses.links
    sheet = _sheet(figures.edition, f"presse-{indicator.code}", localised(indicator, "name"), addresses, embargo)
    return replace(
        sheet,
        under=_("Pressefakta om indikatoren i %(index)s %(year)s") % phrases.index_words(figures.edition),
        sentences=_sentences(most_newsworthy(indicator_rules.statements(facts)), addresses),
        warnings=warnings.of_indicator(facts),
        questions=questions.of_indicator(facts),
        tables=tuple(filter(None, [ends_table(facts, addresses, said)])),
        said=said_of_indicator(
            said,
            indicator,
            {row.municipality.code: row.municipality.name for row in figures.everyone},
            figures.edition.year,
        ),
        page_url=addresses.page(links.indicator(indicator.code)),
        permalink=_full(addresses, links.to("press-indicator", "code", indicator.code)),
    )


def national_sheet(figures: Figures, addresses: Addresses, *, embargo: str = "", said: Statements = NOTHING) -> Sheet:
    """The sheet of the whole edition; ``figures`` hold at least the overall and the area placements."""
    facts = national_facts(figures)
    title = "{index} {year}".format(**phrases.index_words(figures.edition))
    sheet = _sheet(figures.edition, "presse", f"{title[:1].upper()}{title[1:]}", addresses, embargo)
    return replace(
        sheet,
        under=facts.note or _("Pressefakta om udgaven"),
        sentences=_sentences(most_newsworthy(national_rules.statements(facts)), addresses),
        warnings=warnings.of_edition(facts),
        questions=questions.of_edition(facts),
        tables=tuple(filter(None, [top_table(facts, addresses), movers_table(facts, addresses)])),
        said=said_of_edition(said, figures.edition.year),
        page_url=addresses.page(addresses.links.ranking()),
        permalink=_full(addresses, addresses.links.to("press")),
    )


def wanted_of(subject: Municipality | Indicator | None) -> Q:
    """Which placements a sheet about a municipality, an indicator or (None) the nation needs."""
    if isinstance(subject, Municipality):
        return Q(municipality=subject)
    return Q(indicator=subject) if subject else NATIONAL


def sheet_of(
    edition: Edition,
    subject: Municipality | Indicator | None,
    addresses: Addresses,
    *,
    embargo: str = "",
    figures: Figures | None = None,
    said: Statements = NOTHING,
    against: Edition | None = None,
) -> Sheet:
    """The sheet of a municipality, an indicator or (None) the nation, reading what it needs unless it is given.

    ``said``: what is said of the year's figures, at a current address; nothing at a pinned one.
    ``against``: as `figures_of` has it.
    """
    figures = figures or figures_of(edition, wanted_of(subject), against=against)
    sheet = _sheet_of(figures, subject, addresses, embargo, said)
    before = figures.previous
    return replace(sheet, against=before.release) if before and before.pk != edition.compared_with_id else sheet


def _sheet_of(
    figures: Figures, subject: Municipality | Indicator | None, addresses: Addresses, embargo: str, said: Statements
) -> Sheet:
    if isinstance(subject, Municipality):
        return municipality_sheet(figures, subject, addresses, embargo=embargo, said=said)
    if isinstance(subject, Indicator):
        return indicator_sheet(figures, subject, addresses, embargo=embargo, said=said)
    return national_sheet(figures, addresses, embargo=embargo, said=said)


def asked_of(edition: Edition, municipality: Municipality) -> tuple[str, ...]:
    """What is worth asking a municipality, without what its place among its peers suggests. Http404 as of its sheet."""
    figures = figures_of(edition, wanted_of(municipality))
    if municipality.pk not in figures.now:
        raise Http404(_("Kommunen er ikke med i udgaven."))
    return questions.of_municipality(replace(municipality_facts(figures, municipality), peers=None))


def _sheet(edition: Edition, name: str, title: str, addresses: Addresses, embargo: str) -> Sheet:
    demo = "-demodata" if edition.is_demo else ""
    return Sheet(
        name=f"{name}-{edition.release}{demo}",
        title=title,
        under="",
        release=edition.release,
        published=formatting.day(edition.published_at),
        demo=edition.is_demo,
        sentences=(),
        warnings=(),
        questions=(),
        tables=(),
        contact=settings.PRESS_CONTACT,
        page_url="",
        permalink=addresses.embargo,
        embargo=embargo,
        correction=localised(edition, "reason"),
    )


def _full(addresses: Addresses, path: str) -> str:
    return "" if addresses.embargo else f"{settings.SITE_ADDRESS}{path}"


def _sentences(statements: tuple[Statement, ...], addresses: Addresses) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(tuple(_piece(part, addresses) for part in one.parts), how_sure(one.robustness)) for one in statements
    )


def _piece(part: str | Number, addresses: Addresses) -> Piece:
    if isinstance(part, str):
        return Piece(part)
    number = NumberId(addresses.release, part.municipality, part.subject)
    return Piece(part.text, str(number), addresses.number(part.municipality, part.subject))


def how_sure(robustness: float) -> str:
    """A statement's robustness in words."""
    if robustness >= SURE:
        return _("meget sikkert")
    return _("ret sikkert") if robustness >= FAIRLY_SURE else _("usikkert: skriv forbeholdet med")
