"""manage.py demo: a site with invented figures, five editions and a correction. Does nothing where there is one."""

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from indicators.demo.files import NOTE
from indicators.demo.publisher import StandIn
from indicators.demo.waves import wave_to_walk
from indicators.demo.world import (
    CORRECTED,
    EDITIONS,
    fetched_recipes,
    stand_in_tables,
    write_correction_file,
    write_files,
    write_survey_files,
)
from indicators.provisions.demo import make_demo as make_services
from indicators.provisions.services.confirming import ask_to_confirm
from indicators.services.apply import check_and_apply, import_files
from indicators.services.receive import FileToImport
from indicators.sources.services import begin_round, fetch
from indicators.surveys.models import Wave
from portal.publishing import publish
from portal.serving.walk import seldom_collecting
from rankings.hearing.demo import heard_edition, hearing_to_walk, raise_the_flag
from rankings.models import Edition
from rankings.practices.demo import make_demo_practices
from rankings.services.auditing import audit_the_rest
from rankings.services.editions import correct_edition, prepare_edition

NOTES = {
    2022: (
        "Den første udgave. Målstolperne, som scoren måles mellem, er sat efter tallene i denne udgave.",
        "The first edition. The goalposts that scores are measured between are set by its figures.",
    ),
    2023: (
        "Hjemløshed opgøres hvert andet år og er med for første gang.",
        "Homelessness is counted every second year and is included for the first time.",
    ),
    2024: ("Ingen nye indikatorer.", "No new indicators."),
    2025: (
        "Ny indikator: nye sager udredt efter fælles metode. Databrud i tidligt forebyggende indsatser: barnets lov.",
        "New indicator: new cases assessed by a common method. Break in early preventive measures: the Child's Act.",
    ),
    2026: (
        "Ingen nye indikatorer. Tallene for hjemløshed er fra året før.",
        "No new indicators. The figures on homelessness are from the year before.",
    ),
}
REASON = (
    "Tre kommuner havde talt hjemviste sager med som omgjorte. Tallene er rettet efter kommunernes henvendelse. "
    "(Demodata: også rettelsen er opdigtet.)"
)
REASON_EN = (
    "Three municipalities had counted cases sent back as cases reversed. The figures were corrected after the "
    "municipalities wrote to us. (Demo data: the correction is invented too.)"
)

UNHEARD = "Opdigtet: Demoens ældre udgaver blev lavet, før der var en høring."

FEWER_DRAWS = 1000
"""For the intervals of the demo's older editions: theirs say so, and the demo is made in seconds."""


