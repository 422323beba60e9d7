"""A stored report → what the page shows: numbers as text, places in words, distributions as geometry."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Indicator, Upload
from indicators.models.measurements import MISSING_WORDS
from indicators.upload.cells import Missing
from indicators.upload.checks import Severity
from indicators.upload.grid import ROLES
from indicators.upload.messages import danish

WIDTH = 240.0
LEFT_OUT_WORDS = {
    "country": gettext_lazy("hele landet og totaler"),
    "region": gettext_lazy("regioner"),
    "group": gettext_lazy("grupper af kommuner"),
    "part_of_country": gettext_lazy("landsdele"),
    "no_municipality": gettext_lazy("Christiansø og uoplyst kommune"),
    "sheet": gettext_lazy("ark, der ikke er læst (vælg et andet under »Ret læsningen«)"),
    "text": gettext_lazy("tekst og noter"),
    "repeated_header": gettext_lazy("gentagne overskrifter"),
    "column": gettext_lazy("kolonner, der ikke bruges"),
    "other_year": gettext_lazy("andre år"),
    "other_indicator": gettext_lazy("andre indikatorer"),
    "other_part": gettext_lazy("andre dele af året"),
    "doubtful_column": gettext_lazy("kolonner, der ikke er tallet selv"),
    "hidden_sheet": gettext_lazy("skjulte ark"),
    "hidden_row": gettext_lazy("skjulte rækker"),
    "hidden_column": gettext_lazy("skjulte kolonner"),
    "struck": gettext_lazy("overstregede tal"),
    "unseen": gettext_lazy("tal, der ikke kan ses i arket"),
}


def _own_numbers(report: Mapping[str, Any]) -> str:
    """Why no decimal mark was seen: a sheet's numbers have none, or no number has decimals."""
    return _("arkets egne tal") if report.get("sheet") else _("ingen decimaler i filen")


def report_page(upload: Upload) -> dict[str, Any] | None:
    """The page of an upload that has been read; None where there is nothing to show yet."""
    report = upload.report
    if "seen" not in report:
        return None
    catalogue = {i.code: i for i in Indicator.objects.all()}
    given = report.get("answers", {}).get("reasons", {})
    found = [(each["severity"], _found(each, catalogue, given)) for each in report["findings"]]
    of = {severity: [line for each, line in found if each == severity] for severity in Severity}
    reasons = {line["key"]: " · ".join(t for t in (line["where"], line["reason"]) if t) for _severity, line in found}
    grid = report.get("grid", {"letters": [], "rows": [], "width": 0})
    roles = {role for _number, _texts, roles in grid["rows"] for role in roles} - {"blank"}
    return dict(
        read=_read(report, catalogue),
        notes=report["notes"],
        left_out=[(str(LEFT_OUT_WORDS.get(k, k)), n) for k, n in report["left_out_by_reason"].items()],
        left_out_lines=[
            f"{_('række')} {row}: {label}" if row else label for row, label, _why in report["left_out"][:40]
        ],
        refusals=of[Severity.REFUSAL],
        warnings=of[Severity.WARNING],
        hints=of[Severity.NOTE],
        counts=[
            (_("nye"), report["added"]),
            (_("ændrede"), report["changed"]),
            (_("som før"), report["unchanged"]),
            (_("findes, men ikke i filen"), report["removed"]),
        ],
        changes=_changes(report, catalogue),
        series=[_series(each, catalogue[each["indicator"]]) for each in report["series"]],
        series_more=report["series_count"] - len(report["series"]),
        accepted=[(reasons.get(key, key), reason) for key, reason in report.get("accepted", {}).items()],
        remembered=_remembered(report.get("remembered")),
        grid=[
            (number, [(text, role, _(ROLES[role].template)) for text, role in zip(texts, roles, strict=True)])
            for number, texts, roles in grid["rows"]
        ],
        letters=grid["letters"],
        legend=[(role, _(words.template)) for role, words in ROLES.items() if role in roles],
        grid_width=grid["width"],
    )


def _remembered(remembered: Mapping[str, Any] | None) -> str:
    """From which file the reading was remembered, in words; blank where it was not."""
    if not remembered:
        return ""
    name, at = remembered.get("name") or _("en tidligere fil"), str(remembered.get("at", ""))[:10]
    return f"»{name}« {at}".strip()


