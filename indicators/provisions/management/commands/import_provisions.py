"""manage.py import_provisions TABLE FILE --source WHO --by A [--approved-by B]: a file of the register, four eyes."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from indicators.models import UploadState
from indicators.provisions.models import Delivery, Table
from indicators.provisions.services.delivering import approve_delivery, deliver
from indicators.services.log import acting_user
from indicators.services.receive import FileOnDisk, UploadError


class Command(BaseCommand):
    """Check a file of the register; with a second person's name write it too, all rows or none."""

    help = "Check a file of the register of services; with --approved-by (another person) write it."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, whose it is, who brings it and who approves it."""
        parser.add_argument("table", choices=Table.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="whose statement the file is")
        parser.add_argument("--by", default="", help="user name; without it the account of the command line")
        parser.add_argument("--approved-by", default="", help="another user's name: the file is written")
        parser.add_argument("--accept", default="", help="why the warnings are no mistake")
        parser.add_argument("--demo", action="store_true", help="the services are invented")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, then say what the file gave; a file that is only checked stays, with its report, for the desk."""
        now = timezone.now()
        path = options["file"]
        try:
            delivery = deliver(
                file=FileOnDisk(path.name, path),
                table=Table(options["table"]),
                source=options["source"],
                by=acting_user(options["by"]),
                now=now,
                is_demo=options["demo"],
            )
            self._tell(delivery)
            if options["approved_by"]:
                keys = {each["key"]: options["accept"] for each in delivery.upload.report.get("findings", [])}
                approver = acting_user(options["approved_by"])
                written = approve_delivery(delivery=delivery, accepted=keys, by=approver, now=now)
                self.stdout.write(f"{path.name}: {written}")
        except (UploadError, OSError) as error:
            raise CommandError(str(error)) from error

    def _tell(self, delivery: Delivery) -> None:
        report = delivery.upload.report
        if delivery.upload.state == UploadState.REFUSED:
            told = [report.get("unreadable", "")]
            told += [
                f"række {each['row']}, {each['column']}: {each['reason']} {each['advice']}"
                for each in report.get("findings", [])
                if each["severity"] == "refusal"
            ]
            raise CommandError(f"{delivery.upload.name}: " + "\n".join(line for line in told if line))
        for each in report.get("findings", []):
            self.stdout.write(f"{each['severity']}: {each['reason']} {each['advice']}")
