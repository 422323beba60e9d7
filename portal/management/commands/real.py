"""manage.py real: a site of real figures: catalogue, everything that can be fetched, and a draft of the registers."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from indicators.models import Measurement
from indicators.sources.answers import NoNetworkError, SourceError
from indicators.sources.management.commands.fetch_figures import in_one_line
from indicators.sources.models import Fetch
from indicators.sources.recipes import Recipe
from indicators.sources.services import Round, apply_what_nothing_speaks_against, begin_round, fetch, robot
from rankings.models import Edition
from rankings.services.computing import EditionError
from rankings.services.editions import prepare_register_edition


class Command(BaseCommand):
    """Set the site up without demo data. May be run again: what is here already is not fetched anew."""

    help = "Set up a site of real figures: catalogue, every recipe fetched, a draft of the registers. Needs a network."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *_args: Any, **_options: Any) -> None:
        """First see whether the publishers can be reached: without them nothing is touched, not even the tables."""
        around = begin_round()
        with around.collector:
            recipes = [recipe for recipe in around.book.recipes.values() if not recipe.waits_for]
            _see_that_they_answer(around, recipes)
            call_command("migrate", verbosity=0)
            call_command("load_catalogue", stdout=self.stdout)
            _refuse_invented(around, recipes)
            rows = [self._one(around, recipe) for recipe in recipes]
        self._sum_up(rows, self._draft())

    def _one(self, around: Round, recipe: Recipe) -> Fetch:
        now = timezone.now()
        try:
            row = fetch(around, recipe=recipe, by=robot(), now=now)
        except NoNetworkError as error:
            msg = f"{error} What was fetched is kept; run it again."
            raise CommandError(msg) from error
        applied = apply_what_nothing_speaks_against(fetched=row, now=now)
        self.stdout.write(f"{recipe.indicator}: {in_one_line(row, applied=applied)}")
        return row

    def _draft(self) -> Edition | None:
        now = timezone.now()
        try:
            return prepare_register_edition(year=now.year, by=robot(), now=now)
        except EditionError as error:
            self.stdout.write(str(error))
            return None

    def _sum_up(self, rows: list[Fetch], edition: Edition | None) -> None:
        waiting = Fetch.objects.waiting().count()
        failed = sum(row.state == "failed" for row in rows)
        self.stdout.write(f"{len(rows)} recipes: {failed} failed, {waiting} uploads wait for a person.")
        if edition is not None:
            self.stdout.write(f"Draft {edition.release}. {edition.note_en}")
        if any(row.is_trial for row in rows):
            self.stdout.write("These are trial figures: they did not come from the publishers' own hosts.")


def _see_that_they_answer(around: Round, recipes: list[Recipe]) -> None:
    """One question to each publisher. Raises CommandError, in one line, where one cannot be reached."""
    for name in dict.fromkeys(recipe.publisher for recipe in recipes):
        first = next(recipe for recipe in recipes if recipe.publisher == name)
        try:
            around.describe(around.publisher(name), first.tables[0])
        except NoNetworkError as error:
            msg = f"{error} Nothing was changed."
            raise CommandError(msg) from error
        except SourceError:
            continue  # it answers, if only to say no: the fetch will tell


def _refuse_invented(around: Round, recipes: list[Recipe]) -> None:
    real = any(around.publisher(recipe.publisher).is_declared for recipe in recipes)
    if real and Measurement.objects.are_invented():
        msg = "This site has invented figures, and real ones are never laid beside them. Use another database."
        raise CommandError(msg)
