"""An edition's way: draft → (hearing) → published → corrected by a later revision."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.models import Action, Upload
from indicators.models.measurements import UploadQuerySet
from indicators.services.compare import Progress
from indicators.services.defining import bring_into_force
from indicators.services.log import record
from indicators.sources.services import EYES, too_few_eyes
from rankings.computed import checksum_of
from rankings.hearing.models import Hearing
from rankings.hearing.publication import hindrances, was_not_heard
from rankings.hearing.services.hearings import write_of_withdrawal
from rankings.inputs import inputs_of
from rankings.method import METHOD, METHOD_VERSION
from rankings.models import Criterion, Edition, EditionState, Look, Placement, PressLink
from rankings.pinned import as_published

from .computing import EditionError, compute_edition, explain_later_edition, untold
from .criteria import create_criteria

FIRST_YEAR, LAST_YEAR = 2015, 2100  # the original of 2014 is history, not an edition of ours


class StaleDraftError(EditionError):
    """What would be published is not what was computed, or not what the publisher looked at."""


class FourEyesError(EditionError):
    """Somebody else must publish: this person brought figures that are new in the edition."""


@transaction.atomic
def prepare_edition(
    *,
    year: int,
    by: User,
    now: dt.datetime,
    note_da: str = "",
    note_en: str = "",
    origin: str = "",
    draws: int | None = None,
) -> Edition:
    """Start a year's first revision as a draft, with a criterion for everything that has figures.

    ``draws``: fewer draws for the intervals than the method's, as a demonstration needs; the edition says how many.

    Each indicator takes its newest year with values up to the edition's own. Weights are equal inside
    a theme, themes equal in their area, areas equal in the index.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        msg = _("%(year)d er ikke et udgaveår. Det ligger mellem %(first)d og %(last)d.")
        raise EditionError(msg % {"year": year, "first": FIRST_YEAR, "last": LAST_YEAR})
    if Edition.objects.filter(year=year).exists():
        msg = _("Der er allerede en udgave %(year)d. Ret den, eller fortsæt dens kladde.")
        raise EditionError(msg % {"year": year})
    edition = Edition.objects.create(
        year=year, method_version=METHOD_VERSION, method=_method(draws), note_da=note_da, note_en=note_en
    )
    create_criteria(edition)
    _record(Action.EDITION_PREPARED, edition, by=by, now=now, origin=origin)
    return compute_edition(edition=edition, by=by, now=now)


def _method(draws: int | None) -> dict[str, Any]:
    return METHOD if draws is None else {**METHOD, "robustness": {**METHOD["robustness"], "draws": draws}}


REGISTER_METHOD = f"{METHOD_VERSION}-register"


@transaction.atomic
def prepare_register_edition(*, year: int, by: User, now: dt.datetime, origin: str = "") -> Edition:
    """Start a draft of what the registers alone have: a specification of its own, not that of Socialt Indeks.

    The weighted indicators that have figures are ranked by; all others stand beside them as not collected, without a
    weight. Its share of the whole index is written into its note. Where the year's draft is there, it is renewed.
    """
    edition = Edition.objects.still_open().filter(year=year, registers_only=True, revision=1).first()
    if edition is not None:
        return renew_edition(edition=edition, by=by, now=now, origin=origin)
    if Edition.objects.filter(year=year).exists():
        msg = _("Der er allerede en udgave %(year)d. Ret den, eller fortsæt dens kladde.")
        raise EditionError(msg % {"year": year})
    edition = Edition.objects.create(year=year, method_version=REGISTER_METHOD, method=METHOD, registers_only=True)
    create_criteria(edition)
    _record(Action.EDITION_PREPARED, edition, by=by, now=now, origin=origin)
    return compute_edition(edition=edition, by=by, now=now)


@transaction.atomic
def renew_edition(
    *,
    edition: Edition,
    by: User,
    now: dt.datetime,
    origin: str = "",
    progress: Progress = untold,
    draws: int | None = None,
) -> Edition:
    """Compute an open edition from the figures that hold now. Raises EditionError for a public one.

    A first draft takes each indicator's newest year again, with new indicators; a correction keeps its criteria.
    ``draws``: as many for the intervals from now on, where the demonstration's draft was heard with fewer.
    """
    edition = _open(edition)
    if draws is not None:
        edition.method = _method(draws)
        edition.save(update_fields=["method"])
    if edition.revision == 1:
        Criterion.objects.of(edition).delete()
        create_criteria(edition)
    _record(Action.EDITION_COMPUTED, edition, by=by, now=now, origin=origin)
    return compute_edition(edition=edition, by=by, now=now, progress=progress)


