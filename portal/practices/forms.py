"""The forms of the workbench about practices. Danish only, as the workbench is."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, Municipality
from indicators.people.models import Organisation
from rankings.practices.models import (
    AimDirection,
    Circle,
    ElementKind,
    Enquiry,
    Evidence,
    FollowUpResult,
    Knowledge,
    Practice,
    TargetGroup,
)


class PracticeForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes no argument when it runs
    """The texts of a draft. What did not work is as required as what was done."""

    municipalities = forms.ModelMultipleChoiceField(
        Municipality.objects.in_danish_order(), required=False, label=_("Kommuner, hvor det er prøvet")
    )
    target_groups = forms.MultipleChoiceField(
        choices=TargetGroup.choices, widget=forms.CheckboxSelectMultiple, label=_("Målgrupper")
    )

    class Meta:
        model = Practice
        fields = (
            "title", "summary", "municipalities", "target_groups", "legal_basis", "started_on", "persons", "maturity",
            "done", "took", "failed", "sources",
        )  # fmt: skip
        widgets = {  # noqa: RUF012  Django's way
            "started_on": forms.DateInput(attrs={"type": "date"}),
            **{name: forms.Textarea(attrs={"rows": 4}) for name in ("summary", "done", "took", "failed", "sources")},
        }
        help_texts = {  # noqa: RUF012  Django's way
            "failed": _("Det, der ikke virkede, er det, andre lærer mest af."),
            "sources": _("En kilde på hver linje, gerne med adresse."),
        }


class AimForm(forms.Form):
    """What a draft means to move. It is registered now, and that moment is shown."""

    indicator = forms.ModelChoiceField(
        Indicator.objects.of_the_index().in_catalogue_order(), to_field_name="code", label=_("Indikator")
    )
    direction = forms.ChoiceField(choices=AimDirection.choices, label=_("Hvilken vej"))
    from_edition = forms.IntegerField(
        min_value=2000, max_value=2100, label=_("Ventes fra udgave"), help_text=_("Tidligst året efter begyndelsen.")
    )


class ElementsForm(forms.Form):
    """A link for each of the eleven elements that is described somewhere; an empty one is not there."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for kind in ElementKind:
            self.fields[str(kind)] = forms.URLField(required=False, assume_scheme="https", label=kind.label)


class EvidenceForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes no argument when it runs
    """One thing that is known, with its source."""

    url = forms.URLField(required=False, assume_scheme="https", label=_("Adresse"))

    class Meta:
        model = Evidence
        fields = ("scope", "source", "url", "year", "design", "outcome", "finding", "note")


class AssessmentForm(forms.Form):
    """What an editor says is known of the method, and why."""

    knowledge = forms.ChoiceField(choices=Knowledge.choices, label=_("Vidensgrundlag"))
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), label=_("Begrundelse"))


class ReasonForm(forms.Form):
    """Why: of a return or a withdrawal."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), label=_("Begrundelse"))


class NothingForm(forms.Form):
    """A button."""


class EnquiryForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes no argument when it runs
    """A question from one of one's own municipalities."""

    asker = forms.ModelChoiceField(Organisation.objects.none(), label=_("Fra"))

    class Meta:
        model = Enquiry
        fields = ("asker", "text")

    def __init__(self, *args: object, mine: object = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["asker"].queryset = mine  # type: ignore[attr-defined]  # a choice of models has one
        if isinstance(mine, QuerySet) and len(mine) == 1:
            self.initial["asker"] = mine[0]


class AnswerForm(forms.Form):
    """An answer, and whether it may be seen."""

    answer = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), max_length=4_000, label=_("Svar"))
    show = forms.BooleanField(required=False, label=_("Må ses af andre, hvis den, der spurgte, også siger ja"))


class FollowUpForm(forms.Form):
    """What came of an answer, a year later."""

    result = forms.ChoiceField(choices=FollowUpResult.choices, label=_("Hvad kom der af det?"))
    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), max_length=1_000, required=False, label=_("I egne ord")
    )


class CircleForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes no argument when it runs
    """A circle: its goal is registered before it begins."""

    members = forms.ModelMultipleChoiceField(
        Organisation.objects.of_municipalities().in_danish_order(), label=_("Kommuner (3–8)")
    )

    class Meta:
        model = Circle
        fields = ("title", "indicator", "members", "goal", "starts_on")
        widgets = {"starts_on": forms.DateInput(attrs={"type": "date"})}  # noqa: RUF012  Django's way
