"""A draft's sheets: only by a signed link, only while it lasts, every opening in the log."""

import datetime as dt
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from rankings.models import Edition, PressLink, PressLinkOpening
from rankings.services.editions import correct_edition, publish_edition
from rankings.services.embargo import EmbargoError, make_press_link, token_of, withdraw_press_link
from tests.markup import Markup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_prepared")]


def prepare() -> None:
    """A draft of a correction, and its editor."""
    editor = User.objects.create(username="anna")
    correct_edition(year=2026, reason="En hemmelig rettelse.", by=editor, now=timezone.now())


@pytest.fixture
def editor() -> User:
    return User.objects.get(username="anna")


@pytest.fixture
def draft() -> Edition:
    return Edition.objects.get(year=2026, revision=2)


@pytest.fixture
def link(draft: Edition, editor: User) -> PressLink:
    now = timezone.now()
    return make_press_link(edition=draft, recipient="Ritzau", until=now + dt.timedelta(hours=2), by=editor, now=now)


def _base(link: PressLink) -> str:
    return f"/embargo/{token_of(link)}/"


def test_a_proof_under_embargo_says_so_and_leads_back(client: Client, link: PressLink) -> None:
    base = _base(link)  # signed with the second it is asked for
    page = Markup(client.get(f"{base}spor/2026.2-175-samlet/").content.decode())
    assert "Kladde til udgave 2026.2, kun til Ritzau" in page.text
    assert "Adressen virker, når udgaven er offentliggjort" in page.text
    assert base in page.links
    assert "embargo" not in Markup(client.get("/spor/2026.1-175-samlet/").content.decode()).text.lower()


def test_a_draft_is_nowhere_else(client: Client, draft: Edition) -> None:
    for path in (
        f"/@{draft.release}/presse/",
        f"/spor/{draft.release}-175-samlet/",
        f"/@{draft.release}/kommune/roedovre/",
    ):
        assert client.get(path).status_code == 404


def test_the_link_opens_every_sheet_and_every_proof_of_the_draft(client: Client, link: PressLink) -> None:
    base = _base(link)
    page = Markup(client.get(base).content.decode())
    assert "Kladde til udgave 2026.2, kun til Ritzau" in page.text
    inside = [one for one in page.links if one.startswith(base)]
    assert len(inside) > 98
    assert not [one for one in page.all("a") if "hreflang" in one.attrib], "press links are in Danish only"
    for path in ("kommune/roedovre/", "indikator/b-omgoerelse/", "spor/2026.2-175-samlet/"):
        assert client.get(f"{base}{path}").status_code == 200
    answer = client.get(f"{base}kommune/roedovre.pdf")
    assert answer.content.startswith(b"%PDF-")


def test_nothing_of_a_draft_is_kept_indexed_or_told_to_others(client: Client, link: PressLink) -> None:
    answer = client.get(_base(link))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_every_opening_is_logged_with_what_and_when_and_not_by_whom(client: Client, link: PressLink) -> None:
    client.get(_base(link))
    client.get(f"{_base(link)}kommune/roedovre/")
    assert list(PressLinkOpening.objects.values_list("what", "refused")) == [("presse", False), ("roedovre", False)]
    assert {field.name for field in PressLinkOpening._meta.get_fields()} == {"id", "link", "at", "what", "refused"}


def test_an_expired_link_is_closed_and_the_try_is_logged(client: Client, link: PressLink) -> None:
    PressLink.objects.update(created_at=timezone.now() - dt.timedelta(hours=3), expires_at=timezone.now())
    answer = client.get(_base(link))
    assert answer.status_code == 410
    assert "2026.2" not in answer.content.decode()
    assert PressLinkOpening.objects.get().refused


def test_a_withdrawn_link_is_closed(client: Client, link: PressLink) -> None:
    withdraw_press_link(link=link, now=timezone.now())
    assert client.get(f"{_base(link)}kommune/roedovre/").status_code == 410


def test_a_forged_link_opens_nothing_and_is_not_found(client: Client, link: PressLink) -> None:
    token = token_of(link)
    assert client.get(f"/embargo/{token[:-1]}{'a' if token[-1] != 'a' else 'b'}/").status_code == 404
    assert not PressLinkOpening.objects.exists()


def test_once_public_the_link_leads_to_the_public_sheets(client: Client, link: PressLink, editor: User) -> None:
    publish_edition(edition=link.edition, by=editor, now=timezone.now())
    assert client.get(_base(link)).headers["Location"] == "/@2026.2/presse/"


def test_a_link_shows_proofs_of_its_own_draft_only(client: Client, link: PressLink) -> None:
    assert client.get(f"{_base(link)}spor/2025.2-175-samlet/").headers["Location"] == "/spor/2025.2-175-samlet/"


def test_a_public_edition_needs_no_link_and_a_link_names_someone_and_ends_soon(draft: Edition, editor: User) -> None:
    now = timezone.now()
    for edition, recipient, hours in (
        (Edition.objects.get(year=2024), "Ritzau", 1),
        (draft, " ", 1),
        (draft, "Ritzau", 0),
        (draft, "Ritzau", 24 * 15),
    ):
        with pytest.raises(EmbargoError):
            make_press_link(
                edition=edition, recipient=recipient, until=now + dt.timedelta(hours=hours), by=editor, now=now
            )


def test_the_command_prints_a_link_that_works(client: Client, draft: Edition, editor: User) -> None:
    said = StringIO()
    call_command("make_press_link", 2026, to="DR", hours=1, by="anna", stdout=said)
    path = said.getvalue().strip().partition("/embargo/")[2]
    assert client.get(f"/embargo/{path}").status_code == 200
