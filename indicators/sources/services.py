"""Fetching: ask, keep the answers, make a file, hand it in as an upload. Nothing is applied unseen.

The publisher is asked outside of any transaction; what came of it is then written in one.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, QuerySet

from indicators.models import Indicator, Measurement, Municipality, Upload, UploadState
from indicators.services.apply import apply_upload
from indicators.services.check import check_upload
from indicators.services.receive import FileToImport, SameFileError, UploadError, receive_upload
from indicators.sources.recipes import recipes_of_the_catalogue
from indicators.upload.messages import _

from .answers import NoNetworkError, RawAnswer, SourceError
from .collecting import Collector, Patience, Publisher
from .making import Doubt, Making, as_file, make, stale
from .models import ConfirmedRecipe, Fetch, FetchState, Seen, SourceAnswer, SourceTable
from .publishers import Description, client_of
from .recipes import Recipe, RecipeBook, newest_year

ROBOT = "hentning"
"""The account that applies what nothing speaks against. Nobody can sign in with it."""
EYES = 2
"""So many people must have looked at what the robot applied before an edition that stands on it is published."""
TRIAL = "Prøvetal, ikke kildens: "


@dataclass
class Round:
    """One round of asking: one collector, so that a table that several recipes need is asked for once."""

    book: RecipeBook
    collector: Collector
    urls: Mapping[str, str] = field(default_factory=dict)
    described: dict[tuple[str, str], Description] = field(default_factory=dict)

    def publisher(self, name: str) -> Publisher:
        """A publisher as the settings would have it asked."""
        return self.book.asked(
            name,
            url=self.urls.get(name) or settings.SOURCE_URLS.get(name, ""),
            key=settings.SOURCE_KEYS.get(name, ""),
            pause=settings.SOURCES_PAUSE,
        )

    def describe(self, publisher: Publisher, table: str) -> Description:
        """What a table has in it; asked once in a round."""
        key = (publisher.name, table)
        if key not in self.described:
            self.described[key] = client_of(publisher).describe(self.collector, publisher, table)
        return self.described[key]


def begin_round(urls: Mapping[str, str] | None = None) -> Round:
    """A round by the catalogue's recipes and the settings, to be closed (`with around.collector`).

    ``urls`` has publishers asked elsewhere than the settings say, by name: the demo's stand-in.
    """
    collector = Collector(Patience(whole=settings.SOURCES_TIMEOUT))
    return Round(recipes_of_the_catalogue(), collector, dict(urls or {}))


@dataclass(frozen=True)
class Preview:
    """What a fetch would bring: `making`, and how it differs from what is stored, without anything being written.

    `changed` are the figures that would be others, by municipality code: what is stored, and what the publisher has.
    Each is a value, or None where it is missing.
    """

    making: Making
    added: int
    changed: Mapping[str, tuple[float | None, float | None]]
    unchanged: int


def preview(around: Round, *, recipe: Recipe, year: int | None = None, now: dt.datetime) -> Preview:
    """Ask for a recipe's figures and compare. Raises SourceError; writes nothing."""
    making = _make(around, recipe, year, now)
    stored = _stored(recipe.indicator, making.year)
    now_there = {each.municipality: (each.value, str(each.missing or ""), each.provisional) for each in making.figures}
    added = sum(code not in stored for code in now_there)
    changed = {
        code: (stored[code][0], figure[0])
        for code, figure in now_there.items()
        if code in stored and stored[code][:3] != figure
    }
    return Preview(making, added, changed, len(now_there) - added - len(changed))


def fetch(
    around: Round, *, recipe: Recipe, year: int | None = None, by: User, now: dt.datetime, said: str = ""
) -> Fetch:
    """Fetch an indicator's figures of a year (the newest without one) and hand them in as an upload that waits.

    What goes wrong is kept as a failed fetch with its reason; then nothing else is stored. ``said`` is written in front
    of the notes of invented figures. Raises NoNetworkError where the publisher cannot be reached at all.
    """
    try:
        making = _make(around, recipe, year, now)
    except NoNetworkError:
        raise
    except SourceError as error:
        return _failed(around, recipe, year or now.year, str(error), by=by, now=now)
    try:
        return _keep(around, making, by=by, now=now, said=said)
    except UploadError as error:
        return _failed(around, recipe, making.year, str(error), by=by, now=now)


