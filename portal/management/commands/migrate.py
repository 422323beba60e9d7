"""manage.py migrate: Django's, but it waits for no lock longer than a moment, so readers never queue behind it."""

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import OperationalError, connections

LOCK_TIMEOUT, TRIES, PAUSE = "3s", 10, 2.0  # a migration that gets no lock steps aside and tries again


class Command(DjangosMigrate):
    """Migrate under load."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate with a lock_timeout, again where a lock is taken. Raises CommandError at last."""
        connection = connections[options["database"]]
        for left in reversed(range(TRIES)):
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if "lock timeout" not in str(error):
                    raise
                connection.close()
                if not left:
                    msg = "Another transaction held its lock all the time. Nothing half-done remains; try again later."
                    raise CommandError(msg) from error
                self.stderr.write(f"A lock is taken; trying again ({left} tries left).")
                time.sleep(PAUSE)
            else:
                break
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
        if not (options["app_label"] or options["plan"] or options["check_unapplied"]):
            call_command("createcachetable", database=options["database"], verbosity=0)  # wrong codes are counted there
