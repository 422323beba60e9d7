import hashlib
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from indicators.models import Measurement, Upload, UploadState
from indicators.services.apply import apply_upload, import_files
from indicators.services.check import check_upload
from indicators.services.receive import UploadError, receive_upload
from tests.filled_in import NOW, imported, long_csv, steward

pytestmark = pytest.mark.django_db


def _current(year: int = 2030) -> dict[tuple[str, str], tuple[float | None, str]]:
    rows = Measurement.objects.current().filter(year=year)
    return {(m.municipality.name, m.indicator.code): (m.value, m.missing) for m in rows}


def test_figures_go_in_with_the_place_they_stood_in() -> None:
    upload, applied = imported("101;København;b-omgoerelse;2030;12,5;", "563;Fanø;b-omgoerelse;2030;;diskretioneret")
    assert (applied.added, applied.changed, applied.unchanged) == (2, 0, 0)
    assert _current() == {
        ("København", "b-omgoerelse"): (12.5, ""),
        ("Fanø", "b-omgoerelse"): (None, "suppressed"),
    }
    measured = Measurement.objects.get(year=2030, municipality__name="København")
    assert (measured.upload, measured.row, measured.column, measured.is_current) == (upload, 2, "vaerdi", True)


def test_the_file_is_kept_as_it_came_with_who_and_when() -> None:
    file = long_csv("101;København;b-omgoerelse;2030;12,5;")
    upload, _applied = import_files(files=[file], by=steward(), now=NOW)[0]
    with upload.file.open("rb") as kept:
        assert kept.read() == file.content
    upload.refresh_from_db()
    assert upload.sha256 == hashlib.sha256(file.content).hexdigest()
    assert (upload.uploaded_by, upload.uploaded_at, upload.applied_by, upload.applied_at) == (
        steward(),
        NOW,
        steward(),
        NOW,
    )


def test_of_several_files_all_go_in_or_none() -> None:
    good = long_csv("101;København;b-omgoerelse;2030;12,5;", name="god.csv")
    bad = long_csv("101;Købmandshavn;b-findes-ikke;2030;12,5;", name="daarlig.csv")
    uploads = Upload.objects.count()
    with pytest.raises(UploadError, match=r"daarlig\.csv"):
        import_files(files=[good, bad, good], by=steward(), now=NOW)
    assert _current() == {}
    assert Upload.objects.count() == uploads


def test_every_problem_of_every_file_is_told_at_once() -> None:
    first = long_csv("101;København;b-findes-ikke;2030;1,5;", name="a.csv")
    second = long_csv(";Købmandshavn;b-omgoerelse;2030;1,5;", ";Rødovr;b-omgoerelse;2030;1,5;", name="b.csv")
    with pytest.raises(UploadError) as error:
        import_files(files=[first, second], by=steward(), now=NOW)
    told = str(error.value)
    assert "a.csv" in told
    assert "b-findes-ikke" in told
    assert "b.csv, række 2" in told
    assert "Købmandshavn" in told
    assert "b.csv, række 3" in told
    assert "Rødovre" in told  # the nearest name


def test_the_same_file_twice_is_told_and_does_nothing() -> None:
    imported("101;København;b-omgoerelse;2030;12,5;")
    before = Measurement.objects.count()
    with pytest.raises(UploadError, match=r"den samme fil .* indlæst 01.03.2031"):
        imported("101;København;b-omgoerelse;2030;12,5;", name="et-andet-navn.csv")
    assert Measurement.objects.count() == before


def test_what_is_already_known_is_not_written_again() -> None:
    imported("101;København;b-omgoerelse;2030;12,5;", "147;Frederiksberg;b-omgoerelse;2030;;ikke indberettet")
    _upload, applied = imported(
        "101;København;b-omgoerelse;2030;12,5;",
        "147;Frederiksberg;b-omgoerelse;2030;;ikke indberettet",
        "151;Ballerup;b-omgoerelse;2030;3,0;",
    )
    assert (applied.added, applied.changed, applied.unchanged) == (1, 0, 2)
    assert Measurement.objects.filter(year=2030).count() == 3


def test_a_new_figure_replaces_the_old_one_and_the_old_one_stays_in_the_history() -> None:
    first, _applied = imported("101;København;b-omgoerelse;2030;12,5;")
    second, applied = imported("101;København;b-omgoerelse;2030;;ikke indberettet", name="rettet.csv")
    assert (applied.added, applied.changed, applied.unchanged) == (0, 1, 0)
    assert _current() == {("København", "b-omgoerelse"): (None, "not_reported")}
    old = Measurement.objects.get(year=2030, is_current=False)
    assert (old.value, old.upload, old.superseded_by) == (12.5, first, second)


def test_nil_is_a_value_and_never_a_gap() -> None:
    imported("101;København;b-omgoerelse;2030;0;", "147;Frederiksberg;b-omgoerelse;2030;-;")
    assert set(_current().values()) == {(0.0, "")}


def test_an_upload_that_is_applied_says_so_and_reports_what_it_did() -> None:
    upload, _applied = imported("101;København;b-omgoerelse;2030;12,5;", "000;Hele landet;b-omgoerelse;2030;11,0;")
    upload.refresh_from_db()
    assert upload.state == UploadState.APPLIED
    assert upload.report["added"] == 1
    assert upload.report["left_out"][0][:2] == [3, "000 Hele landet"]
    assert (upload.report["decimal"], upload.report["layout"]) == (",", "long")


def test_a_stored_file_that_was_tampered_with_is_not_applied() -> None:
    upload = receive_upload(file=long_csv("101;København;b-omgoerelse;2030;12,5;"), by=steward(), now=NOW)
    upload = check_upload(upload=upload, by=steward(), now=NOW)
    Path(upload.file.path).write_bytes(long_csv("101;København;b-omgoerelse;2030;99,5;").content)
    with pytest.raises(UploadError, match="kontrolsum"):
        apply_upload(upload=upload, by=steward(), now=NOW)
    assert _current() == {}


def test_the_command_imports_and_says_what_each_file_gave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steward()
    path = tmp_path / "tal.csv"
    path.write_bytes(long_csv("101;København;b-omgoerelse;2020;12,5;").content)
    call_command("import_measurements", path, by="dorte")
    assert capsys.readouterr().out == "tal.csv: 1 added, 0 changed, 0 as before\n"


def test_population_by_year_goes_in_as_whole_people(tmp_path: Path) -> None:
    steward()
    path = tmp_path / "indbyggere.csv"
    path.write_text("kommune;2021;2022\nFanø;3.432;3.427\nKøbenhavn;638.678;644.431\nLæsø;1.769;800\n", "utf-8")
    call_command("import_measurements", path, by="dorte", indicator="k-indbyggere")
    known = Measurement.objects.current().filter(indicator__code="k-indbyggere", year=2022)
    assert {m.municipality.name: m.value for m in known} == {"Fanø": 3427, "København": 644431, "Læsø": 800}


@pytest.mark.parametrize(
    ("user", "file", "said"),
    [("ukendt", "tal.csv", "no user 'ukendt'"), ("dorte", "findes-ikke.csv", "findes-ikke.csv")],
)
def test_the_command_refuses_an_unknown_person_or_file(tmp_path: Path, user: str, file: str, said: str) -> None:
    steward()
    (tmp_path / "tal.csv").write_bytes(long_csv("101;København;b-omgoerelse;2030;12,5;").content)
    with pytest.raises(CommandError, match=re.escape(said)):
        call_command("import_measurements", tmp_path / file, by=user)
    assert _current() == {}
