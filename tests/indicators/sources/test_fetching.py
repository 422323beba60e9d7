"""Fetching as the office does it: what is asked, what is kept, what waits, and what never mixes."""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from indicators.demo.publisher import Cell, InventedTable
from indicators.demo.world import stand_in_tables
from indicators.models import Indicator, Measurement, Upload, UploadState
from indicators.services.apply import apply_upload, import_files
from indicators.services.receive import UploadError
from indicators.services.take_back import take_back_upload
from indicators.sources.answers import NoNetworkError
from indicators.sources.models import ConfirmedRecipe, Fetch, FetchState, Seen, SourceAnswer, SourceTable
from indicators.sources.publishers import Variable
from indicators.sources.recipes import recipes_of_the_catalogue
from indicators.sources.services import (
    ROBOT,
    Round,
    apply_what_nothing_speaks_against,
    begin_round,
    fetch,
    is_new,
    look,
    mark_seen,
    preview,
    robot,
    too_few_eyes,
)
from rankings.models import Edition, Placement
from rankings.services.editions import FourEyesError, prepare_edition, publish_edition
from tests.filled_in import NOW, long_csv, publisher, steward

from . import stand_in
from .stand_in import Misbehaving

pytestmark = pytest.mark.django_db

BOOK = recipes_of_the_catalogue()
NEET = BOOK.recipes["b-neet"]
LAW = BOOK.recipes["b-tidligt-forebyg"]
YEAR = 2025


@pytest.fixture(scope="module")
def tables(django_db_setup: None, django_db_blocker) -> list[InventedTable]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock():
        return stand_in_tables((2024, 2025, 2026))


@pytest.fixture
def server(tables: list[InventedTable]) -> Iterator[Misbehaving]:
    with Misbehaving(tables) as running:
        yield running
    while OPEN:
        OPEN.pop().collector.__exit__()


@pytest.fixture
def around(server: Misbehaving) -> Round:
    return again(server)


OPEN: list[Round] = []


def again(server: Misbehaving) -> Round:
    """Another day's round: nothing is remembered of the last."""
    OPEN.append(begin_round({"statbank": server.url}))
    return OPEN[-1]


def impatient(url: str) -> Round:
    """A round that waits for nobody."""
    OPEN.append(Round(BOOK, stand_in.patient(), {"statbank": url}))
    return OPEN[-1]


def brought(around: Round, recipe=NEET, **more) -> Fetch:  # type: ignore[no-untyped-def]
    return fetch(around, recipe=recipe, year=YEAR, by=steward(), now=NOW, **more)


@pytest.mark.usefixtures("_empty_site")
def test_a_fetch_keeps_the_raw_answers_and_a_file_that_waits(around: Round) -> None:
    row = brought(around)
    assert row.upload is not None
    assert (row.state, row.upload.state, row.is_trial) == (FetchState.FETCHED, UploadState.CHECKED, True)
    assert Measurement.objects.count() == 0  # nothing is applied unseen
    table, figures = row.answers.order_by("pk")
    assert (table.url, table.question) == (
        f"http://{row.host}/v1/tableinfo",
        {"table": "LABY10", "lang": "da", "format": "JSON"},
    )
    assert (figures.question or {})["table"] == "LABY10"
    with figures.file.open("rb") as kept:
        content = kept.read()
    assert content.startswith(b"\xef\xbb\xbfKOMGRP;")
    assert len(content) == figures.size
    assert row.notes[0].startswith("Kilden skifter NEET1")
    assert row.updated == "2026-08-03T08:00:00"


@pytest.mark.usefixtures("_empty_site")
def test_a_figure_leads_back_to_the_publishers_own_cell(around: Round) -> None:
    row = brought(around)
    assert row.upload is not None
    apply_upload(upload=row.upload, by=steward(), now=NOW)
    figure = Measurement.objects.current().get(municipality__code="461", indicator__code="b-neet")
    with figure.upload.file.open("rb") as file:
        line = file.read().decode("utf-8-sig").splitlines()[figure.row - 1]
    assert line.startswith("461;Odense;b-neet;2025;")
    assert figure.upload.fetches.get() == row
    answer = row.answers.order_by("pk").last()
    assert answer is not None
    with answer.file.open("rb") as kept:
        cell = next(one for one in kept.read().decode().splitlines() if one.startswith("461;"))
    assert float(cell.rpartition(";")[2]) == figure.value


