"""The proof of a number: back to its row, forward to the ranks it moved, the same for ever."""

import hashlib
import html
import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from indicators.models import Indicator, Municipality, Upload
from indicators.surveys.models import Question
from portal.addresses import NumberId, trace_url
from portal.published.proofs import Record, record
from portal.trace.source import period_steps
from rankings.models import Edition, Level, Placement
from rankings.services.computing import compute_edition
from rankings.services.editions import correct_edition
from tests.markup import Markup, text_of

pytestmark = pytest.mark.django_db
CORRECTED = "b-omgoerelse"


def _record(number: str) -> Record:
    wanted = NumberId.read(number)
    found = record(wanted, Edition.objects.get(year=wanted.release[:4], revision=wanted.release[5:]))
    assert isinstance(found, Record)
    return found


def _corrected() -> Placement:
    """A value of 2025 that the correction changed."""
    old = Placement.objects.get(
        edition__year=2025, edition__revision=1, indicator__code=CORRECTED, municipality__name="Egedal"
    )
    assert old.measurement is not None
    assert old.measurement.superseded_by is not None
    return old


def test_an_id_is_read_back_as_it_was_written() -> None:
    number = NumberId("2026.1", "175", "b-omgoerelse")
    assert NumberId.read(str(number)) == number
    assert trace_url("2026.1", "175", "b-omgoerelse") == "/spor/2026.1-175-b-omgoerelse/"


@pytest.mark.parametrize("text", ["", "2026-175-samlet", "2026.1-Rødovre-samlet", "2026.1-175-", "2026.1-175-A B"])
def test_what_is_no_id_is_not_found_and_never_an_error(client: Client, text: str) -> None:
    with pytest.raises(ValueError, match="no id of a number"):
        NumberId.read(text)
    assert client.get(f"/spor/{text or 'x'}/").status_code == 404


@pytest.mark.parametrize(
    "number", ["2026.1-999-samlet", "2026.1-175-atlantis", "2026.9-175-samlet", "2019.1-175-samlet"]
)
def test_a_number_that_was_never_printed_is_not_found(client: Client, number: str) -> None:
    assert client.get(f"/spor/{number}/").status_code == 404


def test_a_proof_leads_to_the_very_row_of_the_very_file(client: Client) -> None:
    found = _record(f"2026.1-175-{CORRECTED}")
    measurement, upload = found.placement.measurement, found.placement.upload
    assert measurement is not None
    assert upload is not None
    with upload.file.open("rb") as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == upload.sha256
    line = content.decode("utf-8-sig").splitlines()[measurement.row - 1]
    assert "Rødovre" in line
    assert CORRECTED in line
    text = Markup(client.get(f"/spor/2026.1-175-{CORRECTED}/").content.decode()).text
    assert upload.sha256 in text
    assert f"række {measurement.row}, kolonne »{measurement.column}«" in text
    assert upload.name in text


def test_shares_forward_are_the_weights_over_what_the_municipality_has() -> None:
    found = _record(f"2026.1-175-{CORRECTED}")
    own = (Level.INDICATOR, found.placement.indicator_id)
    theme, area, whole = found.tree.above(own)
    for parent in (theme, area, whole):
        children = [found.tree.share(key) for key in found.tree.children(parent)]
        assert sum(share for share in children if share is not None) == pytest.approx(1.0)
    expected = (found.tree.share(own) or 0) * (found.tree.share(theme) or 0) * (found.tree.share(area) or 0)
    assert found.tree.share_of(own, whole) == pytest.approx(expected)


@pytest.mark.parametrize("name", ["Rødovre", "Ærø", "Aarhus"])
def test_shares_times_scores_are_the_score_that_was_published(name: str) -> None:
    code = Municipality.objects.get(name=name).code
    tree = _record(f"2026.1-{code}-samlet").tree
    for parent, placement in tree.placements.items():
        if parent[0] == Level.INDICATOR or placement.score is None:
            continue
        shares = [(tree.share(key), tree.placements[key].score) for key in tree.children(parent)]
        total = sum(share * score for share, score in shares if share is not None and score is not None)
        assert total == pytest.approx(placement.score)


def test_a_missing_value_has_no_share_and_says_why(client: Client) -> None:
    gap = Placement.objects.filter(edition__year=2026, level=Level.INDICATOR, missing="suppressed").first()
    assert gap is not None
    assert gap.indicator is not None
    number = f"2026.1-{gap.municipality.code}-{gap.indicator.code}"
    tree = _record(number).tree
    assert tree.share((Level.INDICATOR, gap.indicator_id)) is None
    text = Markup(client.get(f"/spor/{number}/").content.decode()).text
    assert "for få til at vise" in text
    assert "tæller ikke med" in text


