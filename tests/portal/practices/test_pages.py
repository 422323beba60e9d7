"""What readers see of practices: two axes, the right words, the same digits everywhere, nothing that must never be."""

import csv
import io
import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from indicators.models import Municipality
from portal.practices.verdicts import p_text
from rankings.engine import before_after
from rankings.practices.models import Knowledge, MeasuredHere, NoVerdict, Practice, Verdict
from tests.visited import visited

pytestmark = pytest.mark.django_db
WAITING_LIST = "/praksis/opdigtet-faelles-venteliste-og-ugentlig-visitation/"


def raw(path: str) -> str:
    return visited(path).body.decode()


def text_of(path: str) -> str:
    """What stands on a page, without markup, with single spaces."""
    assert visited(path).status == 200
    main = raw(path).split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def practice(which: str) -> Practice:
    return Practice.objects.get(slug__contains=which)


def test_both_axes_stand_on_the_page_and_each_says_who_set_it() -> None:
    page = text_of(WAITING_LIST)
    assert "Vidensgrundlag Hvad man ved om metoden. To redaktører fra andre steder sætter trinnet." in page
    assert "Målt her Hvad tallene viser, hvor det blev prøvet. Indekset beregner det, og ingen kan ændre det." in page
    assert "Ventetid på længerevarende botilbud: skiller sig ud" in page
    assert "Foreløbig: bygger kun på én udgave." in page
    assert "Lovende praksis: 8 af 11 elementer" in page
    assert "ikke at praksissen var årsagen" in page
    assert "omkring hvert tredje tilfælde" in page


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("venteliste", "skiller sig ud"),
        ("morgenfoelgeskab", "kan ikke skelnes fra almindelige udsving"),
        ("udskrivningsmoedet", "kan ikke skelnes fra almindelige udsving"),
        ("et-team", "gik den anden vej"),
        ("boligformidler", "kan ikke opgøres"),
        ("boligformidler", "Tallet er ikke opgjort i år."),
        ("aaben-tid", "Ubekræftet: ingen har i 24 måneder bekræftet, at det stadig bruges."),
        ("selvbooking", "Kommunen er holdt op"),
        ("herning", "beskrevet bagefter"),
        ("housing-first", "flere kontrollerede undersøgelser"),
        ("housing-first", "I Danmark er metoden ikke prøvet med kontrolgruppe."),
    ],
)
def test_each_state_and_verdict_is_said_in_its_words(which: str, words: str) -> None:
    assert words in text_of(f"/praksis/{practice(which).slug}/")


def test_the_printed_numbers_are_those_of_the_verdict() -> None:
    for row in MeasuredHere.objects.filter(p__isnull=False, edition__year=2026).select_related("aim__practice"):
        page = text_of(f"/praksis/{row.aim.practice.slug}/")
        assert f"p = {p_text(row.p or 0)}, n = {row.n}" in page


def test_a_p_is_printed_on_the_side_of_the_threshold_where_it_lies() -> None:
    assert p_text(0.0503) == "0,0503"
    assert p_text(0.05) == "0,050"
    assert p_text(0.0499) == "0,050"
    assert p_text(0.050004) == "0,050004"
    assert p_text(0.0123) == "0,012"


def every_practice_page() -> list[str]:
    return [text_of(f"/praksis/{one.slug}/") for one in Practice.objects.public()]


def test_what_must_never_be_stands_nowhere() -> None:
    for page in [*every_practice_page(), text_of("/praksis/"), text_of("/praksis/udveksling/")]:
        local = page.replace("Hvad der ikke virkede", "").replace("Hvad virker", "")
        assert not re.search(r"\bvirker\b(?! ikke)", local), local
        assert not re.search(r"\bpoint\b|★|stjerner|\bnr\. \d", local)
        assert not re.search(r"\b\d{2} \d{2} \d{2} \d{2}\b|\btlf\b", local)  # nobody's direct number


def test_the_list_is_filtered_by_each_of_its_choices_and_refuses_what_there_is_not() -> None:
    everything = text_of("/praksis/")
    assert "8 praksisser" in everything
    assert "Trukket tilbage: Opdigtet: Digital selvbooking" in everything
    for choice, title in (
        ("tema=bolig-og-stoette-i-hverdagen", "venteliste"),
        ("maalgruppe=homeless", "Housing First"),
        ("viden=no_effect", "Morgenfølgeskab"),
        ("fund=none", "Morgenfølgeskab"),
    ):
        page = text_of(f"/praksis/?{choice}")
        assert title in page
        assert "8 praksisser" not in page
    for wrong in ("tema=x", "maalgruppe=x", "viden=x", "fund=x"):
        assert visited(f"/praksis/?{wrong}").status == 404
        assert visited(f"/praksis.csv?{wrong}").status == 404


