"""A municipality's own figures of a draft, grouped as its public page groups them, with what it has said of each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext as _

from indicators.models import Indicator, Municipality, Theme, Upload
from portal.addresses import trace_url
from portal.language import formatting, phrases
from portal.published.municipality import country
from rankings.hearing.models import Flag, Remark, Response
from rankings.models import Edition, Level, Placement


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """A row: the figure, last year's, the median of the peers, where it came from, what was checked, what is said."""

    indicator: Indicator
    value: str
    missing: str
    last: str
    peers: str
    under: str
    file: str
    trace: str
    checks: tuple[str, ...]
    remarks: tuple[Remark, ...]
    flags: tuple[Flag, ...]
    number: float | None


@dataclass(frozen=True, slots=True)
class OwnTheme:
    """A theme's rows."""

    theme: Theme
    rows: tuple[OwnFigure, ...]

    @property
    def remarks(self) -> int:
        """How many remarks there are in it."""
        return sum(len(row.remarks) for row in self.rows)


def own_figures(edition: Edition, municipality: Municipality, response: Response | None) -> list[OwnTheme]:
    """Every figure of the edition for one municipality, in the order of the catalogue: seven queries."""
    placements = list(
        Placement.objects.of(edition)
        .filter(level=Level.INDICATOR, municipality=municipality)
        .select_related("indicator__theme__area", "indicator__source", "measurement")
        .order_by("indicator__position")
    )
    last, peers = _last_values(edition, municipality), _peers(edition, municipality)
    uploads = Upload.objects.in_bulk({p.measurement.upload_id for p in placements if p.measurement})
    checks = _checks(uploads.values(), municipality)
    remarks = _remarks(response)
    flags: dict[int, list[Flag]] = defaultdict(list)
    for flag in Flag.objects.ever_public().about_year(edition.year).filter(municipality=municipality):
        flags[flag.indicator_id].append(flag)
    themes: dict[Theme, list[OwnFigure]] = {}
    for placement in placements:
        if placement.indicator is None or placement.indicator.theme is None:
            continue
        figure = _row(
            placement, placement.indicator, edition, municipality, uploads, last, peers, checks, remarks, flags
        )
        themes.setdefault(placement.indicator.theme, []).append(figure)
    return [OwnTheme(theme, tuple(rows)) for theme, rows in themes.items()]


def _row(  # noqa: PLR0913, PLR0917  what a row is made of
    placement: Placement,
    indicator: Indicator,
    edition: Edition,
    municipality: Municipality,
    uploads: Mapping[int, Upload],
    last: Mapping[int, float | None],
    peers: Mapping[int, Sequence[float]],
    checks: Mapping[tuple[int, str, int], tuple[str, ...]],
    remarks: Mapping[int, Sequence[Remark]],
    flags: Mapping[int, Sequence[Flag]],
) -> OwnFigure:
    measured = placement.measurement
    upload = uploads.get(measured.upload_id) if measured else None
    others = peers.get(indicator.pk, ())
    return OwnFigure(
        indicator=indicator,
        value=phrases.value(indicator, placement.value),
        missing=formatting.missing(placement.missing) if placement.missing else "",
        last=phrases.value(indicator, last.get(indicator.pk)),
        peers=phrases.value(indicator, median(others)) if others else "",
        under=f"{phrases.direction(indicator)} · {placement.data_year or ''}",
        file=_("%(file)s, række %(row)d") % {"file": upload.name, "row": measured.row} if upload and measured else "",
        trace="" if edition.is_open else trace_url(edition.release, municipality.code, indicator.code),
        checks=checks.get((upload.pk, indicator.code, measured.year), ()) if upload and measured else (),
        remarks=tuple(remarks.get(indicator.pk, ())),
        flags=tuple(flags.get(indicator.pk, ())),
        number=placement.value,
    )


def _last_values(edition: Edition, municipality: Municipality) -> dict[int, float | None]:
    before = Edition.objects.published().filter(year__lt=edition.year).newest_first().first()
    rows = Placement.objects.filter(edition=before, level=Level.INDICATOR, municipality=municipality)
    return dict(rows.filter(indicator__isnull=False).values_list("indicator_id", "value"))


def _peers(edition: Edition, municipality: Municipality) -> dict[int, list[float]]:
    """The values of the six that work under the same conditions."""
    shared = country(edition)
    own = next((one for one in shared.everyone if one.pk == municipality.pk), None)
    near = [peer.pk for peer in shared.conditions.nearest(own)] if own else []
    rows = Placement.objects.of(edition).filter(level=Level.INDICATOR, municipality__in=near, value__isnull=False)
    found: dict[int, list[float]] = defaultdict(list)
    for key, value in rows.values_list("indicator_id", "value"):
        if value is not None:
            found[key].append(value)
    return found


def _checks(uploads: Iterable[Upload], municipality: Municipality) -> dict[tuple[int, str, int], tuple[str, ...]]:
    """What the check of a file said of this municipality's figures, by upload, indicator and year, and why accepted."""
    found: dict[tuple[int, str, int], list[str]] = defaultdict(list)
    for upload in uploads:
        accepted = upload.report.get("accepted", {})
        for finding in upload.report.get("findings", ()):
            if finding["municipality"] == municipality.name and finding["indicator"]:
                why = accepted.get(finding["key"], "")
                words = _("%(finding)s (accepteret: %(why)s)") % {"finding": finding["reason"], "why": why}
                found[upload.pk, finding["indicator"], finding["year"]].append(words if why else finding["reason"])
    return {key: tuple(reasons) for key, reasons in found.items()}


def _remarks(response: Response | None) -> dict[int, list[Remark]]:
    found: dict[int, list[Remark]] = defaultdict(list)
    rows = Remark.objects.filter(response=response).select_related("ruling__upload", "written_by")
    for remark in rows.prefetch_related("attachments").in_order() if response else ():
        found[remark.indicator_id].append(remark)
    return found
