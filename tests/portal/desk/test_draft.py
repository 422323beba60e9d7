"""A draft is seen by those who prepare it, as a page of numbers and as the whole site, and by nobody else."""

import re
from pathlib import Path

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import get_script_prefix, reverse

from portal.operating.roles import DATA_STEWARD, EDITOR, PUBLISHER
from rankings.models import Computation, Edition, EditionState, Placement
from rankings.services.computing import EditionError
from rankings.services.editions import look_at_draft, prepare_edition, renew_edition
from tests.accounts import Person, SignIn, person, signed_in
from tests.filled_in import NOW, imported, steward

__all__ = ["person", "signed_in"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_prepared")]
NOTE = "En kladde, ingen må se."


def prepare() -> None:
    """The next year's draft, with one new figure, computed again after another came."""
    imported("101;København;b-omgoerelse;2027;0,1;")
    edition = prepare_edition(year=2027, by=steward(), now=NOW, draws=300, note_da=NOTE, note_en=NOTE)
    imported("101;København;b-omgoerelse;2027;44,4;", name="bedre.csv")
    renew_edition(edition=edition, by=steward(), now=NOW)


def draft() -> Edition:
    return Edition.objects.get(year=2027)


def below(path: str) -> str:
    return f"{reverse('admin:rankings_edition_preview', args=[draft().pk])}{path}"


def test_what_a_computation_changed_is_kept_with_both_values() -> None:
    first = Computation.objects.of(draft()).last()
    newest = Computation.objects.of(draft()).first()
    assert first is not None
    assert newest is not None
    assert first.difference == {}
    assert newest.difference["count"] == 1
    assert newest.difference["figures"][0][2:] == [0.1, 44.4]
    assert newest.checksum == draft().checksum != first.checksum


@pytest.mark.parametrize("role", [DATA_STEWARD, EDITOR, PUBLISHER])
def test_each_role_sees_coverage_movers_and_readiness_of_the_draft(
    role: str, person: Person, signed_in: SignIn
) -> None:
    client = signed_in(person("anna", role))
    page = client.get(reverse("admin:rankings_edition_change", args=[draft().pk])).content.decode()
    ranked = Placement.objects.of(draft()).overall().ranked().count()
    assert f"{ranked} af 98 kommuner kan placeres" in page
    assert re.search(
        r"København</th><td>[^<]+</td>\s*<td class=\"number\">0,1\D[^<]*</td>\s*<td class=\"number\">44,4", page
    )
    assert "inden for usikkerheden" in page
    assert "Du har ikke set denne beregning" in page


@pytest.mark.parametrize("path", ["", "rangliste/", "kommune/koebenhavn/", "indikator/b-omgoerelse/", "en/ranking/",
                                  "@2027.1/rangliste/", "metode/", "rangliste.csv", "soeg/?q=koebenhavn"])  # fmt: skip
def test_every_public_page_is_there_marked_and_kept_nowhere(path: str, person: Person, signed_in: SignIn) -> None:
    answer = signed_in(person("anna", EDITOR)).get(below(path))
    assert answer.status_code == 200
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Draft"].startswith("2027.1 ")
    text = answer.content.decode("utf-8-sig")
    if path.endswith(".csv"):
        assert "kladde-" in answer["Content-Disposition"]
        assert ";2027;" in text or "2027.1" in text
        return
    assert 'class="edition-bar draft"' in text
    links = re.findall(r'href="(/[^"]*)"', text)
    assert len(links) > 10
    outside = {link for link in links if not link.startswith((below(""), "/static/", "/site.webmanifest"))}
    assert outside == set()  # every link leads on inside the draft


def test_a_picture_and_an_embed_of_the_draft_say_themselves_that_they_are_one(
    person: Person, signed_in: SignIn
) -> None:
    client = signed_in(person("anna", EDITOR))
    for path in ("rangliste/kort.svg", "rangliste/fordeling.svg"):
        assert ">KLADDE<" in client.get(below(path)).content.decode(), path
        assert ">KLADDE<" not in client.get(f"/{path}").content.decode()
    drawn, public = client.get(below("rangliste/kort.png")), client.get("/rangliste/kort.png")
    assert drawn["Content-Type"] == public["Content-Type"] == "image/png"
    assert drawn.content != public.content
    assert "<strong>Kladde.</strong>" in client.get(below("indlejr/rangliste/")).content.decode()
    assert get_script_prefix() == "/"


def test_the_drafts_own_figure_is_on_its_page_and_on_no_public_one(
    person: Person, signed_in: SignIn, client: Client
) -> None:
    own = signed_in(person("anna", PUBLISHER)).get(below("indikator/b-omgoerelse/")).content.decode()
    assert "44,4" in own
    after = client.get("/indikator/b-omgoerelse/").content.decode()
    assert "44,4" not in after
    assert below("") not in after
    assert 'class="edition-bar draft"' not in after
    assert client.get("/@2027.1/").status_code == 404
    assert draft().state == EditionState.DRAFT
    assert Edition.objects.published().newest_first()[0].year == 2026


def test_nobody_else_sees_it_and_nothing_of_it_is_written(person: Person, signed_in: SignIn, client: Client) -> None:
    card = below("kommune/koebenhavn/kort.png")
    assert client.get(card).status_code == 302
    assert signed_in(person("uden-rolle")).get(card).status_code == 403
    assert signed_in(person("uden-kode", PUBLISHER), factor=False).get(card).status_code == 302
    assert signed_in(person("anna", EDITOR)).get(card).status_code == 200
    assert list(Path(site.MEDIA_ROOT).rglob("2027.1")) == []


@pytest.mark.parametrize(
    "path", ["redaktion/", "citer/", "foelg/", "presse.pdf", "hent/hele-udgaven.csv", "findes/ikke/"]
)
def test_what_is_no_page_of_the_draft_is_not_there(path: str, person: Person, signed_in: SignIn) -> None:
    assert signed_in(person("anna", PUBLISHER)).get(below(path)).status_code == 404


def test_a_public_edition_has_no_draft_to_look_at(person: Person, signed_in: SignIn) -> None:
    public = Edition.objects.published().newest_first()[0]
    client = signed_in(person("anna", PUBLISHER))
    assert client.get(reverse("admin:rankings_edition_preview", args=[public.pk])).status_code == 404


def test_a_look_is_of_one_computation(person: Person) -> None:
    anna = person("anna", PUBLISHER)
    with pytest.raises(EditionError, match="beregnet igen"):
        look_at_draft(edition=draft(), checksum="0" * 64, by=anna, now=NOW)
    look_at_draft(edition=draft(), checksum=draft().checksum, by=anna, now=NOW)
