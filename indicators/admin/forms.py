"""What a person can say about a file: which one, from where, and how it is to be read."""

import io
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, Municipality, Source
from indicators.upload.cells import write_csv
from indicators.upload.limits import LIMITS, MEGABYTE
from indicators.upload.messages import danish
from indicators.upload.periods import FIRST_YEAR, LAST_YEAR
from indicators.upload.reading import ReadingOptions
from indicators.upload.template_file import HEADERS, STATUSES

LEAVE_OUT = "lad-ude"
_YEAR_AFTER = "@"
LAYOUTS = [
    ("", _("find selv ud af det")),
    ("long", _("en række for hvert tal")),
    ("wide_by_year", _("et år i hver kolonne")),
    ("wide_by_indicator", _("en indikator i hver kolonne")),
    ("statbank", _("udtræk fra Statistikbanken")),
]
DELIMITERS = [
    ("", _("find selv ud af det")),
    (";", _("semikolon")),
    (",", _("komma")),
    ("\t", _("tabulator")),
    ("|", "|"),
]
DECIMALS = [("", _("find selv ud af det")), (",", _("komma: 12,5")), (".", _("punktum: 12.5"))]
THOUSANDS = [
    ("", _("find selv ud af det")),
    ("none", _("ingen")),
    (".", _("punktum: 3.427")),
    (",", _("komma: 3,427")),
    (" ", _("mellemrum: 3 427")),
]
ENCODINGS = [
    ("", _("find selv ud af det")),
    ("utf-8", "UTF-8"),
    ("windows-1252", "Windows-1252"),
    ("latin-1", "Latin-1"),
    ("utf-16", "UTF-16"),
]


