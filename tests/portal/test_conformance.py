"""Table, map, CSV, Excel, JSON, API and embed of a question hold the same rows and printed numbers.

For fifty states drawn at random; each day for those sixteen of them that together cover the most pairs of choices.
"""

import csv
import html
import io
import itertools
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from python_calamine import CalamineWorkbook

from indicators.models import Area, Indicator, Municipality, Region, Theme
from portal.language import formatting
from tests.world import CORRECTED, NEWEST

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_unchanged")]
STATES, EACH_DAY = 50, 16
State = tuple[str, str, str, str]
ROW = re.compile(r"<tr[^>]*>(.*?)<th scope=\"row\">(.*?)</th>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.DOTALL)
PLACE = re.compile(r"<a href=\"[^\"]*\"([^>]*)>\s*<title>(.*?)</title>\s*<path", re.DOTALL)
ASIDE = re.compile(r"<svg.*?</svg>|<small.*?</small>|<[^>]+>", re.DOTALL)
Lines = list[tuple[str, str, str]]


def states() -> Iterator[State]:
    """Edition, level, subject and query, drawn at random and always the same."""
    draw = random.Random(2014)  # noqa: S311  for a test
    subjects = [("overall", "samlet")]
    subjects += [("area", slug) for slug in Area.objects.values_list("slug", flat=True)]
    subjects += [("theme", code) for code in Theme.objects.values_list("code", flat=True)]
    indicators = list(Indicator.objects.of_the_index().in_catalogue_order().values_list("code", flat=True))
    subjects += [("indicator", code) for code in draw.sample(indicators, 20)]
    for _ in range(STATES):
        level, subject = draw.choice(subjects)
        edition = draw.choice(["", str(CORRECTED), f"@{CORRECTED}.1", str(NEWEST)])
        yield edition, level, subject, _query(draw).urlencode()


def few() -> list[State]:
    """Sixteen states, each the one that adds most pairs of level, edition, filters and order to those before it."""
    waiting, chosen, covered = list(states()), list[State](), set[tuple[str, str]]()
    while len(chosen) < EACH_DAY:
        best = max(waiting, key=lambda state: len(_pairs(state) - covered))
        waiting.remove(best)
        chosen.append(best)
        covered |= _pairs(best)
    return chosen


def _pairs(state: State) -> set[tuple[str, str]]:
    edition, level, _subject, query = state
    sorting = {"sorter", "retning"}
    named = [one if one.partition("=")[0] in sorting else one.partition("=")[0] for one in query.split("&")]
    return set(itertools.combinations([f"edition {edition}", f"level {level}", *sorted(set(named))], 2))


def _query(draw: random.Random) -> QueryDict:
    query = QueryDict(mutable=True)
    there = Region.objects.filter(municipalities__isnull=False).distinct()  # one of 2027 has none yet
    regions = list(there.order_by("code").values_list("code", flat=True))
    groups = sorted(set(Municipality.objects.values_list("kommunegruppe", flat=True)))
    slugs = list(Municipality.objects.in_danish_order().values_list("slug", flat=True))
    choices = {"region": regions, "gruppe": groups, "indbyggere_fra": ["20000", "50000"], "indbyggere_til": ["60000"]}
    for name in draw.sample(sorted(choices), draw.choice([0, 0, 1, 2])):
        query[name] = draw.choice(choices[name])
    if draw.random() < 0.2:
        query.setlist("kommune", draw.sample(slugs, 5))
    if draw.random() < 0.6:
        query["sorter"] = draw.choice(["nr", "kommune", "score", "indbyggere", "aendring"])
    if draw.random() < 0.4:
        query["retning"] = "ned"
    return query


@pytest.mark.parametrize("which", [few, pytest.param(states, marks=pytest.mark.full)])
def test_every_form_of_the_same_question_holds_the_same_rows_and_numbers(
    client: Client, settings: Any, which: Callable[[], Iterable[State]]
) -> None:
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    asked_for, rows = list(which()), 0
    for number, (edition, level, subject, query) in enumerate(asked_for):
        page = "/rangliste" + (f"/{ {'area': 'omraade', 'theme': 'tema', 'indicator': 'indikator'}[level]}/{subject}"
                               if level != "overall" else "")  # fmt: skip
        page = f"/{edition}{page}" if edition else page
        asked = f"?{query}" if query else ""
        table = in_table(client.get(f"{page}/{asked}").content.decode())
        decimals = Indicator.objects.get(code=subject).decimals if level == "indicator" else None
        ending, delimiter = ("csv", ";") if number % 2 else ("plain.csv", ",")
        text = client.get(f"{page}.{ending}{asked}").content.decode("utf-8-sig")
        assert in_csv(text, delimiter, decimals) == table, (page, ending, asked)
        assert in_workbook(client.get(f"{page}.xlsx{asked}").content, decimals) == table
        assert in_objects(client.get(f"{page}.json{asked}").json()["rows"], decimals) == table
        release = edition.removeprefix("@")
        api = f"/api/v1/rankings?level={level}&subject={subject}&edition={release}&page_size=1000&{query}".rstrip("&")
        answered = client.get(api).json()["rows"]
        assert in_objects(answered, decimals) == table
        assert [first_word(row["text"]) for row in answered] == [score for _name, _rank, score in table]
        assert in_embed(client.get(f"{framed(page, 'rangliste')}/{asked}").content.decode()) == table
        drawn = f"{framed(page, 'kort')}/{asked}" if number % 2 else f"{page}/?vis=kort&{query}"
        assert on_map(client.get(drawn).content.decode()) == {name for name, *_rest in table}, drawn
        rows += len(table)
    assert rows > len(asked_for) * 10


def in_table(page: str) -> Lines:
    """Name, rank and score (or value without its unit) of each row, as printed."""
    lines = []
    for lead, name, rest in ROW.findall(page.partition("<tbody>")[2].partition("</tbody>")[0]):
        cells = [cell for cell in CELL.findall(lead + rest) if 'class="where' not in cell[0]]  # where it may stand
        (rank_css, rank), (score_css, score) = cells[0], cells[1]
        lines.append(
            (
                words_of(name),
                "" if "missing-value" in rank_css else words_of(rank),
                "" if "missing-value" in score_css else first_word(words_of(score)),
            )
        )
    return lines


def framed(page: str, what: str) -> str:
    """The address of a ranking's embed."""
    return page.replace("/rangliste", f"/indlejr/{what}", 1)


def in_embed(page: str) -> Lines:
    """The rows of an embedded table, which says "nr. 7 af 95" where the page has a column of sevens."""
    return [(name, rank.removeprefix("nr. ").partition(" af ")[0], score) for name, rank, score in in_table(page)]


def words_of(markup: str) -> str:
    return html.unescape(ASIDE.sub("", markup)).strip()


def first_word(text: str) -> str:
    """The number without its unit; a yes or no as the number that it is in files."""
    number = text.replace("\u00a0", " ").split(" ")[0]
    return {"ja": "1", "nej": "0"}.get(number, number)


def in_csv(text: str, delimiter: str, decimals: int | None) -> Lines:
    head, *rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    names = dict(zip(("kommune", "nr.", "nr. til", "score", "værdi"), NAMES, strict=True))
    head = [names.get(name, name) for name in head]
    return in_objects([{name: _read(cell) for name, cell in zip(head, row, strict=True)} for row in rows], decimals)


NAMES = ("municipality", "rank", "rank_last", "score", "value")


def _read(cell: str) -> Any:
    """A number where it is one; names stay names."""
    try:
        return float(cell.replace(",", ".")) if cell else None
    except ValueError:
        return cell


def in_workbook(content: bytes, decimals: int | None) -> Lines:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    head, *rows = sheet.to_python()
    names = dict(zip(("kommune", "nr.", "nr. til", "score", "værdi"), NAMES, strict=True))
    found = [names.get(str(name), str(name)) for name in head]
    objects = [{name: (None if cell == "" else cell) for name, cell in zip(found, row, strict=True)} for row in rows]
    return in_objects(objects, decimals)


def in_objects(rows: list[dict[str, Any]], decimals: int | None) -> Lines:
    """Rows with typed figures, printed by the site's own formatting."""
    lines = []
    for row in rows:
        rank = "" if row["rank"] is None else formatting.number_range(row["rank"], row["rank_last"])
        figure = row["score"] if decimals is None else row["value"]
        places = 1 if decimals is None else decimals
        lines.append((row["municipality"], rank, "" if figure is None else formatting.number(figure, places)))
    return lines


def on_map(page: str) -> set[str]:
    """The names of those that are not pale."""
    return {
        html.unescape(title).partition(":")[0].partition(" – ")[0].partition(",")[0].strip()
        for attributes, title in PLACE.findall(page)
        if 'class="aside"' not in attributes
    }


def test_the_random_states_are_as_many_and_as_different_as_they_claim() -> None:
    drawn = list(states())
    assert len(drawn) == STATES
    assert len({json.dumps(one) for one in drawn}) > STATES * 0.8
    for some in (drawn, few()):
        assert {level for _edition, level, *_rest in some} == {"overall", "area", "theme", "indicator"}
        assert len({edition for edition, *_rest in some}) == 4
    assert len(set(few())) == EACH_DAY
