import datetime as dt
from collections.abc import Callable

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from indicators.models import Indicator, SeriesBreak
from indicators.upload.cells import Missing
from rankings.hearing.models import Hearing
from rankings.models import Criterion, Edition, EditionState, Level, Placement
from rankings.services.computing import EditionError, compute_edition
from rankings.services.editions import correct_edition, prepare_edition, publish_edition
from tests.filled_in import NOW, imported, publisher, steward

pytestmark = pytest.mark.django_db

prepared = pytest.mark.usefixtures("_prepared")
Frozen = dict[tuple[int, int | None, int | None, int | None], tuple[object, ...]]


def prepare() -> None:
    """A draft of 2027 with a figure of that year, and one of a correction of 2026, with a figure that was wrong."""
    imported("101;København;b-omgoerelse;2027;12,5;")
    prepare_edition(year=2027, by=steward(), now=NOW, draws=300)
    imported("101;København;b-omgoerelse;2025;0,1;")
    correct_edition(year=2026, reason=" Talt forkert. ", by=steward(), now=NOW)


def _draft(year: int) -> Edition:
    return Edition.objects.get(year=year, state=EditionState.DRAFT)


def _published(year: int) -> Edition:
    return Edition.objects.published().get(year=year)


def _frozen(edition: Edition) -> Frozen:
    """Everything that was said of everybody in an edition."""
    rows = Placement.objects.of(edition).values_list(
        "municipality_id", "area_id", "theme_id", "indicator_id",
        "score", "printed", "rank", "rank_last", "low", "high", "n", "coverage", "value", "missing", "upload_id",
    )  # fmt: skip
    return {row[:4]: row[4:] for row in rows}


@prepared
def test_a_draft_is_not_what_the_public_sees() -> None:
    draft = _draft(2027)
    assert draft.state == EditionState.DRAFT
    assert draft not in Edition.objects.ever_published()
    assert Placement.objects.of(draft).count() == 98 * (1 + 3 + 16 + 103)


@prepared
def test_publishing_says_who_and_when_and_makes_public() -> None:
    edition = publish_edition(edition=_draft(2027), by=publisher(), now=NOW, unheard_because="En prøve.")
    edition.refresh_from_db()
    assert (edition.state, edition.published_by, edition.published_at) == ("published", publisher(), NOW)
    assert Edition.objects.published().newest_first().first() == edition


def test_weights_are_equal_and_neutral_ones_weigh_nothing() -> None:
    criteria = Criterion.objects.of(_published(2026))
    neutral = criteria.filter(direction="neutral")
    assert neutral.count() == 6
    assert {criterion.weight for criterion in neutral} == {0}
    assert {criterion.weight for criterion in criteria.exclude(direction="neutral")} == {1}


@prepared
def test_an_indicator_takes_its_newest_year_up_to_the_edition() -> None:
    years = dict(Criterion.objects.of(_draft(2027)).for_indicators().values_list("indicator__code", "data_year"))
    assert years["b-omgoerelse"] == 2027
    assert set(years.values()) >= {2025, 2026, 2027}


def test_homelessness_counted_every_second_year_keeps_its_last_count() -> None:
    every_second = Indicator.objects.filter(every_years=2)
    years = Criterion.objects.filter(indicator__in=every_second, edition__state="published")
    assert set(years.values_list("edition__year", "data_year")) == {(2025, 2024), (2026, 2024)}


def test_an_indicator_that_is_new_is_only_in_later_editions() -> None:
    criteria = Criterion.objects.filter(indicator__code="h-udredning-vum", edition__in=Edition.objects.ever_published())
    assert set(criteria.values_list("edition__year", flat=True)) == {2025, 2026}


def test_a_year_is_prepared_once() -> None:
    with pytest.raises(EditionError, match="allerede en udgave 2026"):
        prepare_edition(year=2026, by=steward(), now=NOW, draws=300)


@pytest.mark.usefixtures("_empty_site")
def test_an_edition_needs_figures() -> None:
    with pytest.raises(EditionError, match="ingen tal til og med 2030"):
        prepare_edition(year=2030, by=steward(), now=NOW, draws=300)
    assert not Edition.objects.exists()


def test_a_published_edition_is_neither_computed_nor_published_again() -> None:
    edition = _published(2026)
    with pytest.raises(ValueError, match=r"2026\.1 er offentliggjort"):
        compute_edition(edition=edition, by=steward(), now=NOW)
    with pytest.raises(EditionError, match="kræver en rettelse"):
        publish_edition(edition=edition, by=publisher(), now=NOW, unheard_because="En prøve.")


