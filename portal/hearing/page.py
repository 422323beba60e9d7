"""A hearing as its page, its note (høringsnotat) and its file show it: one reading for all three."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from indicators.danish import danish
from indicators.models import Measurement
from portal.addresses import Links, trace_url
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published.subjects import localised
from rankings.bundle.formats import About, DataTable, Field, Kind, Value
from rankings.hearing.models import (
    RESPONSE_WORDS,
    FigureInHearing,
    Flag,
    FlagState,
    Hearing,
    Outcome,
    Remark,
    Response,
    ResponseState,
    Ruling,
    Voice,
)
from rankings.hearing.models.statements import VoiceQuerySet
from rankings.models import Edition, Level, Placement

ORDER = (ResponseState.FINAL, ResponseState.PRELIMINARY, ResponseState.LATE, ResponseState.OPENED,
         ResponseState.NOT_OPENED)  # fmt: skip


def _ruled(counted: Counter[str]) -> str:
    """How the remarks were ruled, in a sentence. Every remark of a public edition has a ruling."""
    numbers = {str(outcome): formatting.number(counted[str(outcome.label)]) for outcome in Outcome}
    return _("Redaktionen gav medhold i %(upheld)s, delvist medhold i %(partly)s og ikke medhold i %(not)s.") % numbers


def hearing_page(hearing: Hearing, now: dt.datetime) -> dict[str, Any]:
    """Read a hearing. While its edition is a draft only who was asked and who answered is told, nothing of what."""
    edition = hearing.edition
    public = not edition.is_open
    responses = list(
        Response.objects.filter(hearing=hearing)
        .select_related("organisation__municipality")
        .order_by("organisation__sort_key")
    )
    states = Counter(one.state(hearing.closes_at) for one in responses)
    remarks = tuple(_remarks(hearing)) if public else ()
    voices = Voice.objects.filter(edition__year=edition.year)
    return dict(
        year=edition.year,
        release=edition.release,
        demo=edition.is_demo,
        opens=formatting.moment(danish(hearing.opens_at)),
        closes=formatting.moment(danish(hearing.closes_at)),
        is_open=hearing.is_open(now),
        asked=len(responses),
        states=tuple((str(RESPONSE_WORDS[state]), states[state]) for state in ORDER),
        answers=_answers(responses, hearing),
        remarks=remarks,
        own=tuple(_own_corrections(hearing)) if public else (),
        ruled=_ruled(Counter(one["outcome"] for one in remarks)) if remarks else "",
        flags=tuple(_flags(edition, now)) if public else (),
        voices=tuple(map(_voice, _shown(voices))) if public else (),
        refused=voices.refused().count(),
        public=public,
        permalink=f"{settings.SITE_ADDRESS}{Links().of('hearing-year', year=str(edition.year))}",
    )


def _answers(responses: list[Response], hearing: Hearing) -> Table:
    heads = (_("Svar"), _("Foreløbigt"), _("Endeligt"))
    rows = []
    for one in responses:
        municipality = one.organisation.municipality
        cells = (
            Cell(str(RESPONSE_WORDS[one.state(hearing.closes_at)]), heads[0]),
            Cell(_day(one.preliminary_at), heads[1]),
            Cell(_day(one.final_at), heads[2]),
        )
        url = Links().municipality(municipality.slug) if municipality else ""
        rows.append(Row(municipality.name if municipality else str(one.organisation), url, cells=cells))
    columns = (Column(_("Kommune")), *(Column(head) for head in heads))
    return Table(_("Kommunernes svar"), columns, tuple(rows))


def _day(moment: dt.datetime | None) -> str:
    return formatting.day(danish(moment)) if moment else ""


def _remarks(hearing: Hearing) -> Iterator[dict[str, Any]]:
    """The remarks with their rulings, as everybody may read them. Texts are their speakers' own, in their language."""
    rows = Remark.objects.of(hearing).received().in_order()
    rows = rows.select_related("indicator", "measurement", "ruling__upload", "response__organisation__municipality")
    now = _figures_now(hearing)
    for one in rows:
        municipality, ruling = one.response.organisation.municipality, one.ruling
        if municipality is None:
            continue
        yield dict(
            number=one.number or 0,
            municipality=municipality.name,
            url=Links().municipality(municipality.slug),
            indicator=localised(one.indicator, "name"),
            proof=trace_url(hearing.edition.release, municipality.code, one.indicator.code),
            kind=one.get_kind_display(),
            text=one.text,
            proposed=phrases.value(one.indicator, one.proposed),
            outcome=ruling.get_outcome_display() if ruling else "",
            reason=ruling.reason if ruling else "",
            ruled=_day(ruling.ruled_at) if ruling else "",
            file=ruling.upload.name if ruling and ruling.upload else "",
            **changed_by(one, now.get((municipality.pk, one.indicator_id))),
            late=one.received_at is not None and one.received_at >= hearing.closes_at,
        )


