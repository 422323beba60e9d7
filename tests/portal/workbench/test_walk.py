"""Every address of the members' room with every kind of visitor: one sees and does what is one's own organisation's."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from indicators.people.models import Letter, MemberRole, Organisation
from indicators.people.services.letters import send_letters
from indicators.people.services.members import join, person_of
from portal.workbench import addresses
from rankings.hearing.models import Attachment, Comment, Flag, Hearing, Remark, Response, Voice
from tests.filled_in import publisher, steward
from tests.postbox import mail_server
from tests.rankings.hearing.heard import draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_prepared")]
YEAR, OWN = 2027, "roedovre"


def member(slug: str, role: MemberRole) -> Client:
    """A client in which somebody of a municipality is signed in."""
    organisation = Organisation.objects.of_municipalities().get(municipality__slug=slug)
    user = person_of(email=f"{role}-{slug}@test.example", name="Opdigtet Person")
    join(user=user, organisation=organisation, role=role, by=steward(), now=timezone.now() - dt.timedelta(days=9))
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def prepare() -> None:
    """A hearing that is open now, its 98 invitations sent."""
    now = timezone.now()
    Hearing.objects.create(
        edition=draft(),
        opens_at=now - dt.timedelta(days=2),
        closes_at=now + dt.timedelta(days=20),
        planned_by=publisher(),
    )
    call_command("keep_hearings", verbosity=0, stdout=io.StringIO())


@pytest.fixture
def heard() -> Hearing:
    return Hearing.objects.get(edition__year=YEAR)


def _own_addresses(hearing: Hearing) -> dict[str, str]:
    """Every address of the room that is about one organisation, filled in with Rødovre's."""
    organisation = Organisation.objects.of_municipalities().get(municipality__slug=OWN)
    by_argument: dict[frozenset[str], dict[str, Any]] = {
        frozenset({"year", "slug"}): {"year": YEAR, "slug": OWN},
        frozenset({"pk"}): {"pk": organisation.pk},
    }
    found = {}
    for pattern in addresses.urlpatterns:
        if not isinstance(pattern, URLPattern) or not pattern.name:
            continue
        arguments = frozenset(pattern.pattern.regex.groupindex)
        if arguments in by_argument and pattern.name not in {"workbench-leave", "workbench-attachment"}:
            found[pattern.name] = reverse(pattern.name, kwargs=by_argument[arguments])
    return found


def test_a_stranger_and_another_municipalitys_member_get_no_page_of_ones_own(heard: Hearing) -> None:
    own = _own_addresses(heard)
    assert len(own) >= 10
    other = member("aarhus", MemberRole.APPROVER)
    before = (Remark.objects.count(), Comment.objects.count(), Flag.objects.count(), Voice.objects.count())
    for path in own.values():
        for method in ("get", "post"):
            stranger = getattr(Client(), method)(path)
            assert stranger.status_code in {302, 405}, path
            if stranger.status_code == 302:
                assert "/konto/ind/" in stranger["Location"], path
            assert getattr(other, method)(path).status_code in {404, 405}, path
    assert before == (Remark.objects.count(), Comment.objects.count(), Flag.objects.count(), Voice.objects.count())
    assert not Response.objects.filter(hearing=heard, opened_at__isnull=False).exists()


@pytest.mark.parametrize("role", list(MemberRole))
def test_each_role_may_do_what_it_is_for(heard: Hearing, role: MemberRole) -> None:
    client = member(OWN, role)
    where = {name: reverse(name, args=[YEAR, OWN]) for name in ("workbench-figures", "workbench-remark",
                                                               "workbench-approve", "workbench-comment")}  # fmt: skip
    assert client.get(where["workbench-figures"]).status_code == 200
    client.post(where["workbench-remark"], {"indikator": "b-omgoerelse", "slags": "remark", "tekst": "Ord."})
    client.post(where["workbench-comment"], {"tekst": "Vores ord."})
    client.post(where["workbench-approve"], {"trin": "endeligt"})
    response = Response.objects.get(hearing=heard, organisation__municipality__slug=OWN)
    writes = role != MemberRole.OBSERVER
    assert response.remarks.exists() == writes
    assert Comment.objects.filter(year=YEAR).exists() == writes
    assert (response.final_at is not None) == (role == MemberRole.APPROVER)


