"""manage.py make_roles: write the roles of portal.operating.roles as groups. Run after every migrate."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.operating.roles import make_roles


class Command(BaseCommand):
    """Make or mend the roles."""

    help = "Write the roles and their permissions (docs/permissions.md) as groups. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them and say how many permissions each has."""
        for group in make_roles():
            self.stdout.write(f"{group.name}: {group.permissions.count()} permissions")