def _make(around: Round, recipe: Recipe, year: int | None, now: dt.datetime) -> Making:
    if recipe.waits_for:
        raise SourceError(_("Opskriften venter: %(why)s", why=recipe.waits_for))
    publisher = around.publisher(recipe.publisher)
    described = {table: around.describe(publisher, table) for table in recipe.tables}
    chosen = year if year is not None else newest_year(recipe, described, up_to=now.year)
    if chosen is None:
        tables = ", ".join(recipe.tables)
        raise SourceError(_("%(tables)s har ingen periode, som opskriften kan bruge.", tables=tables))
    names = dict(Municipality.objects.order_by("code").values_list("code", "name"))
    making = make(
        recipe,
        year=chosen,
        publisher=publisher,
        collector=around.collector,
        described=described,
        municipalities=names,
        place_names=around.book.places[recipe.publisher],
    )
    doubts = [*making.doubts, *_other_texts(recipe, making, publisher.host)]
    before = {
        code: figure[0] for code, figure in _stored(recipe.indicator, chosen - 1).items() if figure[0] is not None
    }
    if old := stale(making.figures, before):
        doubts.append(old)
    return replace(making, doubts=tuple(doubts))


def _other_texts(recipe: Recipe, making: Making, host: str) -> list[Doubt]:
    """Codes whose words at this host are no longer those that were there when the recipe was confirmed."""
    same = {"indicator__code": recipe.indicator, "recipe": fingerprint(recipe), "fetch__host": host}
    confirmed = ConfirmedRecipe.objects.filter(**same).first()
    known: Mapping[str, str] = confirmed.texts if confirmed else {}
    return [
        Doubt(
            "changed_texts",
            _("%(code)s hed »%(old)s« og hedder nu »%(new)s«.", code=code, old=known[code], new=text),
        )
        for code, text in making.texts.items()
        if code in known and known[code] != text
    ]


Stored = tuple[float | None, str, bool, bool]
"""A stored figure: value, kind of missing, provisional, invented."""


def _stored(indicator: str, year: int) -> dict[str, Stored]:
    rows = Measurement.objects.current().filter(indicator__code=indicator, year=year)
    values = rows.values_list("municipality__code", "value", "missing", "provisional", "upload__is_demo")
    return {code: (value, missing, provisional, demo) for code, value, missing, provisional, demo in values}


def fingerprint(recipe: Recipe) -> str:
    """A checksum of a recipe: a changed one is another, and unconfirmed. Words that are only shown do not count."""
    plain = asdict(replace(recipe, notes=(), waits_for=""))
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=dict).encode()).hexdigest()


@transaction.atomic
def _keep(around: Round, making: Making, *, by: User, now: dt.datetime, said: str) -> Fetch:
    publisher = around.publisher(making.recipe.publisher)
    trial = not publisher.is_declared
    names = dict(Municipality.objects.values_list("code", "name"))
    content = as_file(making, names, publisher=publisher, said=said or (TRIAL if trial else ""))
    row = _row(around, making.recipe, making.year, by=by, now=now)
    row.updated, row.texts = making.updated[:40], dict(making.texts)
    row.notes = [*making.recipe.notes, *making.notes]
    row.doubts = [
        {"rule": d.rule, "text": str(d.text), "municipalities": list(d.municipalities)} for d in making.doubts
    ]
    upload = (
        None if _says_what_is_known(making, trial=trial) else _hand_in(making, content, trial=trial, by=by, now=now)
    )
    row.state, row.upload = (FetchState.UNCHANGED if upload is None else FetchState.FETCHED), upload
    row.save()
    row.answers.set([_answer(answer, now) for answer in making.answers])
    for table in making.recipe.tables:
        _note_table(publisher, around.described[publisher.name, table], now)
    if not any(doubt.rule in {"other_words", "changed_texts"} for doubt in making.doubts):
        _confirm(row, making)
    return row


def _says_what_is_known(making: Making, *, trial: bool) -> bool:
    """Whether every figure is stored already, and is as real: then there is nothing to hand in."""
    stored = _stored(making.recipe.indicator, making.year)
    return bool(stored) and all(
        stored.get(each.municipality) == (each.value, str(each.missing or ""), each.provisional, trial)
        for each in making.figures
    )


def _hand_in(making: Making, content: bytes, *, trial: bool, by: User, now: dt.datetime) -> Upload | None:
    """The file becomes an upload, checked and waiting; None where the very same file is here already."""
    name = f"{making.recipe.indicator}-{making.year}-{'-'.join(making.recipe.tables)}.csv"
    try:
        upload = receive_upload(file=FileToImport(name, content), by=by, now=now, is_demo=trial)
    except SameFileError:
        return None
    return check_upload(upload=upload, by=by, now=now)


def _failed(around: Round, recipe: Recipe, year: int, why: str, *, by: User, now: dt.datetime) -> Fetch:
    row = _row(around, recipe, year, by=by, now=now)
    row.state, row.message = FetchState.FAILED, why
    row.save()
    return row


def _row(around: Round, recipe: Recipe, year: int, *, by: User, now: dt.datetime) -> Fetch:
    publisher = around.publisher(recipe.publisher)
    return Fetch(
        indicator=Indicator.objects.get(code=recipe.indicator),
        year=year,
        publisher=publisher.name,
        tables=", ".join(recipe.tables)[:200],
        host=publisher.host[:200],
        declared_host=urlsplit(publisher.declared_url).netloc[:200],
        is_trial=not publisher.is_declared,
        asked_by=by,
        asked_at=now,
    )


