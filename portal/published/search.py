"""Find a municipality, theme or indicator by what people type: old names, other spellings, a slip of the finger."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Case, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from indicators.danish import search_key
from indicators.models import Area, Indicator, Municipality, MunicipalityAlias, Place, Theme

ONE_SLIP, TWO_SLIPS = 5, 8  # letters of the longer name from which one is forgiven, of the shorter for two
PART = 3  # letters that say something inside another word
STEM, STEM_OF_WORD = 5, 0.7  # letters, and share of what was asked, that two words of one stem have in common


def is_misspelt(asked: str, name: str) -> bool:
    """Whether ``asked`` is ``name`` with a slip or two; the first letter is hardly ever wrong. Both are search keys."""
    shorter, longer = sorted((len(asked), len(name)))
    forgiven = (longer >= ONE_SLIP) + (shorter >= TWO_SLIPS)
    return asked[:1] == name[:1] and abs(len(asked) - len(name)) <= forgiven and slips(asked, name) <= forgiven


def is_named_in(asked: str, name: str) -> bool:
    """Whether a question holds a whole name: "ishoj landsby" holds "ishoj"."""
    return f" {name} " in f" {asked} "


def is_about(asked: str, text: str) -> bool:
    """Whether every word that is asked for stands in a text, in another form or misspelt perhaps."""
    words = text.split()
    return all(any(_is_word(one, word) for word in words) for one in asked.split())


def _is_word(asked: str, word: str) -> bool:
    return (len(asked) >= PART and asked in word) or _share_stem(asked, word) or is_misspelt(asked, word)


def _share_stem(asked: str, word: str) -> bool:
    pairs = zip(asked, word, strict=False)
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    return shared >= STEM and shared >= STEM_OF_WORD * len(asked)


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
    """What answers a question, best first, each with how well it fits (1 is exactly)."""

    municipalities: tuple[tuple[Municipality, str, float], ...]
    themes: tuple[Theme, ...]
    areas: tuple[Area, ...]
    indicators: tuple[Indicator, ...]


def find(question: str, most: int = 20, *, unfinished: bool = False) -> Found:
    """Answer a question. Municipalities come with the name they were found by ("" for their own).

    ``unfinished``: somebody is typing. Then a town is found by its beginning too; asked for in full, Thy is no
    Thyborøn, while a municipality's beginning is what many call it.
    """
    key = search_key(question[:LONGEST_QUESTION])
    if not key:
        return Found((), (), (), ())
    return Found(
        tuple(_municipalities(key, most, unfinished=unfinished)),
        tuple(row for row in Theme.objects.select_related("area").order_by("position") if _names(row, key)),
        tuple(row for row in Area.objects.order_by("position") if _names(row, key)),
        tuple(_indicators(key, most)),
    )


def _fit(field: str, key: str) -> Case:
    """1 for the very name, 0.9 for its beginning, otherwise how alike the letters are."""
    return Case(
        When(Q(**{field: key}), then=Value(1.0)),
        When(Q(**{f"{field}__startswith": key}), then=Value(0.9)),
        default=TrigramSimilarity(field, key),
        output_field=FloatField(),
    )


def _fitting(rows: QuerySet[Any], key: str) -> list[Any]:
    """The rows that are asked for by name, by its beginning, by a slip of the finger or among other words."""
    fitting = rows.annotate(fit=_fit("search_key", key)).filter(fit__gte=LIKE_ENOUGH).order_by("-fit", "search_key")
    return [
        row
        for row in fitting
        if row.fit >= WELL or is_misspelt(key, row.search_key) or is_named_in(key, row.search_key)
    ]


def _municipalities(key: str, most: int, *, unfinished: bool) -> Iterable[tuple[Municipality, str, float]]:
    keys = {key, key.removesuffix("s") or key}
    found: dict[int, tuple[Municipality, str, float]] = {}
    for one in keys:
        for municipality in _fitting(Municipality.objects.all(), one):
            _keep(found, municipality, "", municipality.fit)
        for alias in _fitting(MunicipalityAlias.objects.select_related("municipality"), one):
            _keep(found, alias.municipality, alias.name, alias.fit)
    for place in _places(key, most, unfinished=unfinished):
        _keep(found, place.municipality, f"{place.postcode} {place.name}".strip(), place.fit - 0.05)
    ranked = sorted(found.values(), key=lambda one: (-one[2], one[0].sort_key))
    best = ranked[0][2] if ranked else 0.0
    # Where something fits well, what only resembles it is noise.
    return [one for one in ranked if best < 0.9 or one[2] >= WELL][:most]


def _places(key: str, most: int, *, unfinished: bool) -> list[Any]:
    rows: QuerySet[Any] = Place.objects.select_related("municipality")
    if key[:4].isdigit():
        with_it = rows.filter(postcode__startswith=key[:4]).annotate(fit=Value(0.9, FloatField()))
        return list(with_it.order_by("search_key")[:most])
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


def _indicators(key: str, most: int) -> list[Indicator]:
    like = Indicator.objects.of_the_index().annotate(fit=TrigramWordSimilarity(key, "search_key"))
    fitting = like.filter(fit__gte=WORDS_LIKE_ENOUGH).order_by("-fit", "position")
    return [row for row in fitting if is_about(key, f"{row.search_key} {search_key(row.code)}")][:most]