@pytest.mark.usefixtures("_empty_site")
def test_the_same_figures_again_are_nothing_new_and_a_corrected_one_is(server: Misbehaving, around: Round) -> None:
    first = brought(around)
    assert first.upload is not None
    apply_upload(upload=first.upload, by=steward(), now=NOW)
    second = brought(again(server))
    assert (second.state, second.upload) == (FetchState.UNCHANGED, None)
    table = server.tables["LABY10"]
    server.change("LABY10", updated="2026-10-01T08:00:00", cell=lambda chosen: _one_more(table, chosen))
    third = brought(again(server))
    assert third.upload is not None
    assert (third.upload.report["changed"], third.upload.report["unchanged"]) == (1, 97)
    apply_upload(upload=third.upload, by=steward(), now=NOW, accepted=_every_warning(third.upload))
    server.change("LABY10", updated="2026-11-01T08:00:00", cell=table.cell)  # and back again
    fourth = brought(again(server))
    assert fourth.upload is not None
    assert fourth.upload.pk not in {first.upload.pk, third.upload.pk}
    assert fourth.upload.report["changed"] == 1


def _one_more(table: InventedTable, chosen: Mapping[str, str]) -> Cell:
    cell = table.cell(chosen)
    return cell + 1 if chosen["KOMGRP"] == "461" and isinstance(cell, float) else cell


def _every_warning(upload: Upload) -> dict[str, str]:
    return {one["key"]: "Set efter." for one in upload.report["findings"] if one["severity"] == "warning"}


@pytest.mark.usefixtures("_empty_site")
@pytest.mark.parametrize(
    "fault",
    [stand_in.status(503), stand_in.cut_off, stand_in.bomb, stand_in.instead(b"<html>"), stand_in.instead(b"{}"),
     stand_in.error("EXTRACT-NOTFOUND", "Can't find value: T1624 (ALDER)"), stand_in.status(302, Location="/x")],
)  # fmt: skip
def test_what_goes_wrong_is_kept_as_a_failure_with_its_reason_and_nothing_else(
    server: Misbehaving, fault: stand_in.Fault
) -> None:
    for spoiled in (1, 2):  # the description, the figures
        around = impatient(server.url)
        if spoiled == 2:
            around.describe(around.publisher("statbank"), "LABY10")
        server.fault = (fault, 9)
        row = brought(around)
        server.fault = None
        assert (row.state, row.upload, row.answers.count()) == (FetchState.FAILED, None, 0)
        assert len(row.message) > 20
    assert (Upload.objects.count(), SourceAnswer.objects.count(), SourceTable.objects.count()) == (0, 0, 0)


@pytest.mark.usefixtures("server")
def test_a_publisher_that_cannot_be_reached_changes_nothing() -> None:
    before = Fetch.objects.count()
    gone = impatient("http://127.0.0.1:9/v1")
    with pytest.raises(NoNetworkError):
        brought(gone)
    assert Fetch.objects.count() == before


# Confirmed recipes


def with_texts(table: InventedTable, code: str, text: str) -> tuple[Variable, ...]:
    """A table's variables, one of them with another text at each of its values."""
    return tuple(
        each._replace(values=dict.fromkeys(each.values, text)) if each.code == code else each
        for each in table.variables
    )


@pytest.mark.usefixtures("_empty_site")
def test_a_recipe_is_unconfirmed_until_a_fetch_has_found_its_codes_and_words(
    server: Misbehaving, around: Round
) -> None:
    ConfirmedRecipe.objects.all().delete()
    law = BOOK.recipes["b-kriminalitet-15-17"]
    table = server.tables["STRAF44"]
    server.change("STRAF44", variables=with_texts(table, "OVERTRÆD", "Noget andet"))
    row = brought(around, law)
    assert [doubt["rule"] for doubt in row.doubts] == ["other_words"]
    assert not ConfirmedRecipe.objects.filter(indicator__code=law.indicator).exists()
    server.change("STRAF44", variables=table.variables, updated="2026-10-02T08:00:00")
    assert brought(again(server), law).doubts == []
    confirmed = ConfirmedRecipe.objects.get(indicator__code=law.indicator)
    assert confirmed.texts["STRAF44 OVERTRÆD=1"] == "Straffelov (1)"


@pytest.mark.usefixtures("_empty_site")
def test_words_that_change_after_a_recipe_was_confirmed_are_a_doubt(server: Misbehaving, around: Round) -> None:
    brought(around)
    table = server.tables["LABY10"]
    renamed = with_texts(table, "ALDER", "15-29 år")
    server.change("LABY10", variables=renamed, updated="2026-10-02T08:00:00")
    row = brought(again(server))
    assert [doubt["text"] for doubt in row.doubts] == ["LABY10 ALDER=T1624 hed »T1624« og hedder nu »15-29 år«."]
    assert row.upload is not None
    assert not apply_what_nothing_speaks_against(fetched=row, now=NOW)


