"""manage.py warm_up: have every page of the newest edition ready, after a deployment."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from portal.serving.walk import warm_up


class Command(BaseCommand):
    """Render the pages that readers will ask for."""

    help = "Render every page of the newest edition and keep it on the shelf that the processes share."

    def handle(self, *args: Any, **options: Any) -> None:
        """Warm up and say how many pages and seconds it took."""
        start = time.monotonic()
        pages = warm_up(self.stdout.write)
        self.stdout.write(f"{pages} pages ready in {time.monotonic() - start:.0f} s")
