"""Members answer by a link that works once, and nothing joins them with what they said."""

import secrets
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from indicators.models import Measurement
from indicators.people.models import Letter
from indicators.people.services.letters import send_letters
from indicators.services.apply import import_files
from indicators.services.receive import FileToImport
from indicators.surveys.models import Answer, Frame, SealedAnswer, SurveyFigure, Ticket, Wave
from indicators.surveys.respondents import ColumnMapping, read_export
from indicators.surveys.sealing import SealError, unseal
from indicators.surveys.services.members import (
    Member,
    TicketError,
    answer,
    ask_members,
    remind_members,
    revoke_ticket,
    take_export,
    ticket_of,
)
from indicators.surveys.services.questionnaires import SurveyError
from indicators.surveys.services.waves import close_wave, key_file
from portal.management.commands.backup import database, run
from portal.surveys.members import invitation_words
from tests.filled_in import NOW, publisher, steward
from tests.indicators.surveys.rounds import FEW_ITEMS, YEAR, form, open_round

ASKED = {"101": 60, "147": 40, "151": 12}


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Path:
    settings.SURVEY_KEYS = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def wave(db: None, keys: Path) -> Wave:
    return open_round(form(), ASKED)


def links(wave: Wave, *codes: str) -> list[str]:
    """Tokens for the union to send."""
    asked = ask_members(wave=wave, members=[Member(code) for code in codes], words=None, by=steward(), now=NOW)
    assert [code for code, _token in asked] == list(codes)
    return [token for _code, token in asked]


def test_a_token_works_once_and_what_is_stored_is_no_token(wave: Wave) -> None:
    [token] = links(wave, "101")
    answer(token=token, given={"vold": "1", "tid": "4"})
    with pytest.raises(TicketError, match="allerede svaret"):
        answer(token=token, given={"vold": "0"})
    ticket = Ticket.objects.get(wave=wave)
    assert (ticket.used, ticket.revoked, ticket.email) == (True, False, "")
    assert token not in str(list(Ticket.objects.filter(wave=wave).values()))
    assert SealedAnswer.objects.filter(wave=wave).count() == 1


def test_a_guessed_token_and_one_that_a_reminder_replaced_get_the_same_words(wave: Wave) -> None:
    members = [Member("101", "Nina@example.org"), Member("147", "ole@example.org")]
    assert ask_members(wave=wave, members=members, words=invitation_words, by=steward(), now=NOW) == []
    first = _tokens_sent()
    answer(token=first["ole@example.org"], given={"tid": "5"})
    assert remind_members(wave=wave, words=invitation_words, by=steward(), now=NOW) == 1
    second = _tokens_sent()
    assert set(second) == {"nina@example.org"}
    for dead in (first["nina@example.org"], secrets.token_urlsafe(24), "", "x" * 5000):
        with pytest.raises(TicketError, match="Linket gælder ikke"):
            ticket_of(dead)
    assert ticket_of(second["nina@example.org"]).municipality.code == "101"


def _tokens_sent() -> dict[str, str]:
    """Tokens by address, from the letters that really went."""
    mail.outbox.clear()
    send_letters(clock=lambda: NOW)
    lines = [(message.to[0], line) for message in mail.outbox for line in message.body.splitlines() if "/svar/" in line]
    return {address: line.rstrip("/").rsplit("/", 1)[1] for address, line in lines}


def test_a_letter_that_went_keeps_no_token_and_closing_forgets_every_address(wave: Wave, keys: Path) -> None:
    members = [Member("101", "nina@example.org")]
    ask_members(wave=wave, members=members, words=invitation_words, by=steward(), now=NOW)
    [token] = _tokens_sent().values()
    assert token not in str(list(Letter.objects.values()))
    answer(token=token, given={"tid": "3"})
    close_wave(wave=wave, by=steward(), now=NOW)
    assert not Ticket.objects.filter(wave=wave).exists()
    assert not Letter.objects.filter(email="nina@example.org").exists()
    with pytest.raises(TicketError):
        ticket_of(token)


