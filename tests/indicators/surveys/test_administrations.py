"""A municipality answers: never over each other, signed once, and missing in public where it is not signed."""

import io
import threading
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.db import IntegrityError, connection, transaction

from indicators.models import LogEntry
from indicators.people.models import MemberRole, Task
from indicators.surveys.models import Frame, Question, Reply, Wave
from indicators.surveys.services.administrations import (
    Given,
    ReplyConflictError,
    ReplyError,
    approve_replies,
    attach,
    give_section,
    reopen_replies,
    save_reply,
    take_replies,
    unanswered,
)
from indicators.surveys.services.questionnaires import SurveyError
from indicators.surveys.services.sheets import replies_workbook, take_workbook
from indicators.surveys.services.waves import close_wave
from tests.filled_in import NOW, publisher, steward
from tests.indicators.surveys.rounds import member_of, question, shipped_round

pytestmark = pytest.mark.django_db
DONT_KNOW = Given(no_answer="dont_know")


def rodovre(wave: Wave) -> Frame:
    return wave.frames.get(municipality__code="175")


def save(frame: Frame, code: str, seen: int, **given: Any) -> Reply:
    return save_reply(
        frame=frame, question=question(frame.wave, code), seen=seen, given=Given(**given), by=steward(), now=NOW
    )


def answer_the_rest(frame: Frame) -> None:
    rest = {(frame.pk, each.code): DONT_KNOW for each in unanswered(frame)}
    take_replies(frames=[frame], replies=rest, by=steward(), now=NOW)


def test_an_answer_over_an_unseen_one_is_refused_and_shows_both() -> None:
    frame = rodovre(shipped_round({"175": 1}))
    first = save(frame, "b_ungeplan", 0, number=74, denominator=90)
    assert save(frame, "b_ungeplan", first.version, number=75, denominator=90).version == 2
    with pytest.raises(ReplyConflictError) as conflict:
        save(frame, "b_ungeplan", 1, number=70, denominator=90)
    assert (conflict.value.theirs.number, conflict.value.theirs.version) == (75, 2)
    assert Reply.objects.get(frame=frame).number == 75
    assert save(frame, "b_ungeplan", 1, number=75, denominator=90).version == 2  # the same twice loses nothing


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_once_one_is_told_what_the_other_wrote() -> None:
    frame = rodovre(shipped_round({"175": 1}))
    begin = threading.Barrier(2)
    told: list[float | None] = []

    def write(number: float) -> None:
        begin.wait()
        try:
            save(frame, "v_bostoette_ventetid", 0, number=number)
        except ReplyConflictError as conflict:
            told.append(conflict.theirs.number)
        finally:
            connection.close()

    steward()
    writers = [threading.Thread(target=write, args=(number,)) for number in (10.0, 20.0)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    stored = Reply.objects.get(frame=frame)
    assert (told, stored.version) == ([stored.number], 1)


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        ("b_ungeplan", {"number": 91, "denominator": 90}, "ikke være større"),
        ("b_ungeplan", {"number": 9}, "Skriv begge tal"),
        ("b_ungeplan", {"number": 0, "denominator": 0}, "vælg »ikke relevant«"),
        ("b_ungeplan", {"number": 1.5, "denominator": 90}, "helt tal"),
        ("v_bostoette_ventetid", {"number": -1}, "uden for det mulige"),
        ("b_boernepolitik", {"number": 2}, "Vælg et af svarene"),
        ("h_handicapraad", {"number": 6}, "Vælg et af svarene"),
        ("v_bostoette_ventetid", {"number": 4, "no_answer": "dont_know"}, "Ikke begge dele"),
        ("v_bostoette_ventetid", {"no_answer": "perhaps"}, "Vælg ved ikke"),
        ("v_bostoette_ventetid", {"number": 4, "note": "Se sagen om 010170-1234"}, "CPR"),
    ],
)
def test_what_cannot_be_right_is_refused_with_what_to_do(code: str, given: dict[str, Any], said: str) -> None:
    frame = rodovre(shipped_round({"175": 1}))
    with pytest.raises(ReplyError, match=said):
        save(frame, code, 0, **given)
    assert not Reply.objects.filter(frame=frame).exists()


def test_an_approver_signs_when_all_is_answered_and_only_the_office_opens_again() -> None:
    frame = rodovre(shipped_round({"175": 1}))
    with pytest.raises(SurveyError, match="31 spørgsmål er ikke besvaret"):
        approve_replies(frames=[frame], by=steward(), now=NOW)
    answer_the_rest(frame)
    assert Task.objects.still_open().filter(kind="survey-answers").count() == 1
    approve_replies(frames=[frame], by=steward(), now=NOW)
    assert not Task.objects.still_open().filter(kind="survey-answers").exists()
    with pytest.raises(SurveyError, match="Redaktionen kan åbne dem"):
        save(frame, "b_ungeplan", 1, number=1, denominator=2)
    with pytest.raises(SurveyError, match="hvorfor"):
        reopen_replies(frame=frame, reason=" ", by=publisher(), now=NOW)
    reopen_replies(frame=frame, reason="Nævneren var forkert", by=publisher(), now=NOW)
    assert LogEntry.objects.newest_first()[0].details == {"reason": "Nævneren var forkert"}
    save(frame, "b_ungeplan", 1, number=1, denominator=2)