def test_a_remark_is_written_in_place_with_its_file_which_nobody_else_can_fetch(heard: Hearing) -> None:
    client, where = member(OWN, MemberRole.RESPONDENT), reverse("workbench-figures", args=[YEAR, OWN])
    page = client.get(f"{where}?ret=b-omgoerelse").content.decode()
    assert 'name="slags"' in page
    file = io.BytesIO(b"%PDF-1.7 bevis")
    file.name = "bevis.pdf"
    form = {"indikator": "b-omgoerelse", "slags": "figure", "rigtigt": "12,5", "tekst": "Talt to gange.", "bilag": file}
    client.post(reverse("workbench-remark", args=[YEAR, OWN]), form)
    remark = Remark.objects.get(response__hearing=heard)
    assert (remark.proposed, remark.text) == (12.5, "Talt to gange.")
    path = reverse("workbench-attachment", args=[Attachment.objects.get().pk])
    answer = client.get(path)
    assert answer["Content-Disposition"] == 'attachment; filename="bevis.pdf"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.content == b"%PDF-1.7 bevis"
    assert member("aarhus", MemberRole.APPROVER).get(path).status_code == 404
    assert Client().get(path).status_code == 302


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"slags": "figure", "rigtigt": "tolv", "tekst": "x"}, "»tolv«: Det er ikke et tal"),
        ({"slags": "figure", "rigtigt": "120", "tekst": "x"}, "uden for det mulige"),
        ({"slags": "", "tekst": "x"}, "Vælg, hvad der er galt"),
        ({"slags": "figure", "tekst": "CPR 010170-1234"}, "ligner et CPR-nummer"),
    ],
)
def test_a_wrong_form_says_why_and_saves_nothing(heard: Hearing, form: dict[str, str], words: str) -> None:
    client = member(OWN, MemberRole.RESPONDENT)
    path = reverse("workbench-remark", args=[YEAR, OWN])
    page = client.post(path, {"indikator": "b-omgoerelse", **form}, follow=True).content.decode()
    assert words in page
    assert f">{form['tekst']}</textarea>" in page  # what was typed is not lost
    assert f'value="{form.get("rigtigt", "")}"' in page
    assert 'href="?' not in page  # the page stands at the form's address, where nothing can be read
    assert not Remark.objects.filter(response__hearing=heard).exists()


def test_a_refused_comment_is_shown_again_with_its_words_and_nowhere_else(heard: Hearing) -> None:
    client = member(OWN, MemberRole.RESPONDENT)
    typed = {"tekst": "CPR 010170-1234", "kort": "Kort.", "omraade": "h"}
    page = client.post(reverse("workbench-comment", args=[YEAR, OWN]), typed).content.decode()
    assert page.count(">CPR 010170-1234</textarea>") == 1
    assert ">Kort.</textarea>" in page
    assert 'value="h" selected' in page
    assert not Comment.objects.filter(year=YEAR).exists()


def _filled(rows: Sequence[Sequence[Any]]) -> io.BytesIO:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    stream.seek(0)
    stream.name = "tal.xlsx"
    return stream


def test_all_figures_go_out_as_a_sheet_and_come_back_as_remarks_all_or_none(heard: Hearing) -> None:
    client = member(OWN, MemberRole.RESPONDENT)
    content = client.get(reverse("workbench-sheet", args=[YEAR, OWN])).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    rows = [[*row, *[""] * (12 - len(row))] for row in rows]
    assert len(rows) == 1 + 3
    rows[1][9:12] = ["tallet er forkert", "11,5", "Talt to gange."]
    rows[2][9:12] = ["bemærkning", "", ""]
    path = reverse("workbench-read-sheet", args=[YEAR, OWN])
    page = client.post(path, {"fil": _filled(rows)}, follow=True).content.decode()
    assert "Række 3, kolonne »Begrundelse«" in page
    assert "Intet er gemt" in page
    assert not Remark.objects.filter(response__hearing=heard).exists()
    rows[2][11] = "Få sager."
    client.post(path, {"fil": _filled(rows)})
    said = Remark.objects.filter(response__hearing=heard).values_list("kind", "proposed", "text")
    assert sorted(said) == [("figure", 11.5, "Talt to gange."), ("remark", None, "Få sager.")]


def test_98_invitations_go_through_a_mail_server_each_once(heard: Hearing) -> None:
    letters = Letter.objects.filter(about="hearing 2027.1")
    assert letters.values("organisation").distinct().count() == 98
    Letter.objects.exclude(pk__in=letters).delete()
    letters.update(sent_at=None, attempts=0)
    with mail_server() as box:
        sent, failed = send_letters()
    assert (sent, failed) == (letters.count(), 0)
    assert len(box.letters) == sent


def test_a_page_of_figures_costs_a_handful_of_queries(heard: Hearing, django_assert_max_num_queries: object) -> None:
    client, path = member(OWN, MemberRole.RESPONDENT), reverse("workbench-figures", args=[YEAR, OWN])
    client.get(path)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert client.get(path).status_code == 200


def test_the_mailbox_is_the_demos_alone(client: Client, settings: object, tmp_path: object) -> None:
    assert client.get("/arbejdsbord/postkasse/").status_code == 404
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_FILE_PATH = tmp_path  # type: ignore[attr-defined]
    client.post("/arbejdsbord/konto/ind/", {"email": "demo-svarer@hjoerring.example"})
    letters = client.get("/arbejdsbord/postkasse/?til=demo-svarer").content.decode()
    assert "Koden er" in letters
    assert "\N{REPLACEMENT CHARACTER}" not in letters  # its æ, ø and å are letters
    settings.SITE_ADDRESS = "https://socialtindeks.example"  # type: ignore[attr-defined]
    assert client.get("/arbejdsbord/postkasse/").status_code == 404


def test_an_invited_colleague_gets_a_letter_and_an_observer_invites_nobody(heard: Hearing) -> None:
    organisation = Organisation.objects.of_municipalities().get(municipality__slug=OWN)
    path = reverse("workbench-invite", args=[organisation.pk])
    form = {"name": "Ny Kollega", "email": "ny@x.example", "role": "respondent"}
    assert member(OWN, MemberRole.OBSERVER).post(path, form).status_code == 404
    member(OWN, MemberRole.APPROVER).post(path, form)
    assert Letter.objects.waiting().get(email="ny@x.example").secret
    assert not User.objects.filter(email="ny@x.example").exists()