def _figures_now(hearing: Hearing) -> dict[tuple[int, int], Measurement]:
    """The measurements that the edition stands on, where they are others than those that were heard."""
    heard = {
        (who, what): key
        for who, what, key in FigureInHearing.objects.filter(
            hearing=hearing, indicator__in=Remark.objects.of(hearing).values("indicator")
        ).values_list("municipality_id", "indicator_id", "measurement_id")
    }
    placed = Placement.objects.of(hearing.edition).filter(
        level=Level.INDICATOR, indicator__in={what for _who, what in heard}
    )
    found = {(p.municipality_id, p.indicator_id or 0): p.measurement for p in placed.select_related("measurement")}
    return {key: now for key, now in found.items() if now is not None and now.pk != heard.get(key)}


def changed_by(remark: Remark, now: Measurement | None) -> dict[str, str]:
    """How the figure became another: `changed` by the remark's own ruling, else `otherwise`, which is no correction."""
    if now is None:
        return {"changed": "", "otherwise": ""}
    before = remark.measurement.value if remark.measurement else None
    words: dict[str, object] = {
        "before": phrases.value(remark.indicator, before) or _("intet tal"),
        "now": phrases.value(remark.indicator, now.value) or _("intet tal"),
    }
    if remark.ruling and remark.ruling.upload_id == now.upload_id:
        return {"changed": _("fra %(before)s til %(now)s") % words, "otherwise": ""}
    words |= {"then": remark.measurement.year if remark.measurement else "–", "year": now.year}
    otherwise = _(
        "Tallet i udgaven er siden blevet et andet af en anden grund: %(before)s (%(then)s) → %(now)s (%(year)s)."
    )
    return {"changed": "", "otherwise": otherwise % words}


def _own_corrections(hearing: Hearing) -> Iterator[dict[str, Any]]:
    """What the office corrected itself after the figures were heard: a ruling that answers no remark and no flag."""
    rows = Ruling.objects.filter(upload__isnull=False, remarks__isnull=True, flags__isnull=True).order_by("ruled_at")
    heard = FigureInHearing.objects.filter(hearing=hearing, measurement__isnull=False).values("measurement")
    placed = Placement.objects.of(hearing.edition).filter(level=Level.INDICATOR, measurement__upload__rulings__in=rows)
    brought: dict[int | None, Counter[Any]] = defaultdict(Counter)
    for one in placed.exclude(measurement__in=heard).select_related("indicator", "measurement"):
        brought[one.measurement.upload_id if one.measurement else None][one.indicator] += 1
    for ruling in rows.filter(upload__in=[key for key in brought if key]).select_related("upload"):
        indicators = brought[ruling.upload_id]
        yield dict(
            file=ruling.upload.name if ruling.upload else "",
            reason=ruling.reason,
            ruled=_day(ruling.ruled_at),
            figures=formatting.count(indicators.total(), _("tal"), _("tal")),
            names=", ".join(localised(one, "name") for one in indicators if one),
        )


