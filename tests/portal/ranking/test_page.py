import csv
import io
import itertools
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client

from indicators.models import Municipality
from portal.published.edition import edition_of_address
from portal.published.ranking import ask
from portal.published.subjects import OVERALL
from rankings.models import Edition, Level, Placement
from tests.markup import Markup, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_unchanged")]

SUBJECTS = (
    "rangliste",
    "rangliste/omraade/handicap",
    "rangliste/tema/uddannelse-job-og-aktivitet",
    "rangliste/indikator/b-omgoerelse",
    "2024/rangliste",
    "@2025.1/rangliste/indikator/b-omgoerelse",
)
STATES = (
    "",
    "region=1084",
    "gruppe=Landkommuner&sorter=kommune",
    "landsdel=Fyn&sorter=score&retning=ned",
    "indbyggere_fra=50000&indbyggere_til=90000&sorter=indbyggere",
    "kommune=roedovre&kommune=laesoe&kommune=aarhus&sorter=aendring",
    "region=1081&gruppe=Hovedstadskommuner",
)
ASKED = list(itertools.product(SUBJECTS, STATES))


def page_of(client: Client, path: str, query: str = "") -> Markup:
    answer = client.get(f"/{path}/?{query}")
    assert answer.status_code == 200
    return Markup(answer.content.decode())


def rows_of(page: Markup) -> list[list[str]]:
    """Each row: the municipality's name (without the note that may follow its link), its place, the other cells."""
    if not page.all("tbody"):
        return []
    heads = [next(head.iter("a")) for head in page.all("tbody")[0].iter("th")]
    cells = [[text_of(cell) for cell in row.iter("td")] for row in page.all("tbody")[0].iter("tr")]
    return [[text_of(head), *row] for head, row in zip(heads, cells, strict=True)]


def names_of(page: Markup) -> list[str]:
    return [row[0] for row in rows_of(page)]