@pytest.mark.parametrize("table", ["placement", "criterion", "spread"])
@pytest.mark.parametrize("statement", ["UPDATE rankings_{} SET edition_id = edition_id", "DELETE FROM rankings_{}"])
def test_not_even_by_hand_is_a_published_edition_changed(table: str, statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never changed"):
        cursor.execute(statement.format(table))


def test_new_figures_move_nothing_that_is_published() -> None:
    before = {edition.release: _frozen(edition) for edition in Edition.objects.ever_published()}
    imported("101;København;b-omgoerelse;2025;0,1;", "147;Frederiksberg;b-omgoerelse;2025;;ikke indberettet")
    assert {edition.release: _frozen(edition) for edition in Edition.objects.ever_published()} == before


@prepared
def test_a_correction_is_a_new_revision_and_the_corrected_one_keeps_its_placements() -> None:
    old = _published(2026)
    before = _frozen(old)
    new = publish_edition(edition=_draft(2026), by=publisher(), now=NOW, unheard_because="En prøve.")
    old.refresh_from_db()
    assert (new.release, new.reason, new.state) == ("2026.2", "Talt forkert.", "published")
    assert (old.state, old.corrected_at) == ("corrected", NOW)
    assert _frozen(old) == before
    assert _published(2026) == new


def test_a_correction_keeps_weights_goalposts_and_data_years() -> None:
    def rules(release: str) -> list[tuple[object, ...]]:
        year, revision = release.split(".")
        rows = Criterion.objects.filter(edition__year=year, edition__revision=revision)
        return sorted(
            rows.values_list("area", "theme", "indicator", "weight", "direction", "data_year", "low", "high"), key=str
        )

    assert rules("2025.2") == rules("2025.1")


def test_a_correction_changes_the_figures_that_were_wrong_and_no_others() -> None:
    def figures(revision: int) -> dict[tuple[int, str], float | None]:
        rows = Placement.objects.filter(edition__year=2025, edition__revision=revision, level=Level.INDICATOR)
        return {(row[0], row[1]): row[2] for row in rows.values_list("municipality", "indicator__code", "value")}

    before, after = figures(1), figures(2)
    changed = [key for key, value in before.items() if after[key] != value]
    assert {code for _municipality, code in changed} == {"b-omgoerelse"}
    assert len(changed) == 3
    assert all(after[key] == pytest.approx(0.6 * (before[key] or 0), abs=0.051) for key in changed)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_correction_needs_a_reason(reason: str) -> None:
    with pytest.raises(EditionError, match="begrundelse"):
        correct_edition(year=2026, reason=reason, by=steward(), now=NOW)


def test_only_what_is_published_can_be_corrected() -> None:
    with pytest.raises(EditionError, match="ingen offentliggjort udgave 2030"):
        correct_edition(year=2030, reason="Talt forkert.", by=steward(), now=NOW)


@prepared
def test_one_correction_at_a_time() -> None:
    assert _draft(2026).is_open
    with pytest.raises(EditionError, match="allerede begyndt"):
        correct_edition(year=2026, reason="Også forkert.", by=steward(), now=NOW)


@prepared
def test_a_publication_that_fails_leaves_the_old_edition_as_it_was() -> None:
    old = _published(2026)
    draft = _draft(2026)
    before = _frozen(old), _frozen(draft)
    with connection.cursor() as cursor:  # the very last write of a publication fails
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$;"
            "CREATE TRIGGER refuse BEFORE UPDATE ON rankings_edition FOR EACH ROW"
            f" WHEN (NEW.state = 'published' AND NEW.id = {draft.pk}) EXECUTE FUNCTION refuse()"
        )
    with pytest.raises(DatabaseError, match="the disk is full"):
        publish_edition(edition=draft, by=publisher(), now=NOW + dt.timedelta(days=1), unheard_because="En prøve.")
    assert _published(2026) == old
    assert (_frozen(old), _frozen(draft)) == before
    draft.refresh_from_db()
    assert (draft.state, draft.computed_at) == (EditionState.DRAFT, NOW)


@pytest.mark.django_db(transaction=True)
def test_readers_see_the_old_edition_until_the_whole_new_one_is_there(
    another_reader: Callable[[], tuple[list[str], int]],
) -> None:
    begun = Edition.objects.still_open().filter(year=2026).first()  # where other tests of this file came before
    draft = begun or correct_edition(year=2026, reason="Talt forkert.", by=steward(), now=NOW)
    placements = Placement.objects.count()
    with transaction.atomic():
        publish_edition(edition=draft, by=publisher(), now=NOW, unheard_because="En prøve.")
        assert another_reader() == (["2024.1", "2025.2", "2026.1"], placements)
    assert another_reader() == (["2024.1", "2025.2", "2026.2"], placements)


