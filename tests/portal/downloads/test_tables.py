"""What can be taken away: every page's rows, every kind of file, and addresses whose files never change."""

import csv
import datetime as dt
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from python_calamine import CalamineWorkbook

from indicators.models import Measurement
from indicators.services.apply import import_files
from indicators.services.receive import FileToImport
from portal.addresses import KINDS, WHOLE_ENDINGS
from rankings.models import Edition, Placement
from rankings.services.editions import correct_edition, publish_edition
from tests.world import CORRECTED, NEWEST

pytestmark = pytest.mark.django_db
PAGES = (
    "rangliste",
    "rangliste/omraade/handicap",
    "rangliste/tema/skole-og-trivsel",
    "rangliste/indikator/b-omgoerelse",
    "kommune/aarhus",
    "indikator/b-omgoerelse",
)
ENDINGS = ("csv", "plain.csv", "xlsx", "json")
PINNED = [f"/@{NEWEST}.1/{page}.plain.csv" for page in PAGES]
PINNED += [f"/@{NEWEST}.1/rangliste.{ending}" for ending in ENDINGS]  # of the same rows, whatever the page
PINNED += [f"/@{NEWEST}.1/rangliste.csv?sorter=aendring", f"/en/@{CORRECTED}.1/ranking.xlsx"]
WHOLE = [f"/@{NEWEST}.1/{page}.{ending}" for page in PAGES for ending in ENDINGS]
WHOLE += [f"/@{CORRECTED}.{revision}/hent/hele-udgaven.{ending}" for revision in (1, 2) for ending in WHOLE_ENDINGS]
PINNED += [f"/@{CORRECTED}.1/rangliste/tema/faglighed-og-retssikkerhed.csv"]