class SeveralFilesInput(forms.ClearableFileInput):
    """A field for files that takes several at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Files that come together; each is an upload of its own."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file, each as small as a file may be."""
        files = data if isinstance(data, list | tuple) else [data]
        cleaned = [super(SeveralFilesField, self).clean(each, initial) for each in files]
        if any(each is not None and each.size > LIMITS.bytes for each in cleaned):
            raise forms.ValidationError(_("Filen er større end %(most)d MB.") % {"most": LIMITS.bytes // MEGABYTE})
        return cleaned


class UploadForm(forms.Form):
    """New files."""

    file = SeveralFilesField(
        label=_("Fil"),
        help_text=_(
            "CSV, XLSX, ODS, PX eller JSON-stat, gerne flere på én gang. Navnet og filtypen er lige meget; "
            "indholdet afgør."
        ),
    )
    source = forms.CharField(
        label=_("Kilde"),
        required=False,
        max_length=100,
        help_text=_("Hvor filen kommer fra. Rettelser af læsningen huskes til kildens næste fil."),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    indicator = forms.ChoiceField(
        label=_("Indikator"), required=False, help_text=_("Kun når filen ikke selv nævner den.")
    )
    year = forms.IntegerField(
        label=_("Årstal"),
        required=False,
        min_value=1970,
        max_value=2100,
        help_text=_("Kun når filen ikke selv nævner det."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = indicator_choices(_("står i filen"))  # type: ignore[attr-defined]
        self.sources = list(Source.objects.order_by("name").values_list("name", flat=True))

    def options(self) -> ReadingOptions:
        """What the file itself does not say."""
        return ReadingOptions(indicator=self.cleaned_data["indicator"] or None, year=self.cleaned_data["year"])


class FigureForm(forms.Form):
    """One figure by hand, with its source and the reason; it becomes a file like any other."""

    indicator = forms.ChoiceField(label=_("Indikator"))
    municipality = forms.ModelChoiceField(
        label=_("Kommune"), queryset=Municipality.objects.in_danish_order(), empty_label=_("vælg …")
    )
    year = forms.IntegerField(label=_("Årstal"), min_value=1970, max_value=2100)
    value = forms.CharField(label=_("Tal"), required=False, max_length=30, help_text=_("Med decimalkomma: 12,5."))
    status = forms.ChoiceField(
        label=_("Grund, hvis tallet mangler"),
        required=False,
        choices=[("", "–"), *((word, word) for word in STATUSES if word)],
    )
    source = forms.CharField(
        label=_("Kilde"), max_length=100, widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"})
    )
    reason = forms.CharField(label=_("Begrundelse"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = indicator_choices(_("vælg …"))  # type: ignore[attr-defined]
        self.sources = list(Source.objects.order_by("name").values_list("name", flat=True))

    def clean(self) -> dict[str, Any]:
        """Either a figure, or why there is none."""
        said: dict[str, Any] = super().clean() or {}
        if not said.get("value", "").strip() and not said.get("status"):
            raise forms.ValidationError(_("Skriv tallet, eller vælg, hvorfor det mangler."))
        return said

    def as_file(self) -> tuple[str, bytes]:
        """The file's name and content, in the upload format: it is read and checked as every file is."""
        said = self.cleaned_data
        place = said["municipality"]
        line = [
            place.code,
            place.name,
            said["indicator"],
            said["year"],
            said["value"].strip(),
            said["status"],
            said["reason"],
        ]
        text = io.StringIO(newline="")
        write_csv(text, [HEADERS, line])
        return f"i-haanden-{said['indicator']}-{place.code}-{said['year']}.csv", text.getvalue().encode("utf-8-sig")


class ReadingForm(forms.Form):
    """How a file is to be read: every choice is found out from the file until a person says otherwise."""

    source = forms.CharField(label=_("Kilde"), required=False, max_length=100)
    sheet = forms.ChoiceField(label=_("Ark"), required=False)
    layout = forms.ChoiceField(label=_("Opstilling"), required=False, choices=LAYOUTS)
    header_row = forms.IntegerField(label=_("Overskrifterne står i række"), required=False, min_value=1, max_value=1000)
    delimiter = forms.ChoiceField(label=_("Skilletegn mellem kolonner"), required=False, choices=DELIMITERS)
    decimal = forms.ChoiceField(label=_("Decimaltegn"), required=False, choices=DECIMALS)
    thousands = forms.ChoiceField(label=_("Tusindtegn"), required=False, choices=THOUSANDS)
    encoding = forms.ChoiceField(label=_("Tegnsæt"), required=False, choices=ENCODINGS)
    indicator = forms.ChoiceField(label=_("Indikator"), required=False)
    year = forms.IntegerField(label=_("Årstal"), required=False, min_value=1970, max_value=2100)

    def __init__(self, data: Any = None, *, options: Mapping[str, Any], report: Mapping[str, Any], source: str) -> None:
        initial = {**options, "source": source}
        self.given: Mapping[str, str] = options.get("answers", {})
        initial["thousands"] = "none" if options.get("thousands") == "" else options.get("thousands", "")
        super().__init__(data, initial=initial)
        sheets = report.get("sheets") or []
        self.fields["sheet"].choices = [("", _("find selv ud af det")), *((name, name) for name in sheets)]  # type: ignore[attr-defined]
        if not sheets:
            del self.fields["sheet"]
        else:
            del self.fields["delimiter"], self.fields["encoding"]
        self.fields["indicator"].choices = indicator_choices(_("står i filen"))  # type: ignore[attr-defined]
        self.asked = self._add_questions(options.get("answers", {}), report)
        self.mapped = self._add_columns(options.get("columns", {}), report)
        first = ("question_", "column_", "year_")  # what is asked comes first
        self.order_fields([name for name in self.fields if name.startswith(first)])

    def _add_questions(self, given: Mapping[str, str], report: Mapping[str, Any]) -> list[str]:
        """A field for each question of the reading, each unit that differs, and what blank cells mean."""
        asked: list[tuple[str, Any, list[tuple[str, Any]]]] = [
            (key, reason, [(answer, words) for answer, words in choices])
            for key, reason, choices, _default in report.get("questions", [])
        ]
        for unit in report.get("units", []):
            if unit["factor"]:
                times = danish(unit["factor"])
                words: list[tuple[str, Any]] = [
                    ("1", _("læs dem, som de står")),
                    (str(unit["factor"]), _("gang med %(by)s") % {"by": times}),
                ]
                asked.append((f"unit:{unit['text']}", _("Tallene er i »%(unit)s«") % {"unit": unit["text"]}, words))
        if report.get("blanks") or given.get("blanks"):
            words = [("untouched", _("de ændrer intet")), ("missing", _("tallene mangler: ikke indberettet"))]
            asked.append(("blanks", _("Tomme celler"), words))
        for number, (key, label, choices) in enumerate(asked):
            self.fields[f"question_{number}"] = forms.ChoiceField(
                label=label, required=False, initial=given.get(key, ""), choices=[("", _("vælg …")), *choices]
            )
        return [key for key, _label, _choices in asked]

    def _add_columns(self, chosen: Mapping[str, str], report: Mapping[str, Any]) -> list[str]:
        """Two fields, what and which year, for each column that says nothing by itself and each already mapped."""
        open_ones = {label: suggestion for label, _column, _cells, suggestion in report.get("unmapped", []) if label}
        labels = [*open_ones, *(label for label in chosen if label not in open_ones)]
        for number, label in enumerate(labels):
            suggestion = open_ones.get(label)
            what, year = _choices_of(chosen.get(label))
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=_("Kolonnen »%(label)s«") % {"label": label},
                required=False,
                initial=what,
                choices=[*indicator_choices(_("vælg …")), (LEAVE_OUT, _("lad kolonnen ude"))],
            )
            self.fields[f"year_{number}"] = forms.IntegerField(
                label=_("Året i »%(label)s«") % {"label": label},
                required=False,
                initial=year,
                min_value=FIRST_YEAR,
                max_value=LAST_YEAR,
                help_text=_("Måske %(suggestion)s?") % {"suggestion": suggestion}
                if suggestion
                else _("Kun når kolonnen har ét år, som filen ikke selv nævner."),
            )
        return labels

    def options(self) -> ReadingOptions:
        """What was chosen; whatever was left open is found out from the file again."""
        said = self.cleaned_data
        thousands = {"": None, "none": ""}.get(said["thousands"], said["thousands"])
        columns = {
            label: meaning
            for number, label in enumerate(self.mapped)
            if (meaning := _meaning_of(said.get(f"column_{number}", ""), said.get(f"year_{number}"))) is not None
        }
        plain: dict[str, Any] = {
            name: said.get(name) or None
            for name in ("sheet", "layout", "header_row", "delimiter", "decimal", "encoding", "indicator", "year")
        }
        answers = {
            key: said[f"question_{number}"] for number, key in enumerate(self.asked) if said.get(f"question_{number}")
        }
        # an answer to a question that this reading did not ask holds still: the next reading may ask it again
        answers = {key: value for key, value in self.given.items() if key not in self.asked} | answers
        return ReadingOptions(**plain, thousands=thousands, columns=columns, answers=answers)


def indicator_choices(blank: Any) -> list[tuple[str, Any]]:
    """Every indicator, by its name, below a blank choice."""
    rows = Indicator.objects.in_catalogue_order().values_list("code", "name_da")
    return [("", blank), *((code, f"{name} ({code})") for code, name in rows)]


def _choices_of(meaning: str | None) -> tuple[str, int | None]:
    """What the two fields of a column show: `""` is left out, `code@2019` an indicator in a year, `@2019` a year."""
    if meaning == "":
        return LEAVE_OUT, None
    what, _at, year = (meaning or "").partition(_YEAR_AFTER)
    return what, int(year) if year.isdigit() else None


def _meaning_of(what: str, year: int | None) -> str | None:
    """What the two fields mean to the reading; None where nothing was chosen."""
    if what == LEAVE_OUT:
        return ""
    return (f"{what}{_YEAR_AFTER}{year}" if year else what) or None
