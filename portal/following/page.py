"""The page where one begins to follow: what there is to choose, and what became of the answer."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Indicator, Municipality
from portal.addresses.links import Links
from portal.components.links import Link
from portal.published.subjects import localised


class IndicatorChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes no argument when it runs
    """A choice of indicators, by their names in the language of the page."""

    def label_from_instance(self, obj: object) -> str:
        """The text of a choice."""
        return localised(obj, "name")


class FollowForm(forms.Form):
    """An address, and what it follows: everything, one municipality or one indicator."""

    email = forms.EmailField(label=gettext_lazy("Din e-mail"), max_length=254)
    kommune = forms.ModelChoiceField(
        Municipality.objects.in_danish_order(),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("Kommune"),
        empty_label=gettext_lazy("Alle kommuner"),
    )
    indikator = IndicatorChoice(
        Indicator.objects.of_the_index().in_catalogue_order(),
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


@dataclass(frozen=True, slots=True)
class FollowPage:
    """The form and the feeds; ``said`` is what to tell a reader who has just sent it."""

    form: FollowForm
    feeds: tuple[Link, ...]
    said: str = ""


def follow_page(form: FollowForm, *, sent: bool = False) -> FollowPage:
    """Dress the page. What it says after sending is the same whether the address is known or not."""
    said = _("Tak. Vi har sendt et brev, hvis adressen ikke allerede følger med. Svar ja i brevet, så begynder det.")
    links = Links()
    feeds = (Link(_("Nye udgaver"), links.of("feed-editions")), Link(_("Rettelser"), links.of("feed-corrections")))
    return FollowPage(form, feeds, said if sent else "")