def file_of(client: Client, path: str, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/{path}.csv?{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_a_table_of_many_rows_stands_on_several_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = names_of(page_of(client, "rangliste", "sorter=kommune"))
    monkeypatch.setattr("portal.components.tables.ROWS", 40)
    monkeypatch.setattr("portal.ranking.controls.MOST_NAMES", 40)
    page, names, seen = page_of(client, "rangliste", "sorter=kommune"), [], 0
    while True:
        names += names_of(page)
        seen += 1
        further = [link for link in page.all("a") if link.get("rel") == "next"]
        if not further:
            break
        page = page_of(client, "rangliste", str(further[0].get("href")).removeprefix("?"))
    assert (seen, names) == (3, whole)
    for nonsense in ("side=0", "side=99999", "side=x", "side=-1", "side="):
        assert names_of(page_of(client, "rangliste", nonsense))


@pytest.mark.parametrize(("path", "query"), ASKED)
def test_table_map_and_file_hold_the_same_rows_and_numbers(client: Client, path: str, query: str) -> None:
    table, file = page_of(client, path, query), file_of(client, path, query)
    assert names_of(table) == [row["kommune"] for row in file]
    assert [row[1].partition("–")[0] if row[1][:1].isdigit() else "" for row in rows_of(table)] == [
        row["nr."] for row in file
    ]
    drawn = page_of(client, path, f"{query}&vis=kort")
    whole = drawn.by_class("map")[:1]
    asked_for = [link for svg in whole for link in svg.iter("a") if "aside" not in link.get("class", "").split()]
    titles = {text_of(link.find("title")) for link in asked_for}
    assert {title.partition(":")[0] for title in titles} == set(names_of(table))
    _the_file_says_the_very_numbers_that_the_page_prints(rows_of(table), file)


def _the_file_says_the_very_numbers_that_the_page_prints(rows: list[list[str]], file: list[dict[str, str]]) -> None:
    for row, line in zip(rows, file, strict=True):
        figure = line["værdi"] if line["niveau"] == "indicator" else line["score"]
        if not figure:
            assert line["mangler"] or "kun tal for" in row[2]
            continue
        whole, _comma, decimals = row[3].split(" ")[0].partition(",")
        printed = round(float(figure.replace(",", ".")), len(decimals))
        assert float(f"{whole.replace('.', '')}.{decimals or 0}") == pytest.approx(
            printed, abs=10 ** -len(decimals) / 1.9
        )


def test_every_number_of_rows_is_told_where_it_can_be_taken(client: Client) -> None:
    page = page_of(client, "rangliste", "landsdel=Fyn")
    assert "10 af 98 kommuner vises" in page.text
    assert "Hent disse 10 rækker" in text_of(page.by_class("take-away")[0])


def test_a_ranking_without_filters_is_all_98_in_order_of_rank(client: Client) -> None:
    shown = names_of(page_of(client, "rangliste"))
    placements = Placement.objects.filter(edition__year=2026, level=Level.OVERALL).in_rank_order()
    assert shown == list(placements.values_list("municipality__name", flat=True))
    assert len(shown) == 98


def test_names_are_sorted_on_the_server_as_danes_sort(client: Client) -> None:
    danish = list(Municipality.objects.in_danish_order().values_list("name", flat=True))
    assert names_of(page_of(client, "rangliste", "sorter=kommune")) == danish
    assert names_of(page_of(client, "rangliste", "sorter=kommune&retning=ned")) == danish[::-1]


@pytest.mark.parametrize(
    ("sort", "column"),
    [("nr", "nr."), ("score", "score"), ("boern-og-unge", "Udsatte børn og unge"), ("voksne", "Udsatte voksne")],
)
@pytest.mark.parametrize("down", ["", "&retning=ned"])
def test_any_column_sorts_and_those_without_a_figure_stay_last(
    client: Client, sort: str, column: str, down: str
) -> None:
    figures = [row[column].replace(",", ".") for row in file_of(client, "rangliste", f"sorter={sort}{down}")]
    known = [float(figure) for figure in figures if figure]
    assert "" not in figures[: len(known)]
    by_rank = sort not in {"nr", "score"}  # a child sorts by its rank: the best first
    assert known == sorted(known, reverse=bool(down) != by_rank)


def test_population_sorts_by_people(client: Client) -> None:
    names = names_of(page_of(client, "rangliste", "sorter=indbyggere&retning=ned"))
    assert names[:4] == ["København", "Aarhus", "Aalborg", "Odense"]
    assert names[-1] == "Læsø"


def test_the_sorted_column_says_so_and_its_link_turns_it_around(client: Client) -> None:
    page = page_of(client, "rangliste", "region=1084&sorter=score")
    heads = list(page.all("thead")[0].iter("th"))
    sorted_heads = [head for head in heads if head.get("aria-sort")]
    assert [head.get("aria-sort") for head in sorted_heads] == ["ascending"]
    link = next(sorted_heads[0].iter("a")).get("href", "")
    assert parse_qs(urlsplit(link).query) == {"region": ["1084"], "sorter": ["score"], "retning": ["ned"]}


def test_the_whole_state_stands_in_the_address_of_everything_that_leads_on(client: Client) -> None:
    state = {"region": ["1084"], "gruppe": ["Hovedstadskommuner"], "sorter": ["score"]}
    page = page_of(client, "rangliste", "region=1084&gruppe=Hovedstadskommuner&sorter=score")
    for link in (link for link in page.links if link.startswith("?vis=") or ".csv" in link or "&vis=" in link):
        asked = parse_qs(urlsplit(link).query)
        assert {name: value for name, value in asked.items() if name != "vis"} == state
    chosen = [option.get("value") for option in page.all("option") if "selected" in option.attrib]
    assert chosen[:1] == ["1084"]
    assert "Hovedstadskommuner" in chosen
    assert [field.get("value") for field in page.all("input") if field.get("name") == "sorter"] == ["score"]
    assert "@2026.1/rangliste/?region=1084" in text_of(page.by_class("take-away")[0])


def test_each_choice_of_a_filter_says_how_many_municipalities_it_would_leave(client: Client) -> None:
    state = "landsdel=Fyn&indbyggere_fra=40000"
    page = page_of(client, "rangliste", state)
    groups = next(one for one in page.all("select") if one.get("name") == "gruppe")
    told = {option.get("value"): text_of(option) for option in groups.iter("option") if option.get("value")}
    left = {value: int(text.rpartition("(")[2].rstrip(")")) for value, text in told.items()}
    assert sum(left.values()) == len(names_of(page)) > 0
    value, count = max(left.items(), key=lambda pair: pair[1])
    assert len(names_of(page_of(client, "rangliste", f"{state}&gruppe={value}"))) == count


@pytest.mark.parametrize(
    "query",
    [
        "region=9999",
        "landsdel=Atlantis",
        "kommune=atlantis",
        "indbyggere_fra=mange",
        "indbyggere_fra=-5",
        "indbyggere_til=1e99",
        "indbyggere_fra=NaN",
        "sorter=%3Cscript%3E",
        "sorter=kode&retning=op",
        "vis=regneark",
        "vis=kort&region=%27%20OR%201=1",
        "region=1084&region=1081",
        "q=" + "x" * 3000,
        "%80=%80",
    ],
)
@pytest.mark.parametrize("path", ["rangliste", "rangliste/omraade/voksne"])
def test_a_filter_that_makes_no_sense_gives_a_whole_page(client: Client, path: str, query: str) -> None:
    page = page_of(client, path, query)
    assert page.faults() == []
    assert "<script>" not in page.source.lower()
    refused = client.get(f"/{path}.csv?{query}")  # nothing can be said beside a file: it would be of all 98
    assert (refused.status_code, refused["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert refused.content.strip()


@pytest.mark.parametrize("name", ["region", "gruppe", "landsdel", "kommune", "sorter", "vis", "indbyggere_fra"])
def test_a_byte_that_no_database_takes_does_no_harm(client: Client, name: str) -> None:
    assert client.get(f"/rangliste/?{name}=%00").status_code in {200, 400}
    assert client.get(f"/rangliste.csv?{name}=%00").status_code in {400, 422}


def test_a_filter_that_makes_no_sense_says_so(client: Client) -> None:
    assert page_of(client, "rangliste", "indbyggere_fra=mange").by_class("warning")


def test_nobody_fits_is_said_with_a_way_back(client: Client) -> None:
    page = page_of(client, "rangliste", "region=1081&gruppe=Hovedstadskommuner")
    assert "Ingen kommuner passer" in page.text
    assert "/rangliste/" in page.links


def test_the_whole_ranking_stands_in_the_html_with_scores_and_intervals(client: Client) -> None:
    for row in rows_of(page_of(client, "rangliste"))[:90]:
        assert row[3].replace(",", ".").replace(".", "", 1).isdigit(), row
        assert "–" in row[2] or row[2].split(" ")[0].isdigit(), row


def test_the_median_row_is_that_of_all_whatever_is_filtered(client: Client) -> None:
    def median(query: str) -> str:
        rows = page_of(client, "rangliste", query).all("tr")
        return next(text_of(row) for row in rows if row.get("class") == "median")

    assert median("") == median("region=1084") != ""


def test_a_filtered_page_says_whose_rows_it_has_and_how_many_of_them_have_a_place(client: Client) -> None:
    page = page_of(client, "rangliste", "region=1081")
    assert text_of(page.one("h1")) == "Region Nordjylland, samlet, 2026"
    assert re.search(r"11 kommuner, 10 placeret af landets \d+", page.text)
    assert "Region Nordjylland, samlet" in text_of(page.by_class("take-away")[0])


def test_every_ranking_says_first_how_many_changes_are_more_than_the_uncertainty(client: Client) -> None:
    said = text_of(page_of(client, "rangliste").by_class("finding-line")[0])
    moved = [
        line.change
        for line in ask(edition_of_address(""), OVERALL, QueryDict()).lines
        if line.change and line.change.places
    ]
    clear = sum(one.clear for one in moved)
    assert said.startswith(f"{clear or 'Ingen'} af de {len(moved)} ændringer siden 2025")


def test_every_subject_is_reached_from_the_head_of_every_ranking(client: Client) -> None:
    for path in ("rangliste", "rangliste/omraade/handicap", "rangliste/indikator/b-omgoerelse"):
        links = {link.get("href") for link in page_of(client, path).by_class("choices")[0].iter("a")}
        assert {"/rangliste/", "/rangliste/omraade/boern-og-unge/", "/rangliste/omraade/voksne/"} <= links
        assert "/rangliste/tema/uddannelse-job-og-aktivitet/" in links


def test_the_readers_own_is_marked_on_map_dots_and_list_and_said_in_a_line(client: Client) -> None:
    page = page_of(client, "rangliste", "region=1084&min=hjoerring")  # not among the rows that are asked for
    own = [text_of(row) for row in page.by_class("pinned")]
    assert len(own) == 1
    assert "Hjørring" in own[0]
    assert text_of(page.by_class("my-line")[0]).startswith("Hjørring: nr. ")
    assert "mellem nr." in text_of(page.by_class("my-line")[0])
    assert len(page.by_class("mine")) == 1
    assert (
        len(
            [
                dot
                for dot in page_of(client, "rangliste", "min=hjoerring").by_class("dot")
                if "chosen" in dot.get("class", "")
            ]
        )
        == 1
    )


def test_a_change_is_places_since_the_edition_before(client: Client) -> None:
    before = dict(_ranks(2025))
    page = page_of(client, "rangliste", "aendring=vis")
    heads = [head for head in page.all("thead")[0].iter("th") if head.get("scope") == "col"]
    column = [text_of(head).startswith("Ændring") for head in heads].index(True)
    for row in rows_of(page)[:20]:
        old, now = before[row[0]], int(row[1].partition("–")[0])
        said = "" if old is None else f"{old - now:+d}".replace("-", "−").replace("+0", "0")
        assert row[column].partition(" ")[0] == said, row


def _ranks(year: int) -> list[tuple[str, int | None]]:
    edition = Edition.objects.published().get(year=year)
    rows = Placement.objects.of(edition).filter(level=Level.OVERALL)
    return [(str(name), rank) for name, rank in rows.values_list("municipality__name", "rank")]


def test_the_file_is_for_danish_excel_and_says_demodata(client: Client) -> None:
    answer = client.get("/rangliste.csv")
    assert answer.content.startswith(b"\xef\xbb\xbfudgave;")
    assert re.search(r'filename="socialt-indeks-2026\.1-[a-z-]*samlet-demodata\.csv"', answer["Content-Disposition"])
    demo = "Demodata: tallene er opdigtede"
    notes = [row["bemærkning"] for row in file_of(client, "rangliste")]
    assert demo in notes
    assert [note for note in notes if not note.startswith(demo)] == []  # what a municipality says of it may follow


def test_what_is_missing_has_its_kind_in_the_file(client: Client) -> None:
    for row in file_of(client, "rangliste/indikator/b-omgoerelse"):
        assert bool(row["værdi"]) != bool(row["mangler"])


def test_a_neutral_indicator_is_listed_without_ranks(client: Client) -> None:
    file = file_of(client, "rangliste/indikator/b-anbragte-andel")
    assert {row["nr."] for row in file} == {""}
    assert sum(bool(row["værdi"]) for row in file) > 80


def test_ones_own_index_says_its_result_first_and_leads_to_the_whole_of_it(client: Client) -> None:
    page = Markup(client.get("/dit-eget-indeks/?o-handicap=3").content.decode())
    (table,) = page.all("table")
    rows = [[text_of(cell) for cell in row] for body in table.iter("tbody") for row in body]
    (said,) = page.by_class("own-says")
    moved = sum(by not in {"0", ""} for *_rest, by in rows)
    assert next(name for name, place, *_rest in rows if place == "1") in text_of(said)
    assert f"{moved} kommuner" in text_of(said)
    assert [one.get("open") for one in page.by_class("fold")] == [None]
    changed = Markup(client.get("/dit-eget-indeks/?i-b-neet=2&kommune=roedovre").content.decode())
    assert text_of(changed.by_class("own-says")[0]).startswith("Med dine vægte er Rødovre nr. ")
    assert [one.get("open") is not None for one in changed.by_class("fold")] == [True]


def test_ones_own_index_has_three_steps_for_each_area_and_keeps_a_weight_between_them(client: Client) -> None:
    page = client.get("/dit-eget-indeks/?o-handicap=3").content.decode()
    steps = re.findall(r'<input type="radio"[^>]*name="(o-[^"]+)"\s+value="([^"]+)"( checked)?', page)
    assert [one for one in steps if one[0] == "o-handicap"] == [
        ("o-handicap", "0.5", ""), ("o-handicap", "1", ""), ("o-handicap", "2", ""), ("o-handicap", "3", " checked"),
    ]  # fmt: skip
    others = [one for one in steps if one[0] != "o-handicap"]
    assert {value for _name, value, chosen in others if chosen} == {"1"}


def test_a_sent_form_becomes_the_address_with_only_what_differs_and_a_name_in_addresses(client: Client) -> None:
    sent = {"o-handicap": "2", "o-voksne": "1", "o-boern-og-unge": "1", "kommune": "Rødovre"}
    answer = client.get("/dit-eget-indeks/", sent)
    assert answer.headers["Location"] == "/dit-eget-indeks/?o-handicap=2&kommune=roedovre"


def test_the_slope_draws_everybody_who_has_both_places_and_names_the_chosen(client: Client) -> None:
    page = client.get("/dit-eget-indeks/?o-handicap=2&kommune=roedovre").content.decode()
    figure = page[page.index('class="slope"') : page.index("</figure>")]
    placed = Placement.objects.overall().filter(edition__year=2026, rank__isnull=False).count()
    assert figure.count("<line ") == placed
    assert figure.count('class="own"') == 1
    assert "Den mørke streg er Rødovre" in figure
