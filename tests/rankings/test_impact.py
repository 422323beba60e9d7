import pytest

from indicators.models import Measurement
from indicators.services.apply import import_files
from indicators.services.compare import known_indicators
from indicators.upload.reader import read
from indicators.upload.reading import Reading
from rankings.impact import Impact, impact_of
from rankings.models import Edition, Placement
from rankings.services.editions import correct_edition
from tests.filled_in import NOW, long_csv, publisher, steward

pytestmark = pytest.mark.django_db
CODE = "b-omgoerelse"


def reading_of(*rows: str) -> Reading:
    return read(long_csv(*rows).content, known_indicators=known_indicators())


def impact(*rows: str) -> Impact:
    found = impact_of(reading_of(*rows).cells)
    assert found is not None
    return found


def newest() -> Edition:
    return Edition.objects.published().newest_first()[0]


def year_of(code: str = CODE) -> int:
    return newest().criterion_set.get(indicator__code=code).data_year or 0


def worst() -> Measurement:
    rows = Measurement.objects.current().filter(indicator__code=CODE, year=year_of(), value__gt=0)
    return rows.select_related("municipality").order_by("-value", "pk")[0]


def test_a_file_that_says_what_is_known_moves_nobody() -> None:
    row = worst()
    same = str(row.value).replace(".", ",")
    found = impact(f"{row.municipality.code};;{CODE};{row.year};{same};")
    assert (found.movers, found.cells) == ((), 1)


def test_what_is_foretold_is_what_a_correction_gives() -> None:
    row = worst()
    line = f"{row.municipality.code};;{CODE};{row.year};0,1;"
    foretold = impact(line)
    before = dict(Placement.objects.of(newest()).overall().values_list("municipality__name", "rank"))
    import_files(files=[long_csv(line)], by=steward(), now=NOW, accept_warnings=True)
    edition = correct_edition(year=newest().year, reason="Talt forkert.", by=publisher(), now=NOW)
    after = dict(Placement.objects.of(edition).overall().values_list("municipality__name", "rank"))
    really = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    assert {mover.municipality: (mover.before, mover.after) for mover in foretold.movers} == really
    assert really


def test_the_indicator_that_moved_a_municipality_is_named_and_others_are_moved_by_others() -> None:
    row = worst()
    movers = {m.municipality: m for m in impact(f"{row.municipality.code};;{CODE};{row.year};0,1;").movers}
    own = movers.pop(row.municipality.name)
    assert [cause.indicator.code for cause in own.causes] == [CODE]
    assert own.causes[0].points > 0
    assert own.places > 0
    assert all(not mover.causes and mover.places < 0 for mover in movers.values())


def test_nothing_is_stored() -> None:
    row = worst()
    counts = (Measurement.objects.count(), Placement.objects.count(), Edition.objects.count())
    impact(f"{row.municipality.code};;{CODE};{row.year};0,1;")
    assert (Measurement.objects.count(), Placement.objects.count(), Edition.objects.count()) == counts


def test_a_later_year_takes_the_place_of_the_earlier_in_the_next_edition_and_never_in_a_correction() -> None:
    row = worst()
    later = f"{row.municipality.code};;{CODE};{row.year + 1};0,1;"
    assert impact(later).cells == 1
    correct_edition(year=newest().year, reason="Talt forkert.", by=publisher(), now=NOW)
    assert (impact(later).cells, impact(later).movers) == (0, ())


def test_an_indicator_that_is_not_counted_this_year_moves_nobody() -> None:
    rows = Measurement.objects.current().filter(indicator__code=CODE, year=year_of())
    codes = rows.values_list("municipality__code", flat=True)
    found = impact(*(f"{code};;{CODE};{year_of() + 1};;ikke opgjort" for code in codes))
    assert found.movers == ()


def test_a_figure_that_does_not_count_in_the_index_moves_nobody() -> None:
    assert impact(f"101;;{CODE};1999;0,1;").movers == ()


@pytest.mark.usefixtures("_empty_site")
def test_without_editions_there_is_nothing_to_foretell() -> None:
    assert impact_of(reading_of("101;;b-omgoerelse;2019;1,0;").cells) is None
