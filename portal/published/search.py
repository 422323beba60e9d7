"""Find a municipality, theme or indicator by what people type: old names, other spellings, a slip of the finger.

Codes and postcodes too, the words that citizens use for what we measure, a municipality together with a subject
("hjørring handicap"), and two municipalities against each other ("roskilde mod greve").
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Case, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from indicators.citizens_words import EXACTLY, share_stem, subjects_called, telling
from indicators.danish import search_key, sort_key
from indicators.models import Area, Indicator, Municipality, MunicipalityAlias, Place, Theme
from indicators.postcodes_and_neighbours import PostcodePart, postcode_parts, postcodes_beginning
from portal.published.rows import fetched
from portal.published.subjects import Subject, shown_indicators
from rankings.models import Level

ONE_SLIP, TWO_SLIPS = 5, 8  # letters of the longer name from which one is forgiven, of the shorter for two
PART = 3  # letters that say something inside another word
POSTCODE, CODE = 4, 3  # digits of a postcode; of a municipality's code, which files often write with a zero before it
AGAINST = frozenset(["mod", "vs", "versus", "kontra", "eller", "og", "against", "or", "and"])
IN_NO_MUNICIPALITY = frozenset(["christianso", "ertholmene"])  # places of their own, whatever is spelt like them
MOST_WORDS = 6  # of a question that is looked at as more than one name


def is_misspelt(asked: str, name: str) -> bool:
    """Whether ``asked`` is ``name`` with a slip or two; the first letter is hardly ever wrong. Both are search keys."""
    shorter, longer = sorted((len(asked), len(name)))
    forgiven = (longer >= ONE_SLIP) + (shorter >= TWO_SLIPS)
    if asked[:1] != name[:1] or longer - shorter > forgiven or len(set(asked) ^ set(name)) > 2 * forgiven:
        return (
            False  # a slip changes two letters at most: seen at once, where a large country has many names to look at
        )
    return slips(asked, name) <= forgiven


def is_named_in(asked: str, name: str) -> bool:
    """Whether a question holds a whole name: "ishoj landsby" holds "ishoj"."""
    return f" {name} " in f" {asked} "


def is_about(asked: str, text: str) -> bool:
    """Whether every word that is asked for stands in a text, in another form or misspelt perhaps."""
    words = text.split()
    return all(any(_is_word(one, word) for word in words) for one in asked.split())


def _is_word(asked: str, word: str) -> bool:
    return (len(asked) >= PART and asked in word) or share_stem(asked, word) or is_misspelt(asked, word)


def slips(one: str, other: str) -> int:
    """How many letters were left out, put in, mistaken, or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]


LIKE_ENOUGH = 0.2  # to be looked at: portal.published.search says whether it is meant
WORDS_LIKE_ENOUGH = 0.55
WELL = 0.8
LONGEST_QUESTION = 80


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a question, best first, each with how well it fits (1 is exactly).

    ``placed``: a municipality and the subjects it was asked for with; ``compared``: those set against each other.
    """

    municipalities: tuple[tuple[Municipality, str, float], ...] = ()
    themes: tuple[Theme, ...] = ()
    areas: tuple[Area, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    placed: tuple[tuple[Municipality, Subject], ...] = ()
    compared: tuple[Municipality, ...] = ()

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The best area, theme and indicator."""
        return (
            *(Subject(Level.AREA, area=row) for row in self.areas[:1]),
            *(Subject(Level.THEME, theme=row) for row in self.themes[:1]),
            *(Subject(Level.INDICATOR, indicator=row) for row in self.indicators[:1]),
        )


def find(question: str, most: int = 20, *, unfinished: bool = False) -> Found:
    """Answer a question. Municipalities come with the name they were found by ("" for their own).

    ``unfinished``: somebody is typing. Then a town is found by its beginning too; asked for in full, Thy is no
    Thyborøn, while a municipality's beginning is what many call it.
    """
    question = question[:LONGEST_QUESTION]
    key = search_key(question)
    if not key:
        return Found()
    found = _find(key, sort_key(question.strip()), most, unfinished=unfinished)
    words = key.split()
    if not 1 < len(words) <= MOST_WORDS or _is_one_name(found, key):
        return found
    return replace(found, compared=_compared(words), placed=_placed(words))


