"""The living gallery of the design system at /design/, in DEBUG: every component with figures that are made up."""

import csv
import math
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.charts import dots, figures, lines, maps, strip
from portal.charts.scale import Series
from portal.components.indicator_rows import IndicatorRow, IndicatorText
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.markup import strip_of_sprite

YEARS = (2022, 2023, 2024, 2025, 2026)
_RANKS = [(rank, rank) for rank in range(1, 98)]
NAMES = (
    "Rødovre",
    "Ringkøbing-Skjern",
    "Faaborg-Midtfyn",
    "Ærø",
    "Høje-Taastrup",
    "København",
    "Læsø",
)
RANKS = ((12, 8, 9, 7, 4), (40, 44, None, 31, 35), (60, 52, 57, 70, 71))
HERE = "/design/"


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    return render(request, "gallery/gallery.html", _context())


def sprite(request: HttpRequest) -> HttpResponse:
    """The gallery's strips, as an edition's are served."""
    symbols = [strip.symbol(f"s{number}", _spread(number), 50.0) for number in range(8)]
    return render(request, "components/strips.svg", {"symbols": symbols}, content_type="image/svg+xml")


def figure(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  a view is given its request
    """The gallery's line chart as a Plotly figure."""
    series = [
        Series(name, values, "chosen" if name == "Rødovre" else "") for name, values in zip(NAMES, RANKS, strict=False)
    ]
    return JsonResponse(
        figures.development(
            series,
            YEARS,
            figures.Frame(
                title=_("Placering 2022–2026"),
                source=_("Kilde: opdigtede tal (demodata). Socialt Indeks, udgave 2026"),
                language="da",
            ),
            value_text=lambda value: formatting.rank_in_text(round(value), None, "da"),
            ranks_of=97,
            breaks={2024: _("databrud")},
        )
    )


def _spread(seed: int, n: int = 98) -> list[float | None]:
    """Made-up percents, bunched in the middle as real ones are; the first of each is missing."""
    return [
        None if index == 0 else 50 + 46 * math.sin(index * (seed + 1.7)) * abs(math.cos(index * 0.7 + seed))
        for index in range(n)
    ]


@cache
def _municipalities() -> tuple[tuple[str, str], ...]:
    path = settings.BASE_DIR / "indicators" / "data" / "municipalities.csv"
    with path.open(encoding="utf-8") as file:
        return tuple((row["code"], row["name"]) for row in csv.DictReader(file))


def _context() -> dict[str, Any]:
    return {
        "trail": [
            {"name": _("Kommuner"), "url": HERE},
            {"name": "Region Midtjylland", "url": HERE},
            {"name": "Ringkøbing-Skjern", "url": ""},
        ],
        "answers": _answers(),
        "areas": _areas(),
        "rows": _rows(),
        "sprite": f"{HERE}strimler.svg",
        "figure_url": f"{HERE}figur.json",
        "table": _table(),
        "map": _map(),
        "legend": maps.legend(
            [(rank, rank) for rank in range(1, 98)], 97, missing_text=formatting.missing("not_available")
        ),
        "distribution": _distribution(),
        "lines": _lines(),
        "scatter": _scatter(),
        "fields": _fields(),
        "HERE": HERE,
        **_small(),
    }


def _answers() -> list[dict[str, Any]]:
    places = _spread(3)
    sure = strip.strip(
        places,
        says=_("Nummer 4 af 97"),
        own=93.0,
        median=52.0,
        band=(84.0, 97.0),
        own_label="Rødovre",
        median_label="median",
    )
    return [
        {
            "rank": formatting.rank(4),
            "of": formatting.of(97),
            "interval": formatting.rank_interval(2, 9),
            "score": formatting.score(63.4),
            "strip": sure,
            "sentence": _(
                "Rødovre er nr. 4 af 97, bedst på handicapområdet, og tre pladser frem: flere får hjælp til tiden."
            ),
        },
        {
            "rank": formatting.rank(12, 14),
            "of": formatting.of(97),
            "interval": formatting.rank_interval(6, 31),
            "score": formatting.score(58.0),
            "strip": strip.strip(
                places,
                says=_("Delt nummer 12 af 97"),
                own=62.0,
                median=52.0,
                band=(45.0, 79.0),
                own_label="Ringkøbing-Skjern",
                median_label="median",
            ),
            "sentence": "",
        },
        {
            "rank": _("Ikke placeret"),
            "reason": _("Der er kun tal for 41 % af vægten; der skal være mindst 60 %."),
            "strip": strip.strip(places, says=_("Ikke placeret"), median=52.0),
            "sentence": "",
        },
    ]


def _areas() -> list[dict[str, Any]]:
    words = (("b", _("Udsatte børn og unge")), ("h", _("Handicapområdet")), ("v", _("Udsatte voksne")))
    top = [
        {"place": formatting.rank_in_text(place), "name": name, "url": HERE, "score": formatting.score(71.2 - place)}
        for place, name in zip((1, 2, 2), NAMES[1:4], strict=True)
    ]
    return [
        {
            "code": code,
            "name": name,
            "url": HERE,
            "rank": formatting.rank(7 + 9 * index),
            "of": formatting.of(97),
            "score": formatting.score(61.7 - 4 * index),
            "interval": formatting.rank_interval(3 + index, 15 + 9 * index),
            "strip": strip.strip(_spread(index), says=name, own=80.0 - 14 * index, median=50.0),
            "top": top,
            "spread": _("Fra 22,1 til 71,2. Halvdelen ligger mellem 41 og 55."),
            "themes": [
                {
                    "slug": f"tema-{code}-{number}",
                    "name": theme,
                    "rank": formatting.rank(5 * number + 1),
                    "of": formatting.of(97),
                    "score": formatting.score(67.1 - number),
                    "strip": strip_of_sprite(reverse("gallery-sprite"), f"s{number}", "77.3"),
                    "open": number == 1,
                    "rows": _rows(),
                }
                for number, theme in enumerate((_("Tidlig forebyggelse"), _("Underretninger og undersøgelse")), 1)
            ],
        }
        for index, (code, name) in enumerate(words)
    ]


def _rows() -> list[IndicatorRow]:
    spark = lines.spark((40, 31, None, 12, 9), rank=True)
    names = (
        (_("Børn og unge med støttende indsatser"), "12,4 %", "lower_is_better", formatting.rank_in_text(12, 14), ""),
        (
            _("Åben og anonym familierådgivning"),
            formatting.with_unit(1, "ja=1/nej=0", 0),
            "higher_is_better",
            formatting.rank_in_text(1, 61),
            "",
        ),
        (
            _("Medlemmernes vurdering: Hjælpen kommer tidligt nok"),
            "",
            "higher_is_better",
            "",
            formatting.missing("suppressed"),
        ),
        (_("Skoler og dagtilbud med fast socialrådgiver"), "3,5 børn pr. anbragt barn", "neutral", "", ""),
    )
    return [
        IndicatorRow(
            IndicatorText(
                code=f"s{index + 2}",
                name=name,
                url=HERE,
                direction=formatting.direction(direction),
                source="Danmarks Statistik, BU43",
                median=formatting.with_unit(14, "%", 1),
                sprite=reverse("gallery-sprite"),
            ),
            value=value,
            year="2025",
            rank=rank,
            of=formatting.of(97) if rank else "",
            own="" if missing else str(20 + 23 * index),
            spark=spark.svg if spark and not missing else SafeString(),
            missing=missing,
            note=_("databrud i 2024") if index == 0 else "",
            trace="",
            change=None,
        )
        for index, (name, value, direction, rank, missing) in enumerate(names)
    ]


def _table() -> Table:
    labels = (_("Nr."), _("Score"), _("Børn og unge"), _("Handicap"), _("Voksne"))
    places = ("1", "2–3", "2–3", "4", "5", "6", "")
    css = ("number", "wide", "number area-b", "number area-h", "number area-v")
    columns = [
        Column(label, url=HERE, sort="ascending" if not index else "", css=css[index])
        for index, label in enumerate(labels)
    ]
    medians = zip(("", "48,2", "47,9", "50,1", "46,0"), labels, css, strict=True)
    return Table(
        _("Alle kommuner, samlet, 2026"),
        (Column(_("Kommune"), url=HERE), *columns),
        tuple(_table_row(index, name, places[index], labels, css) for index, name in enumerate(NAMES)),
        Row(_("Medianen af 97"), cells=tuple(Cell(text, label, css=style) for text, label, style in medians)),
        "ranked",
    )


def _table_row(index: int, name: str, place: str, labels: tuple[str, ...], css: tuple[str, ...]) -> Row:
    value = 71.2 - 6.3 * index
    cells = [Cell(place, labels[0], css="number")]
    if not place:
        cells = [Cell("", label, missing=_("ikke placeret")) for label in labels]
    else:
        band = (value - 4, value + 3)
        cells += [
            Cell(
                formatting.score(value - 2 * number),
                label,
                css=css[number + 1],
                bar=strip.bar(value - 2 * number, band=None if number else band),
            )
            for number, label in enumerate(labels[1:])
        ]
    mark = "chosen" if not index else ("group-start" if index == 3 else "")
    return Row(name, HERE, _("Delt plads") if "–" in place else "", mark, tuple(cells))


def _map() -> maps.Map:
    text = (settings.BASE_DIR / "indicators" / "data" / "municipality_outlines.json").read_text(encoding="utf-8")
    places = [
        maps.Place(
            code,
            f"{name}: {formatting.rank_in_text(index + 1)} {formatting.of(97)}",
            HERE,
            None if index % 24 == 20 else (index * 37) % 97 + 1,
            name == "Rødovre",
            name=name,
        )
        for index, (code, name) in enumerate(_municipalities())
    ]
    return maps.municipality_map(maps.outlines(text), places, n=97, name=_("Danmarks kommuner efter placering"))


def _distribution() -> dots.Distribution:
    entries = [
        dots.Entry(None if place is None else place / 4, name, name if name in NAMES[:3] else "")
        for place, (_code, name) in zip(_spread(5), _municipalities(), strict=True)
    ]
    return dots.distribution(
        entries,
        tick_text=lambda value, decimals: formatting.with_unit(value, "%", decimals),
        says=_("Fordelingen af 97 kommuner fra 1 til 24 procent"),
        median=12.4,
        median_text=_("median 12,4 %"),
        lower_is_right=True,
    )


def _lines() -> lines.LineChart:
    series = [
        Series(name, values, "chosen" if not index else "")
        for index, (name, values) in enumerate(zip(NAMES, RANKS, strict=False))
    ]
    return lines.line_chart(
        series,
        YEARS,
        text=lambda value: formatting.rank_in_text(round(value)),
        says=_("Rødovre går fra nr. 12 til nr. 4"),
        ranks_of=97,
        breaks={2024: _("databrud")},
    )


def _scatter() -> dots.Scatter:
    pairs = [
        dots.Pair(x, y, name, name, chosen=name in NAMES[:4])
        for x, y, (_code, name) in zip(_spread(2), _spread(6), _municipalities(), strict=True)
    ]
    return dots.scatter(
        pairs,
        x_title=_("Sager afgjort til tiden, % (højere er bedre)"),
        y_title=_("Omgjorte afgørelser, % (lavere er bedre)"),
        x_text=formatting.number,
        y_text=formatting.number,
        says=_("Ingen tydelig sammenhæng"),
    )


def _fields() -> list[dict[str, Any]]:
    regions = ("", "Region Hovedstaden", "Region Midtjylland")
    return [
        {
            "name": "region",
            "label": _("Region"),
            "kind": "select",
            "options": [{"value": name, "text": name or _("Alle"), "selected": not name} for name in regions],
        },
        {"name": "mindst", "label": _("Mindst indbyggere"), "kind": "number", "value": ""},
        {
            "name": "sort",
            "label": _("Sortér efter"),
            "kind": "select",
            "options": [{"value": "nr", "text": _("Placering"), "selected": True}],
        },
    ]


def _small() -> dict[str, Any]:
    return {
        "actions": [{"name": _("Sammenlign"), "url": HERE}, {"name": _("Hent"), "url": HERE}],
        "tabs": [
            {"name": _("Tabel"), "url": HERE, "current": True},
            {"name": _("Kort"), "url": HERE},
            {"name": _("Fordeling"), "url": HERE},
        ],
        "area_tabs": [
            {"name": _("Samlet"), "url": HERE, "current": True},
            *({"name": area["name"], "url": HERE, "area": area["code"]} for area in _areas()),
        ],
        "facts": [
            {"name": _("Indbyggere"), "text": formatting.number(43601), "note": "2026"},
            {"name": _("Andel over 80 år"), "text": formatting.with_unit(4.9, "%", 1), "note": "2025"},
            {"name": _("Ændring"), "text": formatting.difference(-1.2, "%", 1), "note": _("siden 2025")},
        ],
        "findings": [
            {
                "name": row.indicator.name,
                "url": HERE,
                "how": f"{row.value} · {row.indicator.direction} · {row.rank} {row.of}",
            }
            for row in _rows()[:2]
        ],
        "downloads": [{"name": name, "url": HERE} for name in ("CSV", "XLSX", "JSON")],
        "count": formatting.count(24, _("række"), _("rækker")),
        "paragraphs": [_("Vi har ansat otte familierådgivere i 2025. Det ses endnu ikke i tallene.")],
        "suggestions": [{"name": name, "kind": _("kommune"), "url": HERE} for name in NAMES[1:4]],
    }
