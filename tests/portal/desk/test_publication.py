"""Publication: what stops it, what was seen is what is published, at a Danish time; and withdrawal."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.danish import NoSuchTimeError, at_clock
from indicators.models import Indicator, Job, JobState, LogEntry
from indicators.people.models import Letter
from indicators.services.queue import enqueue_follow_up
from indicators.services.receive import UploadError
from portal.desk.publication import compute_as_ordered, plan_publication, publish_as_planned
from portal.desk.readiness import Point, readiness, stops
from portal.operating.roles import DATA_STEWARD, EDITOR, PUBLISHER
from rankings.models import Edition, EditionState, Follower, Told
from rankings.services.computing import EditionError
from rankings.services.editions import (
    StaleDraftError,
    correct_edition,
    delete_draft,
    look_at_draft,
    prepare_edition,
    publish_edition,
    withdraw_edition,
)
from tests.accounts import Person, SignIn, person, signed_in
from tests.filled_in import NOW, imported, publisher, steward

__all__ = ["person", "signed_in"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_prepared")]
UNHEARD = "En prøve uden høring."
HOUR = dt.timedelta(hours=1)
WHY, WHY_EN = "Tallene kan genkende en person.", "The figures can identify a person."


def prepare() -> None:
    """The next year's draft with a new figure, by the steward."""
    imported("101;København;b-omgoerelse;2027;12,5;")
    prepare_edition(year=2027, by=steward(), now=NOW, draws=300)


def draft() -> Edition:
    return Edition.objects.get(year=2027)


def seen_by(who: User) -> Edition:
    look_at_draft(edition=draft(), checksum=draft().checksum, by=who, now=NOW)
    return draft()


def words(points: list[Point]) -> str:
    return "; ".join(one.words for one in points)


def no_progress(_step: str, _share: float) -> None:
    pass


def worked_off(job: Job) -> str:
    """What the worker says when it does a publication."""
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    said = publish_as_planned(job.about, no_progress, timezone.now())
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, ended_at=timezone.now())
    return said


def test_what_was_not_looked_at_or_brought_by_oneself_stops_and_names_who() -> None:
    own = stops(readiness(draft(), steward(), NOW))
    assert {"Du har selv indberettet nye tal i udgaven", "Du har ikke set denne beregning"} <= {
        one.words for one in own
    }
    assert next(one.who for one in own if "selv indberettet" in one.words) == "En anden udgiver"
    assert words(stops(readiness(draft(), publisher(), NOW))) == "Du har ikke set denne beregning"
    assert stops(readiness(seen_by(publisher()), publisher(), NOW)) == []


def test_figures_that_changed_after_the_computation_stop_it_and_are_not_published() -> None:
    edition = seen_by(publisher())
    imported("147;Frederiksberg;b-omgoerelse;2027;77,7;", name="senere.csv")
    found = stops(readiness(edition, publisher(), NOW))
    assert words(found) == "1 tal er ændret, siden kladden blev beregnet"
    assert "Frederiksberg" in found[0].detail
    with pytest.raises(EditionError, match="spærret"):
        plan_publication(
            edition=edition, at=None, seen=edition.checksum, by=publisher(), now=NOW, unheard_because=UNHEARD
        )
    with pytest.raises(StaleDraftError, match="ændret"):
        publish_edition(edition=edition, by=publisher(), now=NOW, unheard_because=UNHEARD)
    assert draft().state == EditionState.DRAFT


def test_a_text_that_changed_after_the_look_stops_it_too() -> None:
    edition = seen_by(publisher())
    Indicator.objects.filter(code="b-omgoerelse").update(definition_da="Noget helt andet.")
    assert words(stops(readiness(edition, publisher(), NOW))) == "Tekster er ændret, siden kladden blev beregnet"
    with pytest.raises(StaleDraftError):
        publish_edition(edition=edition, by=publisher(), now=NOW, unheard_because=UNHEARD, seen=edition.checksum)


def test_another_sum_than_was_seen_is_not_published() -> None:
    with pytest.raises(StaleDraftError, match="siden du så den"):
        publish_edition(edition=draft(), by=publisher(), now=NOW, unheard_because=UNHEARD, seen="0" * 64)