def test_what_is_not_signed_is_missing_in_the_file_and_every_kind_of_answer_has_its_word() -> None:
    wave = shipped_round({"101": 1, "147": 1, "175": 1})
    silent, unsigned, signed = (wave.frames.get(municipality__code=code) for code in ("101", "147", "175"))
    for frame in (unsigned, signed):
        save(frame, "b_ungeplan", 0, number=783, denominator=1000)
        save(frame, "v_peer", 0, number=12.5)
        save(frame, "b_plan_ajour", 0, no_answer="not_relevant")
        save(frame, "b_personrettet_tilsyn", 0, no_answer="refused")
        answer_the_rest(frame)
    approve_replies(frames=[signed], by=steward(), now=NOW)
    closed = close_wave(wave=wave, by=steward(), now=NOW)
    lines = [line.split(";") for line in bytes(closed.result).decode("utf-8-sig").splitlines()[1:]]
    found = {(line[0], line[2]): (line[4], line[5]) for line in lines}
    assert len(lines) == 3 * 31
    assert {found["101", code] for _silent, code in found if _silent == "101"} == {("", "ubesvaret")}
    assert {found["147", code] for _unsigned, code in found if _unsigned == "147"} == {("", "ikke godkendt")}
    assert found["175", "b-ungeplan"] == ("78,3", "")
    assert found["175", "b-plan-ajour"] == ("", "ikke relevant")
    assert found["175", "b-personrettet-tilsyn"] == ("", "ikke indberettet")
    assert found["175", "b-boernesamtale"] == ("", "ved ikke")
    rate = float(found["175", "v-peer"][0].replace(",", "."))
    assert rate == pytest.approx(12.5 / 41_113 * 100_000, rel=0.1)  # Rødovre's population is a fact of the world
    assert silent.replies.count() == 0


def test_a_section_goes_to_a_colleague_and_to_nobody_else() -> None:
    frame = rodovre(shipped_round({"175": 1}))
    colleague = member_of("175", MemberRole.RESPONDENT, "kirsten")
    stranger = member_of("101", MemberRole.APPROVER, "lone")
    task = give_section(frame=frame, section="boern", title="Besvar", colleague=colleague, now=NOW)
    assert (task.assignee, task.organisation.municipality) == (colleague, frame.municipality)
    with pytest.raises(SurveyError, match="en kollega"):
        give_section(frame=frame, section="boern", title="Besvar", colleague=stranger, now=NOW)
    with pytest.raises(SurveyError, match="ikke det afsnit"):
        give_section(frame=frame, section="nowhere", title="Besvar", colleague=colleague, now=NOW)


def test_a_workbook_comes_back_whole_or_not_at_all() -> None:
    frame = rodovre(shipped_round({"175": 1}))
    save(frame, "b_ungeplan", 0, number=74, denominator=90)
    content = replies_workbook(frame)
    assert take_workbook(frame=frame, content=content, by=steward(), now=NOW) == 0
    rows = _edited(content, {"b_ungeplan": {2: 80}, "v_bostoette_ventetid": {2: 35.5}, "v_peer": {4: "ved ikke"}})
    save(frame, "b_ungeplan", 1, number=75, denominator=90)  # a colleague, meanwhile
    with pytest.raises(SurveyError, match="Række 9: En anden har gemt"):
        take_workbook(frame=frame, content=rows, by=steward(), now=NOW)
    assert set(frame.replies.values_list("question__code", "number")) == {("b_ungeplan", 75.0)}
    fresh = _edited(replies_workbook(frame), {"v_bostoette_ventetid": {2: 35.5}, "v_peer": {4: "ved ikke"}})
    assert take_workbook(frame=frame, content=fresh, by=steward(), now=NOW) == 2
    bad = _edited(replies_workbook(frame), {"v_bolig_ventetid": {2: "mange"}})
    with pytest.raises(SurveyError, match="»mange« er ikke et tal"):
        take_workbook(frame=frame, content=bad, by=steward(), now=NOW)
    with pytest.raises(SurveyError, match="kan ikke læses som regneark"):
        take_workbook(frame=frame, content=b"PK\x03\x04 no", by=steward(), now=NOW)


def _edited(content: bytes, changes: dict[str, dict[int, object]]) -> bytes:
    """The workbook with other cells, as somebody would write them."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book.active.iter_rows(min_row=2):
        for column, value in changes.get(row[0].value, {}).items():
            row[column].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_form_that_was_asked_is_never_changed() -> None:
    wave = shipped_round({"175": 1})
    for wrong in (
        lambda: Question.objects.filter(questionnaire=wave.questionnaire).update(words_da="Andre ord"),
        lambda: Question.objects.create(questionnaire=wave.questionnaire, code="ny", position=99, words_da="Ny"),
        lambda: type(wave.questionnaire).objects.filter(pk=wave.questionnaire.pk).update(version=99),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            wrong()


def test_an_attachment_is_kept_beside_its_answer_until_it_is_signed() -> None:
    frame = rodovre(shipped_round({"175": 1}))
    reply = save(frame, "v_bostoette_ventetid", 0, number=4)
    assert bytes(attach(reply=reply, name="optælling.xlsx", content=b"x", by=steward(), now=NOW).content) == b"x"
    with pytest.raises(SurveyError, match="10 MB"):
        attach(reply=reply, name="stor", content=b"", by=steward(), now=NOW)