def test_a_token_called_back_leads_nowhere_and_a_used_one_cannot_be_called_back(wave: Wave) -> None:
    members = [Member("101", "a@example.org"), Member("101", "b@example.org")]
    ask_members(wave=wave, members=members, words=invitation_words, by=steward(), now=NOW)
    tokens = _tokens_sent()
    answer(token=tokens["b@example.org"], given={"tid": "1"})
    assert revoke_ticket(wave=wave, email="A@example.org ")
    assert not revoke_ticket(wave=wave, email="b@example.org")
    with pytest.raises(TicketError, match="Linket gælder ikke"):
        answer(token=tokens["a@example.org"], given={"tid": "1"})


def test_answers_that_the_form_does_not_have_leave_the_token_unused(wave: Wave) -> None:
    [token] = links(wave, "101")
    with pytest.raises(SurveyError, match="ikke et af svarene"):
        answer(token=token, given={"tid": "7"})
    answer(token=token, given={"tid": "2", "hvorfor": "For mange sager", "andet": "x"})


def test_a_list_with_more_people_than_the_frame_or_an_address_twice_is_refused_whole(wave: Wave) -> None:
    with pytest.raises(SurveyError, match="Linje 13: kommunen 151 har flere"):
        ask_members(wave=wave, members=[Member("151")] * 13, words=None, by=steward(), now=NOW)
    twice = [Member("101", "a@example.org"), Member("147", "A@example.org")]
    with pytest.raises(SurveyError, match="Linje 2: adressen står to gange"):
        ask_members(wave=wave, members=twice, words=invitation_words, by=steward(), now=NOW)
    assert not Ticket.objects.filter(wave=wave).exists()


def test_without_the_key_nothing_can_be_closed_and_nothing_is_lost(wave: Wave, keys: Path) -> None:
    [token] = links(wave, "101")
    answer(token=token, given={"tid": "2"})
    key = key_file(bytes(Wave.objects.get(pk=wave.pk).lock))
    key.rename(keys / "elsewhere")
    with pytest.raises(SealError, match="bring it back"), transaction.atomic():
        close_wave(wave=wave, by=steward(), now=NOW)
    assert SealedAnswer.objects.filter(wave=wave).count() == 1
    (keys / "elsewhere").rename(key)
    close_wave(wave=wave, by=steward(), now=NOW)
    assert Answer.objects.filter(wave=wave).count() == 1


@pytest.mark.django_db(transaction=True)
def test_neither_order_nor_row_versions_nor_a_backup_joins_token_and_answer(keys: Path, tmp_path: Path) -> None:
    wave = open_round(form(), ASKED)
    tokens = links(wave, *["101"] * 40)
    said = [f"Svar nummer {number}" for number in range(40)]
    for token, text in zip(tokens, said, strict=True):
        answer(token=token, given={"tid": "1", "hvorfor": text})
    opened = tmp_path / "open.sql"
    run("pg_dump", f"--file={opened}", "--table=surveys_*", "--table=people_*", database())
    assert "Svar nummer" not in opened.read_text(encoding="utf-8")  # sealed: order and versions lead to a closed box
    key = key_file(bytes(Wave.objects.get(pk=wave.pk).lock))
    kept = key.read_bytes()
    boxes = [bytes(box) for box in SealedAnswer.objects.filter(wave=wave).values_list("box", flat=True)]
    assert len({len(box) for box in boxes}) == 1  # their length says nothing either
    close_wave(wave=wave, by=steward(), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xmin::text, answers->>'hvorfor' FROM surveys_answer WHERE wave_id = %s ORDER BY ctid", [wave.pk]
        )
        rows = cursor.fetchall()
    assert {text for _version, text in rows} == set(said)
    assert len({version for version, _text in rows}) == 1
    places = [said.index(text) for _version, text in rows]
    assert abs(_rank_correlation(places)) < 0.6  # 1 where the order were kept; so much by chance once in 20 000
    by_key = list(Answer.objects.filter(wave=wave).order_by("pk").values_list("answers__hvorfor", flat=True))
    assert by_key != said
    assert {field.name for field in Answer._meta.get_fields()} == {"id", "wave", "municipality", "answers", "weight"}
    assert not key.exists()
    assert not Ticket.objects.filter(wave=wave).exists()
    key.write_bytes(kept)
    with pytest.raises(SealError):
        unseal(key, [box[:-1] + bytes([box[-1] ^ 1]) for box in boxes])


