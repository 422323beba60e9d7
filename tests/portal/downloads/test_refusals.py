"""Where nothing can be said beside the answer, a question that is not understood is refused in words."""

from copy import copy
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from portal.published.edition import edition_of_address
from portal.published.ranking import ask, ask_strictly
from portal.published.subjects import OVERALL
from portal.ranking.controls import filter_fields
from portal.serving.middleware import Refused
from tests.markup import Markup
from tests.visited import visited

pytestmark = pytest.mark.django_db
UNKNOWN = [("region", "81"), ("region", "hovedstaden"), ("landsdel", "x"), ("gruppe", "x"), ("kommune", "nope"),
           ("indbyggere_fra", "abc"), ("indbyggere_til", "-1"), ("sorter", "foo"), ("retning", "skraat"),
           ("regoin", "1084")]  # fmt: skip
OF_A_RANKING = ["/rangliste.csv", "/rangliste.plain.csv", "/rangliste.json", "/rangliste.xlsx",
                "/rangliste/kort.png", "/rangliste/kort.svg", "/rangliste/fordeling.svg",
                "/indlejr/rangliste/", "/indlejr/kort/", "/en/ranking.plain.csv"]  # fmt: skip
OTHERS = {
    "/sammenlign.plain.csv?kommune=aarhus&kommune=odence": (404, "odence"),
    "/sammenlign.json?kommune=aarhus&mod=naboer": (422, "naboer"),
    "/sammenlign.svg?kommune=aarhus&kommune=odence": (404, "odence"),
    "/sammenhaeng.svg?x=nope": (404, "nope"),
    "/sammenhaeng.plain.csv?y=nope": (404, "nope"),
    "/sammenhaeng.plain.csv?kommune=odence": (404, "odence"),
    "/dit-eget-indeks.plain.csv?o-handicap=abc": (422, "abc"),
    "/dit-eget-indeks.plain.csv?o-handicap=11": (422, "11"),
    "/dit-eget-indeks.plain.csv?o-handicup=2": (422, "o-handicup"),
    "/rangliste.csv?region=1084&region=1085": (422, "region"),
    "/sammenlign.csv?kommune=aarhus&kommune=odense&navn=a&navn=b": (422, "navn"),
    "/indlejr/udvalg/indikator/b-neet/?kommune=aarhus&fra=2024&fra=2025": (422, "fra"),
}
WITHOUT_CHOICES = ["/kommune/aarhus.csv?region=1084", "/indikator/b-neet.csv?kommune=aarhus", "/behov.csv?gruppe=x",
                   "/hent/hele-udgaven.csv?kommune=aarhus", "/metode/sundhed.csv?a=x", "/en/coverage.csv?region=1084",
                   "/kommune/aarhus/kort.svg?region=81", "/kommune/aarhus/presse.txt?kommune=odense",
                   "/indlejr/kommune/aarhus/?kommune=odense", "/tilbud/huller.csv?region=81"]  # fmt: skip


@pytest.mark.parametrize(("number", "address"), list(enumerate(OF_A_RANKING)))
def test_a_file_a_picture_and_an_embed_refuse_a_filter_they_do_not_know_and_name_it(number: int, address: str) -> None:
    for name, value in UNKNOWN[number % 2 :: 2]:
        answer = visited(f"{address}?{urlencode({name: value})}")
        assert answer.status == 422, (name, value)
        assert answer.headers["Content-Type"].startswith("text/plain")
        text = answer.body.decode()
        assert name in text
        assert name == "regoin" or value in text or name.startswith("indbyggere")


@pytest.mark.parametrize(("address", "wanted"), OTHERS.items())
def test_comparisons_scatters_and_own_weights_refuse_a_name_they_do_not_know(
    address: str, wanted: tuple[int, str]
) -> None:
    answer = visited(address)
    assert answer.status == wanted[0]
    assert wanted[1] in answer.body.decode()


def test_what_knows_no_choice_at_all_refuses_one_instead_of_answering_for_everybody() -> None:
    for address in WITHOUT_CHOICES:
        answer = visited(address)
        assert answer.status == 422, address
        name = address.partition("?")[2].partition("=")[0]
        assert name in answer.body.decode()
    assert visited("/kommune/aarhus/kort.svg?utm_source=brev&min=odense").status == 200


@pytest.mark.parametrize("address", ["/rangliste.csv?region=1084&utm_source=brev", "/rangliste.csv?fbclid=1",
                                     "/rangliste.plain.csv?sorter=kommune&retning=ned&vis=kort"])  # fmt: skip
def test_what_is_known_and_what_only_tracks_is_answered(address: str) -> None:
    assert visited(address).status == 200


def test_the_page_names_what_it_did_not_understand_and_offers_nothing_to_cite() -> None:
    page = visited("/rangliste/?region=hovedstaden")
    assert page.status == 200
    assert "hovedstaden" in page.page.text
    assert b'id="citat"' not in page.body
    assert "odence" in visited("/sammenlign/?kommune=aarhus&kommune=odence").page.text
    assert "nope" in visited("/sammenhaeng/?x=nope").page.text


def test_an_edition_that_knows_no_populations_offers_no_choice_by_them_and_refuses_one() -> None:
    shown = edition_of_address()
    edition = copy(shown.edition)
    edition.year = 1990  # long before the first population that is known
    shown = replace(shown, edition=edition)
    query = QueryDict("indbyggere_fra=1")
    answer = ask(shown, OVERALL, query)
    assert answer.errors
    assert len(answer.lines) == answer.total
    assert not {"indbyggere_fra", "indbyggere_til"} & {field.name for field in filter_fields(answer, QueryDict())}
    for text in ("indbyggere_fra=1", "indbyggere_til=9", "sorter=indbyggere"):
        with pytest.raises(Refused, match="indbyggertal"):
            ask_strictly(shown, OVERALL, QueryDict(text))
    assert ask_strictly(shown, OVERALL, QueryDict("sorter=kommune")).lines


def test_a_selection_is_called_one_in_the_embed_and_in_oembed(client: Client) -> None:
    embed = Markup(visited("/indlejr/rangliste/?kommune=aarhus&kommune=odense").body.decode())
    assert "Udvalgte kommuner" in embed.text
    assert "2 af 98 vises" in embed.text
    said = client.get("/oembed", {"url": "/rangliste/?kommune=aarhus&kommune=odense"}).json()
    assert said["title"] == "Udvalgte kommuner, samlet"
    assert client.get("/oembed", {"url": "/rangliste/"}).json()["title"] == "Alle kommuner, samlet"
