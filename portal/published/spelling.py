"""When two names are one name misspelt. Pure: trigrams (portal.published.search) say what may be meant.

A neighbour in spelling is not an answer: Brabrand is no slip for Brande, and Christiansø none for Christianshavn.
"""

from itertools import takewhile

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