def test_the_file_of_the_list_holds_the_rows_of_the_list() -> None:
    rows = list(csv.DictReader(io.StringIO(raw("/praksis.plain.csv").lstrip("\ufeff"))))
    shown = [one.slug for one in Practice.objects.public()]
    assert {row["practice"] for row in rows} == set(shown)
    for row in MeasuredHere.objects.filter(edition__year=2026, p__isnull=False).select_related("aim__practice"):
        found = [one for one in rows if one["practice"] == row.aim.practice.slug and one["p"]]
        assert any(float(one["p"]) == row.p and float(one["residual"]) == row.residual for one in found)
    only = raw("/praksis.plain.csv?viden=no_effect")
    assert "morgenfoelgeskab" in only
    assert "housing-first" not in only


def test_a_verdict_is_recomputed_from_the_downloaded_file_with_the_same_digits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By our command, and by the script of the method page, which knows none of our code."""
    script = re.search(
        r"```python\n(.*?)```", (settings.BASE_DIR / "docs" / "practices.md").read_text("utf-8"), re.DOTALL
    )
    assert script is not None
    (tmp_path / "check.py").write_text(script[1], encoding="utf-8")
    rows = MeasuredHere.objects.filter(p__isnull=False, edition__year=2026)
    for row in rows.select_related("aim__practice", "aim__indicator", "municipality"):
        code = row.aim.indicator.code
        path = tmp_path / f"{code}.csv"
        path.write_text(raw(f"/praksis/{row.aim.practice.slug}/{code}.csv"), encoding="utf-8")
        before, after = (",".join(map(str, years)) for years in (row.years_before, row.years_after))
        unit, way = row.municipality.code, row.aim.direction
        before_after.main([str(path), "--unit", unit, "--before", before, "--after", after, "--direction", way])
        said = json.loads(capsys.readouterr().out)
        assert (said["p"], said["n"], said["residual"]) == (row.p, row.n, row.residual)
        done = subprocess.run(
            [sys.executable, str(tmp_path / "check.py"), str(path), unit, before, after, way],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        verdict, *numbers = done.stdout.split()
        assert verdict == said["verdict"]
        assert numbers == [f"p={row.p:.6f}", f"n={row.n}", f"residual={row.residual:.6f}"]


def test_the_command_on_the_page_is_the_one_that_gives_its_answer() -> None:
    row = MeasuredHere.objects.filter(verdict="stands_out", edition__year=2026)[0]
    page = text_of(f"/praksis/{row.aim.practice.slug}/")
    before, after = (",".join(map(str, years)) for years in (row.years_before, row.years_after))
    assert f"--unit {row.municipality.code} --before {before} --after {after} --direction lower_is_better" in page


def test_the_method_page_prints_what_the_trials_found() -> None:
    page = text_of("/praksis/metode/")
    for figure in ("4,2 %", "5,7 %", "71,1 %", "69,7 %", "21,0 %"):
        assert figure in page
    english = text_of("/en/practices/method/")
    assert "4.2%" in english


def test_an_english_page_says_where_its_words_are_danish() -> None:
    found = raw("/en" + WAITING_LIST.replace("/praksis/", "/practices/"))
    assert 'lang="da"' in found
    assert "stands out" in found
    assert "several controlled studies" in raw("/en/practices/housing-first/")


def test_a_pinned_page_never_shows_what_came_later() -> None:
    later = practice("housing-first")  # published after 2026.1
    assert visited(f"/praksis/{later.slug}/").status == 200
    assert visited(f"/@2026.1/praksis/{later.slug}/").status == 404
    assert "Housing First" not in text_of("/@2026.1/praksis/")
    assert "den udgave, virkningen ventes i, er ikke kommet" in text_of(f"/@2025.1{WAITING_LIST}").lower()


def test_drafts_and_what_waits_are_public_nowhere(client: Client) -> None:
    hidden = Practice.objects.exclude(published_at__isnull=False)
    assert len(hidden) == 2
    for one in hidden:
        assert visited(f"/praksis/{one.slug}/").status == 404
        for path in ("/praksis/", "/praksis.csv", "/praksis.atom", "/api/v1/practices", "/sitemap.xml"):
            assert one.title.removeprefix("Opdigtet: ") not in raw(path)


def test_the_boxes_stand_where_the_reader_needs_them() -> None:
    indicator = text_of("/indikator/b-fravaer-over-ti/")
    assert "1 af 1 er undersøgt uden virkning." in indicator
    order = [indicator.index(words) for words in ("Loven om det", "Det har andre prøvet", "Her kan man få råd", "VISO")]
    assert order == sorted(order)
    assert "Morgenfølgeskab" in indicator
    assert "Vi kender ingen dokumenteret praksis." in text_of("/indikator/b-omgoerelse/")
    assert "Fælles venteliste" in text_of("/tema/bolig-og-stoette-i-hverdagen/")
    place = MeasuredHere.objects.filter(verdict="stands_out", edition__year=2026)[0].municipality
    assert "Fælles venteliste" in text_of(f"/kommune/{place.slug}/presse/")
    assert "Skriv ikke, at det virker her" in text_of("/indikator/h-botilbud-ventetid/presse/")
    said = [text_of(f"/kommune/{one.slug}/") for one in Municipality.objects.order_by("code")[:12]]
    assert any("Hvem kan vi ringe til?" in page for page in said)
    assert all("Tre steder at begynde" in page for page in said)


def test_whom_to_call_shows_only_confirmed_mailboxes_and_figures_that_differ() -> None:
    seen = 0
    for one in Municipality.objects.order_by("code")[:25]:
        page = text_of(f"/indikator/h-botilbud-ventetid/spoerg/?kommune={one.slug}")
        seen += page.count("example.invalid")
        assert f"Bedre end {one.name}" in page or "Ingen af de 12 kommuner" in page
    assert seen
    assert visited("/indikator/h-botilbud-ventetid/spoerg/?kommune=atlantis").status == 404


def test_the_yearly_page_counts_as_it_stood_when_the_edition_was_published() -> None:
    page = text_of("/praksis/udveksling/")
    assert "2 har spurgt, 2 har fået svar. Et år efter: 1 brugt og 1 førte ikke til noget." in page or (
        "Henvendelser 2" in page and "Besvaret 2" in page and "Førte ikke til noget 1" in page
    )
    assert "Opdigtet: Kreds om ventetid på botilbud" in page


def test_the_api_gives_both_axes_apart(client: Client) -> None:
    body = json.loads(raw("/api/v1/practices?knowledge=promising"))
    assert body["count"] == 2
    first = body["rows"][0]
    assert (first["knowledge"], first["verdict"]) == ("promising", "stands_out")
    assert visited("/api/v1/practices?knowledge=works").status == 422
    for one in Knowledge.values:
        assert visited(f"/api/v1/practices?knowledge={one}").status == 200


def test_the_feed_tells_of_publications_and_withdrawals() -> None:
    feed = raw("/praksis.atom")
    assert "Trukket tilbage: Opdigtet: Digital selvbooking" in feed
    assert feed.count("<entry>") == Practice.objects.public().count() + 1


def test_the_embed_may_be_framed_and_says_both_axes() -> None:
    found = raw(f"/indlejr{WAITING_LIST}")
    assert visited(f"/indlejr{WAITING_LIST}").status == 200
    for words in ("lovende praksis", "skiller sig ud", "Demodata"):
        assert words in found


def test_every_word_of_a_verdict_is_translated() -> None:
    for choice in (*Verdict, *NoVerdict, *Knowledge):
        with override("en"):
            english = str(choice.label)
        with override("da"):
            assert english != str(choice.label), choice


def test_an_indicator_says_what_the_law_asks_or_that_we_have_not_written_it_down(client: Client) -> None:
    missing = "er ikke lagt ind for denne indikator endnu"
    known, unknown = (client.get(f"/indikator/{code}/").content.decode() for code in ("v-stof-garanti", "v-peer"))
    assert "Serviceloven: behandling for stofmisbrug" in known
    assert missing not in known
    assert missing in unknown
    assert "serviceloven): treatment of drug misuse" in client.get("/en/indicator/v-stof-garanti/").content.decode()


def test_a_press_sheet_as_text_and_pdf_has_the_practices_with_both_axes(client: Client) -> None:
    practice = Practice.objects.public().filter(municipalities__isnull=False).exclude(state="withdrawn")[0]
    place = practice.municipalities.all()[0]
    text = " ".join(client.get(f"/kommune/{place.slug}/presse.txt").content.decode().split())
    assert practice.title in text
    assert "Vidensgrundlag:" in text
    assert "Skriv ikke, at det virker her" in text
