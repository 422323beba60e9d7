"""The page where one begins to follow: what there is to choose, and what became of the answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.addresses import Links
from portal.components.links import Link
from portal.published.municipalities import municipalities
from portal.published.subjects import all_indicators, localised


class IndicatorChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes no argument when it runs
    """A choice of indicators, by their names in the language of the page."""

    def label_from_instance(self, obj: object) -> str:
        """The text of a choice."""
        return localised(obj, "name")


class FollowForm(forms.Form):
    """An address, and what it follows: everything, one municipality or one indicator."""

    email = forms.EmailField(label=gettext_lazy("Din e-mail"), max_length=254)
    kommune = forms.ModelChoiceField(
        municipalities(),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("Kommune"),
        empty_label=gettext_lazy("Alle kommuner"),
    )
    indikator = IndicatorChoice(
        all_indicators(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Indikator"),
        empty_label=gettext_lazy("Alle indikatorer"),
    )

    def clean(self) -> dict[str, object]:
        """One thing at a time: a municipality or an indicator."""
        cleaned = super().clean() or {}
        if cleaned.get("kommune") and cleaned.get("indikator"):
            raise forms.ValidationError(_("Vælg en kommune eller en indikator, ikke begge."))
        return cleaned


def follow_page(form: FollowForm, *, sent: bool = False) -> dict[str, Any]:
    """Dress the page. What it says after sending is the same whether the address is known or not."""
    said = _("Tak. Vi har sendt et brev, hvis adressen ikke allerede følger med. Svar ja i brevet, så begynder det.")
    links = Links()
    feeds = (Link(_("Nye udgaver"), links.of("feed-editions")), Link(_("Rettelser"), links.of("feed-corrections")))
    return dict(form=form, feeds=feeds, said=said if sent else "")
