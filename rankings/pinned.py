"""What the database shows: the catalogue as it was when an edition was published, or the site as if a draft were."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.db import DatabaseError, connection, connections, router, transaction

from rankings.models import Edition, EditionState
from rankings.models.editions import WAS_PUBLIC

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
