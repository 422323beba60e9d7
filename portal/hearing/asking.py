"""A reader's question about one published figure: the form, and what is done with what was written in it."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from portal.published.proofs import Record
from rankings.hearing.services.statements import ask_about_figure


class WrongForm(forms.Form):
    """A reader's question about one figure. ``website`` is for machines: a person does not see it."""

    text = forms.CharField(
        label=gettext_lazy("Hvad er der galt?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    email = forms.EmailField(label=gettext_lazy("Din e-mail (valgfri)"), required=False)
    website = forms.CharField(required=False)


def ask(found: Record, form: WrongForm) -> None:
    """Hand a valid form on to the office; what a machine wrote is dropped without a word."""
    indicator = found.subject.indicator
    assert indicator is not None  # noqa: S101  the view gives figures of indicators only
    if form.cleaned_data["website"]:
        return
    ask_about_figure(
        edition=found.edition,
        municipality=found.municipality,
        indicator=indicator,
        text=form.cleaned_data["text"],
        email=form.cleaned_data["email"],
        now=timezone.now(),
    )