def _flags(edition: Edition, now: dt.datetime) -> Iterator[dict[str, Any]]:
    """Figures that were questioned: since when, until when, what came of it."""
    rows = Flag.objects.ever_public().about_year(edition.year).order_by("raised_at")
    today = danish(now).date()
    for one in rows.select_related("municipality", "indicator", "ruling", "edition"):
        waits = one.state == FlagState.RAISED
        yield dict(
            municipality=one.municipality.name,
            indicator=localised(one.indicator, "name"),
            proof=trace_url(one.edition.release, one.municipality.code, one.indicator.code),
            by=one.get_origin_display(),
            text=one.text,
            since=_day(one.raised_at),
            due=formatting.date(one.due_on) if one.due_on else "",
            overdue=waits and one.due_on is not None and one.due_on < today,
            outcome=one.ruling.get_outcome_display() if one.ruling else "",
            reason=one.ruling.reason if one.ruling else "",
        )


def _shown(voices: VoiceQuerySet) -> VoiceQuerySet:
    return voices.public().select_related("organisation", "municipality", "theme").order_by("written_at")


def _voice(voice: Voice) -> dict[str, Any]:
    """An organisation's own words, and what they are about."""
    about, url = _("hele indekset"), Links().ranking()
    if voice.municipality is not None:
        about, url = voice.municipality.name, Links().municipality(voice.municipality.slug)
    elif voice.theme is not None:
        about, url = localised(voice.theme, "name"), Links().theme(voice.theme.code)
    paragraphs = tuple(line for line in voice.text.split("\n") if line.strip())
    return dict(who=voice.organisation.name, paragraphs=paragraphs, on=_day(voice.written_at), about=about, url=url)


FIELDS = (
    Field("number", "Nr.", Kind.WHOLE, "Bemærkningens nummer i høringen.", "The remark's number in the hearing."),
    Field("municipality", "Kommune", Kind.TEXT, "Kommunens navn.", "The municipality's name."),
    Field("indicator", "Indikator", Kind.TEXT, "Indikatorens navn.", "The indicator's name."),
    Field("kind", "Slags", Kind.TEXT, "Hvad der siges at være galt.", "What is said to be wrong."),
    Field("text", "Bemærkning", Kind.TEXT, "Kommunens egne ord.", "The municipality's own words."),
    Field("proposed", "Det rigtige tal", Kind.TEXT, "Kommunens forslag.", "The municipality's proposal."),
    Field("outcome", "Afgørelse", Kind.TEXT, "Medhold, delvist medhold eller ikke medhold.", "How it was ruled."),
    Field("reason", "Begrundelse", Kind.TEXT, "Redaktionens begrundelse.", "The office's reason."),
    Field("file", "Indberetning", Kind.TEXT, "Filen, der rettede tallet.", "The file that corrected the figure."),
    Field("changed", "Rettet", Kind.TEXT, "Tallet før og efter.", "The figure before and after."),
    Field("trace", "Spor", Kind.TEXT, "Adressen på tallets bevis.", "The address of the figure's proof."),
)


IN_FILE = ("number", "municipality", "indicator", "kind", "text", "proposed", "outcome", "reason", "file", "changed")


def remarks_table(page: dict[str, Any]) -> DataTable:
    """The remarks and their rulings as rows of a file."""
    about = About(
        title=_("Socialt Indeks %(release)s. Høringsnotat") % {"release": page["release"]},
        release=page["release"],
        address=page["permalink"],
        is_demo=page["demo"],
    )
    return DataTable("hoeringsnotat", FIELDS, about, lambda: _rows(page))


def _rows(page: dict[str, Any]) -> Iterator[tuple[Value, ...]]:
    for one in page["remarks"]:
        yield (*(one[name] for name in IN_FILE), settings.SITE_ADDRESS + one["proof"])
