"""A file of the register through the admin: brought by one person, read as a report, approved by another."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from indicators.admin.read_only import ReadOnlyAdmin
from indicators.admin.uploads import address, person
from indicators.models import LogEntry, UploadState
from indicators.provisions.models import Delivery, Table
from indicators.provisions.services.delivering import approve_delivery, check_delivery, deliver, take_back_delivery
from indicators.services.log import name_of
from indicators.services.receive import FileToImport, UploadError

ADD, CHANGE = "provisions.add_delivery", "provisions.change_delivery"


class DeliveryForm(forms.Form):
    """A new file of the register."""

    file = forms.FileField(label=_("Fil"), help_text=_("CSV, XLSX eller ODS, én tabel i hver fil."))
    table = forms.ChoiceField(label=_("Tabel"), choices=Table.choices)
    source = forms.CharField(
        label=_("Kilde"), max_length=100, help_text=_("Hvis udsagn filen er. Den bliver vist ved hvert tilbud.")
    )


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Files of the register: the list, the form for a new one, the page of each."""

    list_display = ("upload", "table", "state", "brought_by", "approved_by")
    list_filter = ("table", "upload__state")
    list_select_related = ("upload", "brought_by", "approved_by")
    ordering = ("-pk",)

    @admin.display(description=_("tilstand"))
    def state(self, delivery: Delivery) -> str:
        """Where the file is on its way."""
        return delivery.upload.get_state_display()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may bring files."""
        return request.user.has_perm(ADD)

    def get_urls(self) -> list[URLPattern]:
        """The steps of a file, each its own address."""

        def step(route: str, view: Callable[..., Any], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(require_POST(view)), name=f"provisions_delivery_{name}")

        return [
            step("<int:pk>/tjek/", self.check_again, "check"),
            step("<int:pk>/godkend/", self.approve, "approve"),
            step("<int:pk>/tag-tilbage/", self.take_back, "take_back"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form for a new file; it is kept and checked, and changes nothing."""
        by = person(request, ADD)
        form = DeliveryForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            file = FileToImport(str(data["file"].name), data["file"].read())
            try:
                delivery = deliver(
                    file=file, table=Table(data["table"]), source=data["source"], by=by, now=timezone.now()
                )
            except UploadError as error:
                form.add_error("file", str(error))
            else:
                return _page_of(delivery)
        return self._show(request, "admin/provisions/add.html", title=_("Ny registerfil"), form=form)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The page of a file: what was found, what it would change, who may do what."""
        delivery = self.asked_for(request, object_id)
        if delivery is None:
            return redirect("admin:provisions_delivery_changelist")
        report = delivery.upload.report
        state = delivery.upload.state
        return self._show(
            request,
            "admin/provisions/report.html",
            title=delivery.upload.name,
            original=delivery,
            delivery=delivery,
            report=report,
            warnings=[each for each in report.get("findings", []) if each["severity"] == "warning"],
            others=[each for each in report.get("findings", []) if each["severity"] != "warning"],
            may_check=state in {UploadState.CHECKED, UploadState.REFUSED} and request.user.has_perm(ADD),
            may_approve=state == UploadState.CHECKED and request.user.has_perm(CHANGE),
            is_own=request.user == delivery.brought_by,
            may_take_back=state == UploadState.APPLIED and request.user.has_perm(CHANGE),
            log=LogEntry.objects.about(name_of(delivery.upload)).select_related("by").newest_first(),
        )

    def check_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check against the register as it is now."""
        by = person(request, ADD)
        return self._done(request, pk, lambda one: check_delivery(delivery=one, by=by, now=timezone.now()))

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the file: each warning with its own yes and reason."""
        by, ticked, reason = person(request, CHANGE), request.POST.getlist("accept"), request.POST.get("reason", "")
        accepted = dict.fromkeys(ticked, reason)
        now, origin = timezone.now(), address(request)

        def act(one: Delivery) -> object:
            return approve_delivery(delivery=one, accepted=accepted, by=by, now=now, origin=origin)

        return self._done(request, pk, act)

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a written file back, with a reason."""
        by, reason = person(request, CHANGE), request.POST.get("reason", "")
        now, origin = timezone.now(), address(request)

        def act(one: Delivery) -> object:
            return take_back_delivery(delivery=one, reason=reason, by=by, now=now, origin=origin)

        return self._done(request, pk, act)

    def _done(self, request: HttpRequest, pk: int, act: Callable[[Delivery], object]) -> HttpResponse:
        delivery = get_object_or_404(Delivery, pk=pk)
        try:
            act(delivery)
        except UploadError as error:
            messages.error(request, str(error))
        return _page_of(delivery)

    def _show(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), "opts": Delivery._meta, **context}
        )


def _page_of(delivery: Delivery) -> HttpResponse:
    return redirect(reverse("admin:provisions_delivery_change", args=[delivery.pk]))