# New, or not


@pytest.mark.usefixtures("_empty_site")
def test_a_look_says_what_is_new_at_the_publisher_without_fetching_figures(server: Misbehaving, around: Round) -> None:
    assert look(around, recipes=[NEET, LAW], now=NOW) == ["b-neet", "b-tidligt-forebyg"]
    assert {path for _method, path in server.asked} == {"/v1/tableinfo"}
    brought(around)
    assert not is_new(NEET)
    server.change("LABY10", updated="2026-12-24T08:00:00")
    assert look(again(server), recipes=[NEET], now=NOW) == ["b-neet"]
    table = SourceTable.objects.get(table="LABY10")
    assert (table.updated, table.newest_period) == ("2026-12-24T08:00:00", "2025")


def test_a_table_that_is_gone_is_told_and_the_others_are_looked_at(server: Misbehaving, around: Round) -> None:
    del server.tables["LABY10"]
    look(around, recipes=[NEET, LAW], now=NOW)
    assert "EXTRACT-NOTFOUND" in SourceTable.objects.get(table="LABY10").problem
    assert SourceTable.objects.get(table="ISBU02").problem == ""


# The robot and the eyes


@pytest.mark.usefixtures("_empty_site")
def test_the_robot_applies_only_what_nothing_speaks_against(server: Misbehaving, around: Round) -> None:
    assert apply_what_nothing_speaks_against(fetched=brought(around), now=NOW)
    assert Upload.objects.get().applied_by == robot()
    server.change("LABY10", cell=lambda _chosen: 50.0, updated="2026-12-01T08:00:00")
    spoiled = brought(again(server))  # all the same: a warning of the check
    assert not apply_what_nothing_speaks_against(fetched=spoiled, now=NOW)
    assert not User.objects.get(username=ROBOT).has_usable_password()


@pytest.mark.usefixtures("_empty_site")
def test_what_the_robot_applied_is_not_published_before_two_people_have_seen_it(around: Round) -> None:
    row = brought(around)
    assert apply_what_nothing_speaks_against(fetched=row, now=NOW)
    assert row.upload is not None
    edition = prepare_edition(year=2026, by=steward(), now=NOW, draws=300)
    for eyes in (steward(), steward(), robot()):  # one person, twice; and one who is none
        with pytest.raises(FourEyesError, match=r"1 af de hentede filer i udgave 2026\.1 er ikke set af 2"):
            publish_edition(edition=edition, by=publisher(), now=NOW, unheard_because="En prøve.")
        mark_seen(upload=row.upload, by=eyes, now=NOW)
    assert Seen.objects.count() == 1
    mark_seen(upload=row.upload, by=publisher(), now=NOW)
    assert too_few_eyes([row.upload.pk]) == []
    assert publish_edition(edition=edition, by=publisher(), now=NOW, unheard_because="En prøve.").is_demo


# Real and invented


def _real(*rows: str) -> Upload:
    return import_files(files=[long_csv(*rows)], by=steward(), now=NOW, is_demo=False, accept_warnings=True)[0][0]


def test_a_real_file_is_not_laid_into_a_site_of_invented_figures() -> None:
    with pytest.raises(UploadError, match="har rigtige tal, og siden har opdigtede"):
        _real("101;København;b-neet;2026;9,5;")


def test_a_file_that_is_tried_on_a_demo_is_as_invented_as_the_rest() -> None:
    files = [long_csv("101;København;b-neet;2026;9,5;")]
    assert import_files(files=files, by=steward(), now=NOW, accept_warnings=True)[0][0].is_demo


@pytest.mark.usefixtures("_empty_site")
def test_trial_figures_are_not_laid_into_a_site_of_real_ones(around: Round) -> None:
    assert not _real("101;København;b-neet;2024;9,5;").is_demo
    row = brought(around)
    assert row.upload is not None
    with pytest.raises(UploadError, match="har opdigtede tal eller prøvetal, og siden har rigtige"):
        apply_upload(upload=row.upload, by=steward(), now=NOW, accepted=_every_warning(row.upload))


