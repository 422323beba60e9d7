"""The clock beside the site does all that time asks for: nothing waits for a command that somebody must know of."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from indicators.people.models import Task
from rankings.practices.models import Practice, PracticeState


@pytest.mark.django_db
def test_the_clock_notes_what_nobody_confirmed_and_asks_for_it() -> None:
    practice = Practice.objects.filter(state=PracticeState.PUBLISHED)[:1].get()
    Practice.objects.filter(pk=practice.pk).update(confirmed_on=timezone.localdate() - dt.timedelta(days=730))
    call_command("keep_hearings", stdout=StringIO())
    practice.refresh_from_db()
    assert practice.state == PracticeState.UNCONFIRMED
    assert Task.objects.still_open().about(f"practice {practice.pk}").exists()
    assert Task.objects.still_open().about("provisions").exists()
