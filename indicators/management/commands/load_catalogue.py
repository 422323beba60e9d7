"""manage.py load_catalogue: the shipped catalogue into an empty site; on a living one what differs is told."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from indicators.services.catalogue import differences, load_catalogue


class Command(BaseCommand):
    """Load municipalities, areas, themes and indicators. Idempotent; never overwrites what people changed."""

    help = "Seed an empty site with the catalogue shipped with the code. On a living site nothing of it is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the one option."""
        parser.add_argument(
            "--accept-changes",
            action="store_true",
            help="take the shipped areas, themes and indicators over, but for what was changed here by a proposal",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then say what was added or changed, and what is otherwise than shipped."""
        changes = load_catalogue(accept_changes=options["accept_changes"])
        changed = [change for change in changes if change.field]
        for change in changed:
            self.stdout.write(str(change))
        self.stdout.write(f"Catalogue: {len(changes) - len(changed)} added, {len(changed)} changed.")
        if others := differences():
            for change in others:
                self.stdout.write(f"  otherwise than shipped: {change}")
            self.stdout.write(
                f"{len(others)} texts or rows are otherwise than shipped; they were left as they are. "
                "--accept-changes takes the shipped ones over."
            )
