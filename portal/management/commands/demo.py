"""manage.py demo: a site with invented figures, five editions and a correction. Does nothing where there is one."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from indicators.demo.world import CORRECTED, EDITIONS, write_correction_file, write_files
from indicators.services import FileToImport, import_files
from portal.publishing import publish
from rankings.hearing.demo import heard_edition, raise_the_flag
from rankings.models import Edition
from rankings.practices.demo import make_demo_practices
from rankings.services import correct_edition, prepare_edition

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
    2026: ("Ingen nye indikatorer. Tallene for hjemløshed er fra året før.", "No new indicators."),
}
REASON = (
    "Tre kommuner havde talt hjemviste sager med som omgjorte. Tallene er rettet efter kommunernes henvendelse. "
    "(Demodata: også rettelsen er opdigtet.)"
)
REASON_EN = (
    "Three municipalities had counted cases sent back as cases reversed. The figures were corrected after the "
    "municipalities wrote to us. (Demo data: the correction is invented too.)"
)


class Command(BaseCommand):
    """Make the demo, once."""

    help = "Fill an empty site with demo data: files, uploads, five editions and a correction."

    def add_arguments(self, parser: CommandParser) -> None:
        """Fewer editions make a smaller demo, for tests."""
        parser.add_argument("--editions", type=int, nargs="+", default=list(EDITIONS))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Write the files, import them edition by edition, publish each, correct one."""
        if Edition.objects.ever_published().filter(year=max(options["editions"])).exists():
            self.stdout.write("The demo data are there already.")
            return
        user, _created = get_user_model().objects.get_or_create(username="demo")
        publisher, _created = get_user_model().objects.get_or_create(username="demo-udgiver")
        with tempfile.TemporaryDirectory(prefix="demo-") as folder:
            self._make(Path(folder), options["editions"], user, publisher)
        edition = Edition.objects.published().get(year=max(options["editions"]))
        raise_the_flag(edition=edition, now=timezone.now())  # of today: an older one would be shown as overdue

    def _make(self, folder: Path, editions: list[int], user: User, publisher: User) -> None:
        paths = write_files(folder, editions)
        _import(paths[0][:1], user, dt.datetime(2023, 2, 15, tzinfo=dt.UTC), demo=False)
        _import(paths[0][1:], user, dt.datetime(2023, 2, 15, tzinfo=dt.UTC))
        for year in editions:
            self.stdout.write(f"Edition {year} …")
            if year == max(editions):
                _publish_heard(folder, year, paths[year], user, publisher)
            else:
                _publish(year, paths[year], user, publisher)
        if CORRECTED[1] in editions:
            self.stdout.write(f"A correction of {CORRECTED[1]} …")
            _correct(folder, user, publisher)
        self.stdout.write(f"{make_demo_practices()} practices …")


def _import(paths: list[Path], user: User, now: dt.datetime, *, demo: bool = True) -> None:
    import_files(files=[FileToImport.at(path) for path in paths], by=user, now=now, is_demo=demo, accept_warnings=True)


def _publish(year: int, paths: list[Path], user: User, publisher: User) -> None:
    _import(paths, user, dt.datetime(year, 9, 15, 10, tzinfo=dt.UTC))
    note_da, note_en = NOTES.get(year, ("", ""))
    now = dt.datetime(year, 10, 1, 8, tzinfo=dt.UTC)
    edition = prepare_edition(year=year, by=user, now=now, note_da=note_da, note_en=note_en)
    publish(edition=edition, by=publisher, now=now)


def _publish_heard(folder: Path, year: int, paths: list[Path], user: User, publisher: User) -> None:
    """The newest edition was heard before it was published."""
    _import(paths, user, dt.datetime(year, 8, 10, 10, tzinfo=dt.UTC))
    note_da, note_en = NOTES.get(year, ("", ""))
    edition = heard_edition(folder=folder, year=year, note_da=note_da, note_en=note_en, by=user)
    publish(edition=edition, by=publisher, now=dt.datetime(year, 10, 1, 8, tzinfo=dt.UTC))


def _correct(folder: Path, user: User, publisher: User) -> None:
    now = dt.datetime(CORRECTED[1], 11, 20, 8, tzinfo=dt.UTC)
    _import([write_correction_file(folder)], user, now)
    revision = correct_edition(year=CORRECTED[1], reason=REASON, reason_en=REASON_EN, by=user, now=now)
    publish(edition=revision, by=publisher, now=now)
