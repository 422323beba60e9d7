import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.test import Client

from indicators.models import Direction, SeriesBreak
from rankings.engine.evidence import UNUSABLE, graded, unpacked
from rankings.models import Criterion, Edition, Level, Placement
from tests.markup import Markup, text_of

pytestmark = pytest.mark.django_db

KINDS = ["for få til at vise", "ikke indberettet", "ikke relevant", "ikke opgjort", "ikke tilgængelig"]
KINDS += ["ubesvaret", "ved ikke", "ikke godkendt", "for få svar"]
UNSURE = "for usikkert at handle på"
DIRECTIONS = ("højere er bedre", "lavere er bedre", "hverken godt eller dårligt", "ja er bedst", "nej er bedst")


def page_of(client: Client, slug: str, before: str = "/") -> Markup:
    answer = client.get(f"{before}kommune/{slug}/")
    assert answer.status_code == 200
    return Markup(answer.content.decode())


def overall(**which: Any) -> Placement:
    rows = Placement.objects.filter(edition__year=2026, level=Level.OVERALL, **which)
    found = rows.select_related("municipality").in_rank_order().first()
    assert found is not None
    return found


def indicator_rows(page: Markup) -> list[tuple[str, list[str]]]:
    """Heading and cells of every indicator on the ladder."""
    found = []
    for ladder in page.by_class("ladder"):
        for body in ladder.iter("tbody"):
            for row in body.iter("tr"):
                cells = [text_of(cell) for cell in row if cell.tag in {"th", "td"}]
                found.append((cells[0], cells[1:]))
    return found


def test_the_answer_stands_first_place_of_n_how_sure_and_score(client: Client) -> None:
    own = overall(rank=4)
    page = page_of(client, own.municipality.slug)
    answer = text_of(page.by_class("answer")[0])
    assert page.title.startswith(f"{own.municipality.name}: Nr. 4 af {own.n}")
    assert f"Nr. 4 af {own.n}" in answer
    assert f"mellem nr. {own.low} og {own.high}" in answer or own.low == own.high
    assert f"{own.printed:.1f}".replace(".", ",") in answer
    assert f"{own.municipality.name} ligger mellem" in answer or own.low == own.high


def test_a_shared_place_is_told_as_shared(client: Client) -> None:
    own = overall(rank_last__gt=F("rank"))
    page = page_of(client, own.municipality.slug)
    assert f"Delt nr. {own.rank} ({own.rank}–{own.rank_last}) af {own.n}" in text_of(page.by_class("answer")[0])


def test_who_is_not_ranked_is_shown_with_the_reason_and_gets_no_number(client: Client) -> None:
    own = overall(rank=None)
    answer = text_of(page_of(client, own.municipality.slug).by_class("answer")[0])
    assert "Ingen samlet placering i 2026" in answer
    assert re.search(r"kun tal for \d+ % af vægten, og der kræves 60 %", answer)
    assert not re.search(r"[Nn]r\. \d", answer)


def test_a_page_with_gaps_begins_with_what_is_known_and_says_once_that_there_is_no_place(client: Client) -> None:
    page = page_of(client, "laesoe")
    assert next(text_of(head) for head in page.all("h2")) == "Det ved vi"
    assert page.text.count("Ikke placeret") <= 1  # in the list of its landsdel
    known = Placement.objects.filter(
        edition__year=2026, municipality__slug="laesoe", level=Level.THEME, rank__isnull=False
    ).select_related("theme")
    assert {text_of(card[1]) for card in page.by_class("area-card")} == {
        one.theme.name_da for one in known if one.theme
    }


def test_every_indicator_of_the_edition_is_there_with_its_direction_in_words(client: Client) -> None:
    rows = indicator_rows(page_of(client, "roedovre"))
    assert len(rows) == Criterion.objects.filter(edition__year=2026, level=Level.INDICATOR).count() == 103
    assert [head for head, _cells in rows if not any(words in head for words in DIRECTIONS)] == []


@pytest.mark.parametrize("slug", ["roedovre", "laesoe", "vallensbaek"])
def test_every_line_has_a_value_with_year_and_rank_of_n_or_says_why_not(client: Client, slug: str) -> None:
    for head, cells in indicator_rows(page_of(client, slug)):
        if any(cells[0].startswith(kind) for kind in KINDS):
            continue
        assert re.search(r"\d.* 20\d\d$|^(ja|nej) 20\d\d$", cells[0]), (head, cells)
        ranked = "hverken godt" not in head
        assert bool(re.fullmatch(r"nr\. \d+(–\d+)? af \d+", cells[1])) == ranked, (head, cells)


