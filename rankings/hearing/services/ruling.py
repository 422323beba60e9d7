"""Rulings: what was decided, why, by somebody other than who brought the figure, and what it changed."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.models import Action, Measurement, Upload, UploadState
from indicators.people.services.letters import write_letter
from indicators.services.log import record
from rankings.hearing.models import Flag, FlagState, Outcome, Remark, RemarkKind, Ruling
from rankings.hearing.models.hearings import LONGEST_REASON

from .speaking import HearingError, clean_text


@transaction.atomic
def rule(  # noqa: PLR0913  what, how, why, who
    *,
    remarks: Sequence[Remark] = (),
    flags: Sequence[Flag] = (),
    outcome: Outcome,
    reason: str,
    changes_figure: bool = False,
    upload: Upload | None = None,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> Ruling:
    """Decide remarks and flags together; without either, it is the office's own correction of a figure that was heard.

    ``changes_figure``: a figure is corrected for it, by ``upload`` (which may be named later). Raises HearingError for
    one that has a ruling, was not received or was withdrawn, and where ``by`` brought one of the figures.
    """
    if outcome == Outcome.NOT and (changes_figure or upload):
        raise HearingError(_("Uden medhold rettes intet tal."))
    # A late remark and the flag that stands for it are one question: whoever rules on either rules on both.
    of_remarks, of_flags = Q(pk__in=[one.pk for one in remarks]), Q(pk__in=[one.pk for one in flags])
    locked = list(
        Remark.objects.select_for_update(of=("self",)).filter(of_remarks | Q(flag__in=[one.pk for one in flags]))
    )
    raised = list(Flag.objects.select_for_update(of=("self",)).filter(of_flags | Q(remark__in=locked)))
    for remark in locked:
        if remark.received_at is None or remark.withdrawn_at is not None or remark.ruling_id is not None:
            msg = _("Bemærkning nr. %(number)s er ikke modtaget, er trukket tilbage eller har en afgørelse.")
            raise HearingError(msg % {"number": remark.number or "–"})
    for flag in raised:
        if flag.state != FlagState.RAISED:
            raise HearingError(_("Kun et tal, der er under afklaring, kan afklares."))
    if not (locked or raised or upload):
        raise HearingError(_("Vælg, hvad du afgør, eller den fil, der retter et hørt tal."))
    _refuse_own_figures([*(r.measurement_id for r in locked), *(f.measurement_id for f in raised)], by)
    ruling = Ruling.objects.create(
        outcome=outcome,
        reason=clean_text(reason, LONGEST_REASON, what=_("Begrundelsen")),
        ruled_by=by,
        ruled_at=now,
        changes_figure=changes_figure or upload is not None,
    )
    for remark in locked:
        remark.ruling = ruling
        remark.save(update_fields=["ruling"])
    for flag in raised:
        _end_flag(flag, ruling, now)
    record(
        action=Action.REMARK_RULED if locked else Action.FLAG_RULED,
        what=f"ruling {ruling.pk}",
        by=by,
        now=now,
        origin=origin,
        details={"outcome": str(outcome), "remarks": [one.pk for one in locked], "flags": [one.pk for one in raised]},
    )
    return name_upload(ruling=ruling, upload=upload) if upload else ruling


def _refuse_own_figures(figures: list[int | None], by: User) -> None:
    own = Measurement.objects.filter(pk__in=[key for key in figures if key]).select_related("upload")
    for figure in own:
        if by.pk in {figure.upload.uploaded_by_id, figure.upload.applied_by_id}:
            msg = _("%(who)s har selv indberettet tallet (%(file)s). En anden skal afgøre det.")
            raise HearingError(msg % {"who": by, "file": figure.upload.name})


def _end_flag(flag: Flag, ruling: Ruling, now: dt.datetime) -> None:
    reader, flag.reader_email = flag.reader_email, ""
    flag.state, flag.ruling = FlagState.RULED, ruling
    flag.save(update_fields=["state", "ruling", "reader_email"])
    if reader:
        words = {
            "municipality": flag.municipality,
            "indicator": flag.indicator,
            "outcome": ruling.get_outcome_display(),
        }
        write_letter(
            kind="flag-ruled",
            email=reader,
            subject=_("Afgjort: %(indicator)s i %(municipality)s") % words,
            body=_(
                "Du skrev, at tallet for »%(indicator)s« i %(municipality)s er forkert. Afgørelse: %(outcome)s.\n\n"
                "%(reason)s\n\nDin adresse er slettet hos os, når dette brev er sendt.\n"
            )
            % {**words, "reason": ruling.reason},
            about=f"flag {flag.pk}",
            now=now,
            secret=True,  # so that nothing of the reader is left in the text that is kept
        )


@transaction.atomic
def name_upload(*, ruling: Ruling, upload: Upload) -> Ruling:
    """Say which upload corrected the figures that a ruling changes. Raises HearingError where it holds none of them."""
    ruling = Ruling.objects.select_for_update().get(pk=ruling.pk)
    if not ruling.changes_figure:
        raise HearingError(_("Afgørelsen retter intet tal."))
    upload = Upload.objects.get(pk=upload.pk)
    if upload.state != UploadState.APPLIED:
        raise HearingError(_("%(file)s er ikke indlæst.") % {"file": upload.name})
    for remark in ruling.remarks.select_related("response__organisation", "indicator"):
        brought = Measurement.objects.current().from_upload(upload).filter(indicator=remark.indicator_id)
        if remark.kind != RemarkKind.DEFINITION:
            brought = brought.filter(municipality=remark.response.organisation.municipality_id)
        if not brought.exists():
            msg = _("%(file)s indeholder ikke »%(indicator)s« for %(organisation)s.")
            words = {"indicator": remark.indicator, "organisation": remark.response.organisation}
            raise HearingError(msg % {"file": upload.name, **words})
    ruling.upload = upload
    ruling.save(update_fields=["upload"])
    return ruling