def test_a_year_without_one_new_figure_is_stopped() -> None:
    publish_edition(edition=draft(), by=publisher(), now=NOW, unheard_because=UNHEARD)
    empty = prepare_edition(year=2028, by=steward(), now=NOW, draws=300)
    assert "Ikke ét tal er nyt siden udgave 2027.1" in words(stops(readiness(empty, publisher(), NOW)))


def test_the_worker_publishes_at_the_stated_time_what_was_seen(person: Person) -> None:
    paula = person("paula-u", PUBLISHER)
    now, edition = timezone.now(), seen_by(paula)
    at = now + dt.timedelta(hours=2)
    job = plan_publication(edition=edition, at=at, seen=edition.checksum, by=paula, now=now, unheard_because=UNHEARD)
    assert not Job.objects.unfinished().due(now).filter(pk=job.pk).exists()
    assert Job.objects.unfinished().due(at).filter(pk=job.pk).exists()
    with pytest.raises(EditionError, match="allerede bestilt"):
        plan_publication(
            edition=edition,
            at=at + dt.timedelta(days=1),
            seen=edition.checksum,
            by=paula,
            now=now,
            unheard_because=UNHEARD,
        )
    assert worked_off(job).startswith("Udgave 2027.1 er offentlig")
    done = draft()
    assert (done.state, done.published_by, done.checksum) == (EditionState.PUBLISHED, paula, edition.checksum)
    assert done.unheard_because == UNHEARD


def test_a_year_without_a_hearing_is_ordered_only_with_a_reason_and_the_order_keeps_it(
    person: Person, signed_in: SignIn
) -> None:
    paula = person("paula-u", PUBLISHER)
    client, edition = signed_in(paula), seen_by(paula)
    order = reverse("admin:rankings_edition_publish", args=[edition.pk])
    asked = {"when": "at", "seen": edition.checksum, "day": "2031-07-02", "time": "09:15"}
    refused = client.post(order, {**asked, "unheard_because": "  "}).content.decode()
    assert "Skriv, hvorfor ingen kommune har været i høring." in refused
    assert 'value="2031-07-02"' in refused
    assert 'value="09:15"' in refused  # what was typed is not lost
    assert not Job.objects.filter(kind="publish").exists()
    late = {**asked, "day": "2020-01-01", "unheard_because": UNHEARD}
    assert f'name="unheard_because" value="{UNHEARD}"' in client.post(order, late).content.decode()
    assert "Udgivelsen er bestilt" in client.post(order, {**late, "when": "now"}, follow=True).content.decode()
    assert Job.objects.get(kind="publish").accepted == {"seen": edition.checksum, "unheard_because": UNHEARD}


def test_a_draft_is_computed_by_the_worker_once_and_its_page_says_how_far_it_is(
    person: Person, signed_in: SignIn
) -> None:
    sofus = person("sofus-b", DATA_STEWARD)
    client, edition = signed_in(sofus), draft()
    for _twice in range(2):
        page = client.post(reverse("admin:rankings_edition_compute", args=[edition.pk]), follow=True).content.decode()
        assert "Kladden beregnes igen" in page
        assert "<progress" in page
        assert "Beregn igen" not in page
    assert draft().computed_at == edition.computed_at
    job, told = Job.objects.unfinished().get(kind="compute"), []
    said = compute_as_ordered(job.about, lambda _step, share: told.append(share), NOW + HOUR)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, ended_at=NOW + HOUR, message=said)
    assert draft().computed_at == NOW + HOUR
    assert told == sorted(set(told))
    assert len(told) > 3
    page = client.get(reverse("admin:rankings_edition_change", args=[edition.pk])).content.decode()
    assert "Udgaven er beregnet igen" in page
    assert "<progress" not in page
    sofus.groups.clear()
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, ended_at=None)
    with pytest.raises(UploadError, match="må ikke længere beregne"):
        compute_as_ordered(job.about, no_progress, timezone.now())


def test_one_who_may_no_longer_publish_does_not_by_an_old_order(person: Person) -> None:
    paula = person("paula-u", PUBLISHER)
    edition = seen_by(paula)
    job = plan_publication(
        edition=edition, at=None, seen=edition.checksum, by=paula, now=timezone.now(), unheard_because=UNHEARD
    )
    paula.groups.clear()
    with pytest.raises(Exception, match="må ikke længere udgive"):
        worked_off(job)
    assert draft().state == EditionState.DRAFT