def test_a_missing_figure_is_never_a_nought_and_tells_its_kind(client: Client) -> None:
    missing = Placement.objects.filter(edition__year=2026, municipality__slug="laesoe").exclude(missing="")
    page = page_of(client, "laesoe")
    shown = [cells[0] for _head, cells in indicator_rows(page) if any(cells[0].startswith(kind) for kind in KINDS)]
    assert len(shown) == missing.count() > 30
    assert len({kind for kind in KINDS for cell in shown if cell.startswith(kind)}) >= 3
    counted = {text_of(gap[0]).split(" ", 1)[1]: int(text_of(gap[0]).split()[0]) for gap in page.by_class("gap")}
    assert sum(counted.values()) == missing.count()
    assert counted["for få til at vise"] == missing.filter(missing="suppressed").count()


def test_the_values_are_those_of_the_frozen_placements(client: Client) -> None:
    placements = Placement.objects.filter(edition__year=2026, municipality__slug="roedovre", value__isnull=False)
    by_name = {p.indicator.name_da: p for p in placements.select_related("indicator") if p.indicator}
    for head, cells in indicator_rows(page_of(client, "roedovre")):
        own = next((p for name, p in by_name.items() if head.startswith(f"{name} ")), None)
        if own is None or own.indicator is None or own.indicator.unit.startswith("ja"):
            continue
        printed = f"{own.value:,.{own.indicator.decimals}f}".translate(str.maketrans(",.", ".,")).replace("-", "−")
        assert cells[0].startswith(printed), (head, cells, own.value)
        if own.rank:
            assert f"nr. {own.rank}" in cells[1]


def test_what_pulls_down_and_lifts_are_the_ends_of_its_own_figures(client: Client) -> None:
    page = page_of(client, "roedovre")
    placements = Placement.objects.filter(
        edition__year=2026, municipality__slug="roedovre", level=Level.INDICATOR, rank__isnull=False
    ).select_related("indicator")
    place = {p.indicator.name_da: (p.rank or 0) / p.n for p in placements if p.indicator}
    down, up, _changed = page.by_class("pulls")
    for section, sign in ((down, "−"), (up, "+")):
        rows = [(text_of(row[0]), text_of(row[1])) for row in section.iter("li")]
        assert len(rows) == 5
        sizes = [float(points[1:].replace(",", ".")) for _name, points in rows]
        assert all(points.startswith(sign) for _name, points in rows)
        assert sizes == sorted(sizes, reverse=True)
        assert all((place[name] > 0.5) == (sign == "−") for name, _points in rows)


def test_a_changed_answer_of_yes_or_no_is_told_in_words(client: Client) -> None:
    asked = Placement.objects.filter(indicator__unit="ja=1/nej=0", municipality=OuterRef("municipality"))
    before = asked.filter(edition__year=2025, edition__revision=2, indicator=OuterRef("indicator"))
    answers = Placement.objects.filter(edition__year=2026, indicator__unit="ja=1/nej=0", value__isnull=False)
    changed = answers.annotate(before=Subquery(before.values("value")[:1])).exclude(value=F("before"))
    for answer, said in ((1, "fra nej til ja"), (0, "fra ja til nej")):
        row = changed.filter(value=answer, before=1 - answer).select_related("municipality").first()
        assert row is not None
        assert said in text_of(page_of(client, row.municipality.slug).by_class("pulls")[2])


@pytest.mark.parametrize("before", ["/", "/@2025.1/"])
def test_the_scores_of_head_areas_and_themes_lead_to_their_proof(client: Client, before: str) -> None:
    page = page_of(client, "roedovre", before)
    release = "2026.1" if before == "/" else "2025.1"
    year, revision = map(int, release.split("."))
    scored = Placement.objects.filter(edition__year=year, edition__revision=revision, municipality__slug="roedovre")
    scored = scored.exclude(level=Level.INDICATOR).filter(rank__isnull=False).select_related("area", "theme")
    assert scored.count() > 15
    printed = {}
    for link in page.all("a"):
        if link.get("href", "").startswith(f"/spor/{release}-175-") and text_of(link).startswith("score "):
            printed[link.get("href", "").removeprefix(f"/spor/{release}-175-").rstrip("/")] = text_of(link)
            assert not [above for above in link.iterancestors() if above.tag in {"summary", "a"}]
    expected = {
        row.area.slug if row.area else row.theme.code if row.theme else "samlet": f"score {row.printed:.1f}"
        for row in scored
    }
    assert printed == {subject: text.replace(".", ",") for subject, text in expected.items()}
    for subject in ("samlet", "handicap", "misbrugsbehandling"):
        assert printed[subject].removeprefix("score ") in client.get(f"/spor/{release}-175-{subject}/").content.decode()


