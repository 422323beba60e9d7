"""A hearing from its plan to its rulings: what is asked, answered, refused and held back."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from indicators.danish import at_clock, danish
from indicators.models import Upload
from indicators.people.models import Letter, MemberRole, Reminder, Task
from indicators.people.services.members import end_membership
from rankings.hearing.models import (
    Attachment,
    FigureInHearing,
    Flag,
    Outcome,
    Remark,
    RemarkKind,
    Response,
    ResponseState,
)
from rankings.hearing.publication import hindrances
from rankings.hearing.services.answering import (
    attach_file,
    delete_remark,
    give_response,
    note_opened,
    save_remark,
    send_to_approver,
    withdraw_remark,
)
from rankings.hearing.services.hearings import keep_hearings, open_hearing, plan_hearing
from rankings.hearing.services.ruling import name_upload, rule
from rankings.hearing.services.speaking import HearingError
from rankings.models import EditionState, Placement
from tests.filled_in import imported, publisher, steward
from tests.rankings.hearing.heard import (
    BEFORE,
    CLOSES,
    DAY,
    OPENS,
    draft,
    hearing,
    indicator,
    member,
    publish,
    response,
)

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
RESPONDENT = MemberRole.RESPONDENT


def remark(of: Response, *, kind: RemarkKind = RemarkKind.FIGURE, text: str = "Tallet er talt to gange.") -> Remark:
    proposed = 12.5 if kind == RemarkKind.FIGURE else None
    return save_remark(
        response=of, indicator=indicator(), kind=kind, text=text, proposed=proposed, by=member(), now=OPENS + DAY
    )


def received(of: Response, *, now: dt.datetime = OPENS + 2 * DAY, kind: RemarkKind = RemarkKind.FIGURE) -> Remark:
    found = remark(of, kind=kind)
    give_response(response=of, final=True, by=member(), now=now)
    found.refresh_from_db()
    return found


def test_a_hearing_asks_every_municipality_of_the_edition_in_one_step() -> None:
    one = hearing()
    assert one.responses.count() == 98
    assert FigureInHearing.objects.filter(hearing=one).count() == 3 * 98
    tasks = Task.objects.still_open().about("hearing 2027.1")
    assert tasks.count() == 98
    assert set(tasks.values_list("due_at", flat=True)) == {CLOSES}
    assert Letter.objects.filter(about="hearing 2027.1").values("organisation").distinct().count() == 98
    at = Reminder.objects.filter(task=tasks[0]).order_by("at").values_list("days_before", "at")
    assert [(days, danish(moment).strftime("%d.%m. %H:%M")) for days, moment in at] == [
        (14, "22.03. 12:00"),  # before summer time began, at the same time on the clock
        (3, "02.04. 12:00"),
        (1, "04.04. 12:00"),
    ]
    one.edition.refresh_from_db()
    assert one.edition.state == EditionState.HEARING


def test_opening_again_changes_nothing_and_early_is_refused() -> None:
    one = hearing(opened=False)
    with pytest.raises(HearingError, match=r"åbner mandag den 15\. marts 2027 kl\. 09\.00"):
        open_hearing(hearing=one, address="", now=OPENS - SECOND)
    for _again in range(2):
        open_hearing(hearing=one, address="", now=OPENS)
    assert one.responses.count() == 98


def test_fourteen_days_are_counted_by_the_calendar_also_when_one_of_them_has_23_hours() -> None:
    edition = draft()
    opens = at_clock(dt.date(2027, 3, 20), dt.time(12))
    for closes, enough in ((at_clock(dt.date(2027, 4, 3), dt.time(12)), True), (opens + 14 * DAY - 2 * SECOND, True)):
        assert (closes - opens < 14 * DAY) is enough  # less than 14 times 24 hours …
        plan_hearing(edition=edition, opens_at=opens, closes_at=closes, by=publisher(), now=BEFORE)  # … and 14 days
    with pytest.raises(HearingError, match="mindst 14 dage"):
        plan_hearing(
            edition=edition,
            opens_at=opens,
            closes_at=at_clock(dt.date(2027, 4, 3), dt.time(11, 59)),
            by=publisher(),
            now=BEFORE,
        )


def test_the_clock_opens_ends_and_reminds_by_itself() -> None:
    one = hearing(opened=False)
    address = "https://x.example/"
    assert keep_hearings(address=address, now=OPENS - SECOND) == []
    assert keep_hearings(address=address, now=OPENS) == ["opened the hearing of 2027.1"]
    before = Letter.objects.filter(about="hearing 2027.1", kind="reminder").count()
    keep_hearings(address=address, now=CLOSES - 14 * DAY + dt.timedelta(hours=1))
    assert Letter.objects.filter(about="hearing 2027.1", kind="reminder").count() > before
    assert keep_hearings(address=address, now=CLOSES) == ["closed 98 tasks of the hearing of 2027.1"]
    assert {one.state(CLOSES) for one in one.responses.all()} == {ResponseState.NOT_OPENED}


def test_an_answer_goes_from_opened_by_way_of_the_approver_to_final() -> None:
    one = response(hearing())
    respondent = member(role=RESPONDENT)
    assert one.state(CLOSES) == ResponseState.NOT_OPENED
    note_opened(response=one, by=respondent, now=OPENS + DAY)
    approver = member()
    send_to_approver(response=one, address="https://x.example/", by=respondent, now=OPENS + DAY)
    assert approver.email in Letter.objects.filter(kind="hearing-approval").values_list("email", flat=True)
    with pytest.raises(HearingError, match="godkender"):
        give_response(response=one, final=True, by=respondent, now=OPENS + DAY)
    give_response(response=one, final=False, by=approver, now=OPENS + DAY)
    one.refresh_from_db()
    assert one.state(CLOSES) == ResponseState.PRELIMINARY
    give_response(response=one, final=True, by=approver, now=CLOSES + 9 * DAY)
    one.refresh_from_db()
    assert one.state(CLOSES) == ResponseState.FINAL  # the council met later: that is what preliminary is for
    assert not Task.objects.still_open().about("hearing 2027.1").filter(organisation=one.organisation).exists()


def test_the_instant_of_closing_is_late() -> None:
    one = hearing()
    in_time, late = response(one), response(one, "aarhus")
    give_response(response=in_time, final=True, by=member(), now=CLOSES - SECOND)
    give_response(response=late, final=True, by=member("aarhus"), now=CLOSES)
    in_time.refresh_from_db()
    late.refresh_from_db()
    assert (in_time.state(CLOSES), late.state(CLOSES)) == (ResponseState.FINAL, ResponseState.LATE)


def test_a_remark_is_the_municipalitys_own_until_its_answer_is_sent_and_never_changed_after() -> None:
    one = response(hearing())
    draft_remark = remark(one)
    save_remark(response=one, indicator=indicator(), kind=RemarkKind.FIGURE, text="Bedre ord.", remark=draft_remark,
                by=member(), now=OPENS + DAY)  # fmt: skip
    assert not Remark.objects.received().of(one.hearing).exists()
    give_response(response=one, final=False, by=member(), now=OPENS + 2 * DAY)
    draft_remark.refresh_from_db()
    assert (draft_remark.number, draft_remark.text) == (1, "Bedre ord.")
    for act in (
        lambda: save_remark(response=one, indicator=indicator(), kind=RemarkKind.FIGURE, text="Nej.",
                            remark=draft_remark, by=member(), now=OPENS + 3 * DAY),
        lambda: delete_remark(remark=draft_remark, by=member(), now=OPENS + 3 * DAY),
    ):  # fmt: skip
        with pytest.raises(HearingError, match="sendt og ændres ikke"):
            act()
    withdraw_remark(remark=draft_remark, by=member(), now=OPENS + 3 * DAY)
    assert not Remark.objects.received().of(one.hearing).exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "tom"), ("x" * 2001, "2001 tegn"), ("Se 010170-1234", "CPR-nummer"), ("Sagsnr. 2024-5", "enkelt sag")],
)
def test_a_text_that_cannot_be_kept_says_why(text: str, words: str) -> None:
    one = response(hearing())
    with pytest.raises(HearingError, match=words):
        remark(one, text=text)
    assert not one.remarks.exists()


def test_nobody_answers_for_another_municipality() -> None:
    one = hearing()
    stranger = member("aarhus")
    for act in (
        lambda: note_opened(response=response(one), by=stranger, now=OPENS),
        lambda: save_remark(response=response(one), indicator=indicator(), kind=RemarkKind.REMARK, text="x",
                            by=stranger, now=OPENS),
        lambda: give_response(response=response(one), final=True, by=stranger, now=OPENS),
        lambda: send_to_approver(response=response(one), address="", by=stranger, now=OPENS),
    ):  # fmt: skip
        with pytest.raises(HearingError, match="Det kræver"):
            act()


def test_who_left_answers_no_longer() -> None:
    one = response(hearing())
    approver = member()
    end_membership(membership=approver.memberships.get(), by=steward(), now=OPENS + DAY)
    with pytest.raises(HearingError, match="Det kræver"):
        give_response(response=one, final=True, by=approver, now=OPENS + DAY)


def test_evidence_is_known_by_its_content_and_goes_with_its_remark(django_capture_on_commit_callbacks: object) -> None:
    one = response(hearing())
    found = remark(one)

    def attach(name: str, content: bytes) -> Attachment:
        return attach_file(remark=found, name=name, content=content, by=member(), now=OPENS + DAY)

    kept = attach("../../bilag æ.pdf\r\nX: y", b"%PDF-1.7 ...")
    assert (kept.name, kept.content_type) == ("bilag æ.pdf__X_ y", "application/pdf")
    for content in (b"MZ\x90\x00", b"<html><script>", b"PK\x03\x04 no zip", b"\xff\xfe\x00"):
        with pytest.raises(HearingError, match="er ikke en PDF"):
            attach("rapport.pdf", content)
    with pytest.raises(HearingError, match="fylder 6 MB"):
        attach("stor.pdf", b"%PDF-" + b"x" * 5_000_001)
    attach("a.txt", "Æblegrød".encode())
    attach("b.png", b"\x89PNG\r\n\x1a\n....")
    with pytest.raises(HearingError, match="plads til 3"):
        attach("c.txt", b"c")
    names = [name for name in found.attachments.values_list("file", flat=True) if name]
    assert all(default_storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        delete_remark(remark=found, by=member(), now=OPENS + DAY)
    assert not any(default_storage.exists(name) for name in names)


def test_an_edition_waits_for_its_remarks_and_says_which() -> None:
    one = response(hearing())
    edition = one.hearing.edition
    found = received(one)
    assert hindrances(edition, CLOSES) == ["1 bemærkninger har ingen afgørelse: nr. 1 (Rødovre Kommune)."]
    assert hindrances(edition, CLOSES - SECOND)[0] == "Høringen er ikke lukket."
    with pytest.raises(DatabaseError, match="no ruling"), transaction.atomic():
        publish(edition, CLOSES)
    rule(remarks=[found], outcome=Outcome.NOT, reason="Tallet følger kilden.", by=publisher(), now=CLOSES)
    assert hindrances(edition, CLOSES) == []
    with pytest.raises(DatabaseError, match="not closed"), transaction.atomic():
        publish(edition, CLOSES - SECOND)
    publish(edition, CLOSES)


def test_a_withdrawn_and_a_late_remark_hold_nothing_back_but_the_late_one_is_a_flag() -> None:
    one = hearing()
    withdrawn = received(response(one))
    withdraw_remark(remark=withdrawn, by=member(), now=CLOSES - DAY)
    late = response(one, "aarhus")
    member("aarhus")
    save_remark(response=late, indicator=indicator(), kind=RemarkKind.REMARK, text="For sent.", by=member("aarhus"),
                now=CLOSES)  # fmt: skip
    give_response(response=late, final=True, by=member("aarhus"), now=CLOSES + DAY)
    flag = Flag.objects.public().get(municipality__slug="aarhus", edition=one.edition)
    assert (flag.origin, flag.text) == ("late_remark", "For sent.")
    publish(one.edition, CLOSES + DAY)
    ruling = rule(flags=[flag], outcome=Outcome.NOT, reason="Nej.", by=publisher(), now=CLOSES + 2 * DAY)
    assert flag.remark is not None
    flag.remark.refresh_from_db()
    assert flag.remark.ruling == ruling  # they are one question


def corrected() -> Upload:
    upload, _applied = imported("175;Rødovre;b-omgoerelse;2025;12,5;")
    return upload


def take(upload: Upload, of: Response) -> None:
    """What computing again would do: the line stands on the measurement of the upload."""
    figure = upload.measurements.get(municipality__slug="roedovre")
    Placement.objects.filter(
        edition=of.hearing.edition, indicator=indicator(), municipality=figure.municipality
    ).update(measurement=figure, upload=upload, value=figure.value)


def test_a_figure_that_changed_after_the_hearing_needs_the_ruling_that_changed_it() -> None:
    one = response(hearing())
    edition = one.hearing.edition
    found = received(one)
    take(corrected(), one)
    upload = Upload.objects.order_by("-pk")[0]
    other = rule(remarks=[found], outcome=Outcome.NOT, reason="Nej.", by=publisher(), now=CLOSES)
    assert other.upload is None
    assert hindrances(edition, CLOSES) == [
        "1 tal er ændret siden høringen uden en afgørelse: Omgjorte afgørelser om børn og unge, Rødovre."
    ]
    with pytest.raises(DatabaseError, match="without a ruling"), transaction.atomic():
        publish(edition, CLOSES)
    rule(outcome=Outcome.UPHELD, reason="Vores egen fejl.", upload=upload, by=publisher(), now=CLOSES)
    publish(edition, CLOSES)


def test_an_upheld_figure_waits_for_the_upload_that_corrects_it() -> None:
    one = response(hearing())
    found = received(one)
    ruling = rule(
        remarks=[found], outcome=Outcome.UPHELD, reason="Ja.", changes_figure=True, by=publisher(), now=CLOSES
    )
    (why,) = hindrances(one.hearing.edition, CLOSES)
    assert "medhold, men tallet er ikke rettet: nr. 1" in why
    with pytest.raises(DatabaseError, match="not corrected"), transaction.atomic():
        publish(one.hearing.edition, CLOSES)
    elsewhere, _applied = imported("751;Aarhus;b-omgoerelse;2025;13,5;", name="andet.csv")
    with pytest.raises(HearingError, match="indeholder ikke"):
        name_upload(ruling=ruling, upload=elsewhere)
    upload = corrected()
    name_upload(ruling=ruling, upload=upload)
    take(upload, one)
    publish(one.hearing.edition, CLOSES)


def test_whoever_brought_a_figure_does_not_rule_on_it() -> None:
    found = received(response(hearing()))
    assert found.measurement is not None
    bringer = found.measurement.upload.uploaded_by
    with pytest.raises(HearingError, match="En anden skal afgøre"):
        rule(remarks=[found], outcome=Outcome.NOT, reason="Nej.", by=bringer, now=CLOSES)


def test_one_ruling_answers_many_and_none_twice() -> None:
    one = hearing()
    first = received(response(one), kind=RemarkKind.DEFINITION)
    give = response(one, "aarhus")
    save_remark(response=give, indicator=indicator(), kind=RemarkKind.DEFINITION, text="Samme.", by=member("aarhus"),
                now=OPENS)  # fmt: skip
    give_response(response=give, final=True, by=member("aarhus"), now=OPENS + DAY)
    second = give.remarks.get()
    ruling = rule(remarks=[first, second], outcome=Outcome.PARTLY, reason="Note.", by=publisher(), now=CLOSES)
    assert ruling.remarks.count() == 2
    with pytest.raises(HearingError, match="har en afgørelse"):
        rule(remarks=[second], outcome=Outcome.NOT, reason="Nej.", by=publisher(), now=CLOSES)


def test_the_demo_has_71_final_6_preliminary_2_late_and_19_silent_answers_and_9_of_23_upheld() -> None:
    found = list(Response.objects.filter(hearing__edition__year=2026).select_related("hearing"))
    states = [one.state(one.hearing.closes_at) for one in found]
    assert {state: states.count(state) for state in ResponseState} == {
        ResponseState.FINAL: 71,
        ResponseState.PRELIMINARY: 6,
        ResponseState.LATE: 2,
        ResponseState.OPENED: 8,
        ResponseState.NOT_OPENED: 11,
    }
    remarks = Remark.objects.received().filter(response__hearing__edition__year=2026)
    assert (remarks.count(), remarks.filter(ruling__outcome=Outcome.UPHELD).count()) == (23, 9)
    assert all(text.startswith("Opdigtet: ") for text in remarks.values_list("text", flat=True))
    assert not remarks.without_ruling().exists()