@transaction.atomic
def send_to_hearing(*, edition: Edition, by: User, now: dt.datetime, origin: str = "") -> Edition:
    """Let municipalities and press look at a computed draft by preview links. Raises EditionError for any other."""
    edition = _open(edition)
    if edition.state != EditionState.DRAFT or edition.computed_at is None:
        msg = _("Udgave %(release)s er ikke en beregnet kladde.")
        raise EditionError(msg % {"release": edition.release})
    edition.state = EditionState.HEARING
    edition.save(update_fields=["state"])
    _record(Action.EDITION_SENT_TO_HEARING, edition, by=by, now=now, origin=origin)
    return edition


@transaction.atomic
def delete_draft(*, edition: Edition, reason: str, by: User, now: dt.datetime, origin: str = "") -> None:
    """Delete an edition that was never public, with its placements and links. The log keeps the reason.

    Raises EditionError for a public one, without a reason, and for one that was heard: what was said of it stays.
    """
    edition = _open(edition)
    if not reason.strip():
        raise EditionError(_("Skriv, hvorfor kladden slettes. Det bliver stående i loggen."))
    if Hearing.objects.filter(edition=edition).exists():
        msg = _("Udgave %(release)s har en høring. Det, der er sagt i den, slettes ikke.")
        raise EditionError(msg % {"release": edition.release})
    _record(Action.EDITION_DELETED, edition, by=by, now=now, origin=origin, reason=reason)
    edition.delete()


@transaction.atomic
def look_at_draft(*, edition: Edition, checksum: str, by: User, now: dt.datetime, origin: str = "") -> Look:
    """Note that somebody has looked at a computation of a draft. ``checksum`` is that of what was on the screen.

    Raises EditionError where the draft has been computed anew in the meantime: then it is to be looked at again.
    """
    edition = _open(edition)
    if not edition.checksum or checksum != edition.checksum:
        msg = _("Udgave %(release)s er beregnet igen, siden du så den. Se den nye beregning.")
        raise EditionError(msg % {"release": edition.release})
    seen, is_new = Look.objects.get_or_create(edition=edition, by=by, checksum=checksum, defaults={"at": now})
    if is_new:
        _record(Action.EDITION_SEEN, edition, by=by, now=now, origin=origin)
    return seen


def _open(edition: Edition) -> Edition:
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if not edition.is_open:
        msg = _("Udgave %(release)s er offentliggjort og ændrer sig ikke.")
        raise EditionError(msg % {"release": edition.release})
    return edition


def _record(
    action: Action, edition: Edition, *, by: User, now: dt.datetime, origin: str, reason: str | None = None
) -> None:
    what = f"edition {edition.release}"
    details = {"reason": (edition.reason if reason is None else reason).strip(), "checksum": edition.checksum}
    record(action=action, what=what, by=by, now=now, origin=origin, details=details)


def own_uploads(edition: Edition, user: User) -> list[Upload]:
    """The uploads that a person brought or applied and that are new in this edition: no public one stands on them."""
    return list(new_uploads(edition).filter(Q(uploaded_by=user) | Q(applied_by=user)).order_by("pk"))


def new_uploads(edition: Edition) -> UploadQuerySet:
    """The uploads that an edition stands on and no public one does."""
    placed = Placement.objects.of(edition).filter(upload__isnull=False).values("upload")
    public = Placement.objects.filter(edition__in=Edition.objects.ever_published(), upload__isnull=False)
    return Upload.objects.filter(pk__in=placed).exclude(pk__in=public.values("upload"))


def _refuse_unseen(edition: Edition) -> None:
    """What a publisher's figures were applied without a person's hand, two people must have looked at."""
    if unseen := too_few_eyes([upload.pk for upload in new_uploads(edition)]):
        msg = _("%(count)d af de hentede filer i udgave %(release)s er ikke set af %(eyes)d personer endnu (%(file)s).")
        first = unseen[0].name
        raise FourEyesError(msg % {"count": len(unseen), "release": edition.release, "eyes": EYES, "file": first})