def _answer(answer: RawAnswer, now: dt.datetime) -> SourceAnswer:
    sha256 = hashlib.sha256(answer.content).hexdigest()
    name = f"answers/{sha256}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(answer.content))
    kept = SourceAnswer(
        sha256=sha256,
        size=len(answer.content),
        content_type=answer.content_type[:100],
        publisher=answer.publisher,
        method=answer.method,
        url=answer.url[:500],
        question=answer.body,
        received_at=now,
    )
    kept.file.name = name
    kept.save()
    return kept


def _confirm(row: Fetch, making: Making) -> None:
    """A recipe is confirmed by the publisher; a trial confirms it only where nothing better has."""
    known = ConfirmedRecipe.objects.filter(indicator=row.indicator, recipe=fingerprint(making.recipe)).first()
    if known is not None and row.is_trial and not known.fetch.is_trial:
        return
    values = {
        "recipe": fingerprint(making.recipe),
        "texts": dict(making.texts),
        "fetch": row,
        "confirmed_at": row.asked_at,
    }
    ConfirmedRecipe.objects.update_or_create(indicator=row.indicator, defaults=values)


def _note_table(publisher: Publisher, described: Description, now: dt.datetime, problem: str = "") -> None:
    values = {
        "title": described.title[:300],
        "updated": described.updated[:40],
        "newest_period": list(described.time.values)[-1][:20],
        "looked_at": now,
        "problem": problem,
    }
    SourceTable.objects.update_or_create(publisher=publisher.name, table=described.table[:100], defaults=values)


@transaction.atomic
def look(around: Round, *, recipes: Sequence[Recipe], now: dt.datetime) -> list[str]:
    """Look at the tables of some recipes, without their figures; return the indicators with something new there.

    New is a table whose `updated` is another than that of the last fetch that it came with, or that was never fetched.
    """
    for publisher, table in dict.fromkeys((recipe.publisher, table) for recipe in recipes for table in recipe.tables):
        asked = around.publisher(publisher)
        try:
            _note_table(asked, around.describe(asked, table), now)
        except NoNetworkError:
            raise
        except SourceError as error:
            values = {"looked_at": now, "problem": str(error)}
            SourceTable.objects.update_or_create(publisher=publisher, table=table, defaults=values)
    return [recipe.indicator for recipe in recipes if not recipe.waits_for and is_new(recipe)]


def is_new(recipe: Recipe) -> bool:
    """Whether a publisher has updated one of a recipe's tables since it was last fetched, as far as was looked."""
    tables = SourceTable.objects.filter(publisher=recipe.publisher, table__in=recipe.tables, problem="")
    last = (
        Fetch.objects.filter(indicator__code=recipe.indicator).exclude(state=FetchState.FAILED).newest_first().first()
    )
    return any(last is None or table.updated > last.updated for table in tables)


@transaction.atomic
def apply_what_nothing_speaks_against(*, fetched: Fetch, now: dt.datetime) -> bool:
    """Have the robot apply a fetch without a doubt whose file was checked without a warning; whether it did."""
    upload = fetched.upload
    if fetched.state != FetchState.FETCHED or fetched.doubts or upload is None or not _is_clean(upload):
        return False
    apply_upload(upload=upload, by=robot(), now=now)
    return True


def _is_clean(upload: Upload) -> bool:
    return upload.state == UploadState.CHECKED and not upload.report.get("finding_counts", {}).get("warning")


def robot() -> User:
    """The account "hentning"."""
    account, created = get_user_model().objects.get_or_create(username=ROBOT)
    if created:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    return account


def mark_seen(*, upload: Upload, by: User, now: dt.datetime) -> None:
    """Note that a person has looked at an upload; the robot is none."""
    if by.username != ROBOT:
        Seen.objects.get_or_create(upload=upload, by=by, defaults={"at": now})


def unseen_by(person: User) -> QuerySet[Fetch]:
    """The fetches whose figures the robot applied, that fewer than two people have looked at and ``person`` has not."""
    applied = Upload.objects.filter(applied_by__username=ROBOT).exclude(seen__by=person)
    few = applied.annotate(eyes=Count("seen")).filter(eyes__lt=EYES)
    return Fetch.objects.filter(state=FetchState.FETCHED, upload__in=few).order_by("pk")


def too_few_eyes(uploads: Sequence[int]) -> list[Upload]:
    """Of some uploads those that the robot applied and fewer than two people have looked at."""
    applied = Upload.objects.filter(pk__in=uploads, applied_by__username=ROBOT).prefetch_related("seen").order_by("pk")
    return [upload for upload in applied if len(upload.seen.all()) < EYES]
