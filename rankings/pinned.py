"""The catalogue and the context figures as they were when an edition was published."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.db import DatabaseError, connections, router

from rankings.models import Edition
from rankings.models.editions import WAS_PUBLIC
from rankings.previewed import is_previewed

_kept_by: ContextVar[int | None] = ContextVar("kept_by", default=None)
_ENTER = """
WITH before AS MATERIALIZED (
    SELECT current_setting('search_path') AS path, coalesce(current_setting(%s, true), '') AS said
)
SELECT path, said, set_config('search_path', %s || path, false), set_config(%s, %s, false) FROM before
"""
_LEAVE = "SELECT set_config('search_path', %s, false), set_config(%s, %s, false)"


@contextmanager
def as_published(edition: Edition) -> Iterator[None]:
    """Read names, units, decimals, themes, groups and context figures as they were at the edition's publication.

    Inside, every query for those tables meets the copy that the database made then (migration 0006). A correction
    under way reads what the revision it corrects was published with; a year's first draft reads what holds now, with
    the regions of its year and the changed definitions that begin with it (migration 0014). Read the rows inside: a
    queryset that is evaluated later meets the catalogue of today. Costs two queries.
    """
    keeper = _keeper(edition)
    schema, name, said = ("dated", "year", edition.year) if keeper is None else ("pinned", "edition", keeper)
    setting = f"socialt_indeks.{name}"
    connection = connections[router.db_for_read(Edition)]
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [setting, f"{schema}, ", setting, str(said)])
        path, before, *_set = cursor.fetchone()
    token = _kept_by.set(keeper)
    try:
        yield
    finally:
        _kept_by.reset(token)
        with suppress(DatabaseError), connection.cursor() as cursor:  # a transaction that failed takes them back itself
            cursor.execute(_LEAVE, [path, setting, before])


def kept_by() -> int | None:
    """The edition whose copy is read now; None where it is the catalogue of today."""
    return _kept_by.get()


def _keeper(edition: Edition) -> int | None:
    if not edition.is_open and not is_previewed(edition):  # a draft shown as if it were public has no copy yet
        return edition.pk
    if edition.revision == 1:
        return None
    earlier = Edition.objects.filter(year=edition.year, revision__lt=edition.revision, state__in=WAS_PUBLIC)
    return earlier.order_by("-revision").values_list("pk", flat=True).first()