@transaction.atomic
def correct_edition(
    *, year: int, reason: str, by: User, now: dt.datetime, reason_en: str = "", origin: str = ""
) -> Edition:
    """Start a new revision of a published edition, computed from the measurements as they are now.

    English pages show ``reason_en``, and the Danish reason where it is empty.

    Method, weights, goalposts and data years stay those of the published revision.
    """
    if not reason.strip():
        msg = _("En rettelse skal have en begrundelse. Offentligheden ser den.")
        raise EditionError(msg)
    published = to_correct(year)
    if published is None:
        msg = _("Der er ingen offentliggjort udgave %(year)d at rette.")
        raise EditionError(msg % {"year": year})
    if Edition.objects.still_open().filter(year=year).exists():
        msg = _("En rettelse af %(year)d er allerede begyndt. Offentliggør eller slet den først.")
        raise EditionError(msg % {"year": year})
    criteria = list(Criterion.objects.of(published).order_by("pk"))  # the intervals' draws go by this order
    revision = Edition.objects.create(
        year=year,
        revision=1 + max(Edition.objects.filter(year=year).values_list("revision", flat=True)),
        method_version=published.method_version,
        method=published.method,
        reason=reason.strip(),
        reason_en=reason_en.strip(),
        note_da=published.note_da,
        note_en=published.note_en,
    )
    for criterion in criteria:
        criterion.pk, criterion.edition = None, revision
    Criterion.objects.bulk_create(criteria)
    _record(Action.EDITION_CORRECTED, revision, by=by, now=now, origin=origin)
    return compute_edition(edition=revision, by=by, now=now)


def to_correct(year: int) -> Edition | None:
    """What a correction of a year begins with: the revision that is public, else the one that was withdrawn last."""
    every = Edition.objects.filter(year=year)
    return every.published().first() or every.withdrawn().newest_first().first()


