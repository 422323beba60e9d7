"""What the site adds to a publication: its pages ready, and work for the worker."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User

from indicators.models import Job
from indicators.services.queue import control_connection, work_on_next
from portal.publishing import FOLLOW_UPS, NAMES, publish
from rankings.services.computing import EditionError
from rankings.services.editions import prepare_edition

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 10, 1, 8, tzinfo=dt.UTC)


def _people() -> tuple[User, User]:
    return User.objects.create_user("steward"), User.objects.create_user("publisher")


def test_what_follows_a_publication_waits_for_the_worker_from_this_moment(settings: Any) -> None:
    settings.FOLLOW_UP = True
    steward, publisher = _people()
    publish(
        edition=prepare_edition(year=2030, by=steward, now=NOW, draws=300),
        by=publisher,
        now=NOW,
        unheard_because="En prøve.",
    )
    jobs = Job.objects.all()
    assert {job.kind for job in jobs} == set(FOLLOW_UPS) == set(NAMES)
    assert {job.about for job in jobs} == {"2030.1"}
    assert all(job.asked_at != NOW for job in jobs)  # not from the day of publication that the demo invents


def test_a_publication_that_is_refused_leaves_no_work(settings: Any) -> None:
    settings.FOLLOW_UP = True
    steward, publisher = _people()
    edition = publish(
        edition=prepare_edition(year=2030, by=steward, now=NOW, draws=300),
        by=publisher,
        now=NOW,
        unheard_because="En prøve.",
    )
    before = Job.objects.count()
    with pytest.raises(EditionError):
        publish(edition=edition, by=publisher, now=NOW, unheard_because="En prøve.")
    assert Job.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_does_not_know_what_follows_says_so_and_changes_nothing() -> None:
    job = Job.objects.create(kind="unheard-of", about="2026.1", asked_by=_people()[0], asked_at=NOW)
    with control_connection() as control:
        assert work_on_next(control, follow_ups=FOLLOW_UPS)
    job.refresh_from_db()
    assert (job.state, "unheard-of" in job.message) == ("failed", True)