def _find(key: str, danish: str, most: int, *, unfinished: bool) -> Found:
    called = subjects_called(key)
    return Found(
        tuple(_municipalities(key, danish, most, unfinished=unfinished)),
        tuple(_themes(key, called)),
        tuple(row for row in Area.objects.order_by("position") if _names(row, key)),
        tuple(_indicators(key, called, most)),
    )


def _is_one_name(found: Found, key: str) -> bool:
    """Whether the whole question is a municipality's name, a town's, or in full what something is called."""
    best = found.municipalities[0] if found.municipalities else None
    if best and best[2] >= 0.9:
        return True
    names = [f"{row.name_da} {row.name_en}" for row in found.areas]
    names += [f"{row.name_da} {row.name_en}" for row in found.themes]
    return any(key in search_key(name) for name in names)


def _compared(words: list[str]) -> tuple[Municipality, ...]:
    """The municipalities on both sides of "mod"; none where a side is no municipality."""
    for place, word in enumerate(words):
        if word in AGAINST and 0 < place < len(words) - 1:
            sides = [_municipality(words[:place]), _municipality(words[place + 1 :])]
            both = tuple(one for one in sides if one)
            if len(both) == 2 and both[0] != both[1]:
                return both
    return ()


def _placed(words: list[str]) -> tuple[tuple[Municipality, Subject], ...]:
    """A municipality named first or last, and what the other words are about."""
    for number in range(len(words) - 1, 0, -1):
        for name, rest in ((words[:number], words[number:]), (words[-number:], words[:-number])):
            about = telling(" ".join(rest))
            municipality = _municipality(name) if about else None
            if municipality:
                topic = " ".join(about)
                called = subjects_called(topic)
                together = subjects_called(" ".join(rest)) if len(rest) > 1 else {}
                for code, fit in together.items():  # »barn med handicap« is one expression
                    called[code] = max(fit, called.get(code, 0.0))
                areas = tuple(row for row in Area.objects.order_by("position") if _names(row, topic))
                found = Found((), tuple(_themes(topic, called)), areas, tuple(_indicators(topic, called, 1)))
                if found.subjects:
                    return tuple((municipality, subject) for subject in found.subjects)
    return ()


def _municipality(words: list[str]) -> Municipality | None:
    """The municipality that these words alone name, a slip of the finger forgiven."""
    key = " ".join(words)
    best = next(iter(_municipalities(key, key, 1, unfinished=False)), None)
    return best[0] if best and (best[2] >= 0.85 or is_misspelt(key, search_key(best[1] or best[0].name))) else None


def _fit(field: str, key: str, danish: str) -> Case:
    """1 for the very name, less for its beginning (as Danes spell it first), or for that of a later word of it
    ("midtfyn"); otherwise how alike the letters are."""
    in_danish = [When(Q(sort_key__startswith=danish), then=Value(0.95))] if danish else []
    later_word = [When(Q(**{f"{field}__contains": f" {key}"}), then=Value(0.86))] if len(key) >= PART else []
    return Case(
        When(Q(**{field: key}), then=Value(1.0)),
        *in_danish,
        When(Q(**{f"{field}__startswith": key}), then=Value(0.9)),
        *later_word,
        default=TrigramSimilarity(field, key),
        output_field=FloatField(),
    )


def _fitting(rows: QuerySet[Any], key: str, danish: str = "") -> list[Any]:
    """The rows that are asked for by name, by its beginning, by a slip of the finger or among other words."""
    like = rows.annotate(fit=_fit("search_key", key, danish)).filter(fit__gte=LIKE_ENOUGH)
    fits = {
        pk: fit
        for pk, name, fit in fetched(like.values_list("pk", "search_key", "fit"))
        if fit >= WELL or is_misspelt(key, name) or is_named_in(key, name)
    }
    found = rows.in_bulk(list(fits))
    for row in found.values():
        row.fit = fits[row.pk]
    return sorted(found.values(), key=lambda row: (-row.fit, row.search_key))


