"""What everybody may read of a hearing, and where a flag and a comment stand: at exactly that figure, nowhere else."""

import csv
import datetime as dt
import io
import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import Area, Indicator, Municipality, Upload
from portal.addresses import Addresses
from portal.embeds.pictures import card_svg
from portal.hearing.page import changed_by
from portal.press.pdf import kept_pdf
from portal.press.sheet import sheet_of
from portal.published.edition import NOTHING, WHOLE, Said, Statements, edition_of_address
from rankings.hearing.models import Comment, Flag, Hearing, Outcome, Remark
from rankings.hearing.services.ruling import rule
from rankings.hearing.services.statements import take_up_flag
from rankings.models import Edition
from tests.filled_in import publisher

pytestmark = pytest.mark.django_db
FLAGGED = "h-omgoerelse-voksne"
WORDS = "under afklaring"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_page_counts_everybody_who_was_asked_once(client: Client) -> None:
    page = text_of(client, "/hoering/2026/")
    counted = dict(re.findall(r"<div><dt>([^<]+)</dt><dd>(\d+)</dd></div>", page))
    asked = int(counted.pop("Spurgt"))
    assert asked == 98
    assert sum(map(int, counted.values())) == asked
    assert counted["Endeligt svar"] == "71"
    assert page.count('class="remark stack"') == 23 + 1  # and the flag
    assert "hoeringsnotat.pdf" in page


def test_the_note_is_a_pdf_and_a_csv_with_every_remark_and_its_ruling(client: Client) -> None:
    assert client.get("/hoering/2026/hoeringsnotat.pdf").content.startswith(b"%PDF-")
    rows = list(
        csv.DictReader(io.StringIO(text_of(client, "/hoering/2026/hoeringsnotat.csv").lstrip("\ufeff")), delimiter=";")
    )
    assert len(rows) == 23
    assert sum(row["Afgørelse"] == "medhold" for row in rows) == 9
    assert all(row["Begrundelse"] for row in rows)
    assert sum(bool(row["Rettet"]) for row in rows) == 8


def test_from_a_remark_one_walks_to_its_ruling_its_upload_its_value_and_the_ranks_it_moved(client: Client) -> None:
    page = text_of(client, "/hoering/2026/")
    remark = next(part for part in page.split("<article")[1:] if "rettelser-efter-hoering" in part)
    assert "medhold" in remark
    proof = re.findall(r'<a href="(/spor/[^"]+)">', remark)[0]
    trace = text_of(client, proof)
    assert "rettelser-efter-hoering" in trace
    assert "Opdigtet: Tallet er læst forkert" in trace
    assert "Frem: hvilke placeringer" in trace


def test_a_figure_that_is_another_for_another_reason_is_not_called_corrected() -> None:
    every = Remark.objects.of(Hearing.objects.get(edition__year=2026)).select_related(
        "ruling", "measurement", "indicator"
    )
    refused = every.filter(ruling__outcome=Outcome.NOT, measurement__isnull=False)[0]
    assert refused.measurement is not None
    now = refused.indicator.measurements.exclude(pk=refused.measurement.pk)[0]
    said = changed_by(refused, now)
    assert said["changed"] == ""
    assert "af en anden grund" in said["otherwise"]
    assert changed_by(refused, None) == {"changed": "", "otherwise": ""}


def test_the_offices_own_correction_of_a_heard_figure_is_told_with_its_reason(client: Client) -> None:
    file = Upload.objects.get(name="demo-2026-rettelser-efter-hoering.csv")
    rule(outcome=Outcome.UPHELD, reason="Kilden har rettet.", upload=file, by=publisher(), now=timezone.now())
    own = text_of(client, "/hoering/2026/").split("Redaktionens egne rettelser")[1].split("</ul>")[0]
    assert f"{file.name}:" in own
    assert "Kilden har rettet." in own


def test_a_year_without_a_hearing_has_no_page(client: Client) -> None:
    assert client.get("/hoering/2024/").status_code == 404


def test_the_flag_stands_at_exactly_that_figure_and_hides_nothing(client: Client) -> None:
    page = text_of(client, "/kommune/hjoerring/")
    row = re.findall(rf"<tr[^>]*>(?:(?!</tr>).)*/indikator/{FLAGGED}/(?:(?!</tr>).)*</tr>", page, re.DOTALL)[0]
    assert WORDS in row
    assert re.search(r"\d+,\d\s%", row)  # the value is there
    assert sum(WORDS in part for part in page.split("<tr")[1:]) == 1
    assert WORDS not in text_of(client, "/kommune/aalborg/")


