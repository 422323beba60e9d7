"""Files as people fill them in, made in a test: long CSV with Danish decimals."""

import datetime as dt

from django.contrib.auth.models import User

from indicators.models import Upload
from indicators.services.apply import Applied, import_files
from indicators.services.receive import FileToImport

HEADER = "kode;kommune;indikator;aar;vaerdi;status"
NOW = dt.datetime(2031, 3, 1, 9, tzinfo=dt.UTC)


def long_csv(*rows: str, name: str = "tal.csv") -> FileToImport:
    """Rows as "101;København;b-omgoerelse;2030;12,5;"."""
    return FileToImport(name, "\r\n".join((HEADER, *rows, "")).encode("utf-8-sig"))


def steward() -> User:
    """Somebody who brings files."""
    return User.objects.get_or_create(username="dorte")[0]


def publisher() -> User:
    """Somebody else, who publishes: whoever brought figures cannot alone make them public."""
    return User.objects.get_or_create(username="paula")[0]


def imported(*rows: str, name: str = "tal.csv") -> tuple[Upload, Applied]:
    """Import one file with these rows."""
    return import_files(files=[long_csv(*rows, name=name)], by=steward(), now=NOW, accept_warnings=True)[0]
