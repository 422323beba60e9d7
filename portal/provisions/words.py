"""What is said of services in words, the same on every page, in every file and in the API's descriptions."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.provisions.models import Form, LegalBasis
from indicators.provisions.shown.answer import Ages
from portal.language import formatting
from portal.published.subjects import localised


def form(which: str) -> str:
    """Who owns a service."""
    words = {
        Form.MUNICIPAL: _("kommunal"),
        Form.REGIONAL: _("regional"),
        Form.INDEPENDENT: _("selvejende"),
        Form.PRIVATE: _("privat"),
    }
    return words[Form(which)]


def places(count: int | None) -> str:
    """So many places; that they are not stated is no 0."""
    return _("ikke oplyst") if count is None else formatting.number(count)


def services(count: int) -> str:
    """So many services: "57 tilbud", in English "1 service", "57 services"."""
    return ngettext("%(count)s tilbud", "%(count)s tilbud", count) % {"count": formatting.number(count)}


def ages(spans: tuple[Ages, ...]) -> str:
    """For whom places are: "6–17 år", "fra 18 år"; where the register does not say, that."""
    texts = [_span(span) for span in spans if span != Ages(None, None)]
    return formatting.joined(texts) if texts else _("alder ikke oplyst")


def _span(span: Ages) -> str:
    if span.youngest is None:
        return _("til og med %(age)s år") % {"age": span.oldest}
    if span.oldest is None:
        return _("fra %(age)s år") % {"age": span.youngest}
    return _("%(youngest)s–%(oldest)s år") % {"youngest": span.youngest, "oldest": span.oldest}


def confirmed(day: dt.date | None, *, holds: bool) -> str:
    """When somebody last said that what is registered is right; after twelve months that nobody has."""
    if day is None:
        return _("ikke bekræftet")
    text = formatting.date(day)
    return text if holds else _("ikke bekræftet siden %(day)s") % {"day": text}


def distance(km: float | None) -> str:
    """Kilometres in a straight line, whole ones: a point is no more exact. Unknown where one has no point."""
    if km is None:
        return _("ukendt")
    return _("under 1 km") if km < 1 else _("%(km)s km") % {"km": formatting.number(km)}


def persons(count: int | None) -> str:
    """How many persons; None is too few to print. How few is not said: sources draw that line in different places."""
    return _("for få til at vise") if count is None else formatting.number(count)


def basis(row: LegalBasis) -> str:
    """A paragraph with its law."""
    return f"{localised(row, 'law_name')} §\N{NO-BREAK SPACE}{row.paragraph}"


def none_registered() -> str:
    """What an empty cell of the gaps says: nothing about what help there is."""
    return pgettext("gaps", "ingen registreret plads")


def who_decides() -> tuple[str, str]:
    """Who decides, and how to complain: on every page about services."""
    return (
        _(
            "Kommunen afgør, hvilket tilbud en borger får (kommunen visiterer). Listen viser, hvad der er registreret, "
            "ikke hvad du kan få."
        ),
        _("Er du uenig i kommunens afgørelse, kan du klage til Ankestyrelsen. Hvordan du gør, skal stå i afgørelsen."),
    )


def not_coverage() -> str:
    """What supply may not be read as."""
    return _(
        "Hvor et tilbud ligger, siger ikke, hvem der bruger det: i Region Nordjyllands sociale tilbud kom 80,8 % af "
        "borgerne i 2023 fra andre kommuner end den, tilbuddet ligger i (Folketinget, 20231 MOF, bilag 592)."
    )