def test_the_database_refuses_an_edition_that_is_published_at_two_times() -> None:
    enqueue_follow_up(kind="publish", about="2027.1", by=publisher(), not_before=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        enqueue_follow_up(kind="publish", about="2027.1", by=publisher(), not_before=NOW + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "moment"),
    [("2027-03-27", "2027-03-27T07:00"), ("2027-03-29", "2027-03-29T06:00"), ("2027-11-01", "2027-11-01T07:00")],
)
def test_eight_in_the_morning_is_eight_in_denmark_on_both_sides_of_summer_time(day: str, moment: str) -> None:
    at = at_clock(dt.date.fromisoformat(day), dt.time(8))
    assert at == dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)


def test_the_page_says_what_stops_beside_a_disabled_button_and_takes_a_danish_time(
    person: Person, signed_in: SignIn
) -> None:
    paula = person("paula-u", PUBLISHER)
    client, where = signed_in(paula), reverse("admin:rankings_edition_publication", args=[draft().pk])
    page = client.get(where).content.decode()
    assert re.search(r"<button class=\"act\" type=\"submit\"[^>]* disabled>", page)
    assert "Kan ikke udgives endnu: Du har ikke set denne beregning" in page
    client.post(reverse("admin:rankings_edition_look", args=[draft().pk]), {"checksum": draft().checksum})
    assert " disabled>" not in client.get(where).content.decode()
    order = reverse("admin:rankings_edition_publish", args=[draft().pk])
    asked = {"when": "at", "seen": draft().checksum, "time": "02:30", "unheard_because": UNHEARD}
    gap = client.post(order, {**asked, "day": "2031-03-30"}, follow=True).content.decode()
    assert "findes ikke" in gap  # the hour that is left out when summer time begins
    with pytest.raises(NoSuchTimeError):
        at_clock(dt.date(2031, 3, 30), dt.time(2, 30))
    assert "forbi" in client.post(order, {**asked, "day": "2020-01-01"}, follow=True).content.decode()
    said = client.post(order, {**asked, "day": "2031-07-01", "time": "08:00"}, follow=True).content.decode()
    assert "1. juli 2031 kl. 8.00 dansk tid, bestilt af paula-u" in said
    assert Job.objects.get(kind="publish").not_before == dt.datetime(2031, 7, 1, 6, tzinfo=dt.UTC)
    client.post(reverse("admin:rankings_edition_delete_draft", args=[draft().pk]), {"reason": "Nej"})
    assert draft().state == EditionState.DRAFT  # what is ordered is not deleted
    client.post(reverse("admin:rankings_edition_cancel", args=[draft().pk]))
    assert Job.objects.get(kind="publish").state == JobState.CANCELLED
    erik = signed_in(person("erik", EDITOR))
    assert erik.post(order, asked).status_code == 403
    assert erik.get(where).status_code == 200


def test_deleting_a_draft_asks_for_a_reason_and_the_log_keeps_it() -> None:
    with pytest.raises(EditionError, match="hvorfor"):
        delete_draft(edition=draft(), reason="  ", by=steward(), now=NOW)
    delete_draft(edition=draft(), reason="Forkert år.", by=steward(), now=NOW)
    entry = LogEntry.objects.about("edition 2027.1").newest_first()[0]
    assert (entry.action, entry.details["reason"]) == ("edition_deleted", "Forkert år.")


