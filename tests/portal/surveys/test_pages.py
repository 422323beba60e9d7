"""What members, municipalities and readers meet: the pages of questionnaires."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from indicators.models import Measurement
from indicators.people.models import MemberRole, Task
from indicators.surveys.models import Frame, Instrument, Reply, SealedAnswer, Ticket, Wave
from indicators.surveys.services.administrations import Given, attach, save_reply, take_replies, unanswered
from indicators.surveys.services.members import Member, ask_members
from indicators.surveys.services.waves import close_wave
from portal.operating.logs import JsonLine
from tests.accounts import Person, SignIn
from tests.filled_in import NOW, steward
from tests.indicators.surveys.rounds import YEAR, form, member_of, open_round, question, shipped_round
from tests.markup import Markup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path) -> Iterator[None]:
    with override_settings(SURVEY_KEYS=tmp_path / "keys"):
        yield


def member_in(role: MemberRole, code: str = "175", name: str = "kirsten") -> Client:
    client = Client()
    user = member_of(code, role, name)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def token_of(wave: Wave) -> str:
    [(_code, token)] = ask_members(wave=wave, members=[Member("101")], words=None, by=steward(), now=NOW)
    return token


def test_a_member_answers_without_cookies_and_the_address_goes_nowhere(client: Client) -> None:
    wave = open_round(form(), {"101": 30})
    address = reverse("survey-member", kwargs={"token": token_of(wave)})
    page = client.get(address)
    assert (page.status_code, page["Referrer-Policy"], page["X-Robots-Tag"]) == (200, "no-referrer", "noindex")
    assert "no-store" in page["Cache-Control"]
    assert "Dit arbejde i København" in page.content.decode()
    wrong = client.post(address, {"tid": "9"})
    assert wrong.status_code == 422
    assert "ikke et af svarene" in wrong.content.decode()
    done = client.post(address, {"vold": "1", "tid": "2"})
    assert "Tak for dine svar" in done.content.decode()
    assert client.get(address).status_code == 410
    assert not client.cookies
    assert SealedAnswer.objects.filter(wave=wave).count() == Ticket.objects.filter(wave=wave, used=True).count() == 1


def test_neither_a_used_nor_an_unused_link_stands_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    token = token_of(open_round(form(), {"101": 30}))
    for address in (
        f"/undersoegelser/svar/{token}/",
        f"/en/surveys/answer/{token}/",
        f"/undersoegelser/svar/x{token}/",
    ):
        client.get(address)
    assert caplog.records
    lines = [JsonLine().format(record) for record in caplog.records]
    assert [line for line in lines if token in line] == []
    assert all(json.loads(line) for line in lines)


def test_a_municipality_saves_a_section_without_scripts_and_meets_what_a_colleague_wrote() -> None:
    frame = shipped_round({"175": 1}).frames.get()
    client = member_in(MemberRole.RESPONDENT)
    address = f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/boern/"
    page = client.get(address)
    sent = _fields(page.content.decode()) | {"b_ungeplan-tal": "1.074", "b_ungeplan-af": "1.500"}
    assert client.post(address, sent).status_code == 302
    assert Reply.objects.get(frame=frame).number == 1074
    again = client.post(address, sent | {"b_ungeplan-tal": "1.080"})  # the page as it was before
    assert again.status_code == 409
    text = again.content.decode()
    assert "Der står nu: 1.074 af 1.500" in text
    assert 'value="1.080"' in text
    assert client.post(address, _fields(text)).status_code == 302  # both were seen: now it is meant
    assert Reply.objects.get(frame=frame).number == 1080
    assert set(frame.replies.values_list("question__code", flat=True)) == {"b_ungeplan"}  # untouched is not written


def _fields(page: str) -> dict[str, str]:
    """What a browser would send back of hidden fields and boxes."""
    inputs = [one for one in Markup(page).all("input") if one.get("type") in {None, "text", "hidden"}]
    return {one.get("name", ""): one.get("value", "") for one in inputs}


def test_one_answer_is_saved_as_one_types_and_told_what_is_odd() -> None:
    frame = shipped_round({"175": 1}).frames.get()
    client = member_in(MemberRole.APPROVER)
    address = f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/svar/b_underret_24_timer/"
    sent = {"b_underret_24_timer-tal": "10", "b_underret_24_timer-af": "90", "b_underret_24_timer-version": "0"}
    told = client.post(address, sent).json()
    assert told["version"] == 1
    assert "Det giver 11,1 %" in told["doubts"][0]
    conflict = client.post(address, sent | {"b_underret_24_timer-tal": "11"})
    assert (conflict.status_code, conflict.json()["theirs"]) == (409, "10 af 90")
    assert client.post(address, sent | {"b_underret_24_timer-tal": "mange"}).status_code == 422


def test_last_year_stands_beside_and_is_never_filled_in() -> None:
    frame = shipped_round({"175": 1}).frames.get()
    stored = frame.last_year["b_ungeplan"]
    page = (
        member_in(MemberRole.OBSERVER)
        .get(f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/boern/")
        .content.decode()
    )
    assert f"{stored[0]:.0f} af {stored[1]:.0f}" in page.replace(".", "")
    assert 'name="b_ungeplan-tal" value=""' in page
    assert "disabled" in page


def test_strangers_meet_no_page_and_observers_cannot_write() -> None:
    frame = shipped_round({"175": 1}).frames.get()
    here = f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/"
    assert Client().get(here).status_code == 302
    stranger = member_in(MemberRole.APPROVER, "101", "lone")
    observer = member_in(MemberRole.OBSERVER)
    for path in ("", "boern/", "regneark/", "kvittering/"):
        assert stranger.get(here + path).status_code == 404
        assert observer.get(here + path).status_code == 200
    assert observer.post(f"{here}boern/", {}).status_code == 404
    assert observer.post(f"{here}handling/", {"act": "approve"}).status_code == 404
    assert member_in(MemberRole.RESPONDENT, name="ole").post(f"{here}handling/", {"act": "approve"}).status_code == 404


def test_the_approver_signs_takes_a_receipt_and_gives_sections_away() -> None:
    wave = shipped_round({"175": 1})
    frame = wave.frames.get()
    client = member_in(MemberRole.APPROVER)
    colleague = member_of("175", MemberRole.RESPONDENT, "ole")
    here = f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/"
    client.post(f"{here}handling/", {"act": "give", "part": "boern", "colleague": colleague.pk})
    assert Task.objects.get(assignee=colleague).address == f"{here}boern/"
    refused = client.post(f"{here}handling/", {"act": "approve"})
    assert (refused.status_code, "31 spørgsmål er ikke besvaret" in refused.content.decode()) == (422, True)
    rest = {(frame.pk, each.code): Given(no_answer="dont_know") for each in unanswered(frame)}
    take_replies(frames=[frame], replies=rest, by=steward(), now=NOW)
    assert client.post(f"{here}handling/", {"act": "approve"}).status_code == 302
    assert Frame.objects.get(pk=frame.pk).approved_by.username == "kirsten"  # type: ignore[union-attr]
    assert client.get(f"{here}kvittering/").content.startswith(b"%PDF-")
    assert "Svarene er godkendt" in client.get(here).content.decode()
    section = client.get(f"{here}boern/").content.decode()
    assert "Redaktionen kan åbne dem igen." in section
    assert "Gem afsnittet" not in section


def test_a_workbook_goes_out_and_in() -> None:
    frame = shipped_round({"175": 1}).frames.get()
    client = member_in(MemberRole.RESPONDENT)
    address = f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/regneark/"
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))
    for row in book.active.iter_rows(min_row=2):
        if row[0].value == "v_bostoette_ventetid":
            row[2].value = 42
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    assert client.post(address, {"fil": content}).status_code == 302
    assert Reply.objects.get(frame=frame).number == 42
    assert client.post(address, {"fil": io.BytesIO(b"no workbook")}).status_code == 422


def test_the_public_page_names_who_did_not_answer_and_shows_every_question(client: Client) -> None:
    page = client.get("/undersoegelser/2026/").content.decode()
    wave = Wave.objects.get(year=2026, instrument=Instrument.ADMINISTRATIONS)
    for each in wave.questionnaire.questions.all():
        assert each.words_da.split("»")[0] in page
    silent = wave.frames.filter(approved_at__isnull=True).values_list("municipality__name", flat=True)
    words = page.partition("Har ikke afgivet et godkendt svar:")[2][:600]
    assert len(silent) == 2
    assert all(name in words for name in silent)
    assert "Demodata" in page
    assert client.get("/undersoegelser/").content.decode().count("<h1") == 1
    assert client.get("/undersoegelser/1999/").status_code == 404
    assert "Have not given an approved answer:" in client.get("/en/surveys/2026/").content.decode()


def test_a_survey_figure_says_how_sure_it_is_on_the_municipalitys_page(client: Client) -> None:
    figure = Measurement.objects.current().get(
        municipality__slug="roedovre", indicator__code="v-medl-vold-trusler", year=2026
    )
    page = client.get("/kommune/roedovre/").content.decode()
    assert f"{figure.answered} af {figure.asked} svarede" in page


def test_the_command_goes_through_a_wave_and_says_what_is_wrong(tmp_path: Path) -> None:
    def run(*words: object) -> str:
        said = io.StringIO()
        call_command("survey", *map(str, words), stdout=said)
        return said.getvalue()

    (tmp_path / "form.xlsx").write_bytes(form(version=32))
    (tmp_path / "frame.csv").write_text("municipality;asked\n101;30\n147;20\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text("municipality,email\n101,a@example.org\n", encoding="utf-8")
    dates = ("--opens", "2031-03-01", "--closes", "2031-05-01")
    assert "members 32: 3 questions" in run("form", tmp_path / "form.xlsx")
    assert "50 asked" in run("plan", "members", YEAR, tmp_path / "frame.csv", *dates)
    run("open", "members", YEAR)
    run("ask", "members", YEAR, tmp_path / "list.csv", "--links", tmp_path / "links.csv")
    token = (tmp_path / "links.csv").read_text("utf-8").splitlines()[1].rstrip("/").rsplit("/", 1)[1]
    assert Client().post(f"/undersoegelser/svar/{token}/", {"tid": "5"}).status_code == 200
    assert "SHA-256" in run("close", "members", YEAR, "--out", tmp_path / "result.csv")
    assert (tmp_path / "result.csv").read_bytes() == bytes(Wave.objects.get(year=YEAR).result)
    (tmp_path / "bad.csv").write_text("municipality,asked\n101,mange\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"bad\.csv, line 2, column asked: 'mange'"):
        run("plan", "members", YEAR + 1, tmp_path / "bad.csv", *dates)
    with pytest.raises(CommandError, match="plan one first"):
        run("open", "members", 1999)


def test_saving_is_refused_when_the_wave_has_closed() -> None:
    wave = shipped_round({"175": 1})
    frame = wave.frames.get()
    save_reply(frame=frame, question=question(wave, "b_ungeplan"), seen=0, given=Given(1, 2), by=steward(), now=NOW)
    close_wave(wave=wave, by=steward(), now=NOW)
    sent = {"b_ungeplan-tal": "2", "b_ungeplan-af": "2", "b_ungeplan-version": "1"}
    address = f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/svar/b_ungeplan/"
    answer = member_in(MemberRole.APPROVER).post(address, sent)
    assert (answer.status_code, answer.json()["said"]) == (422, "Runden er ikke åben.")


def test_a_file_of_an_answer_is_had_by_its_municipality_as_bytes_and_by_no_other() -> None:
    wave = shipped_round({"175": 1, "101": 1})
    frame = wave.frames.get(municipality__code="175")
    given = Given(1, 2)
    reply = save_reply(frame=frame, question=question(wave, "b_ungeplan"), seen=0, given=given, by=steward(), now=NOW)
    file = attach(reply=reply, name="liste.html", content=b"<script>alert(1)</script>", by=steward(), now=NOW)
    where = reverse("survey-attachment", kwargs={"frame": frame.pk, "pk": file.pk}, urlconf="portal.member_urls")
    own = member_in(MemberRole.RESPONDENT)
    answer = own.get(where)
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert where in own.get(f"/{settings.WORKBENCH_PATH}/spoergeskema/{frame.pk}/boern/").content.decode()
    other = wave.frames.get(municipality__code="101")
    stranger = member_in(MemberRole.APPROVER, "101", "anders")
    assert stranger.get(where).status_code == 404
    assert stranger.get(where.replace(f"/{frame.pk}/", f"/{other.pk}/")).status_code == 404


def test_the_office_opens_and_closes_a_wave_and_takes_its_file_out(person: Person, signed_in: SignIn) -> None:
    wave = shipped_round({"175": 1})
    Wave.objects.filter(pk=wave.pk).update(opened_at=timezone.now())  # not in the year that the round is of
    client = signed_in(person("dorte-desk", "data steward"))
    page = reverse("admin:surveys_wave_change", args=[wave.pk])
    assert "Rødovre" in client.get(page).content.decode()
    client.post(reverse("admin:surveys_wave_close", args=[wave.pk]))
    wave.refresh_from_db()
    assert wave.state == "closed"
    result = client.get(reverse("admin:surveys_wave_result", args=[wave.pk]))
    assert result.content == bytes(wave.result)
    assert wave.result_sha256 in client.get(page).content.decode()
