"""One click takes an upload back: what it superseded holds again, exactly as it was."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.models import Action, Measurement, Upload, UploadState
from indicators.surveys.models import Wave

from .apply import lock_figures
from .compare import examine
from .log import name_of, record
from .receive import UploadError

log = logging.getLogger(__name__)

_NAMED = 5
"""So many cells are named; the rest are counted."""
CellKey = tuple[str, int, str]
"""Indicator code, year, municipality code."""


@transaction.atomic
def take_back_upload(*, upload: Upload, by: User, now: dt.datetime, reason: str, origin: str = "") -> int:
    """Undo what an upload wrote and let the figures it superseded hold again; return how many it had written.

    Later uploads that touched other cells stay as they are. Raises UploadError, naming upload and cells, where a later
    one stands on the same cells (changed them, or said the same), and without a reason, which the log keeps. The
    withdrawn rows stay in the history. A published edition keeps its figures.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != UploadState.APPLIED:
        message = _("%(file)s er %(state)s. Kun en indlæst fil kan tages tilbage.")
        raise UploadError(message % {"file": upload.name, "state": upload.get_state_display()})
    if not reason.strip():
        raise UploadError(_("Skriv, hvorfor indlæsningen tages tilbage. Det bliver stående i loggen."))
    lock_figures()
    _refuse_changed_later(upload)
    _refuse_confirmed_later(upload, now)
    withdrawn = Measurement.objects.current().from_upload(upload).update(is_current=False)
    restored = upload.superseded_measurements.update(is_current=True, superseded_by=None)
    upload.state, upload.taken_back_by, upload.taken_back_at = UploadState.TAKEN_BACK, by, now
    upload.save(update_fields=["state", "taken_back_by", "taken_back_at"])
    Wave.objects.filter(upload=upload).update(upload=None)
    record(
        action=Action.UPLOAD_TAKEN_BACK,
        what=name_of(upload),
        by=by,
        now=now,
        origin=origin,
        details={"withdrawn": withdrawn, "restored": restored, "reason": reason.strip()},
    )
    log.info("Upload %s (%s) taken back by %s: %d withdrawn", upload.pk, upload.name, by, withdrawn)
    return withdrawn


def _refuse_changed_later(upload: Upload) -> None:
    rows = (
        Measurement.objects.from_upload(upload)
        .filter(superseded_by__isnull=False)
        .order_by("indicator__code", "year", "municipality__sort_key")
        .values_list("superseded_by", "indicator__code", "year", "municipality__name")
    )
    cells: dict[int, list[CellKey]] = defaultdict(list)
    for later, code, year, name in rows:
        cells[later or 0].append((code, year, name))
    if cells:
        message = _(
            "%(file)s kan ikke tages tilbage, for de samme tal er ændret senere: %(told)s. Tag den seneste først."
        )
        raise UploadError(message % {"file": upload.name, "told": _told(cells)})


def _refuse_confirmed_later(upload: Upload, now: dt.datetime) -> None:
    """A later file that says the same as this one wrote nothing, but stands on it: taking it away would change both."""
    own = {
        (code, year, municipality): name
        for code, year, municipality, name in Measurement.objects.current()
        .from_upload(upload)
        .values_list("indicator__code", "year", "municipality__code", "municipality__name")
    }
    pairs = {(code, year) for code, year, _municipality in own}
    cells: dict[int, list[CellKey]] = defaultdict(list)
    at = upload.applied_at
    after = Q(applied_at__gt=at) | Q(applied_at=at, pk__gt=upload.pk)
    for later in Upload.objects.applied().filter(after):
        if not later.report.get("unchanged") or pairs.isdisjoint(map(tuple, later.report.get("pairs", []))):
            continue
        for cell in examine(later, now=now).reading.cells:
            key = (cell.indicator, cell.year, cell.municipality)
            if key in own:
                cells[later.pk].append((cell.indicator, cell.year, own[key]))
    if cells:
        message = _(
            "%(file)s kan ikke tages tilbage, for en senere fil siger det samme: %(told)s. Tag den tilbage først."
        )
        raise UploadError(message % {"file": upload.name, "told": _told(cells)})


def _told(cells: dict[int, list[CellKey]]) -> str:
    names = {upload.pk: upload.name for upload in Upload.objects.filter(pk__in=cells)}
    return "; ".join(
        _("»%(file)s« (indberetning %(number)d): %(cells)s")
        % {"file": names[pk], "number": pk, "cells": _named(touched)}
        for pk, touched in cells.items()
    )


def _named(cells: Iterable[CellKey]) -> str:
    listed = [f"{municipality}, {indicator} {year}" for indicator, year, municipality in cells]
    more = len(listed) - _NAMED
    named = "; ".join(listed[:_NAMED])
    return named if more <= 0 else _("%(named)s og %(more)d til") % {"named": named, "more": more}