@pytest.mark.usefixtures("_empty_site")
def test_a_taken_back_demo_leaves_room_for_real_figures(around: Round) -> None:
    row = brought(around)
    assert row.upload is not None
    apply_upload(upload=row.upload, by=steward(), now=NOW)
    take_back_upload(upload=row.upload, by=steward(), now=NOW, reason="Det var en prøve.")
    assert not _real("101;København;b-neet;2025;9,5;").is_demo


def test_the_database_itself_refuses_what_would_mix() -> None:
    for wrong in (
        "UPDATE indicators_upload SET is_demo = NOT is_demo WHERE id = (SELECT min(id) FROM indicators_upload)",
        "UPDATE sources_fetch SET is_trial = false, host = declared_host WHERE upload_id IS NOT NULL",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(wrong)


@pytest.mark.usefixtures("_empty_site")
def test_no_rank_is_stored_of_real_and_invented_figures_together(around: Round) -> None:
    row = brought(around)
    assert row.upload is not None
    apply_upload(upload=row.upload, by=steward(), now=NOW)
    edition = prepare_edition(year=2026, by=steward(), now=NOW, draws=300)
    real = Upload.objects.create(
        name="x", sha256="1" * 64, size=1, uploaded_by=steward(), uploaded_at=NOW, state="received", is_demo=False
    )
    with pytest.raises(IntegrityError, match="real and invented"), transaction.atomic():
        Placement.objects.of(edition).filter(upload__isnull=False).update(upload=real)
    Edition.objects.filter(pk=edition.pk).update(is_demo=False)
    with pytest.raises(IntegrityError, match="never published"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(
            state="published", published_at=NOW, published_by=publisher(), computed_at=NOW
        )


# The command


@pytest.fixture
def office(server: Misbehaving, settings: Any) -> Misbehaving:
    settings.SOURCE_URLS = {"statbank": server.url}
    return server


def said(*options: str) -> str:
    out = io.StringIO()
    call_command("fetch_figures", *options, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("_empty_site", "office")
def test_the_command_fetches_says_what_came_and_leaves_it_waiting() -> None:
    assert "b-neet: 2025: 98 new, 0 changed, 0 as before" in said("--indicator", "b-neet", "--dry-run")
    assert Fetch.objects.count() == 0
    assert "(trial figures, from 127.0.0.1:" in said("--indicator", "b-neet", "--year", "2025")
    assert Fetch.objects.get().upload is not None
    assert "v-housing-first: waits. Nævneren" in said("--indicator", "v-housing-first")


@pytest.mark.usefixtures("_empty_site", "office")
def test_the_command_refuses_what_it_does_not_know_and_fails_where_something_failed() -> None:
    with pytest.raises(CommandError, match="no recipe for b-nothing"):
        said("--indicator", "b-nothing")
    with pytest.raises(CommandError, match="no publisher 'ssb'"):
        said("--source", "ssb")
    with pytest.raises(CommandError, match="1 of 1 could not be fetched"):
        said("--indicator", "b-neet", "--year", "1999")
    assert "ikke perioden 1999" in Fetch.objects.get().message


@pytest.mark.usefixtures("_empty_site")
def test_without_network_the_command_says_so_in_one_line(settings: Any) -> None:
    settings.SOURCE_URLS = {"statbank": "http://127.0.0.1:9/v1"}
    with pytest.raises(CommandError, match=r"kan ikke nås\. Er der netværk") as error:
        said("--indicator", "b-neet")
    assert "\n" not in str(error.value)
    assert Fetch.objects.count() == 0


def test_a_preview_compares_and_writes_nothing(around: Round) -> None:
    before = (Fetch.objects.count(), Upload.objects.count())
    found = preview(around, recipe=NEET, year=YEAR, now=NOW)
    assert (found.added, found.changed, found.unchanged) == (0, {}, 98)
    assert (Fetch.objects.count(), Upload.objects.count()) == before


def test_the_demos_newest_registers_came_from_the_stand_in_and_say_so() -> None:
    uploads = Upload.objects.filter(fetches__isnull=False)
    assert uploads.count() == 29
    assert all(upload.is_demo for upload in uploads)
    assert Indicator.objects.filter(measurements__upload__in=uploads).distinct().count() == 29
    with uploads.order_by("pk")[0].file.open("rb") as file:
        assert b"Demodata: opdigtet tal; Danmarks Statistik" in file.read()


def test_the_time_of_a_fetch_is_passed_in(around: Round) -> None:
    later = NOW + dt.timedelta(days=3)
    assert fetch(around, recipe=NEET, year=YEAR, by=steward(), now=later).asked_at == later
    assert Path("indicators/sources/services.py").read_text().count("timezone.now(") == 0