class Command(BaseCommand):
    """Make the demo, once."""

    help = "Fill an empty site with demo data: files, uploads, five editions and a correction."

    def add_arguments(self, parser: CommandParser) -> None:
        """Fewer editions make a smaller demo, for tests."""
        parser.add_argument("--editions", type=int, nargs="+", default=list(EDITIONS))
        parser.add_argument("--walk", action="store_true", help="also open a hearing and a wave, today, to be walked")
        parser.add_argument("--draws", type=int, help="of the newest edition's intervals (the method's, if left out)")

    @seldom_collecting()
    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files, import them edition by edition, publish each, correct one."""
        with connection.cursor() as cursor:  # a thousand commits need not wait for the disk: a half-made demo is none
            cursor.execute("SET synchronous_commit = off")
        user, _created = get_user_model().objects.get_or_create(username="demo")
        publisher, _created = get_user_model().objects.get_or_create(username="demo-udgiver")
        make_services(by=user, approver=publisher, now=timezone.now())
        if Edition.objects.ever_published().filter(year=max(options["editions"])).exists():
            self.stdout.write("The demo data are there already.")
            audit_the_rest(now=timezone.now())  # of a demo that is older than the audits
        else:
            self._fill(options, user, publisher)
        if options["walk"]:
            self.stdout.write(_open_to_walk(max(options["editions"]) + 1, user))

    def _fill(self, options: Mapping[str, Any], user: User, publisher: User) -> None:
        with tempfile.TemporaryDirectory(prefix="demo-") as folder:
            draws = dict.fromkeys(options["editions"], FEWER_DRAWS) | {max(options["editions"]): options["draws"]}
            self._make(Path(folder), draws, user, publisher)
        edition = Edition.objects.published().get(year=max(options["editions"]))
        raise_the_flag(edition=edition, now=timezone.now())  # of today: an older one would be shown as overdue

    def _make(self, folder: Path, draws: Mapping[int, int | None], user: User, publisher: User) -> None:
        editions = list(draws)
        paths = write_files(folder, editions, but_fetched=True)
        _import(paths[0][:1], user, dt.datetime(2023, 2, 15, tzinfo=dt.UTC), demo=False)
        _import(paths[0][1:], user, dt.datetime(2023, 2, 15, tzinfo=dt.UTC))
        surveys = write_survey_files(folder, by=user, editions=editions)
        for year in editions:
            self.stdout.write(f"Edition {year} …")
            if year == max(editions):
                _fetch(year, editions, user)
                _publish_heard(folder, year, [*paths[year], *surveys[year]], user, publisher, draws[year])
            else:
                _publish(year, [*paths[year], *surveys[year]], user, publisher, draws[year])
        if CORRECTED[1] in editions:
            self.stdout.write(f"A correction of {CORRECTED[1]} …")
            _correct(folder, user, publisher)
        self.stdout.write(f"{make_demo_practices()} practices …")


def _import(paths: list[Path], user: User, now: dt.datetime, *, demo: bool = True) -> None:
    import_files(files=[FileToImport.at(path) for path in paths], by=user, now=now, is_demo=demo, accept_warnings=True)


def _fetch(year: int, editions: list[int], user: User) -> None:
    """The registers of the newest edition come the whole road: from a publisher, though one that is invented too."""
    now = dt.datetime(year, 8, 9, 10, tzinfo=dt.UTC)
    with StandIn(stand_in_tables(editions)) as server:
        around = begin_round({"statbank": server.url})
        with around.collector:
            for recipe in fetched_recipes():
                row = fetch(around, recipe=recipe, year=year - 1, by=user, now=now, said=f"{NOTE}; ")
                if row.upload is None:
                    raise CommandError(row.message)
                check_and_apply(upload=row.upload, by=user, now=now, accept_warnings=True)


def _publish(year: int, paths: list[Path], user: User, publisher: User, draws: int | None) -> None:
    _import(paths, user, dt.datetime(year, 9, 15, 10, tzinfo=dt.UTC))
    note_da, note_en = NOTES.get(year, ("", ""))
    now = dt.datetime(year, 10, 1, 8, tzinfo=dt.UTC)
    edition = prepare_edition(year=year, by=user, now=now, note_da=note_da, note_en=note_en, draws=draws)
    publish(edition=edition, by=publisher, now=now, unheard_because=UNHEARD)


def _publish_heard(folder: Path, year: int, paths: list[Path], user: User, publisher: User, draws: int | None) -> None:
    """The newest edition was heard before it was published."""
    _import(paths, user, dt.datetime(year, 8, 10, 10, tzinfo=dt.UTC))
    note_da, note_en = NOTES.get(year, ("", ""))
    edition = heard_edition(folder=folder, year=year, note_da=note_da, note_en=note_en, by=user, draws=draws)
    publish(edition=edition, by=publisher, now=dt.datetime(year, 10, 1, 8, tzinfo=dt.UTC))


def _correct(folder: Path, user: User, publisher: User) -> None:
    now = dt.datetime(CORRECTED[1], 11, 20, 8, tzinfo=dt.UTC)
    _import([write_correction_file(folder)], user, now)
    revision = correct_edition(year=CORRECTED[1], reason=REASON, reason_en=REASON_EN, by=user, now=now)
    publish(edition=revision, by=publisher, now=now)


@transaction.atomic
def _open_to_walk(year: int, user: User) -> str:
    """A hearing and a wave of the year to come that are open now, where there are none; say which."""
    now = timezone.now()
    if Edition.objects.filter(year=year).exists() or Wave.objects.filter(year=year).exists():
        return f"A hearing or a wave of {year} is there already."
    wave_to_walk(year=year, by=user, now=now, address=lambda frame: reverse("survey-answers", kwargs={"frame": frame}))
    hearing = hearing_to_walk(year=year, by=user, now=now)
    ask_to_confirm(address=reverse("work-provisions"), now=now)
    return f"Open: the hearing and the questionnaire of {year}, to {hearing.closes_at:%Y-%m-%d}."
