"""manage.py fetch_figures: figures from the publishers, as uploads that wait to be applied."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.services.log import acting_user
from indicators.sources.answers import NoNetworkError, SourceError
from indicators.sources.models import Fetch, FetchState
from indicators.sources.recipes import Recipe, RecipeBook, recipes_of_the_catalogue
from indicators.sources.services import Round, apply_what_nothing_speaks_against, begin_round, fetch, preview


class Command(BaseCommand):
    """Fetch by recipe."""

    help = "Fetch figures from the publishers. They wait as uploads until somebody applies them."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to fetch, of which year, and how far to go."""
        parser.add_argument("--indicator", nargs="+", default=[], metavar="CODE", help="these indicators only")
        parser.add_argument("--source", default="", metavar="NAME", help="one publisher's only, as statbank")
        parser.add_argument("--year", type=int, help="the year of the figures; without it the newest there is")
        parser.add_argument("--dry-run", action="store_true", help="ask and compare, store nothing")
        parser.add_argument("--apply", action="store_true", help="have the robot apply what nothing speaks against")
        parser.add_argument("--by", default="", help="user name; without it the account of the command line")

    def handle(self, *args: Any, **options: Any) -> None:
        """One recipe after the other; a line for each. Fails where the publisher cannot be reached or one failed."""
        recipes = chosen(recipes_of_the_catalogue(), options["indicator"], options["source"])
        around = begin_round()
        failed = 0
        with around.collector:
            for recipe in recipes:
                try:
                    line, good = self._one(around, recipe, options)
                except NoNetworkError as error:
                    raise CommandError(str(error)) from error
                failed += not good
                self.stdout.write(f"{recipe.indicator}: {line}")
        if failed:
            msg = f"{failed} of {len(recipes)} could not be fetched; nothing of them was stored."
            raise CommandError(msg)

    def _one(self, around: Round, recipe: Recipe, options: dict[str, Any]) -> tuple[str, bool]:
        now = timezone.now()
        if recipe.waits_for:
            return f"waits. {recipe.waits_for}", True
        if options["dry_run"]:
            try:
                found = preview(around, recipe=recipe, year=options["year"], now=now)
            except NoNetworkError:
                raise
            except SourceError as error:
                return str(error), False
            doubts = "".join(f"\n  {doubt.text}" for doubt in found.making.doubts)
            return (
                f"{found.making.year}: {found.added} new, {len(found.changed)} changed, {found.unchanged} as before, "
                f"updated {found.making.updated or '?'}{doubts}"
            ), True
        row = fetch(around, recipe=recipe, year=options["year"], by=acting_user(options["by"]), now=now)
        applied = options["apply"] and apply_what_nothing_speaks_against(fetched=row, now=now)
        return in_one_line(row, applied=applied), row.state != FetchState.FAILED


def chosen(book: RecipeBook, codes: list[str], source: str) -> list[Recipe]:
    """The recipes that were asked for. Raises CommandError for a name that nobody has."""
    if unknown := [code for code in codes if code not in book.recipes]:
        msg = f"There is no recipe for {', '.join(unknown)}. There are: {', '.join(book.recipes)}."
        raise CommandError(msg)
    if source and source not in book.publishers:
        msg = f"There is no publisher {source!r}. There are: {', '.join(book.publishers)}."
        raise CommandError(msg)
    return [
        recipe
        for code, recipe in book.recipes.items()
        if (not codes or code in codes) and source in {"", recipe.publisher}
    ]


def in_one_line(row: Fetch, *, applied: bool = False) -> str:
    """What came of a fetch."""
    if row.state == FetchState.FAILED:
        return row.message
    trial = f" (trial figures, from {row.host})" if row.is_trial else ""
    if row.state == FetchState.UNCHANGED or row.upload is None:
        return f"{row.year}: nothing new{trial}"
    doubts = "".join(f"\n  {doubt['text']}" for doubt in row.doubts)
    state = "applied" if applied else f"upload {row.upload.pk} waits ({row.upload.get_state_display()})"
    return f"{row.year}: {state}{trial}{doubts}"
