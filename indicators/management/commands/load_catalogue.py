"""manage.py load_catalogue: the shipped catalogue into the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.services import CatalogueError, load_catalogue


class Command(BaseCommand):
    """Load municipalities, areas, themes and indicators. Idempotent."""

    help = "Load the catalogue shipped with the code. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the one option."""
        parser.add_argument(
            "--accept-changes",
            action="store_true",
            help="also change what indicators that already have measurements mean",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Load, then say what was added or changed."""
        try:
            changes = load_catalogue(accept_changes=options["accept_changes"])
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        changed = [change for change in changes if change.field]
        for change in changed:
            self.stdout.write(str(change))
        self.stdout.write(f"Catalogue: {len(changes) - len(changed)} added, {len(changed)} changed.")
