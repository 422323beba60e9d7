"""Files of the register as somebody fills them in, brought and approved by two people."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from django.contrib.auth.models import User

from indicators.models import Upload
from indicators.provisions.models import Delivery, Registration, Table
from indicators.provisions.services.delivering import Written, approve_delivery, deliver
from indicators.services.receive import FileToImport
from indicators.upload.checks import Severity
from tests.filled_in import publisher, steward

NOW = dt.datetime(2031, 3, 1, 9, tzinfo=dt.UTC)
TODAY = NOW.date()
SOURCE = "Prøvens register"
HEADS = {
    Table.PROVISIONS: "tilbudsid;navn;form;kommune;breddegrad;længdegrad;tilbudstype;beskyttet;status;kontrolleret",
    Table.DEPARTMENTS: "tilbudsid;afdelingsid;navn",
    Table.CAPACITY: "tilbudsid;afdelingsid;pulje;paragraf;pladser;alder fra;alder til;gælder fra",
    Table.TARGET_GROUPS: "tilbudsid;afdelingsid;målgruppe",
    Table.LEVELS: "tilbudsid;niveau;ifølge;dato",
    Table.INSPECTIONS: "tilbudsid;dato;sundhed og trivsel;reaktion",
    Table.USAGE: "tilbudsid;kommune;år;personer",
    Table.VACANCIES: "tilbudsid;målgruppe;ledige pladser;dato",
    Table.ASSERTIONS: "tilbudsid;felt;værdi;kilde;kontrolleret",
    Table.GROUP_SIZES: "målgruppe;kommune;år;personer;kilde",
}


def file_of(table: Table, *rows: str) -> FileToImport:
    """A CSV file with the table's head and these rows."""
    return FileToImport(f"{table}.csv", "\r\n".join((HEADS[table], *rows, "")).encode("utf-8-sig"))


def brought(table: Table, *rows: str, source: str = SOURCE, by: User | None = None, now: dt.datetime = NOW) -> Delivery:
    """Bring a file; it is checked and not written."""
    return deliver(file=file_of(table, *rows), table=table, source=source, by=by or steward(), now=now)


def accepted(delivery: Delivery) -> dict[str, str]:
    """A reason for each warning."""
    found = delivery.upload.report.get("findings", [])
    return {each["key"]: "Det passer." for each in found if each["severity"] == Severity.WARNING}


def written(table: Table, *rows: str, source: str = SOURCE, now: dt.datetime = NOW) -> Written:
    """Bring a file and have somebody else approve it."""
    delivery = brought(table, *rows, source=source, now=now)
    return approve_delivery(delivery=delivery, accepted=accepted(delivery), by=publisher(), now=now)


def refusals(delivery: Delivery) -> list[tuple[str, int | None, str | None]]:
    """What was refused: rule, row, column."""
    found = delivery.upload.report["findings"]
    return [(each["rule"], each["row"], each["column"]) for each in found if each["severity"] == "refusal"]


def service(number: str, *, name: str = "Prøven", where: str = "Struer", rest: str = ";;;;i drift;2031-02-01") -> str:
    """A row of the table of services."""
    return f"{number};{name};kommunal;{where};{rest}"


def registered(number: str) -> Registration:
    """What holds of a service."""
    return Registration.objects.current().get(provision__number=number)


def stored_file(upload: Upload) -> Path:
    """Where an upload's file lies."""
    return Path(upload.file.path)


def numbers_of(rows: Sequence[object]) -> list[str]:
    """The numbers of services."""
    return [str(getattr(row, "number")) for row in rows]  # noqa: B009
