import io
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from indicators.models import LogEntry, Measurement, Municipality, Source, Upload, UploadState
from portal.operating.roles import DATA_STEWARD, EDITOR, PUBLISHER
from rankings.models import Edition
from tests.accounts import Person, SignIn, person, signed_in  # fixtures
from tests.filled_in import long_csv
from tests.markup import Markup, text_of

__all__ = ["person", "signed_in"]
pytestmark = pytest.mark.django_db
CODE = "b-omgoerelse"
GOOD = ("101;København;b-omgoerelse;2019;12,5;", "147;Frederiksberg;b-omgoerelse;2019;13,5;")


def file_of(*rows: str, name: str = "tal.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, long_csv(*rows).content)


def hand_in(client: Client, *rows: str, **fields: str) -> Upload:
    client.post(reverse("admin:indicators_upload_add"), {"file": file_of(*rows), **fields})
    return Upload.objects.newest_first()[0]


@pytest.fixture
def steward(person: Person, signed_in: SignIn) -> Client:
    return signed_in(person("stine", DATA_STEWARD))


def page_of(client: Client, upload: Upload) -> str:
    return client.get(reverse("admin:indicators_upload_change", args=[upload.pk])).content.decode()


def test_a_small_file_is_read_at_once_and_its_page_says_what_would_change(steward: Client) -> None:
    upload = hand_in(steward, *GOOD, source="Ankestyrelsen")
    assert (upload.state, upload.source) == (UploadState.CHECKED, "Ankestyrelsen")
    page = page_of(steward, upload)
    assert "en række for hvert tal" in page
    assert "komma: 12,5" in page
    assert "Nye tal (2)" in page
    assert "lavere er bedre" in page
    assert not Measurement.objects.filter(upload=upload).exists()


def test_handing_in_is_offered_to_those_who_may(person: Person, signed_in: SignIn) -> None:
    """Whoever may not is refused behind the link too; a link to a refusal would lead into it."""
    offered = f'href="{reverse("admin:indicators_upload_add")}"'
    for role in (DATA_STEWARD, EDITOR, PUBLISHER):
        page = signed_in(person(role, role)).get(reverse("admin:indicators_upload_changelist")).content.decode()
        assert (offered in page) is (role == DATA_STEWARD), role


def test_warnings_are_applied_only_with_a_tick_and_a_reason(steward: Client) -> None:
    upload = hand_in(steward, "101;København;b-omgoerelse;2019;98,5;", "147;;b-omgoerelse;2019;97,5;")
    where = reverse("admin:indicators_upload_apply", args=[upload.pk])
    keys = [each["key"] for each in upload.report["findings"] if each["severity"] == "warning"]
    assert keys
    answer = steward.post(where, {"reason": "Set efter hos kilden."}, follow=True)
    assert "mangler et ja" in answer.content.decode()
    steward.post(where, {"accept": keys})
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED
    page = page_of(steward, upload)  # what was answered stands there still
    assert all(f'id="a-{key}" checked' in page for key in keys)
    steward.post(where, {"accept": keys, "reason": "Set efter hos kilden."})
    upload.refresh_from_db()
    assert upload.state == UploadState.APPLIED
    assert set(upload.report["accepted"].values()) == {"Set efter hos kilden."}
    assert "Set efter hos kilden." in page_of(steward, upload)


def test_a_misspelt_header_is_offered_and_mapped(steward: Client) -> None:
    text = "navn;pop_2018;2pop_019\nFanø;3.207;3.208\nLæsø;1.801;1.795\n"
    file = SimpleUploadedFile("indbyggere.csv", text.encode())
    steward.post(reverse("admin:indicators_upload_add"), {"file": file})
    upload = Upload.objects.newest_first()[0]
    assert upload.state == UploadState.REFUSED
    page = page_of(steward, upload)
    assert "Kolonnen »2pop_019«" in page
    assert "Måske 2019?" in page
    assert "Kolonnen »pop«" in page
    for fields in (
        {"indicator": "k-indbyggere", "column_0": "", "year_0": "2019", "column_1": "k-indbyggere"},
        {"column_0": "k-indbyggere", "column_1": "k-indbyggere", "year_1": "2019"},
    ):
        steward.post(reverse("admin:indicators_upload_reading", args=[upload.pk]), fields)
        upload.refresh_from_db()
        assert upload.state == UploadState.CHECKED
        assert upload.report["cells"] == 4
        assert upload.report["years"] == [2018, 2019]
    assert 'name="year_1" value="2019"' in page_of(steward, upload)


def test_a_workbooks_other_sheets_are_told_and_one_can_be_chosen(steward: Client) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for name, value in (("Noter", None), ("Første", 12.5), ("Anden", 13.5)):
        sheet = book.add_worksheet(name)
        rows = [["kommune", "2019"], ["Odense", value]] if value else [["Læs mig"]]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    file = SimpleUploadedFile("bog.xlsx", stream.getvalue())
    steward.post(reverse("admin:indicators_upload_add"), {"file": file, "indicator": CODE})
    upload = Upload.objects.newest_first()[0]
    assert (upload.report["sheet"], upload.report["left_out_by_reason"]) == ("Første", {"sheet": 2})
    page = page_of(steward, upload)
    assert "ark, der ikke er læst" in page
    assert '<option value="Anden">' in page
    fields = {"indicator": CODE, "sheet": "Anden"}
    steward.post(reverse("admin:indicators_upload_reading", args=[upload.pk]), fields)
    upload.refresh_from_db()
    assert (upload.report["sheet"], upload.report["changes"]["added"][0][4][0]) == ("Anden", 13.5)


def test_the_same_file_again_leads_to_the_first_and_does_nothing(steward: Client) -> None:
    first = hand_in(steward, *GOOD)
    answer = steward.post(
        reverse("admin:indicators_upload_add"), {"file": file_of(*GOOD, name="igen.csv")}, follow=True
    )
    assert answer.redirect_chain[-1][0] == reverse("admin:indicators_upload_change", args=[first.pk])
    assert "den samme fil er her allerede" in answer.content.decode()
    assert Upload.objects.newest_first()[0] == first


def test_a_file_leaves_only_as_an_attachment(steward: Client) -> None:
    evil = SimpleUploadedFile("<script>.html", b"kommune;2019\n<script>alert(1)</script>;5\n")
    steward.post(reverse("admin:indicators_upload_add"), {"file": evil})
    upload = Upload.objects.newest_first()[0]
    answer = steward.get(reverse("admin:indicators_upload_file", args=[upload.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"<script>alert" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert "<script>alert" not in page_of(steward, upload)


def test_a_sources_template_goes_in_again_and_says_that_it_is_empty(steward: Client) -> None:
    source = Source.objects.filter(indicators__code=CODE)[0]
    content = steward.get(reverse("admin:indicators_upload_template", args=[source.pk, 2019])).content
    file = SimpleUploadedFile("skabelon.xlsx", content)
    steward.post(reverse("admin:indicators_upload_add"), {"file": file, "source": source.name})
    upload = Upload.objects.newest_first()[0]
    assert [each["rule"] for each in upload.report["findings"] if each["severity"] == "refusal"] == ["empty"]
    told = steward.get(reverse("admin:indicators_upload_change", args=[upload.pk])).content.decode()
    assert "Filen er tom: ingen af dens" in told


def test_the_impact_page_names_who_would_move_and_stores_nothing(steward: Client) -> None:
    year = Edition.objects.published().newest_first()[0].criterion_set.get(indicator__code=CODE).data_year or 0
    worst = Measurement.objects.current().filter(indicator__code=CODE, year=year, value__gt=0).order_by("-value")[0]
    upload = hand_in(steward, f"{worst.municipality.code};;{CODE};{year};0,1;")
    page = Markup(steward.get(reverse("admin:rankings_edition_impact", args=[upload.pk])).content.decode())
    (table,) = page.by_class("steps")[0].iter("tbody")
    rows = [[text_of(cell) for cell in row] for row in table.iter("tr")]
    moves = {name: (int(before), int(after), places) for name, before, after, places, *_rest in rows}
    assert moves[worst.municipality.name][2].endswith(" frem")
    for before, after, places in moves.values():
        assert places == (f"{before - after} frem" if after < before else f"{after - before} tilbage")
    assert any(after > before for before, after, _places in moves.values())
    assert not Measurement.objects.filter(upload=upload).exists()


@pytest.mark.parametrize(
    ("step", "allowed"),
    [
        ("indicators_upload_reading", {DATA_STEWARD}),
        ("indicators_upload_check", {DATA_STEWARD}),
        ("indicators_upload_apply", {DATA_STEWARD}),
        ("indicators_upload_take_back", {DATA_STEWARD}),
        ("indicators_upload_cancel", {DATA_STEWARD}),
        ("rankings_edition_compute", {DATA_STEWARD, PUBLISHER}),
        ("rankings_edition_delete_draft", {DATA_STEWARD, PUBLISHER}),
        ("rankings_edition_hearing", {PUBLISHER}),
        ("rankings_edition_publish", {PUBLISHER}),
        ("rankings_edition_link", {PUBLISHER}),
    ],
)
def test_each_step_is_for_the_roles_that_need_it(
    step: str, allowed: set[str], person: Person, signed_in: SignIn
) -> None:
    upload = Upload.objects.newest_first()[0]
    pk = upload.pk if "upload" in step else Edition.objects.newest_first()[0].pk
    where = reverse(f"admin:{step}", args=[pk])
    for role in (DATA_STEWARD, EDITOR, PUBLISHER):
        client = signed_in(person(f"{role}-{step}"[:60], role))
        assert client.get(where).status_code == 405
        assert (client.post(where).status_code == 403) == (role not in allowed), role


def test_only_a_steward_may_hand_in(person: Person, signed_in: SignIn) -> None:
    where = reverse("admin:indicators_upload_add")
    for role, status in ((DATA_STEWARD, 200), (EDITOR, 403), (PUBLISHER, 403)):
        assert signed_in(person(role, role)).get(where).status_code == status


def test_a_large_file_waits_for_a_worker_and_its_page_shows_how_far_it_is(steward: Client, settings: Any) -> None:
    settings.UPLOAD_AT_ONCE = 10
    upload = hand_in(steward, *GOOD)
    assert upload.state == UploadState.RECEIVED
    page = page_of(steward, upload)
    assert '<progress id="share" max="1" value="0.0">' in page
    assert "venter" in page
    steward.post(reverse("admin:indicators_upload_cancel", args=[upload.pk]))
    page = page_of(steward, upload)
    assert "<progress" not in page
    assert "afbrudt" in page


def test_the_log_is_read_in_words_and_changed_by_nobody(person: Person, signed_in: SignIn, steward: Client) -> None:
    upload = hand_in(steward, *GOOD)
    anna = signed_in(person("anna", superuser=True))
    assert f"indberetning {upload.pk}" in anna.get(reverse("admin:indicators_logentry_changelist")).content.decode()
    entry = LogEntry.objects.newest_first()[0].pk
    assert anna.post(reverse("admin:indicators_logentry_delete", args=[entry]), {"post": "yes"}).status_code == 403
    assert anna.post(reverse("admin:indicators_logentry_change", args=[entry]), {"what": "x"}).status_code == 403


def test_several_files_come_at_once_and_each_is_an_upload(steward: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.csv", f"kommune;{2010 + n}\nFanø;3\n".encode()) for n in (1, 2)]
    steward.post(reverse("admin:indicators_upload_add"), {"file": files, "indicator": CODE})
    assert set(Upload.objects.filter(name__in=["1.csv", "2.csv"]).values_list("state", flat=True)) == {"checked"}


def test_the_same_file_with_another_choice_is_read_by_the_new_choice(steward: Client) -> None:
    where = reverse("admin:indicators_upload_add")
    for choice in ({}, {"indicator": CODE, "year": "2019"}):
        steward.post(where, {"file": SimpleUploadedFile("a.csv", b"kommune;Andel\nFan\xc3\xb8;3\n"), **choice})
    upload = Upload.objects.get(name="a.csv")
    assert (upload.state, upload.options) == (UploadState.CHECKED, {"indicator": CODE, "year": 2019})


def test_a_figure_by_hand_becomes_a_file_with_its_reason(steward: Client) -> None:
    fano = Municipality.objects.get(name="Fanø")
    said = {"indicator": CODE, "municipality": fano.pk, "year": 2019, "source": "Høring", "reason": "Oplyst af Fanø."}
    where = reverse("admin:indicators_upload_figure")
    assert "Skriv tallet, eller vælg" in steward.post(where, said).content.decode()
    steward.post(where, {**said, "value": "12,5"})
    upload = Upload.objects.newest_first()[0]
    assert (upload.state, upload.source, upload.report["cells"]) == (UploadState.CHECKED, "Høring", 1)
    with upload.file.open() as file:
        assert "Oplyst af Fanø." in file.read().decode("utf-8-sig")
