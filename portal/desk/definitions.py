"""The catalogue in the browser: everyone sees it, one proposes a change with its reason, another approves it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from indicators.admin.read_only import ReadOnlyAdmin
from indicators.admin.uploads import address, person
from indicators.models import (
    Area,
    DefinitionChange,
    Indicator,
    MunicipalityAlias,
    SeriesBreak,
    Source,
    Theme,
)
from indicators.services.defining import (
    COUNTS,
    KEYS,
    DefinitionError,
    approve_change,
    code_of,
    fields_of,
    meaning_of,
    propose_change,
    refuse_change,
)
from indicators.upload.periods import RULES, rule_words
from portal.published.definitions import changed_fields, told_values
from rankings.models import Edition

PROPOSE, APPROVE = "indicators.propose_definition", "indicators.approve_definition"


class ProposalForm(forms.ModelForm):  # type: ignore[type-arg]  # subscripted only in the stubs
    """A row of the catalogue as it should be, with why, and for figures' meaning from when."""

    reason_da = forms.CharField(
        label=gettext_lazy("Begrundelse"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000,
        help_text=gettext_lazy("Den står i den offentlige log over definitioner."),
    )  # fmt: skip
    reason_en = forms.CharField(
        label=gettext_lazy("Begrundelse på engelsk"), widget=forms.Textarea(attrs={"rows": 2}), required=False,
        max_length=1000,
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """The columns of the row as the form says them."""
        fields = (field for field in self.instance._meta.concrete_fields if field.name in (self._meta.fields or ()))
        return {field.attname: getattr(self.instance, field.attname) for field in fields}


class MeaningForm(ProposalForm):
    """The same for an indicator: what a change of meaning needs."""

    wording_only = forms.BooleanField(
        label=gettext_lazy("Definitionen får kun en klarere ordlyd; den betyder det samme"), required=False
    )
    edition_year = forms.IntegerField(
        label=gettext_lazy("Gælder fra udgave"), required=False, min_value=2015, max_value=2100,
        help_text=gettext_lazy(
            "Når enhed, retning, definition, tema eller decimaler ændres: en udgave, der ikke er offentlig."
        ),
    )  # fmt: skip
    break_year = forms.IntegerField(
        label=gettext_lazy("Første dataår med den nye opgørelse"), required=False, min_value=1970, max_value=2100,
        help_text=gettext_lazy("Når tallene betyder noget andet: herfra begynder en ny serie."),
    )  # fmt: skip

    def clean_edition_year(self) -> int | None:
        """Only an edition that is not public yet: what was published is never counted otherwise afterwards."""
        return _not_public(self.cleaned_data["edition_year"])

    def clean_first_edition(self) -> int | None:
        """The same, where it is changed: a published edition has the indicators it had."""
        return self._as_before_or_later("first_edition")

    def clean_retired_from(self) -> int | None:
        """The same."""
        return self._as_before_or_later("retired_from")

    def _as_before_or_later(self, name: str) -> int | None:
        year: int | None = self.cleaned_data[name]
        return year if year == self.initial.get(name) else _not_public(year)


def _not_public(year: int | None) -> int | None:
    newest = Edition.objects.ever_published().aggregate(last=models.Max("year"))["last"]
    if year is not None and newest is not None and year <= newest:
        raise forms.ValidationError(_("Udgave %(year)d er offentlig. Vælg en senere.") % {"year": year})
    return year


class DefinedAdmin(ReadOnlyAdmin):
    """A table of the catalogue: read by all, changed by proposals."""

    form_of: type[ProposalForm] = ProposalForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may propose."""
        return request.user.has_perm(PROPOSE)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Propose a new row."""
        person(request, PROPOSE)
        return self._page(request, self.model(), title=_("Foreslå: %(what)s") % {"what": self.opts.verbose_name})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """A row as it is, what has been changed of it, and the form that proposes a change."""
        row = self.asked_for(request, object_id)
        if row is None:
            return redirect(f"admin:indicators_{self.opts.model_name}_changelist")
        return self._page(request, row, title=str(row))

    def _page(self, request: HttpRequest, row: models.Model, *, title: str) -> HttpResponse:
        may_propose = request.user.has_perm(PROPOSE)
        form = self._form(row, request.POST or None) if may_propose else None
        if request.method == "POST":
            by = person(request, PROPOSE)
            if form is not None and form.is_valid():
                try:
                    change = _propose(form, row, by, address(request))
                except DefinitionError as error:
                    form.add_error(None, str(error))
                else:
                    messages.success(request, _("Foreslået. En anden skal godkende det."))
                    return redirect("admin:indicators_definitionchange_change", change.pk)
        name, code = self.opts.model_name, code_of(row) if row.pk else ""
        context = {
            "title": title,
            "original": row if row.pk else None,
            "form": form,
            "fields": [] if form else told_values(row, fields_of(self.model)),
            "changes": DefinitionChange.objects.filter(model=name, code=code).order_by("-pk") if code else [],
        }
        return _show(self, request, "admin/definitions/row.html", context)

    def _form(self, row: models.Model, data: Any) -> Any:
        names = [
            field.name
            for field in self.model._meta.concrete_fields
            if field.attname in fields_of(self.model) and (row.pk is None or field.name not in _own_key(self.model))
        ]
        made = forms.modelform_factory(
            self.model, form=self.form_of, fields=names, formfield_callback=_form_field, localized_fields=names
        )
        copy = self.model._default_manager.get(pk=row.pk) if row.pk else self.model()
        form = made(data, instance=copy)
        if "period_rule" in form.fields:
            form.fields["period_rule"] = _rule_field(form.instance.period_rule)
        return form


def _form_field(field: "models.Field[Any, Any]", **how: Any) -> Any:
    more: dict[str, Any] = {"assume_scheme": "https"} if isinstance(field, models.URLField) else {}
    if isinstance(field, models.TextField):
        how["widget"] = forms.Textarea(attrs={"rows": 3})
    return field.formfield(**how, **more)


def _rule_field(now: str) -> forms.ChoiceField:
    """The rules that can be chosen, and the one that holds: a numbered part is chosen with its file."""
    rules = [rule for rule in dict.fromkeys([*RULES, now]) if rule]
    words = [(rule, said) for rule in rules if (said := rule_words(rule)) is not None]
    choices = [("", "–"), *((rule, _(said.template) % said.params) for rule, said in words)]
    return forms.ChoiceField(label=_("Årets tal af årets dele"), choices=choices, required=False)


def _own_key(model: type[models.Model]) -> set[str]:
    return {key.partition("__")[0] for key in KEYS[model]}


def _propose(form: ProposalForm, row: models.Model, by: Any, origin: str) -> DefinitionChange:
    said = form.cleaned_data
    return propose_change(
        row=row,
        values=form.values(),
        reason_da=said["reason_da"],
        reason_en=said["reason_en"],
        by=by,
        now=timezone.now(),
        edition_year=said.get("edition_year"),
        break_year=said.get("break_year"),
        wording_only=bool(said.get("wording_only")),
        origin=origin,
    )


def _show(own: ReadOnlyAdmin, request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    shared = {**own.admin_site.each_context(request), "opts": own.model._meta}
    return TemplateResponse(request, template, {**shared, **context})


@admin.register(Indicator)
class IndicatorAdmin(DefinedAdmin):
    """Indicators and context figures."""

    form_of = MeaningForm
    list_display = ("code", "name_da", "theme", "unit", "direction", "source", "first_edition", "retired_from")
    list_filter = ("theme__area", "direction", "source_kind", "role")
    list_select_related = ("theme", "source")
    search_fields = ("code", "name_da", "name_en")
    ordering = ("position",)


@admin.register(SeriesBreak)
class SeriesBreakAdmin(DefinedAdmin):
    """Breaks of series."""

    list_display = ("indicator", "year", "note_da")
    list_select_related = ("indicator",)
    search_fields = ("indicator__code", "indicator__name_da")
    ordering = ("indicator__position", "year")


@admin.register(MunicipalityAlias)
class MunicipalityAliasAdmin(DefinedAdmin):
    """Other spellings that are understood in files and searches."""

    list_display = ("name", "municipality")
    list_select_related = ("municipality",)
    search_fields = ("name",)
    ordering = ("name",)


@admin.register(Area, Theme, Source)
class NameAdmin(DefinedAdmin):
    """Areas, themes and sources."""

    ordering = ("pk",)


@admin.register(DefinitionChange)
class DefinitionChangeAdmin(ReadOnlyAdmin):
    """Proposals, what was decided, and by whom."""

    list_display = ("told_code", "told_model", "state", "proposed_by", "proposed_at", "decided_by", "edition_year")
    list_filter = ("state", "model")
    list_select_related = ("proposed_by", "decided_by")
    search_fields = ("code", "reason_da")
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("hvad"), ordering="code")
    def told_code(self, change: DefinitionChange) -> str:
        """What it is about."""
        return change.code

    @admin.display(description=gettext_lazy("slags"), ordering="model")
    def told_model(self, change: DefinitionChange) -> str:
        """What kind of row it is."""
        return next(str(model._meta.verbose_name) for model in KEYS if model._meta.model_name == change.model)

    def get_urls(self) -> list[URLPattern]:
        """The two decisions, each its own address."""

        def step(route: str, view: Callable[..., Any], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"indicators_definitionchange_{name}")

        return [step("<int:pk>/afgoer/", require_POST(self.decide), "decide"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, newest first."""
        return super().changelist_view(request, {"title": _("Ændringer af kataloget"), **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """A proposal: what would change, why, what follows, and the decision."""
        change = self.asked_for(request, object_id)
        if change is None:
            return redirect("admin:indicators_definitionchange_changelist")
        is_open, own = change.state == "proposed", change.proposed_by_id == request.user.pk
        context = {
            "title": f"{self.told_model(change)}: {change.code}",
            "original": change,
            "change": change,
            "lines": changed_fields(change),
            "begins_series": meaning_of(change),
            "counts": bool(set(change.values) & COUNTS) and change.model == "indicator" and not change.is_new,
            "may_approve": is_open and not own and request.user.has_perm(APPROVE),
            "may_withdraw": is_open and own,
        }
        return _show(self, request, "admin/definitions/change.html", context)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve, refuse or withdraw."""
        change = get_object_or_404(DefinitionChange, pk=pk)
        by = person(request, PROPOSE if change.proposed_by_id == request.user.pk else APPROVE)
        act = approve_change if request.POST.get("decision") == "approve" else refuse_change
        answer = request.POST.get("answer", "")
        try:
            act(change=change, by=by, now=timezone.now(), answer=answer, origin=address(request))
        except DefinitionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Afgjort. Det står i loggen."))
        return redirect(reverse("admin:indicators_definitionchange_change", args=[pk]))