def _read(report: Mapping[str, Any], catalogue: Mapping[str, Indicator]) -> list[tuple[str, str]]:
    from .forms import DECIMALS, DELIMITERS, LAYOUTS, THOUSANDS  # noqa: PLC0415  one word for each choice, in one place

    def word(choices: Sequence[tuple[str, Any]], value: str | None, none: str) -> str:
        return str(dict(choices).get(value, value)) if value else none

    lines = [
        (_("Opstilling"), word(LAYOUTS, report["layout"], _("ikke genkendt"))),
        (_("Ark"), report["sheet"] or ""),
        (_("Titel"), report["title"]),
        (_("Skilletegn"), word(DELIMITERS, report["delimiter"], "")),
        (_("Tegnsæt"), report["encoding"] or ""),
        (_("Decimaltegn"), word(DECIMALS, report["decimal"], _own_numbers(report))),
        (_("Tusindtegn"), word(THOUSANDS, report["thousands"], _("ingen"))),
        (_("Rækker"), str(report["rows"])),
        (_("Tal om kommuner"), str(report["cells"])),
        (_("Kommunerne"), _("står i overskrifterne") if report.get("is_turned") else ""),
        (_("Årets tal"), report.get("period_rule") or ""),
        (_("År"), ", ".join(map(str, report["years"]))),
        (_("Indikatorer"), _some([_name(code, catalogue) for code in report["indicators"]])),
    ]
    return [(name, text) for name, text in lines if text]


def _name(code: str, catalogue: Mapping[str, Indicator]) -> str:
    return catalogue[code].name_da if code in catalogue else code


def _some(names: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(name or "–" for name in names[:most])
    return shown if len(names) <= most else _("%(names)s og %(more)d til") % {"names": shown, "more": len(names) - most}


def _found(finding: Mapping[str, Any], catalogue: Mapping[str, Indicator], given: Mapping[str, str]) -> dict[str, Any]:
    """A finding as it is read: where, what, why, what to do."""
    place = [_("ark %(sheet)s") % finding] if finding["sheet"] else []
    place += [_("række %(row)d") % finding] if finding["row"] else []
    place += [_("kolonne %(column)s") % finding] if finding["column"] else []
    indicator = catalogue.get(finding["indicator"] or "")
    about = [indicator.name_da if indicator else finding["indicator"] or "", str(finding["year"] or "")]
    about += [finding["municipality"] or ""]
    about_text = " ".join(text for text in about if text)
    value = f"»{finding['text']}«" if finding.get("text") else ""
    value = value if finding["value"] is None else danish(finding["value"])
    where = " · ".join(text for text in (about_text, ", ".join(place)) if text)
    key = finding["key"]
    return dict(
        key=key,
        where=where,
        value=value,
        reason=finding["reason"],
        advice=finding["advice"],
        is_accepted=key in given,
        given=given.get(key, ""),
    )


def _changes(
    report: Mapping[str, Any], catalogue: Mapping[str, Indicator]
) -> list[tuple[str, int, list[dict[str, Any]]]]:
    titles = {
        "changed": _("Ændrede tal"),
        "added": _("Nye tal"),
        "removed": _("Findes i forvejen, men står ikke i filen"),
    }
    return [
        (
            title,
            report[kind],
            [
                dict(
                    municipality=name,
                    indicator=catalogue[code].name_da if code in catalogue else code,
                    year=year,
                    old=_state(old),
                    new=_state(new),
                    row=row,
                )
                for name, code, year, old, new, row in report["changes"].get(kind, [])
            ],
        )
        for kind, title in titles.items()
        if report[kind]
    ]


def _state(state: Sequence[Any] | None) -> str:
    if state is None:
        return ""
    value, missing, provisional = state
    text = danish(value) if value is not None else str(MISSING_WORDS[Missing(missing)])
    return f"{text}*" if provisional else text


def _series(series: Mapping[str, Any], indicator: Indicator) -> dict[str, Any]:
    """An indicator in a year: how its figures lie beside last year's, and who is best and worst, by its direction."""
    every = [*series["values"], *series["last_values"]]
    low, high = (min(every), max(every)) if every else (0.0, 1.0)
    lower_is_better = indicator.direction == "lower_is_better"
    lowest = [(name, danish(value)) for name, value in series["lowest"]]
    highest = [(name, danish(value)) for name, value in series["highest"]]
    neutral = indicator.direction == "neutral"
    first, last = (lowest, highest) if lower_is_better else (highest, lowest)
    return dict(
        name=indicator.name_da,
        code=indicator.code,
        year=series["year"],
        count=series["count"],
        missing=series["missing"],
        direction=f"{indicator.unit} · {indicator.get_direction_display()}",
        now=_box(series["values"], low, high),
        last_year=series["last_year"],
        last=_box(series["last_values"], low, high),
        first_title=_("Højeste fem") if neutral else _("Bedste fem"),
        first=first,
        last_title=_("Laveste fem") if neutral else _("Dårligste fem"),
        last_five=last,
    )


def _box(values: Sequence[float], low: float, high: float) -> dict[str, Any] | None:
    """A distribution as a drawing: least, quartiles, median and most, in the picture's own units; and in words."""
    if not values:
        return None
    scale = (WIDTH - 10) / (high - low) if high > low else 0.0
    at = [round(5 + (value - low) * scale, 1) for value in values]
    words = _("fra %(low)s til %(high)s, median %(middle)s") % {
        "low": danish(values[0]),
        "high": danish(values[4]),
        "middle": danish(values[2]),
    }
    return dict(low=at[0], lower=at[1], middle=at[2], width=max(round(at[3] - at[1], 1), 1.0), high=at[4], words=words)