def _rank_correlation(places: list[int]) -> float:
    n = len(places)
    return 1 - 6 * sum((place - at) ** 2 for at, place in enumerate(places)) / (n * (n * n - 1))


@pytest.mark.django_db(transaction=True)
def test_two_transactions_write_a_token_and_its_answer(keys: Path) -> None:
    wave = open_round(form(), ASKED)
    [token] = links(wave, "101")
    answer(token=token, given={"tid": "5"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM surveys_ticket UNION ALL SELECT xmin::text FROM surveys_sealedanswer")
        used, sealed = (row[0] for row in cursor.fetchall())
    assert used != sealed


def test_the_figures_of_a_wave_go_in_as_a_file_and_keep_what_they_are_worth(wave: Wave) -> None:
    tokens = links(wave, *["101"] * 30, *["147"] * 12, *["151"] * 9)
    for number, token in enumerate(tokens):
        answer(token=token, given={"vold": str(int(number % 3 == 0)), "tid": str(number % 5 + 1)})
    closed = close_wave(wave=wave, by=steward(), now=NOW)
    again = close_wave(wave=wave, by=publisher(), now=NOW)
    assert (closed.result_sha256, bytes(closed.result)) == (again.result_sha256, bytes(again.result))
    file = FileToImport("runde.csv", bytes(closed.result))
    import_files(files=[file], by=steward(), now=NOW, accept_warnings=True)
    rows = {
        (row.municipality.code, row.indicator.code): row
        for row in Measurement.objects.current().filter(year=YEAR).select_related("municipality", "indicator")
    }
    ranked, shown = rows["101", "v-medl-vold-trusler"], rows["147", "v-medl-vold-trusler"]
    assert (ranked.asked, ranked.answered, ranked.interval) == (60, 30, "wilson")
    assert ranked.value == pytest.approx(100 / 3)
    assert (shown.value, shown.missing) == (None, "too_few_answers")
    assert shown.shown == pytest.approx(100 / 3)
    hidden = rows["151", "h-medl-tid-til-borger"]
    assert (hidden.missing, hidden.asked, hidden.answered) == ("suppressed", 12, 9)
    assert (hidden.low, hidden.high, hidden.shown) == (None, None, None)
    assert Frame.objects.get(wave=wave, municipality__code="151").answered == 9
    assert not SurveyFigure.objects.filter(wave=wave, municipality__code="151", estimate__isnull=False).exists()


def test_while_a_wave_is_open_no_count_by_municipality_is_stored_or_shown(wave: Wave, client: Any) -> None:
    for token in links(wave, *["101"] * 5):
        answer(token=token, given={"tid": "5"})
    assert set(Frame.objects.filter(wave=wave).values_list("answered", flat=True)) == {None}
    page = client.get(f"/undersoegelser/{YEAR}/").content.decode()
    assert "åben endnu" in page
    assert "Kort skema" not in page


def test_an_export_of_another_system_cannot_come_on_top_of_answers_here(wave: Wave) -> None:
    export = read_export(b"kommune;tid;vold;hvorfor\n101;4;1;\n", FEW_ITEMS, ColumnMapping(municipality="kommune"))
    assert take_export(wave=wave, export=export, by=steward(), now=NOW) == 1
    assert Wave.objects.get(pk=wave.pk).mapping["columns"]["tid"] == "tid"
    links(wave, "101")
    with pytest.raises(SurveyError, match="spurgt her"):
        take_export(wave=wave, export=export, by=steward(), now=NOW)