@pytest.fixture
def another_reader(transactional_db: None) -> Callable[[], tuple[list[str], int]]:
    """What somebody else sees now: the published releases, and how many placements there are."""
    parameters = connection.get_connection_params()
    address = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)}

    def look() -> tuple[list[str], int]:
        with psycopg.connect(**address) as other:
            published = other.execute(
                "SELECT year || '.' || revision FROM rankings_edition WHERE state = 'published' ORDER BY year"
            )
            releases = [row[0] for row in published]
            count = other.execute("SELECT count(*) FROM rankings_placement").fetchone()
            return releases, count[0] if count else 0

    return look


def test_goalposts_stay_over_the_years_so_that_scores_can_be_compared() -> None:
    posts = _goalposts()
    broken = set(SeriesBreak.objects.values_list("indicator__code", flat=True))
    kept = [code for code in posts[2024] if code not in broken]
    assert len(kept) > 75
    for year in (2025, 2026):
        assert [posts[year][code] for code in kept] == [posts[2024][code] for code in kept]


def test_goalposts_are_set_anew_where_the_series_breaks() -> None:
    posts = _goalposts()
    assert "b-tidligt-forebyg" in posts[2024]
    assert posts[2025]["b-tidligt-forebyg"] != posts[2024]["b-tidligt-forebyg"]


def test_the_first_goalposts_are_the_5th_and_95th_percentile() -> None:
    edition = _published(2024)
    values: dict[str, list[float]] = {}
    rows = Placement.objects.of(edition).filter(level=Level.INDICATOR, value__isnull=False).order_by("value")
    for code, value in rows.values_list("indicator__code", "value"):
        values.setdefault(str(code), []).append(float(value or 0))
    criteria = Criterion.objects.of(edition).for_indicators().exclude(direction="neutral")
    for criterion in criteria.exclude(indicator__unit__startswith="ja=1").select_related("indicator"):
        ordered = values[criterion.indicator.code if criterion.indicator else ""]
        expected = (_percentile(ordered, 0.05), _percentile(ordered, 0.95))
        assert (criterion.low, criterion.high) == pytest.approx(expected)


def _percentile(ordered: list[float], share: float) -> float:
    """Linear between the two neighbours, the definition the method page gives."""
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def _goalposts() -> dict[int, dict[str, tuple[float | None, float | None]]]:
    rows = Criterion.objects.for_indicators().filter(edition__state="published").exclude(direction="neutral")
    posts: dict[int, dict[str, tuple[float | None, float | None]]] = {}
    for year, code, low, high in rows.values_list("edition__year", "indicator__code", "low", "high"):
        posts.setdefault(year, {})[code] = (low, high)
    return posts


def test_every_kind_of_missing_is_in_the_demo() -> None:
    kinds = Placement.objects.of(_published(2026)).exclude(missing="").values_list("missing", flat=True)
    assert set(kinds) >= {Missing.NOT_REPORTED, Missing.SUPPRESSED, Missing.NOT_APPLICABLE, Missing.NOT_AVAILABLE}


def test_a_draft_that_was_heard_with_few_draws_is_published_with_those_it_was_given() -> None:
    edition = _published(2026)
    assert Hearing.objects.get(edition=edition).opened_at is not None
    assert edition.method["robustness"]["draws"] == edition.robustness["draws"] == 1000


@pytest.mark.usefixtures("few_draws")
def test_the_commands_compute_and_publish_a_year(capsys: pytest.CaptureFixture[str]) -> None:
    steward()
    publisher()
    call_command("compute_edition", 2028, by="dorte")
    assert capsys.readouterr().out == "Edition 2028.1: 12054 placements computed.\n"
    call_command("publish_edition", 2028, by="paula", unheard_because="En prøve.")
    assert capsys.readouterr().out.startswith("Edition 2028.1 is public.\n")
    with pytest.raises(CommandError, match="no open edition 2028"):
        call_command("publish_edition", 2028, by="paula", unheard_because="En prøve.")


@pytest.mark.parametrize("command", ["compute_edition", "publish_edition"])
def test_the_commands_refuse_an_unknown_person(command: str) -> None:
    with pytest.raises(CommandError, match="no user 'ingen'"):
        call_command(command, 2030, by="ingen")


def test_the_demo_is_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", editions=[2024, 2025, 2026])
    assert capsys.readouterr().out == "The demo data are there already.\n"
