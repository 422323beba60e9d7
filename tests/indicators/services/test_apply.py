import datetime as dt
import hashlib
import resource
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from indicators.models import Action, Indicator, LogEntry, Measurement, SourceReading, Upload, UploadState
from indicators.services.apply import NotAcceptedError, StaleCheckError, apply_upload, import_files
from indicators.services.check import check_upload, correct_reading, keep_answers
from indicators.services.compare import catalogue_facts
from indicators.services.receive import (
    FileOnDisk,
    FileToImport,
    SameFileError,
    UploadError,
    discard_upload,
    receive_upload,
)
from indicators.services.take_back import take_back_upload
from indicators.upload.reading import ReadingOptions
from indicators.upload.template_file import write_template
from rankings.models import Placement
from tests.filled_in import NOW, long_csv, steward

pytestmark = pytest.mark.django_db

CODE = "b-omgoerelse"
WHY = "Forkert fil"
LATER = NOW + dt.timedelta(hours=1)
Stored = dict[tuple[str, int, str], tuple[float | None, str, int]]


def colleague() -> User:
    return User.objects.get_or_create(username="karen")[0]


def stored(year: int = 2030) -> Stored:
    """What holds now: value, kind of missing and the upload it came with."""
    rows = Measurement.objects.current().filter(year=year).select_related("indicator", "municipality")
    return {(m.municipality.code, m.year, m.indicator.code): (m.value, m.missing, m.upload_id) for m in rows}


def row(code: int, value: str, *, year: int = 2030, indicator: str = CODE, status: str = "") -> str:
    return f"{code};;{indicator};{year};{value};{status}"


def checked(*rows: str, name: str = "tal.csv", by: User | None = None, now: dt.datetime = NOW) -> Upload:
    upload = receive_upload(file=long_csv(*rows, name=name), by=by or steward(), now=now)
    return check_upload(upload=upload, by=by or steward(), now=now)


def yes_to_all(upload: Upload) -> dict[str, str]:
    warnings = [finding for finding in upload.report["findings"] if finding["severity"] == "warning"]
    return {finding["key"]: "Set efter hos kilden." for finding in warnings}


def applied(*rows: str, name: str = "tal.csv", now: dt.datetime = NOW) -> Upload:
    upload = checked(*rows, name=name, now=now)
    apply_upload(upload=upload, accepted=yes_to_all(upload), by=steward(), now=now)
    upload.refresh_from_db()
    return upload


def test_checking_stores_a_report_and_changes_no_figure() -> None:
    before = stored(2026)
    upload = checked(row(101, "12,5"), row(147, "", status="diskretioneret"), "000;Hele landet;x;2030;1;")
    assert upload.state == UploadState.CHECKED
    assert (upload.report["added"], upload.report["changed"], upload.report["cells"]) == (2, 0, 2)
    assert upload.report["left_out_by_reason"]
    assert stored() == {}
    assert stored(2026) == before


def test_a_file_with_an_unknown_indicator_is_refused_with_its_place_and_cannot_be_applied() -> None:
    upload = checked(row(101, "12,5", indicator="b-findes-ikke"))
    assert upload.state == UploadState.REFUSED
    assert "b-findes-ikke" in str(upload.report["findings"])
    with pytest.raises(UploadError, match="afvist"):
        apply_upload(upload=upload, by=steward(), now=NOW)
    assert stored() == {}


def test_what_is_no_table_is_refused_with_the_reason() -> None:
    upload = receive_upload(file=FileToImport("billede.csv", b"\x89PNG\r\n\x1a\n0000"), by=steward(), now=NOW)
    upload = check_upload(upload=upload, by=steward(), now=NOW)
    assert upload.state == UploadState.REFUSED
    assert "billede" in upload.report["unreadable"]