def test_a_comment_stands_beside_its_own_municipality_with_who_and_when(client: Client) -> None:
    page = text_of(client, "/kommune/hjoerring/")
    assert "Opdigtet: Vi kender tallene." in page
    assert "Hjørring Kommune" in page
    assert "Handicaprådet i Hjørring (opdigtet) mener" in page


@pytest.mark.parametrize(
    ("current", "pinned"),
    [
        (f"/rangliste/indikator/{FLAGGED}/", f"/@2026.1/rangliste/indikator/{FLAGGED}/"),
        (f"/rangliste/indikator/{FLAGGED}/?vis=kort", f"/@2026.1/rangliste/indikator/{FLAGGED}/?vis=kort"),
        (f"/rangliste/indikator/{FLAGGED}/kort.svg", f"/@2026.1/rangliste/indikator/{FLAGGED}/kort.svg"),
        (f"/indlejr/rangliste/indikator/{FLAGGED}/", f"/@2026.1/indlejr/rangliste/indikator/{FLAGGED}/"),
        (f"/kommune/hjoerring/tal/{FLAGGED}/", f"/@2026.1/kommune/hjoerring/tal/{FLAGGED}/"),
        ("/sammenlign/?kommune=hjoerring&kommune=odense", "/@2026.1/sammenlign/?kommune=hjoerring&kommune=odense"),
        ("/indlejr/kommune/hjoerring/", "/@2026.1/indlejr/kommune/hjoerring/"),
        ("/kommune/hjoerring/kort.svg", "/@2026.1/kommune/hjoerring/kort.svg"),
        ("/kommune/hjoerring.csv", "/@2026.1/kommune/hjoerring.csv"),
        (f"/rangliste/indikator/{FLAGGED}.csv", f"/@2026.1/rangliste/indikator/{FLAGGED}.csv"),
    ],
)
def test_it_stands_at_current_addresses_and_not_at_pinned_ones(client: Client, current: str, pinned: str) -> None:
    assert WORDS in text_of(client, current).lower()
    assert WORDS not in text_of(client, pinned).lower()


def test_a_pinned_page_has_one_line_that_more_was_said(client: Client) -> None:
    page = text_of(client, "/@2026.1/kommune/hjoerring/")
    assert page.count("er der siden sagt noget") == 1
    assert "Opdigtet: Vi kender tallene." not in page


def test_the_api_says_it_of_the_line_and_not_of_a_pinned_one(client: Client) -> None:
    def row(edition: str) -> dict[str, object]:
        asked = f"level=indicator&subject={FLAGGED}&kommune=hjoerring&edition={edition}"
        found: dict[str, object] = json.loads(text_of(client, f"/api/v1/rankings?{asked}"))["rows"][0]
        return found

    assert row("")["under_clarification"] == timezone.localdate(Flag.objects.get().raised_at).isoformat()
    assert row("2026.1")["under_clarification"] is None
    overall = json.loads(text_of(client, "/api/v1/rankings?kommune=hjoerring"))["rows"][0]
    assert overall["comment"] == Comment.objects.get(organisation__municipality__slug="hjoerring").short


def test_a_ruled_flag_is_gone_from_the_figure_and_stays_in_the_hearing(client: Client) -> None:
    rule(
        flags=[Flag.objects.get()],
        outcome=Outcome.NOT,
        reason="Opdigtet: Følger kilden.",
        by=publisher(),
        now=timezone.now(),
    )
    assert WORDS not in text_of(client, "/kommune/hjoerring/")
    assert "Opdigtet: Følger kilden." in text_of(client, "/hoering/2026/")


def ask(client: Client, text: str, **more: str) -> int:
    answer = client.post(
        "/er-tallet-forkert/2026.1-101-b-omgoerelse/", {"text": text, "email": "", "website": "", **more}
    )
    return answer.status_code


def test_a_reader_asks_without_account_and_the_office_looks_first(client: Client) -> None:
    assert ask(client, "Tallet er fra i fjor.", email="laeser@x.example") == 200
    assert client.cookies == {}
    flag = Flag.objects.waiting().get()
    assert flag.municipality == Municipality.objects.get(code="101")
    assert flag.indicator == Indicator.objects.get(code="b-omgoerelse")
    assert "laeser@x.example" not in text_of(client, "/hoering/2026/")
    assert WORDS not in text_of(client, "/kommune/koebenhavn/")
    take_up_flag(flag=flag, by=publisher(), now=timezone.now())
    assert WORDS in text_of(client, "/kommune/koebenhavn/")
    assert "laeser@x.example" not in text_of(client, "/hoering/2026/")
    rule(flags=[Flag.objects.get(pk=flag.pk)], outcome=Outcome.NOT, reason="Nej.", by=publisher(), now=timezone.now())
    flag.refresh_from_db()
    assert flag.reader_email == ""  # told of the ruling, and forgotten


