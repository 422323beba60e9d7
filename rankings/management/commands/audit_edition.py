"""manage.py audit_edition: look over the editions that were published before there were audits."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from rankings.services.auditing import audit_the_rest


class Command(BaseCommand):
    """Look over what was never looked over. Does nothing where all editions have been."""

    help = "Audit every public edition that has no audit (those computed since have theirs)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Audit and say which."""
        audited = audit_the_rest(now=timezone.now())
        self.stdout.write(f"Audited: {', '.join(map(str, audited)) or 'nothing; every edition has its audit'}.")