@transaction.atomic
def publish_edition(
    *,
    edition: Edition,
    by: User,
    now: dt.datetime,
    origin: str = "",
    seen: str | None = None,
    unheard_because: str = "",
) -> Edition:
    """Make what was computed public, in one transaction: readers see the old edition or the new one.

    Where anything that went into it has changed since it was computed, it is computed once more, and refused
    (StaleDraftError) where that gives anything else than what lay there to be looked at. ``seen`` is the sum that the
    publisher looked at; the desk always gives it, and another is refused; None: from the command line, where nobody has
    looked.

    ``unheard_because``: why no municipality was asked, in public; a year's first revision without a hearing takes one.

    The revision it replaces becomes "corrected" and keeps its pinned address; the edition of the year after, which was
    compared with it, is explained anew. Raises FourEyesError where ``by`` brought
    figures that are new in it (setting FOUR_EYES), EditionError where it is public already.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if not edition.is_open:
        msg = _("Udgave %(release)s er allerede offentliggjort. En ændring kræver en rettelse med en begrundelse.")
        raise EditionError(msg % {"release": edition.release})
    if edition.revision == 1 and (changed := _defined_otherwise(edition)):
        msg = _(
            "Kataloget er ændret, siden udgave %(release)s blev beregnet (%(names)s). Beregn den igen, og se på den."
        )
        raise EditionError(msg % {"release": edition.release, "names": ", ".join(changed)})
    because = unheard_because.strip() if was_not_heard(edition) else ""
    if was_not_heard(edition) and not because:
        msg = _("Udgave %(release)s har ikke været i høring. Skriv hvorfor; offentligheden ser begrundelsen.")
        raise EditionError(msg % {"release": edition.release})
    edition = _as_it_was_seen(edition, seen, by, now)
    if settings.FOUR_EYES and (own := own_uploads(edition, by)):
        msg = _(
            "%(who)s har selv indberettet nye tal i udgave %(release)s (%(file)s). En anden skal offentliggøre den."
        )
        raise FourEyesError(msg % {"who": by, "release": edition.release, "file": own[0].name})
    if said := hindrances(edition, now):
        msg = _("Udgave %(release)s kan ikke offentliggøres. %(why)s")
        raise EditionError(msg % {"release": edition.release, "why": " ".join(said)})
    if settings.FOUR_EYES:
        _refuse_unseen(edition)
    Edition.objects.published().filter(year=edition.year).update(state=EditionState.CORRECTED, corrected_at=now)
    edition.state = EditionState.PUBLISHED
    edition.published_at, edition.published_by, edition.unheard_because = now, by, because
    if edition.revision == 1:
        bring_into_force(edition_year=edition.year, by=by, now=now)
    edition.save(update_fields=["state", "published_at", "published_by", "unheard_because"])
    _record(Action.EDITION_PUBLISHED, edition, by=by, now=now, origin=origin)
    if edition.revision > 1:
        explain_later_edition(corrected=edition, by=by, now=now)
    return edition


def _defined_otherwise(edition: Edition) -> list[str]:
    """The indicators whose direction is another now than when the draft took it from the catalogue."""
    with as_published(edition):
        rows = Criterion.objects.of(edition).for_indicators().select_related("indicator")
        return [str(row.indicator) for row in rows if row.indicator and row.indicator.direction != row.direction]


def _as_it_was_seen(edition: Edition, seen: str | None, by: User, now: dt.datetime) -> Edition:
    """What is published must be what lay there to be looked at: the sum of it and of all it was computed from are
    those that the computation noted; else it is computed once more, and must come out the same."""
    lay_there = edition.checksum
    if seen is not None and seen != lay_there:
        msg = _("Udgave %(release)s er beregnet igen, siden du så den. Se den nye beregning.")
        raise StaleDraftError(msg % {"release": edition.release})
    if _is_still_what_it_was(edition):
        return edition
    edition = compute_edition(edition=edition, by=by, now=now)
    if edition.checksum != lay_there:
        msg = _("Tal eller tekster er ændret, siden udgave %(release)s blev beregnet. Beregn den igen, og se den igen.")
        raise StaleDraftError(msg % {"release": edition.release})
    return edition


def _is_still_what_it_was(edition: Edition) -> bool:
    if not edition.inputs:  # computed before there was such a sum
        return False
    with as_published(edition):
        return checksum_of(edition) == edition.checksum and inputs_of(edition) == edition.inputs


@transaction.atomic
def withdraw_edition(
    *, edition: Edition, because: str, by: User, now: dt.datetime, because_en: str = "", origin: str = ""
) -> Edition | None:
    """Take a public edition away in an emergency; return the earlier revision of its year that is current again.

    Its pages and files are gone at once, and their addresses say since when and why. None: the year has no other
    revision, and the year before is the newest. Raises EditionError without a reason, for one that is not current, and
    where the edition of a later year is measured against it: that is mended by a correction.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.state != EditionState.PUBLISHED:
        msg = _("Udgave %(release)s er ikke den, der gælder. Kun den kan trækkes tilbage.")
        raise EditionError(msg % {"release": edition.release})
    if not because.strip():
        raise EditionError(_("Skriv, hvorfor udgaven trækkes tilbage. Offentligheden ser det."))
    later = Edition.objects.published().filter(year__gt=edition.year, compared_with__year=edition.year).first()
    if later is not None:
        msg = _("Udgave %(later)s er sammenlignet med udgave %(release)s. Ret den i stedet.")
        raise EditionError(msg % {"later": later.release, "release": edition.release})
    edition.state, edition.withdrawn_at, edition.withdrawn_by = EditionState.WITHDRAWN, now, by
    edition.withdrawn_because, edition.withdrawn_because_en = because.strip(), because_en.strip()
    edition.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_because", "withdrawn_because_en"])
    _record(Action.EDITION_WITHDRAWN, edition, by=by, now=now, origin=origin, reason=because)
    PressLink.objects.filter(edition=edition, withdrawn_at__isnull=True).update(withdrawn_at=now)
    write_of_withdrawal(edition=edition, now=now)
    return _current_again(edition)


def _current_again(withdrawn: Edition) -> Edition | None:
    earlier = Edition.objects.filter(year=withdrawn.year, state=EditionState.CORRECTED).newest_first().first()
    if earlier is not None:
        earlier.state, earlier.corrected_at = EditionState.PUBLISHED, None
        earlier.save(update_fields=["state", "corrected_at"])
    return earlier
