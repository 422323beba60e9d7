"""The site as it would be if an open edition were public, for those who prepare it. Nothing of it is ever written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from rankings.models import Edition, EditionState

_shown: ContextVar[int | None] = ContextVar("previewed", default=None)
_PUBLIC = {
    "state": "CASE WHEN id = {pk} THEN 'published' "
    "WHEN year = {year} AND state = 'published' THEN 'corrected' ELSE state END",
    "published_at": "CASE WHEN id = {pk} THEN now() ELSE published_at END",
    "corrected_at": "CASE WHEN year = {year} AND state = 'published' THEN now() ELSE corrected_at END",
}


@contextmanager
def as_if_public(edition: Edition) -> Iterator[None]:
    """Read everything as if a draft had just been published; its predecessor in the year is then corrected.

    A view of this session's own lies before the table of editions, so that every query meets it, also those that are
    not written yet. The transaction is rolled back at the end: whoever else asks sees nothing of it, and whatever
    would be written in here is undone. The draft must be open.
    """
    fields = [field.column for field in Edition._meta.concrete_fields if field.column]
    made = {"pk": int(edition.pk), "year": int(edition.year)}
    columns = ", ".join(f"{_PUBLIC[name].format(**made)} AS {name}" if name in _PUBLIC else name for name in fields)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY VIEW rankings_edition AS SELECT {columns} FROM public.rankings_edition")  # noqa: S608
        token = _shown.set(edition.pk)
        try:
            yield
        finally:
            _shown.reset(token)
            transaction.set_rollback(True)


def previewed() -> int | None:
    """The draft that is shown as if it were public; None on the site that everybody sees."""
    return _shown.get()


def is_previewed(edition: Edition) -> bool:
    """Whether an edition is public only in this preview."""
    return edition.pk == _shown.get() and edition.state == EditionState.PUBLISHED
