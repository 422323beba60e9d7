"""The words that stand around numbers, in both languages. Only portal.language.formatting uses them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words around numbers."""

    yes: str
    no: str
    yes_or_no: str
    percent: str
    percentage_points: str
    rank: str
    rank_first: str
    shared_first: str
    of: str
    between: str
    always: str
    place: str
    places: str
    up: str
    down: str
    same_place: str
    conjunction: str
    day_ending: str
    clock: str
    months: tuple[str, ...]
    missing: Mapping[str, str]
    direction: Mapping[str, str]


DANISH = Words(
    yes="ja",
    no="nej",
    yes_or_no="ja eller nej",
    percent="\u00a0%",
    percentage_points="procentpoint",
    rank="nr.",
    rank_first="Nr.",
    shared_first="Delt nr.",
    of="af",
    between="mellem nr. {} og {}",
    always="nr. {} i alle beregninger",
    place="plads",
    places="pladser",
    up="frem",
    down="tilbage",
    same_place="samme plads",
    conjunction="og",
    day_ending=".",
    clock="kl. {hour}.{minute:02}",
    months=(
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ),
    missing={
        "not_reported": "ikke indberettet",
        "suppressed": "for få til at vise",
        "not_applicable": "ikke relevant her",
        "not_collected": "ikke opgjort i år",
        "not_available": "ikke opgjort",
    },
    direction={
        "higher_is_better": "højere er bedre",
        "lower_is_better": "lavere er bedre",
        "neutral": "hverken godt eller dårligt",
    },
)

ENGLISH = Words(
    yes="yes",
    no="no",
    yes_or_no="yes or no",
    percent="%",
    percentage_points="percentage points",
    rank="no.",
    rank_first="No.",
    shared_first="Joint no.",
    of="of",
    between="between no. {} and {}",
    always="no. {} in every calculation",
    place="place",
    places="places",
    up="up",
    down="down",
    same_place="same place",
    conjunction="and",
    day_ending="",
    clock="at {hour:02}:{minute:02}",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    missing={
        "not_reported": "not reported",
        "suppressed": "too few to show",
        "not_applicable": "not relevant here",
        "not_collected": "not counted this year",
        "not_available": "not available",
    },
    direction={
        "higher_is_better": "higher is better",
        "lower_is_better": "lower is better",
        "neutral": "neither good nor bad",
    },
)

WORDS: Mapping[str, Words] = {"da": DANISH, "en": ENGLISH}