def test_a_withdrawn_edition_is_gone_says_why_and_the_one_before_is_current(client: Client) -> None:
    published = publish_edition(edition=draft(), by=publisher(), now=NOW, unheard_because=UNHEARD)
    follower = Follower.objects.create(email="kbh@example.org", asked_at=NOW, confirmed_at=NOW)
    Told.objects.create(follower=follower, edition=published, at=NOW)
    with pytest.raises(EditionError, match="hvorfor"):
        withdraw_edition(edition=published, because=" ", by=publisher(), now=NOW)
    assert withdraw_edition(edition=published, because=WHY, because_en=WHY_EN, by=publisher(), now=NOW) is None
    for path in ("/@2027.1/", "/@2027.1/kommune/koebenhavn/", "/2027/rangliste/"):
        answer = client.get(path)
        assert answer.status_code == 410, path
        assert WHY in answer.content.decode()
    english = client.get("/en/@2027.1/ranking/")
    assert english.status_code == 410
    assert WHY_EN in english.content.decode()
    for path in ("/@2027.1/rangliste.csv", "/@2027.1/hent/hele-udgaven.csv", "/spor/2027.1-101-samlet/",
                 "/@2027.1/presse.txt", "/@2027.1/rangliste/kort.svg", "/api/v1/editions/2027.1",
                 "/api/v1/rankings?edition=2027.1"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 410, path
        assert "12,5" not in answer.content.decode()
    letter = Letter.objects.get(kind="edition-withdrawn", email="kbh@example.org")
    assert "2027.1" in letter.subject
    assert WHY in letter.body
    assert "udgave 2026" in client.get("/").content.decode()
    for path in ("/udgaver/", "/udgaver.atom", "/rettelser.atom"):
        assert WHY in client.get(path).content.decode(), path


def test_withdrawing_a_correction_makes_the_edition_it_corrected_current_again(client: Client) -> None:
    again = correct_edition(year=2026, reason="Prøve.", by=steward(), now=NOW)
    again = publish_edition(edition=again, by=publisher(), now=NOW)
    assert withdraw_edition(edition=again, because=WHY, by=publisher(), now=NOW) == Edition.objects.get(
        year=2026, revision=1
    )
    states = dict(Edition.objects.filter(year=2026).values_list("revision", "state"))
    assert states == {1: EditionState.PUBLISHED, 2: EditionState.WITHDRAWN}
    assert client.get("/@2026.1/").status_code == client.get("/2026/").status_code == 200
    assert client.get("/@2026.2/").status_code == 410
    third = correct_edition(year=2026, reason="Nu rigtigt.", by=steward(), now=NOW)
    assert third.revision == 3


def test_an_edition_that_a_later_one_is_measured_against_is_corrected_instead() -> None:
    before = Edition.objects.published().get(year=2025)
    with pytest.raises(EditionError, match="Ret den i stedet"):
        withdraw_edition(edition=before, because=WHY, by=publisher(), now=NOW)


@pytest.mark.parametrize("wrong", [
    "state = 'withdrawn', withdrawn_at = now(), withdrawn_by_id = published_by_id, withdrawn_because = ' '",
    "state = 'withdrawn', withdrawn_at = now(), withdrawn_because = 'derfor'",
    "state = 'draft'",
    "withdrawn_because = 'derfor'",
])  # fmt: skip
def test_the_database_refuses_a_withdrawal_without_reason_or_name(wrong: str) -> None:
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(" ".join(("UPDATE rankings_edition SET", wrong, "WHERE year = 2026")))


def test_a_correction_comes_back_only_after_a_withdrawal_and_what_is_withdrawn_stays_so() -> None:
    Edition.objects.filter(year=2025, revision=2).update(state=EditionState.CORRECTED, corrected_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(year=2025, revision=1).update(state=EditionState.PUBLISHED, corrected_at=None)
    published = publish_edition(edition=draft(), by=publisher(), now=NOW, unheard_because=UNHEARD)
    withdraw_edition(edition=published, because=WHY, by=publisher(), now=NOW)
    for change in ({"state": EditionState.PUBLISHED, "withdrawn_at": None, "withdrawn_by": None,
                    "withdrawn_because": ""}, {"withdrawn_because": "Noget andet."}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(pk=published.pk).update(**change)


def test_withdrawing_takes_the_number_in_writing(person: Person, signed_in: SignIn) -> None:
    published = publish_edition(edition=draft(), by=publisher(), now=timezone.now(), unheard_because=UNHEARD)
    client = signed_in(person("paula-u", PUBLISHER))
    where = reverse("admin:rankings_edition_withdraw", args=[published.pk])
    assert "Udgave 2026.1 gælder igen." in client.get(where).content.decode()
    client.post(where, {"because": WHY, "release": "2027"})
    assert draft().state == EditionState.PUBLISHED
    client.post(where, {"because": WHY, "release": "2027.1"})
    assert draft().state == EditionState.WITHDRAWN
    assert signed_in(person("erik", EDITOR)).get(where).status_code == 403