def test_a_correction_shows_old_and_new_value_reason_and_the_ranks_it_moved(client: Client) -> None:
    old = _corrected()
    new = Placement.objects.get(
        edition__year=2025, edition__revision=2, indicator__code=CORRECTED, municipality=old.municipality
    )
    text = Markup(client.get(f"/spor/2025.2-{old.municipality.code}-{CORRECTED}/").content.decode()).text
    for value in (old.value, new.value):
        assert f"{value:.1f}".replace(".", ",") in text
    assert new.edition.reason in text
    assert "Placeringer før og efter rettelsen" in text
    assert "afløst af" in text


def test_a_replaced_revision_keeps_its_proof(client: Client) -> None:
    old = _corrected()
    text = Markup(client.get(f"/spor/2025.1-{old.municipality.code}-{CORRECTED}/").content.decode()).text
    assert f"{old.value:.1f}".replace(".", ",") in text
    assert old.upload is not None
    assert old.upload.sha256 in text


def test_every_link_of_a_score_leads_down_to_a_file(client: Client) -> None:
    page, seen = "/spor/2026.1-175-samlet/", []
    for _step in range(4):
        seen.append(page)
        answer = client.get(page)
        assert answer.status_code == 200
        below = re.findall(r'<th scope="row"><a href="(/spor/2026\.1-175-[a-z0-9-]+/)"', answer.content.decode())
        further = [link for link in below if link not in seen]
        if "SHA-256" in answer.content.decode():
            break
        page = further[0]
    assert "SHA-256" in client.get(page).content.decode()
    assert len(seen) == 4


def test_a_median_is_proved_by_every_municipality(client: Client) -> None:
    page = Markup(client.get(f"/spor/2026.1-000-{CORRECTED}/").content.decode())
    codes = {link.split("-")[1] for link in page.links if re.fullmatch(rf"/spor/2026\.1-\d+-{CORRECTED}/", link)}
    assert codes == set(Municipality.objects.values_list("code", flat=True))


def test_computing_again_changes_no_id() -> None:
    user, now = User.objects.create(username="anna"), timezone.now()
    draft = correct_edition(year=2026, reason="Prøve", by=user, now=now)
    ids = {
        str(NumberId(draft.release, row.municipality.code, "samlet")) for row in Placement.objects.of(draft).overall()
    }
    keys = set(Placement.objects.of(draft).values_list("pk", flat=True))
    compute_edition(edition=draft, by=user, now=now)
    again = Placement.objects.of(draft)
    assert keys.isdisjoint(again.values_list("pk", flat=True))
    assert ids == {str(NumberId(draft.release, row.municipality.code, "samlet")) for row in again.overall()}
    assert _record(f"{draft.release}-175-samlet").placement.municipality.name == "Rødovre"


def test_the_page_of_corrections_has_every_corrected_value_before_and_after(client: Client) -> None:
    text = Markup(client.get("/rettelser/").content.decode()).text
    edition = Edition.objects.get(year=2025, revision=2)
    assert edition.reason in text
    corrected = Placement.objects.filter(edition=edition, upload__name__contains="rettelse")
    assert corrected.count() == 3
    for row in corrected:
        assert row.municipality.name in text
        assert f"{row.value:.1f}".replace(".", ",") in text


PROOF = ("/spor/", "/en/trail/")
PAGES = (
    "/sammenlign/?kommune=roedovre&kommune=laesoe&kommune=aarhus",
    "/@2025.1/sammenlign/?kommune=roedovre&mod=gruppe",
)
RANKINGS = (
    ("/rangliste/", "2026.1", "handicap"),
    ("/@2025.1/rangliste/?kolonner=temaer", "2025.1", "handicap"),
    ("/rangliste/tema/socialpsykiatri/", "2026.1", ""),
    ("/en/ranking/indicator/b-omgoerelse/", "2026.1", ""),
    ("/rangliste/omraade/boern-og-unge/?kolonner=indikatorer", "2026.1", "tidlig-forebyggelse"),
)