def test_the_development_is_a_table_of_every_edition_up_to_the_one_shown(client: Client) -> None:
    for before, years in (("/", ["2026", "2025", "2024"]), ("/2025/", ["2025", "2024"])):
        page = page_of(client, "roedovre", before)
        table = next(t for t in page.all("table") if text_of(t).startswith("Placering i hver udgave"))
        assert [text_of(row[0]) for body in table.iter("tbody") for row in body] == years


def test_a_break_in_series_is_marked_at_its_indicator(client: Client) -> None:
    heads = [head for head, _cells in indicator_rows(page_of(client, "roedovre")) if "databrud i 2024" in head]
    broken = SeriesBreak.objects.filter(year=2024).values_list("indicator__name_da", flat=True)
    assert len(heads) == len(broken) > 5
    assert all(any(head.startswith(name) for name in broken) for head in heads)


def test_like_municipalities_are_found_by_conditions_and_never_by_results(client: Client) -> None:
    before = _peers(page_of(client, "roedovre"))
    assert len(before) >= 5
    with connection.cursor() as cursor:  # what is published is frozen; here everybody else loses the place
        cursor.execute("ALTER TABLE rankings_placement DISABLE TRIGGER USER")
    rows = Placement.objects.filter(edition__year=2026, level=Level.OVERALL).exclude(municipality__slug="roedovre")
    rows.update(rank=None, rank_last=None, low=None, high=None, method_low=None, method_high=None)
    assert _peers(page_of(client, "roedovre")) == before


def _peers(page: Markup) -> list[str]:
    return [text_of(row[0]) for row in page.by_class("peers")[0].iter("li")]


def test_every_number_says_that_it_is_invented(client: Client) -> None:
    assert "Demodata: tallene er opdigtede" in page_of(client, "roedovre").text
    Edition.objects.update(is_demo=False)
    assert "emodata" not in page_of(client, "roedovre").text


def test_neutral_figures_show_no_rank(client: Client) -> None:
    neutral = Criterion.objects.filter(edition__year=2026, direction=Direction.NEUTRAL).count()
    rows = [cells for head, cells in indicator_rows(page_of(client, "roedovre")) if "hverken godt" in head]
    assert len(rows) == neutral == 6
    assert not any("nr." in cell for cells in rows for cell in cells)


def test_a_value_too_unsure_to_act_on_is_nobodys_strength_weakness_or_place_to_begin(client: Client) -> None:
    edition = Edition.objects.published().get(year=2026)
    doubted = Placement.objects.of(edition).doubted().items()
    unsure = {key for key, packed in doubted if graded(unpacked(packed)) == UNUSABLE}
    rows = Placement.objects.of(edition).filter(level=Level.INDICATOR).select_related("municipality", "indicator")
    found = [row for row in rows if (row.municipality_id, row.indicator_id) in unsure]
    assert len(found) > 5
    slug, count = Counter(row.municipality.slug for row in found).most_common(1)[0]
    names = [row.indicator.name_da for row in found if row.indicator and row.municipality.slug == slug]
    assert len(names) == count > 2
    page = page_of(client, slug)
    headings = [heading for heading, _cells in indicator_rows(page)]
    assert all(any(one.startswith(name) and UNSURE in one for one in headings) for name in names)
    begin = [one for one in page.all("section") if one.get("aria-labelledby") == "begynd"]
    assert begin
    lists = " ".join(text_of(one) for one in [*page.by_class("known"), *begin])
    assert not [name for name in names if name in lists]
    sheet = client.get(f"/kommune/{slug}/presse/").content.decode()
    written = " ".join(text_of(one) for one in Markup(sheet).by_class("sentences"))
    assert written
    assert not [name for name in names if name in written]
    assert f"det er {UNSURE}" in sheet