def taken(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.getvalue()  # reads a stream to its end, which closes the file


@pytest.mark.parametrize("which", PAGES)
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_pages_address_with_an_ending_is_its_file(client: Client, which: str, ending: str) -> None:
    answer = client.get(f"/{which}.{ending}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == KINDS[ending]
    assert answer["Content-Disposition"].endswith(f'demodata.{ending}"')
    assert f"{NEWEST}.1" in answer["Content-Disposition"]
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("pinned", [PINNED, pytest.param(PINNED + WHOLE, marks=pytest.mark.full)], ids=len)
def test_a_correction_leaves_every_pinned_file_as_it_was_byte_for_byte(
    client: Client, tmp_path: Path, pinned: list[str]
) -> None:
    before = {address: taken(client, address) for address in pinned}
    short = taken(client, f"/{CORRECTED}/rangliste/indikator/b-omgoerelse.csv")
    _correct(tmp_path)
    assert Edition.objects.published().get(year=CORRECTED).revision == 3
    changed = [address for address, content in before.items() if taken(client, address) != content]
    assert changed == []
    assert taken(client, f"/{CORRECTED}/rangliste/indikator/b-omgoerelse.csv") != short


def _correct(folder: Path) -> None:
    """Put one more value of the year right, by the services that production uses."""
    now = dt.datetime(NEWEST, 11, 20, 8, tzinfo=dt.UTC)
    by = User.objects.get(username="demo")
    one = Measurement.objects.current().filter(indicator__code="b-omgoerelse", year=CORRECTED - 1, value__gt=20).first()
    assert one is not None
    path = folder / "rettelse.csv"
    row = f"{one.municipality.code};{one.municipality.name};b-omgoerelse;{one.year};{(one.value or 0) / 2:.1f};;test"
    path.write_text(
        f"kommunekode;kommune;indikator;aar;vaerdi;mangler;kilde\r\n{row.replace('.', ',')}\r\n", "utf-8-sig"
    )
    import_files(files=[FileToImport.at(path)], by=by, now=now, is_demo=True, accept_warnings=True)
    revision = correct_edition(year=CORRECTED, reason="En prøve", by=by, now=now)
    publish_edition(edition=revision, by=User.objects.create_user("another"), now=now)


def test_the_file_has_what_the_filter_leaves_and_in_its_order(client: Client) -> None:
    query = "region=1084&sorter=kommune&retning=ned"
    rows = list(csv.DictReader(io.StringIO(taken(client, f"/rangliste.plain.csv?{query}").decode())))
    assert 20 < len(rows) < 40
    page = taken(client, f"/rangliste/?{query}").decode().partition("<tbody>")[2]
    names = [row["municipality"] for row in rows]
    assert names == sorted(names, key=lambda name: page.index(f">{name}<"))


def test_the_page_says_how_many_rows_its_buttons_give(client: Client) -> None:
    page = taken(client, "/rangliste/?region=1084").decode()
    rows = len(taken(client, "/rangliste.plain.csv?region=1084").decode().splitlines()) - 1
    assert f"disse {rows} rækker" in page
    everything = Placement.objects.of(Edition.objects.published().get(year=NEWEST)).count()
    assert f"{everything:,}".replace(",", ".") + " rækker" in page


def test_every_link_of_the_download_page_leads_to_a_file(client: Client) -> None:
    page = taken(client, "/hent/").decode()
    links = set(re.findall(r'href="([^"]+\.(?:csv|xlsx|json|parquet|zip))"', page))
    assert len(links) > 4 * (1 + 3 + 16 + 103 + 98) * 0.95
    written = {link for link in links if "hele-udgaven" not in link or link.startswith(f"/@{NEWEST}.1/")}
    assert len(links) > len(written)  # of older editions: the first who asks has them written, in four seconds
    for link in sorted(written)[:: max(1, len(written) // 15)]:
        assert taken(client, link)


def test_an_english_address_gives_english_words_and_the_names_that_programs_know(client: Client) -> None:
    from django.urls import reverse  # noqa: PLC0415
    from django.utils.translation import override  # noqa: PLC0415

    with override("en"):
        address = reverse("ranking-file", kwargs={"ending": "xlsx"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken(client, address)))
    assert book.sheet_names == ["Data", "About"]
    assert "municipality" in book.get_sheet_by_index(0).to_python()[0]
    assert book.get_sheet_by_index(1).to_python()[0] == ["Notice", "Demo data: the figures are invented"]


def test_a_file_names_the_pinned_address_of_its_question(client: Client) -> None:
    told = json.loads(taken(client, "/rangliste.json?sorter=score&retning=ned"))
    assert told["address"].endswith(f"/@{NEWEST}.1/rangliste/?sorter=score&retning=ned")
    assert told["demo"] is True
    assert told["notice"]


def test_an_indicators_file_goes_through_the_editions(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(taken(client, "/indikator/b-omgoerelse.plain.csv").decode())))
    assert {row["edition"] for row in rows} == {"2024.1", f"{CORRECTED}.2", f"{NEWEST}.1"}
    assert all(bool(row["value"]) != bool(row["missing"]) for row in rows)


def test_the_zip_of_an_address_is_that_editions(client: Client) -> None:
    with zipfile.ZipFile(io.BytesIO(taken(client, f"/@{NEWEST}.1/hent/hele-udgaven.zip"))) as archive:
        assert f"socialt-indeks-{NEWEST}.1/datapackage.json" in archive.namelist()


@pytest.mark.parametrize("address", ["/1999/rangliste.csv", "/rangliste/tema/nej.csv", "/hent/hele-udgaven.exe"])
def test_there_is_no_file_of_what_there_is_not(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("_empty_site")
def test_a_young_site_has_no_files(client: Client) -> None:
    assert client.get("/hent/hele-udgaven.zip").status_code == 404


def test_a_whole_edition_is_streamed_and_may_be_kept(client: Client) -> None:
    answer = client.get(f"/@{NEWEST}.1/hent/hele-udgaven.csv")
    assert answer.streaming
    assert answer["ETag"]
    assert answer["Last-Modified"]
    assert answer.getvalue()