@pytest.mark.parametrize(("path", "release", "part"), RANKINGS)
def test_every_row_of_a_ranking_opens_its_proof_which_leads_on_to_those_of_its_other_numbers(
    client: Client, path: str, release: str, part: str
) -> None:
    """A link at every number would be up to four thousand of them: the row's own figure has the one."""
    page = Markup(client.get(path).content.decode())
    rows = [[cell for cell in row.iter("td") if text_of(cell)] for row in page.all("tbody")[0].iter("tr")]
    proofs = [[link.get("href", "") for cell in row for link in cell.iter("a")] for row in rows]
    proofs = [links for links in proofs if links]  # whoever has no place has no figure
    assert len(proofs) > 85
    assert [links for links in proofs if len(links) != 1 or not links[0].startswith(PROOF)] == []
    assert all(f"/{release}-" in links[0] for links in proofs)
    further = Markup(client.get(proofs[0][0]).content.decode()).links
    assert not part or any(link.startswith(PROOF) and f"-{part}/" in link for link in further)


@pytest.mark.parametrize("path", PAGES)
def test_every_number_of_a_table_opens_its_proof_in_its_own_revision(client: Client, path: str) -> None:
    page = Markup(client.get(path).content.decode())
    rows = [list(row.iter("td")) for table in page.all("table") for row in table.iter("tr")]
    cells = [cell for row in rows for cell in row if "difference" not in cell.get("class", "").split()]
    numbers = [cell for cell in cells if "missing-value" not in cell.get("class", "") and text_of(cell)]
    proofs = [[link.get("href", "") for link in cell.iter("a")] for cell in numbers]
    if "gruppe" in path:  # the group's median is nobody's number
        proofs = [links for links in proofs if links]
    assert len(proofs) > 90
    assert [links for links in proofs if len(links) != 1 or not links[0].startswith(PROOF)] == []
    for links in proofs[:: len(proofs) // 2]:
        assert client.get(links[0]).status_code == 200


def test_a_difference_is_that_of_two_numbers_in_its_row_which_have_their_proofs(client: Client) -> None:
    """Nobody stored it, so it has no proof of its own."""
    page = Markup(client.get(PAGES[0]).content.decode())
    rows = [list(row.iter("td")) for table in page.all("table") for row in table.iter("tr")]
    checked = 0
    for *cells, last in filter(None, rows):
        if "difference" not in last.get("class", "").split() or "missing-value" in last.get("class", ""):
            continue
        proved = [cell for cell in cells if any(link.get("href", "").startswith(PROOF) for link in cell.iter("a"))]
        answers = [text_of(cell).split()[0] for cell in proved]
        assert len(answers) > 1
        if {"ja", "nej"} >= set(answers):
            assert text_of(last) == ("samme svar" if len(set(answers)) == 1 else "forskellige svar")
        else:
            numbers = [_number(answer) for answer in answers]
            assert _number(text_of(last).split()[0]) == max(numbers) - min(numbers), text_of(last)
        checked += 1
    assert checked > 90


def _number(text: str) -> Decimal:
    """A printed number: "1.234,5", "−3"."""
    return Decimal(text.replace(".", "").replace(",", ".").replace("\u2212", "-"))


def test_a_surveys_number_leads_to_its_question_its_version_and_its_wave(client: Client) -> None:
    placed = Placement.objects.filter(
        edition__year=2026, edition__state="published", indicator__code="b-medl-supervision", low__isnull=False
    )
    own = placed.select_related("municipality", "measurement")[0]
    page = client.get(f"/spor/2026.1-{own.municipality.code}-b-medl-supervision/").content.decode()
    question = Question.objects.get(questionnaire__waves__year=2026, indicator__code="b-medl-supervision")
    assert own.measurement is not None
    assert html.escape(question.words_da) in page
    assert f"/undersoegelser/2026/#members-{question.position}" in page
    assert f'id="members-{question.position}"' in client.get("/undersoegelser/2026/").content.decode()
    assert f"{own.measurement.answered} af {own.measurement.asked} svarede" in page
    assert "hvis de, der ikke svarede, ligner dem, der svarede" in page
    assert "Uden den antagelse kan tallet være alt i" in page


def test_a_rule_that_made_a_year_of_its_parts_is_printed_with_the_figure_and_in_the_api(client: Client) -> None:
    found = _record(f"2026.1-175-{CORRECTED}")
    assert found.placement.upload is not None
    rule = "gennemsnittet af årets dele"
    Upload.objects.filter(pk=found.placement.upload.pk).update(report={"period_rule": rule})
    Indicator.objects.filter(code=CORRECTED).update(period_rule="mean")
    assert [step["text"] for step in period_steps(found.placement.upload, Indicator.objects.get(code=CORRECTED))] == [
        rule
    ]
    text = Markup(client.get(f"/spor/2026.1-175-{CORRECTED}/").content.decode()).text
    assert rule in text
    said = client.get(f"/api/v1/indicators/{CORRECTED}").json()
    assert said["period_rule"] == rule