@pytest.mark.parametrize("size", [0, 200_000_001])
def test_an_empty_or_too_large_file_is_refused_before_it_is_kept(size: int, tmp_path: Path) -> None:
    path = tmp_path / "tal.csv"
    with path.open("wb") as file:
        file.truncate(size)
    with pytest.raises(UploadError):
        receive_upload(file=FileOnDisk(path.name, path), by=steward(), now=NOW)


def test_the_same_file_twice_is_told_and_nothing_is_done() -> None:
    first = checked(row(101, "12,5"))
    uploads, entries = Upload.objects.count(), LogEntry.objects.count()
    with pytest.raises(SameFileError) as told:
        receive_upload(file=long_csv(row(101, "12,5"), name="andet-navn.csv"), by=colleague(), now=LATER)
    assert told.value.upload == first
    assert (Upload.objects.count(), LogEntry.objects.count()) == (uploads, entries)


def test_a_broken_copy_left_by_a_killed_process_is_replaced_when_the_file_comes_again() -> None:
    file = long_csv(row(101, "12,5"))
    upload = receive_upload(file=file, by=steward(), now=NOW)
    path = Path(upload.file.path)
    Upload.objects.filter(pk=upload.pk).delete()
    path.write_bytes(b"halv")
    again = receive_upload(file=file, by=steward(), now=LATER)
    assert Path(again.file.path) == path
    assert path.read_bytes() == file.content