def test_a_reader_is_refused_with_a_reason_and_a_machine_is_thanked(client: Client) -> None:
    assert ask(client, "") == 422
    assert ask(client, "Barnet har CPR 010112-1234.") == 422
    assert ask(client, "Køb nu", website="http://x.example") == 200
    assert not Flag.objects.waiting().exists()
    for number in ("2026.1-101-samlet", "2026.1-0-b-omgoerelse", "x"):
        assert client.get(f"/er-tallet-forkert/{number}/").status_code == 404


def test_nobody_asks_all_day_from_one_place(client: Client, settings: object) -> None:
    settings.QUESTIONS_AN_HOUR = 1  # type: ignore[attr-defined]
    place = Client(REMOTE_ADDR="10.9.8.7")
    assert ask(place, "En.") == 200
    assert ask(place, "To.") == 429


def test_every_proof_leads_to_writing_about_it(client: Client) -> None:
    page = text_of(client, "/spor/2026.1-101-b-omgoerelse/")
    assert 'href="/er-tallet-forkert/2026.1-101-b-omgoerelse/"' in page
    assert Edition.objects.published().exists()


SHEET = "/kommune/hjoerring/presse"


@pytest.mark.parametrize("form", ["/", ".txt"])
def test_a_press_sheet_says_what_the_page_says_and_a_pinned_one_nothing(client: Client, form: str) -> None:
    now = text_of(client, f"{SHEET}{form}")
    assert "Opdigtet: Vi kender tallene." in " ".join(now.split())
    assert re.search(r"under afklaring siden \d", " ".join(now.split()))
    pinned = text_of(client, f"/@2026.1{SHEET}{form}")
    assert "Vi kender tallene" not in pinned
    assert "under afklaring" not in pinned
    assert ("Siden udgaven er der sagt noget" in pinned) == (form == "/")  # a page has one line, a file nothing


def test_the_sheet_of_an_indicator_names_whose_figure_is_questioned(client: Client) -> None:
    assert "Hjørring: under afklaring siden" in text_of(client, f"/indikator/{FLAGGED}/presse/")


def test_the_kept_pdf_of_a_sheet_is_another_when_more_has_been_said() -> None:
    shown = edition_of_address()
    municipality, addresses = Municipality.objects.get(slug="hjoerring"), Addresses(shown.edition.release)
    plain, said = (sheet_of(shown.edition, municipality, addresses, said=one) for one in (NOTHING, shown.said))
    assert kept_pdf(plain, "da") != kept_pdf(said, "da")
    assert plain.name == said.name


def test_a_voice_on_a_theme_and_a_comment_on_an_area_stand_on_their_pages(client: Client) -> None:
    assert "Brugernes Landsforening (opdigtet)</span>\nmener" in text_of(client, "/tema/uddannelse-job-og-aktivitet/")
    assert "Brugernes Landsforening" not in text_of(client, "/@2026.1/tema/uddannelse-job-og-aktivitet/")
    comment = Comment.objects.filter(area__isnull=True, organisation__municipality__slug="hjoerring").get()
    area = Area.objects.get(code="b")
    Comment.objects.create(
        organisation=comment.organisation, edition=comment.edition, year=2026, area=area, version=1,
        text="Om børn og unge: vi har flere sager end før.", written_by=comment.written_by, written_at=timezone.now(),
    )  # fmt: skip
    part = text_of(client, "/kommune/hjoerring/").split(f'class="ladder area-{area.code}"')[1].split('class="ladder')[0]
    assert "Om børn og unge: vi har flere sager end før." in part


def test_the_card_prints_the_short_form_whole_or_not_at_all() -> None:
    shown, municipality = edition_of_address(), Municipality.objects.get(slug="hjoerring")
    drawn = card_svg(shown.edition, municipality, shown.said)
    assert "Vi følger op på omgjorte afgørelser hvert kvartal." in drawn
    longer = Said("Hjørring Kommune", "ord " * 250, "ord " * 250, dt.date(2026, 9, 10))
    told = card_svg(shown.edition, municipality, Statements(comments={(municipality.code, WHOLE): longer}))
    assert "ord ord" not in told
    assert "kommentar" in told
