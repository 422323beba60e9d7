"""A draft to be heard: overall lines and three indicators of a published edition, copied; and who speaks for whom."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import connection

from indicators.danish import at_clock
from indicators.models import Indicator
from indicators.people.models import MemberRole, Organisation
from indicators.people.services.members import join, person_of
from rankings.hearing.models import Hearing, Response
from rankings.hearing.services.hearings import open_hearing, plan_hearing
from rankings.models import Edition, EditionState, Placement
from tests.filled_in import publisher, steward

OPENS = at_clock(dt.date(2027, 3, 15), dt.time(9))  # over the night when summer time begins
CLOSES = at_clock(dt.date(2027, 4, 5), dt.time(12))
BEFORE = OPENS - dt.timedelta(days=10)
DAY = dt.timedelta(days=1)
INDICATORS = ("b-omgoerelse", "h-omgoerelse-voksne", "h-omgoerelse-bpa")


def draft() -> Edition:
    """A computed draft of 2027, small enough to be made in each test."""
    edition = Edition.objects.create(year=2027, method_version="x", method={}, computed_at=BEFORE, is_demo=True)
    columns = [str(f.column) for f in Placement._meta.concrete_fields if f.column not in {"id", "edition_id"}]
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO rankings_placement (edition_id, {names}) SELECT %s, {names} FROM rankings_placement p "  # noqa: S608
            "WHERE edition_id = (SELECT id FROM rankings_edition WHERE year = 2026 AND state = 'published') "
            "AND (level = 'overall' OR indicator_id IN (SELECT id FROM indicators_indicator WHERE code = ANY (%s)))",
            [edition.pk, list(INDICATORS)],
        )
    return edition


def hearing(*, opened: bool = True) -> Hearing:
    """The hearing of such a draft, 15 March 9.00 to 5 April 2027 12.00."""
    found = plan_hearing(edition=draft(), opens_at=OPENS, closes_at=CLOSES, by=publisher(), now=BEFORE)
    return open_hearing(hearing=found, address="https://x.example/arbejdsbord/", now=OPENS) if opened else found


def response(of: Hearing, slug: str = "roedovre") -> Response:
    """A municipality's answer in it."""
    return Response.objects.select_related("organisation__municipality", "hearing__edition").get(
        hearing=of, organisation__municipality__slug=slug
    )


def member(slug: str = "roedovre", role: MemberRole = MemberRole.APPROVER) -> User:
    """Somebody who speaks for a municipality since long ago."""
    organisation = Organisation.objects.of_municipalities().get(municipality__slug=slug)
    user = person_of(email=f"{role}-{slug}@test.example", name="Opdigtet Person")
    join(user=user, organisation=organisation, role=role, by=steward(), now=BEFORE - 100 * DAY)
    return user


def indicator(code: str = "b-omgoerelse") -> Indicator:
    """One of the three."""
    return Indicator.objects.get(code=code)


def publish(edition: Edition, now: dt.datetime) -> None:
    """Straight in the database, past every service: only what it refuses itself is refused."""
    Edition.objects.filter(pk=edition.pk).update(
        state=EditionState.PUBLISHED, published_at=now, published_by=publisher()
    )