def test_a_file_that_finds_no_room_leaves_nothing_and_is_taken_when_there_is() -> None:
    room = 40_000
    file = FileToImport("stor.csv", b"x" * (2 * room))
    path = Path(settings.MEDIA_ROOT) / "uploads" / hashlib.sha256(file.content).hexdigest()
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, allowed[1]))  # a full disk, for this process alone
    try:
        with pytest.raises(OSError, match="too large"):
            receive_upload(file=file, by=steward(), now=NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert (path.exists(), Upload.objects.filter(name="stor.csv").exists()) == (False, False)
    assert Path(receive_upload(file=file, by=steward(), now=NOW).file.path) == path


def test_names_of_files_are_never_paths() -> None:
    file = FileToImport("../../etc/passwd.csv", long_csv(row(101, "1,0")).content)
    upload = receive_upload(file=file, by=steward(), now=NOW)
    assert upload.file.name == f"uploads/{hashlib.sha256(file.content).hexdigest()}"


def test_warnings_need_a_yes_with_a_reason_each() -> None:
    upload = checked(row(101, "98,5"), row(147, "97,5"))
    keys = yes_to_all(upload)
    assert keys
    with pytest.raises(NotAcceptedError) as refused:
        apply_upload(upload=upload, by=steward(), now=NOW)
    assert len(refused.value.findings) == len(keys)
    with pytest.raises(NotAcceptedError):
        apply_upload(upload=upload, accepted=dict.fromkeys(keys, "  "), by=steward(), now=NOW)
    assert stored() == {}
    apply_upload(upload=upload, accepted=keys, by=steward(), now=NOW)
    upload.refresh_from_db()
    assert upload.report["accepted"] == keys
    assert len(stored()) == 2


def test_files_of_the_command_line_are_checked_as_those_of_the_admin_are() -> None:
    file = long_csv(row(101, "98,5"), row(147, "97,5"))
    with pytest.raises(UploadError, match="mangler et ja"):
        import_files(files=[file], by=steward(), now=NOW)
    assert stored() == {}
    upload, _applied = import_files(files=[file], by=steward(), now=NOW, accept_warnings=True)[0]
    assert len(stored()) == 2
    assert upload.uploaded_by == steward()


def test_a_year_that_has_not_begun_is_refused() -> None:
    upload = checked(row(101, "12,5", year=2032))
    assert [finding["rule"] for finding in upload.report["findings"]] == ["wrong_year"]


def test_a_corrected_reading_is_checked_again_and_remembered_for_the_next_file_of_its_source() -> None:
    first = FileToImport("a.csv", "kommune;2030;Kolonne 1\nKøbenhavn;1,5;2,5\nOdense;2,5;3,5\n".encode())
    upload = receive_upload(file=first, by=steward(), now=NOW, source="Ankestyrelsen")
    assert check_upload(upload=upload, by=steward(), now=NOW).state == UploadState.REFUSED
    options = ReadingOptions(indicator=CODE, columns={"Kolonne 1": ""}, year=2030)
    correct_reading(upload=upload, options=options, by=steward(), now=NOW)
    assert check_upload(upload=upload, by=steward(), now=NOW).state == UploadState.CHECKED
    assert SourceReading.objects.get(source="Ankestyrelsen").options == {
        "columns": {"Kolonne 1": ""},
    }  # never the indicator, never the year
    second = FileToImport("b.csv", "kommune;2031;Kolonne 1\nKøbenhavn;1,6;2,5\nOdense;2,4;3,5\n".encode())
    second_options = ReadingOptions(indicator=CODE)
    upload = receive_upload(file=second, by=steward(), now=NOW, source="Ankestyrelsen", options=second_options)
    upload = check_upload(upload=upload, by=steward(), now=NOW)
    assert upload.state == UploadState.CHECKED
    assert upload.report["remembered"]["name"] == "a.csv"
    other = FileToImport("c.csv", "kommune;Kolonne 2;2031\nKøbenhavn;2,5;1,7\nOdense;3,5;2,4\n".encode())
    upload = receive_upload(file=other, by=steward(), now=NOW, source="Ankestyrelsen", options=second_options)
    upload = check_upload(upload=upload, by=steward(), now=NOW)
    assert "remembered" not in upload.report
    assert upload.state == UploadState.REFUSED


def test_the_second_of_two_people_is_told_what_changed_meanwhile_and_by_whom() -> None:
    mine = checked(row(101, "12,5"), name="min.csv")
    theirs = checked(row(101, "13,5"), name="deres.csv", by=colleague())
    apply_upload(upload=theirs, accepted=yes_to_all(theirs), by=colleague(), now=LATER)
    with pytest.raises(StaleCheckError, match=r"karen indlæste »deres\.csv«"):
        apply_upload(upload=mine, accepted=yes_to_all(mine), by=steward(), now=LATER)
    assert stored() == {("101", 2030, CODE): (13.5, "", theirs.pk)}
    mine = check_upload(upload=mine, by=steward(), now=LATER)
    assert (mine.report["added"], mine.report["changed"]) == (0, 1)
    apply_upload(upload=mine, accepted=yes_to_all(mine), by=steward(), now=LATER)
    assert stored() == {("101", 2030, CODE): (12.5, "", mine.pk)}


def test_a_colleagues_file_about_other_indicators_disturbs_nobody() -> None:
    mine = checked(row(101, "12,5"))
    theirs = checked(row(101, "13,5", indicator="b-anbragte"), name="deres.csv", by=colleague())
    if theirs.state == UploadState.REFUSED:
        other = Indicator.objects.of_the_index().exclude(code=CODE).in_catalogue_order()[0].code
        theirs = checked(row(101, "1", indicator=other), name="deres2.csv", by=colleague())
    apply_upload(upload=theirs, accepted=yes_to_all(theirs), by=colleague(), now=LATER)
    apply_upload(upload=mine, accepted=yes_to_all(mine), by=steward(), now=LATER)
    assert stored()["101", 2030, CODE] == (12.5, "", mine.pk)


def test_taking_back_the_first_file_leaves_nothing_current() -> None:
    upload = applied(row(101, "12,5"), row(147, "3,0"))
    assert take_back_upload(upload=upload, by=steward(), now=LATER, reason=WHY) == 2
    assert stored() == {}
    assert Measurement.objects.filter(upload=upload).count() == 2
    upload.refresh_from_db()
    assert (upload.state, upload.taken_back_by, upload.taken_back_at) == (UploadState.TAKEN_BACK, steward(), LATER)


def test_taking_back_restores_exactly_what_was_there() -> None:
    first = applied(row(101, "12,5"), row(147, "", status="ikke relevant"), row(151, "4,0"))
    columns = ("pk", "value", "missing", "is_current", "superseded_by", "upload")
    before = set(Measurement.objects.filter(year=2030).values_list(*columns))
    second = applied(row(101, "13,0"), row(147, "2,0"), row(151, "4,0"), row(153, "9,0"), name="ny.csv", now=LATER)
    take_back_upload(upload=second, by=steward(), now=LATER, reason=WHY)
    after = set(Measurement.objects.filter(year=2030).exclude(upload=second).values_list(*columns))
    assert after == before
    assert {upload for _value, _missing, upload in stored().values()} == {first.pk}


def test_taking_back_leaves_later_files_about_other_cells_alone() -> None:
    first = applied(row(101, "12,5"), row(147, "3,0"))
    second = applied(row(151, "4,0"), name="anden.csv", now=LATER)
    take_back_upload(upload=first, by=steward(), now=LATER, reason=WHY)
    assert stored() == {("151", 2030, CODE): (4.0, "", second.pk)}


def test_taking_back_is_refused_where_a_later_file_changed_the_same_cells_and_names_both() -> None:
    first = applied(row(101, "12,5"), row(147, "3,0"))
    second = applied(row(101, "13,0"), name="rettet.csv", now=LATER)
    before = stored()
    with pytest.raises(UploadError, match=rf"»rettet\.csv« \(indberetning {second.pk}\): København, {CODE} 2030"):
        take_back_upload(upload=first, by=steward(), now=LATER, reason=WHY)
    assert stored() == before
    take_back_upload(upload=second, by=steward(), now=LATER, reason=WHY)
    take_back_upload(upload=first, by=steward(), now=LATER, reason=WHY)
    assert stored() == {}


def test_taking_back_is_refused_where_a_later_file_says_the_same() -> None:
    first = applied(row(101, "12,5"), row(147, "3,0"))
    second = applied(row(101, "12,5"), row(151, "4,0"), name="siger-det-samme.csv", now=LATER)
    with pytest.raises(UploadError, match=r"»siger-det-samme\.csv« .*: København"):
        take_back_upload(upload=first, by=steward(), now=LATER, reason=WHY)
    take_back_upload(upload=second, by=steward(), now=LATER, reason=WHY)
    take_back_upload(upload=first, by=steward(), now=LATER, reason=WHY)
    assert stored() == {}


def test_a_file_may_come_again_after_it_was_taken_back() -> None:
    first = applied(row(101, "12,5"))
    take_back_upload(upload=first, by=steward(), now=LATER, reason=WHY)
    again = applied(row(101, "12,5"), now=LATER)
    assert stored() == {("101", 2030, CODE): (12.5, "", again.pk)}
    with pytest.raises(UploadError, match="taget tilbage"):
        take_back_upload(upload=first, by=steward(), now=LATER, reason=WHY)


def test_a_published_edition_does_not_move_when_its_figures_do() -> None:
    placed = Placement.objects.filter(level="indicator", indicator__code=CODE, edition__year=2026, value__isnull=False)
    placement = placed.select_related("municipality").order_by("pk")[0]
    before = list(Placement.objects.order_by("pk").values_list("pk", "value", "score", "rank", "upload"))
    new = row(int(placement.municipality.code), "1,3", year=placement.data_year or 0)
    upload = applied(new)
    assert upload.report["changed"] == 1
    take_back_upload(upload=upload, by=steward(), now=LATER, reason=WHY)
    assert list(Placement.objects.order_by("pk").values_list("pk", "value", "score", "rank", "upload")) == before


def test_everything_that_is_done_is_logged_with_who_when_and_from_where() -> None:
    upload = receive_upload(file=long_csv(row(101, "12,5")), by=steward(), now=NOW, origin="192.0.2.7")
    upload = check_upload(upload=upload, by=steward(), now=NOW, origin="192.0.2.7")
    apply_upload(upload=upload, accepted=yes_to_all(upload), by=steward(), now=NOW, origin="192.0.2.7")
    take_back_upload(upload=upload, by=colleague(), now=LATER, reason="Forkert fil", origin="192.0.2.8")
    entries = LogEntry.objects.about(f"upload {upload.pk}").order_by("pk")
    assert [(entry.action, entry.by, entry.at, entry.origin) for entry in entries] == [
        (Action.UPLOAD_RECEIVED, steward(), NOW, "192.0.2.7"),
        (Action.UPLOAD_CHECKED, steward(), NOW, "192.0.2.7"),
        (Action.UPLOAD_APPLIED, steward(), NOW, "192.0.2.7"),
        (Action.UPLOAD_TAKEN_BACK, colleague(), LATER, "192.0.2.8"),
    ]
    assert entries.last().details["reason"] == "Forkert fil"  # type: ignore[union-attr]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_log_can_be_neither_changed_nor_deleted(change: str) -> None:
    checked(row(101, "12,5"))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        _ = LogEntry.objects.update(what="intet") if change == "update" else LogEntry.objects.all().delete()


def test_a_template_goes_in_again_unchanged() -> None:
    facts = [catalogue_facts()[CODE]]
    filled = write_template(indicators=facts, year=2030, source="Ankestyrelsen", values={("101", CODE): 12.5})
    upload = receive_upload(file=FileToImport("skabelon.xlsx", filled), by=steward(), now=NOW)
    upload = check_upload(upload=upload, by=steward(), now=NOW)
    assert upload.state == UploadState.CHECKED
    assert (upload.report["added"], upload.report["cells"], upload.report["blanks"]) == (1, 1, 97)


def of_year(year: int) -> dict[str, float]:
    rows = Measurement.objects.current().filter(indicator__code=CODE, year=year, value__isnull=False)
    return {code: value for code, value in rows.values_list("municipality__code", "value") if value is not None}


def test_a_correction_of_one_figure_is_held_against_the_whole_stored_year() -> None:
    year = max(Measurement.objects.current().filter(indicator__code=CODE).values_list("year", flat=True))
    before = of_year(year)
    code = max(before, key=lambda each: before[each])
    far = checked(row(int(code), "0,1", year=year))
    findings = {each["rule"]: each for each in far.report["findings"]}
    assert findings["corrected_far"]["severity"] == "warning"
    assert str(before[code]).replace(".", ",") in findings["corrected_far"]["reason"]
    assert "coverage_dropped" not in findings
    series = far.report["series"][0]
    assert (series["count"], series["lowest"][0][1]) == (len(before), 0.1)
    near = checked(row(int(code), str(round(before[code] - 0.1, 1)).replace(".", ","), year=year), name="b.csv")
    assert [each["rule"] for each in near.report["findings"] if each["severity"] == "warning"] == []


def test_blank_cells_touch_nothing_until_a_person_says_that_they_are_missing() -> None:
    applied(row(101, "12,5"), row(147, "9,5"))
    upload = checked(row(101, "12,6"), row(147, ""), row(151, ""), name="halv.csv")
    assert (upload.report["added"], upload.report["changed"], upload.report["blanks"]) == (0, 1, 2)
    options = ReadingOptions(answers={"blanks": "missing"})
    correct_reading(upload=upload, options=options, by=steward(), now=NOW)
    upload = check_upload(upload=upload, by=steward(), now=NOW)
    assert (upload.report["added"], upload.report["changed"]) == (1, 2)
    gone = next(each for each in upload.report["findings"] if each["rule"] == "vanishing")
    assert (gone["severity"], "1 tal forsvinder" in gone["reason"]) == ("warning", True)
    with pytest.raises(NotAcceptedError):
        apply_upload(upload=upload, by=steward(), now=LATER)


def test_a_remembered_reading_reaches_no_other_head_and_no_indicator_that_the_heading_does_not_name() -> None:
    def came(name: str, text: str, **options: Any) -> Upload:
        file = FileToImport(name, text.encode())
        chosen = ReadingOptions(**options)
        upload = receive_upload(file=file, by=steward(), now=NOW, source="StatBank", options=chosen)
        return check_upload(upload=upload, by=steward(), now=NOW)

    first = came("a.csv", "Kommune;Andel\nOdense;9,1\nVejle;7,7\n", year=2029)
    correct_reading(upload=first, options=ReadingOptions(year=2029, columns={"Andel": CODE}), by=steward(), now=NOW)
    assert check_upload(upload=first, by=steward(), now=NOW).report["indicators"] == [CODE]
    second = came("g.csv", "Kommune;Andel\nOdense;5,2\nVejle;4,8\n", year=2029)
    assert (second.state, second.report["indicators"]) == (UploadState.REFUSED, [])
    title = came("d.csv", "Udtræk fra kilden\nKommune;Andel\nOdense;9,3\n", indicator=CODE, year=2029)
    correct_reading(
        upload=title, options=ReadingOptions(indicator=CODE, year=2029, header_row=2), by=steward(), now=NOW
    )
    other = came("c.csv", "Kommune;Andel\nOdense;9,4\n", indicator=CODE, year=2029)
    assert (other.options.get("header_row"), other.report["cells"]) == (None, 1)
    same = came("e.csv", "Udtræk fra kilden\nKommune;Andel\nOdense;9,5\n", indicator=CODE, year=2029)
    assert (same.options["header_row"], same.report["remembered"]["name"]) == (2, "d.csv")


def test_a_refused_file_can_be_thrown_away_and_may_come_again() -> None:
    upload = checked("101;;finnes-ikke;2030;1;")
    assert upload.state == UploadState.REFUSED
    discard_upload(upload=upload, by=steward(), now=NOW, reason="Forkert fil")
    assert checked("101;;finnes-ikke;2030;1;").state == UploadState.REFUSED
    assert LogEntry.objects.get(action=Action.UPLOAD_DISCARDED).details == {"reason": "Forkert fil"}
    with pytest.raises(UploadError, match="kan ikke kasseres"):
        discard_upload(upload=applied(row(101, "12,5")), by=steward(), now=NOW)


def test_begun_answers_outlive_a_failed_attempt_and_a_new_check() -> None:
    upload = checked(row(101, "98,5"), row(147, "97,5"))
    key = next(iter(yes_to_all(upload)))
    keep_answers(upload=upload, answers={key: "Set efter"}, by=steward(), now=NOW)
    upload = check_upload(upload=upload, by=steward(), now=LATER)
    assert upload.report["answers"]["reasons"] == {key: "Set efter"}


def test_the_rule_that_makes_months_a_year_is_chosen_once_and_stays_with_the_indicator() -> None:
    def quarters(year: int) -> FileToImport:
        heads = ";".join(f"{year}K{number}" for number in (1, 2, 3, 4))
        return FileToImport(f"{year}.csv", f"Kommune;{heads}\nOdense;10;20;30;40\nVejle;1;2;3;6\n".encode())

    chosen = ReadingOptions(indicator=CODE, answers={"period:quarter": "mean"})
    for year, options in ((2027, chosen), (2028, ReadingOptions(indicator=CODE))):
        upload = receive_upload(file=quarters(year), by=steward(), now=NOW, options=options)
        check_upload(upload=upload, by=steward(), now=NOW)
        upload.refresh_from_db()
        accepted = {one["key"]: "Set." for one in upload.report["findings"] if one["severity"] == "warning"}
        apply_upload(upload=upload, accepted=accepted, by=steward(), now=NOW)
        assert {value for value, _missing, _upload in stored(year).values()} == {25.0, 3.0}
    assert Indicator.objects.get(code=CODE).period_rule == "mean"
    assert LogEntry.objects.filter(action=Action.PERIOD_RULE_CHOSEN).count() == 1