def _municipalities(key: str, danish: str, most: int, *, unfinished: bool) -> Iterable[tuple[Municipality, str, float]]:
    if key in IN_NO_MUNICIPALITY:
        return []
    if key.split(maxsplit=1)[0].isdigit():
        return _by_digits(key.split(maxsplit=1)[0], most, unfinished=unfinished)
    keys = {key, key.removesuffix("s") or key}
    found: dict[int, tuple[Municipality, str, float]] = {}
    for one in keys:
        for municipality in _fitting(Municipality.objects.all(), one, danish):
            _keep(found, municipality, "", municipality.fit)
        for alias in _fitting(MunicipalityAlias.objects.select_related("municipality"), one):
            _keep(found, alias.municipality, alias.name, alias.fit)
    for place in _places(key, most, unfinished=unfinished):
        _keep(found, place.municipality, f"{place.postcode} {place.name}".strip(), place.fit - 0.05)
    ranked = sorted(found.values(), key=lambda one: (-one[2], one[0].sort_key))
    best = ranked[0][2] if ranked else 0.0
    # Where something fits well, what only resembles it is noise.
    return [one for one in ranked if best < 0.9 or one[2] >= WELL][:most]


def _by_digits(digits: str, most: int, *, unfinished: bool) -> list[tuple[Municipality, str, float]]:
    """By code, with or without the zero before it; by postcode, those with the largest part of it first."""
    parts: list[PostcodePart] = []
    if len(digits) == POSTCODE:
        parts = list(postcode_parts(digits))
    elif len(digits) == CODE and unfinished:
        parts = postcodes_beginning(digits, most)
    code = digits.removeprefix("0") if len(digits) > CODE else digits
    codes = [*([code] if len(code) == CODE else []), *(part.code for part in parts)]
    rows = {row.code: row for row in Municipality.objects.filter(code__in=codes)}
    found: dict[int, tuple[Municipality, str, float]] = {}
    if len(code) == CODE and code in rows:
        _keep(found, rows[code], code, 1.0)
    for part in parts:
        if part.code in rows:
            _keep(found, rows[part.code], f"{part.postcode} {part.name}", 0.85 + part.share / 10)
    for place in Place.objects.select_related("municipality").filter(postcode=digits):
        _keep(found, place.municipality, f"{place.postcode} {place.name}", 0.9)
    return sorted(found.values(), key=lambda one: (-one[2], one[0].sort_key))[:most]


def _places(key: str, most: int, *, unfinished: bool) -> list[Any]:
    rows: QuerySet[Any] = Place.objects.select_related("municipality")
    part = Q(search_key__endswith=f" {key}") | Q(search_key__startswith=key if unfinished or " " in key else f"{key} ")
    by_a_part = Case(When(part, then=Value(0.95)), default=Value(0.0), output_field=FloatField())
    fit = Greatest(by_a_part, TrigramSimilarity("search_key", key))
    fitting = rows.annotate(fit=fit).filter(fit__gte=LIKE_ENOUGH).order_by("-fit", "search_key")
    return [row for row in fitting if row.fit >= WELL or is_misspelt(key, row.search_key)][:most]


def _keep(found: dict[int, tuple[Municipality, str, float]], row: Municipality, by: str, fit: float) -> None:
    known = found.get(row.pk)
    if known is None or fit > known[2]:
        found[row.pk] = (row, by, fit)


def _names(row: Theme | Area, key: str) -> bool:
    names = search_key(f"{row.name_da} {row.name_en}")
    return len(key) > 2 and (key in names or all(word in names for word in key.split()))


def _themes(key: str, called: dict[str, float]) -> list[Theme]:
    """By name first, then by what citizens call it."""
    rows = Theme.objects.select_related("area").order_by("position")
    fits = [(EXACTLY if _names(row, key) else called.get(row.code, 0.0), row) for row in rows]
    return [row for fit, row in sorted(fits, key=lambda pair: -pair[0]) if fit]


def _indicators(key: str, called: dict[str, float], most: int) -> list[Indicator]:
    rows = shown_indicators()
    like = rows.annotate(fit=TrigramWordSimilarity(key, "search_key"))
    fitting = like.filter(fit__gte=WORDS_LIKE_ENOUGH).order_by("-fit", "position")
    named = [row for row in fitting if is_about(key, f"{row.search_key} {search_key(row.code)}")]
    known = {row.pk for row in named}
    others = [row for row in rows.filter(code__in=called).order_by("position") if row.pk not in known]
    return [*named, *sorted(others, key=lambda row: -called[row.code])][:most]
