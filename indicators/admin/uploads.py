"""A file's way through the admin: hand in, read the report, correct, accept, apply, take back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.models import Indicator, Job, JobKind, LogEntry, Source, Upload, UploadState
from indicators.services.apply import apply_upload
from indicators.services.check import check_upload, correct_reading, keep_answers
from indicators.services.compare import catalogue_facts
from indicators.services.log import name_of
from indicators.services.queue import ask_to_cancel, enqueue
from indicators.services.receive import (
    FileOnDisk,
    FileToImport,
    SameFileError,
    UploadError,
    discard_upload,
    receive_upload,
    takes_long,
)
from indicators.services.take_back import take_back_upload
from indicators.upload.reading import ReadingOptions
from indicators.upload.template_file import write_template

from .forms import FigureForm, ReadingForm, UploadForm
from .read_only import ReadOnlyAdmin
from .report import report_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ADD, CHANGE, APPLY = "indicators.add_upload", "indicators.change_upload", "indicators.apply_upload"
OPEN = {UploadState.RECEIVED, UploadState.CHECKED, UploadState.REFUSED}


def person(request: HttpRequest, *permissions: str) -> User:
    """Who asks. Raises PermissionDenied for whoever lacks a permission."""
    if not isinstance(request.user, User) or not request.user.has_perms(permissions):
        raise PermissionDenied
    return request.user


def administrator(request: HttpRequest) -> User:
    """Who asks, where that is an administrator. Raises PermissionDenied for everybody else."""
    if not isinstance(request.user, User) or not request.user.is_superuser:
        raise PermissionDenied
    return request.user


def address(request: HttpRequest) -> str:
    """Where a request came from, for the log."""
    return str(request.META.get("REMOTE_ADDR", ""))


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """Uploads: the list with its filters, the form for a new one, and the page of each."""

    list_display = ("name", "state", "source", "uploaded_by", "uploaded_at")
    list_filter = ("state", "source", "uploaded_at")
    list_select_related = ("uploaded_by",)
    search_fields = ("name", "source", "sha256")
    ordering = ("-uploaded_at", "-pk")
    change_list_template = "admin/uploads/list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Upload]:
        """Files of figures: those of the register of services have pages of their own.

        Without those that were thrown away, unless the list is filtered by their state.
        """
        every: QuerySet[Upload] = super().get_queryset(request).filter(delivery__isnull=True)
        asks = "discarded" in request.GET.get("state__exact", "") or not request.path.endswith("/upload/")
        return every if asks else every.exclude(state=UploadState.DISCARDED)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may bring files."""
        return request.user.has_perm(ADD)

    def get_urls(self) -> list[URLPattern]:
        """The steps of an upload, each its own address."""

        def step(route: str, view: Callable[..., Any], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"indicators_upload_{name}")

        return [
            step("skabeloner/", self.templates, "templates"),
            step("skabelon/<int:pk>/<int:year>/", self.template, "template"),
            step("<int:pk>/fil/", self.file, "file"),
            step("<int:pk>/laesning/", require_POST(self.reading), "reading"),
            step("<int:pk>/tjek/", require_POST(self.check_again), "check"),
            step("<int:pk>/indlaes/", require_POST(self.apply), "apply"),
            step("<int:pk>/tag-tilbage/", require_POST(self.take_back), "take_back"),
            step("tal/", self.figure, "figure"),
            step("<int:pk>/kasser/", require_POST(self.discard), "discard"),
            step("<int:pk>/afbryd/", require_POST(self.cancel), "cancel"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list of what came in."""
        return super().changelist_view(request, {"title": _("Indberetninger"), **(extra_context or {})})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form for a new file; what is handed in is kept and checked, a large one in the background."""
        by = person(request, ADD)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            files = form.cleaned_data["file"]
            came = [upload for file in files if (upload := _received(request, _incoming(file), form, by)) is not None]
            if len(files) > 1 and came:
                return redirect("admin:indicators_upload_changelist")
            if came:
                return _page_of(came[0])
        return self._show(request, "admin/uploads/add.html", title=_("Ny indberetning"), form=form)

    def figure(self, request: HttpRequest) -> HttpResponse:
        """One figure by hand: it becomes a file, read and checked like any other."""
        by = person(request, ADD)
        form = FigureForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            name, content = form.as_file()
            upload = _received(request, FileToImport(name, content), form, by)
            if upload is not None:
                return _page_of(upload)
        return self._show(request, "admin/uploads/figure.html", title=_("Et tal i hånden"), form=form)

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Throw away a file that never went in."""
        by, upload = person(request, CHANGE), get_object_or_404(Upload, pk=pk)
        try:
            reason = request.POST.get("reason", "")
            discard_upload(upload=upload, by=by, now=timezone.now(), reason=reason, origin=address(request))
        except UploadError as error:
            messages.error(request, str(error))
            return _page_of(upload)
        messages.success(request, _("»%(file)s« er kasseret.") % {"file": upload.name})
        return redirect("admin:indicators_upload_changelist")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The page of an upload: what was read, what was found, what it would change."""
        upload = self.asked_for(request, object_id)
        if upload is None:
            return redirect("admin:indicators_upload_changelist")
        is_open = upload.state in OPEN
        return self._show(
            request,
            "admin/uploads/report.html",
            title=upload.name,
            original=upload,
            upload=upload,
            job=upload.jobs.newest_first().first(),
            page=report_page(upload),
            form=ReadingForm(options=upload.options, report=upload.report, source=upload.source) if is_open else None,
            is_open=is_open,
            may_change=request.user.has_perm(CHANGE),
            may_apply=request.user.has_perm(APPLY),
            log=LogEntry.objects.about(name_of(upload)).select_related("by").newest_first(),
        )

    def reading(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Correct how the file is read, and check it again."""
        by, upload = person(request, CHANGE), get_object_or_404(Upload, pk=pk)
        form = ReadingForm(request.POST, options=upload.options, report=upload.report, source=upload.source)
        if not form.is_valid():
            messages.error(
                request, " ".join(f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items())
            )
            return _page_of(upload)
        options, source = form.options(), form.cleaned_data["source"]
        try:
            now = timezone.now()
            correct_reading(upload=upload, options=options, source=source, by=by, now=now, origin=address(request))
        except UploadError as error:
            messages.error(request, str(error))
            return _page_of(upload)
        return _checked(request, upload, by)

    def check_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check as it is, against what is stored now."""
        by = person(request, CHANGE)
        return _checked(request, get_object_or_404(Upload, pk=pk), by)

    def apply(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Apply: each warning with its own yes and reason."""
        by, upload = person(request, APPLY), get_object_or_404(Upload, pk=pk)
        accepted = _accepted(request, upload)
        keep_answers(upload=upload, answers=_given(request, upload), by=by, now=timezone.now())
        if takes_long(upload):
            enqueue(
                upload=upload,
                kind=JobKind.APPLY,
                accepted=accepted,
                by=by,
                now=timezone.now(),
                origin=address(request),
            )
            return _page_of(upload)
        try:
            done = apply_upload(upload=upload, accepted=accepted, by=by, now=timezone.now(), origin=address(request))
        except UploadError as error:
            messages.error(request, str(error))
        else:
            told = _("Indlæst: %(added)d nye tal, %(changed)d ændrede, %(same)d som før.")
            counts = {"added": done.added, "changed": done.changed, "same": done.unchanged}
            messages.success(request, told % counts)
        return _page_of(upload)

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take an applied upload back."""
        by, upload = person(request, APPLY), get_object_or_404(Upload, pk=pk)
        try:
            count = take_back_upload(
                upload=upload,
                by=by,
                now=timezone.now(),
                reason=request.POST.get("reason", ""),
                origin=address(request),
            )
        except UploadError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("Taget tilbage: %(count)d tal. Det, der var før, gælder igen.") % {"count": count}
            )
        return _page_of(upload)

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop a long job."""
        by = person(request, CHANGE)
        job = Job.objects.unfinished().filter(upload=pk).first()
        if job is not None:
            ask_to_cancel(job=job, by=by, now=timezone.now(), origin=address(request))
            messages.info(request, _("Arbejdet bliver afbrudt. Intet er ændret."))
        return redirect("admin:indicators_upload_change", pk)

    def file(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file as it came, as an attachment and never as a page."""
        person(request, "indicators.view_upload")
        upload = get_object_or_404(Upload, pk=pk)
        return FileResponse(
            upload.file.open("rb"),
            as_attachment=True,
            filename=Path(upload.name).name or f"{upload.pk}",
            content_type="application/octet-stream",
            headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"},
        )

    def templates(self, request: HttpRequest) -> HttpResponse:
        """The sources, each with its template to fill in: for the coming year, this one and the last."""
        person(request, "indicators.view_upload")
        sources = Source.objects.filter(indicators__isnull=False).distinct().order_by("name")
        year = timezone.now().year
        return self._show(
            request,
            "admin/uploads/templates.html",
            title=_("Skabeloner"),
            sources=sources,
            years=[year + 1, year, year - 1],
        )

    def template(self, request: HttpRequest, pk: int, year: int) -> HttpResponse:
        """A source's template for a year, as XLSX."""
        person(request, "indicators.view_upload")
        if not 1970 <= year <= 2100:
            raise Http404
        source = get_object_or_404(Source, pk=pk)
        facts = catalogue_facts()
        codes = Indicator.objects.filter(source=source).in_catalogue_order().values_list("code", flat=True)
        content = write_template(indicators=[facts[code] for code in codes], year=year, source=source.name)
        name = f"skabelon-{source.pk}-{year}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=XLSX, headers=headers)

    def _show(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": Upload._meta}
        return TemplateResponse(request, template, {**shared, **context})


def _received(
    request: HttpRequest, file: FileToImport | FileOnDisk, form: UploadForm | FigureForm, by: User
) -> Upload | None:
    """Keep one file and have it checked; where the same one is here already, what was chosen now is applied to it. None
    with an error in the form where it cannot be kept."""
    options = form.options() if isinstance(form, UploadForm) else ReadingOptions()
    source = form.cleaned_data["source"]
    now, origin = timezone.now(), address(request)
    try:
        upload = receive_upload(file=file, by=by, now=now, origin=origin, source=source, options=options)
    except SameFileError as error:
        messages.warning(request, str(error))
        upload = error.upload
        if upload.state not in OPEN or not options.as_json() or not by.has_perm(CHANGE):
            return upload
        own = ReadingOptions.from_json(upload.options | options.as_json())
        correct_reading(upload=upload, options=own, source=source or None, by=by, now=now, origin=origin)
    except UploadError as error:
        form.add_error("file" if isinstance(form, UploadForm) else None, str(error))
        return None
    _checked(request, upload, by)
    return upload


def _given(request: HttpRequest, upload: Upload) -> dict[str, str]:
    """What a person has begun to answer: the reason of every ticked warning, also where it is blank still."""
    ticked = set(request.POST.getlist("accept"))
    keys = [each["key"] for each in upload.report.get("findings", []) if each["severity"] == "warning"]
    return {key: request.POST.get(f"reason_{key}", "").strip() for key in keys if key in ticked}


def _incoming(file: "UploadedFile[bytes]") -> FileToImport | FileOnDisk:
    """A handed-in file: in memory where it is small, on disk where Django has streamed it there."""
    name = str(file.name)
    if hasattr(file, "temporary_file_path"):
        return FileOnDisk(name, Path(file.temporary_file_path()))
    return FileToImport(name, file.read())


def _page_of(upload: Upload) -> HttpResponse:
    return redirect(reverse("admin:indicators_upload_change", args=[upload.pk]))


def _checked(request: HttpRequest, upload: Upload, by: User) -> HttpResponse:
    """Check at once, or have it done in the background; then show the upload's page."""
    try:
        if takes_long(upload):
            enqueue(upload=upload, kind=JobKind.CHECK, by=by, now=timezone.now(), origin=address(request))
        else:
            check_upload(upload=upload, by=by, now=timezone.now(), origin=address(request))
    except UploadError as error:
        messages.error(request, str(error))
    return _page_of(upload)


def _accepted(request: HttpRequest, upload: Upload) -> dict[str, str]:
    """The reason of every ticked warning: its own, or the one given for all."""
    ticked = set(request.POST.getlist("accept"))
    shared = request.POST.get("reason", "")
    keys = [each["key"] for each in upload.report.get("findings", []) if each["severity"] == "warning"]
    return {key: request.POST.get(f"reason_{key}", "").strip() or shared for key in keys if key in ticked}
