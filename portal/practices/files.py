"""What can be taken away: the list as a file, and the very figures of one verdict."""

from collections.abc import Iterator, Sequence

from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from indicators.models import Municipality
from portal.downloads.files import about_subjects
from portal.practices.listing import chosen_of, filtered
from portal.practices.shown import rows_of, shown_practices, written
from portal.published.edition import ShownEdition
from rankings.bundle.formats import DataTable, Field, Kind, Value
from rankings.practices.figures import Figures
from rankings.practices.models import Practice

FIELDS = (
    Field("practice", "adresse", Kind.TEXT, "Praksissens navn i adressen.", "The practice's name in its address."),
    Field("title", "titel", Kind.TEXT, "Titel.", "Title."),
    Field("municipalities", "kommuner", Kind.TEXT, "Kommunekoder, med mellemrum.", "Municipality codes, with spaces."),
    Field("state", "tilstand", Kind.TEXT, "published, unconfirmed eller withdrawn.",
          "published, unconfirmed or withdrawn."),
    Field("knowledge", "vidensgrundlag", Kind.TEXT, "Hvad man ved om metoden, sat af to redaktører fra andre steder.",
          "What is known of the method, set by two editors from elsewhere."),
    Field("started", "begyndt", Kind.TEXT, "Hvornår det begyndte.", "When it began."),
    Field("indicator", "indikator", Kind.TEXT, "Målets indikator.", "The aim's indicator."),
    Field("direction", "retning", Kind.TEXT, "Hvilken vej målet går.", "Which way the aim goes."),
    Field("registered", "registreret", Kind.TEXT, "Hvornår målet blev registreret.", "When the aim was registered."),
    Field("municipality_code", "kommunekode", Kind.TEXT, "Hvor der er målt.", "Where it was measured."),
    Field("verdict", "målt her", Kind.TEXT, "Beregnet: stands_out, not_distinguishable, other_way, cannot_be_computed.",
          "Computed: stands_out, not_distinguishable, other_way, cannot_be_computed."),
    Field("reason", "hvorfor ikke", Kind.TEXT, "Hvorfor der ingen dom er.", "Why there is no verdict."),
    Field("p", "p", Kind.NUMBER, "Andelen mindst lige så langt i samme retning.",
          "The share at least as far in that direction."),
    Field("p_adjusted", "p, alle mål", Kind.NUMBER, "p med alle praksissens mål taget i betragtning (Holm).",
          "p with all aims of the practice considered (Holm)."),
    Field("n_compared", "n", Kind.WHOLE, "Kommuner sammenlignet.", "Municipalities compared."),
    Field("residual", "ud over det ventede", Kind.NUMBER, "I indikatorens enhed; positiv er målets retning.",
          "In the indicator's unit; positive is the aim's direction."),
    Field("preliminary", "foreløbig", Kind.FLAG, "Om der kun er én udgave på en af siderne.",
          "Whether there is one edition only on one of the sides."),
)  # fmt: skip


def practices_table(shown: ShownEdition, query: QueryDict) -> DataTable:
    """The rows of the list, a line for each aim in each municipality; one without any aim has one line."""
    practices = filtered(shown_practices(shown), chosen_of(query))
    about = about_subjects(shown, _("God praksis"), lambda links: links.to("practices"), (), query=query.urlencode())
    return DataTable("praksis", FIELDS, about, lambda: _rows(practices))


def practice_rows(shown: ShownEdition) -> list[tuple[Value, ...]]:
    """The rows of all practices that an edition knows, for the API."""
    return list(_rows(shown_practices(shown)))


def _rows(practices: Sequence[Practice]) -> Iterator[tuple[Value, ...]]:
    for one in practices:
        codes = " ".join(place.code for place in one.municipalities.all())
        started = one.started_on.isoformat() if one.started_on else None
        own = (one.slug, written(one, "title").text, codes, one.state, one.knowledge, started)
        rows = rows_of(one)
        for row in rows:
            aim = row.aim
            yield (
                *own, aim.indicator.code, aim.direction, aim.registered_on.isoformat(), row.municipality.code,
                row.verdict, row.reason or None, row.p, row.p_adjusted, row.n, row.residual, row.preliminary,
            )  # fmt: skip
        if not rows:
            for aim in one.aims.all():
                yield (*own, aim.indicator.code, aim.direction, aim.registered_on.isoformat(), *[None] * 8)
            if not one.aims.all():
                yield (*own, *[None] * 11)


def figures_of_an_aim(shown: ShownEdition, slug: str, code: str) -> HttpResponse:
    """The figures a verdict was computed from: `unit`, then a column an edition with new figures, empty = missing.

    Written so that reading them gives the same numbers; `python -m rankings.engine.before_after` reads it as it is."""
    practice = next((one for one in shown_practices(shown) if one.slug == slug), None)
    aim = next((one for one in practice.aims.all() if one.indicator.code == code), None) if practice else None
    if aim is None:
        raise Http404(_("Der er ingen praksis på denne adresse."))
    indicator = aim.indicator_id
    figures = Figures.up_to(shown.edition, {indicator})
    years = [year for year in figures.years if figures.is_fresh(indicator, year)]
    lines = [",".join(["unit", *map(str, years)])]
    for key, municipality in Municipality.objects.order_by("code").values_list("pk", "code"):
        if key in figures.line_of:
            values = [float(figures.values[indicator, year][figures.line_of[key]]) for year in years]
            lines.append(",".join([municipality, *("" if v != v else repr(v) for v in values)]))  # noqa: PLR0124  NaN
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
