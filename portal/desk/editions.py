"""An edition's way through the admin: prepare, compute, hearing, publish, correct; and what a file would move."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, re_path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.admin.read_only import ReadOnlyAdmin
from indicators.admin.uploads import address, person
from indicators.models import Action, Job, LogEntry, Upload
from indicators.services.compare import cells_of
from indicators.services.log import record
from indicators.services.receive import UploadError
from portal.desk import home, publication
from portal.desk.drafts import draft_page
from portal.desk.preview import preview, start_of
from portal.desk.publication import COMPUTE, PUBLISH, VIEW
from portal.desk.readiness import COMPUTING, KIND, job_of, readiness, stops
from portal.operating.security import posted_key
from portal.publishing import NAMES
from rankings.impact import impact_of
from rankings.models import Edition, PressLink
from rankings.services.computing import EditionError
from rankings.services.editions import (
    correct_edition,
    delete_draft,
    look_at_draft,
    prepare_edition,
    send_to_hearing,
)
from rankings.services.embargo import EmbargoError, make_press_link, token_of, withdraw_press_link

LINK_FOR = dt.timedelta(days=7)


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """Editions: the list, the page of each, and the steps between draft and public."""

    list_display = ("__str__", "state", "computed_at", "published_at", "published_by")
    list_select_related = ("published_by",)
    ordering = ("-year", "-revision")
    change_list_template = "admin/editions/list.html"

    def get_urls(self) -> list[URLPattern]:
        """The steps of an edition, each its own address."""

        def step(route: str, view: Callable[..., Any], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"rankings_edition_{name}")

        return [
            step("forbered/", require_POST(self.prepare), "prepare"),
            step("ret/", require_POST(self.correct), "correct"),
            step("<int:pk>/beregn/", require_POST(self.compute), "compute"),
            step("<int:pk>/hoering/", require_POST(self.hearing), "hearing"),
            step("<int:pk>/set/", require_POST(self.look), "look"),
            step("<int:pk>/udgiv/", publication.publication, "publication"),
            step("<int:pk>/udgiv/bestil/", publication.order, "publish"),
            step("<int:pk>/udgiv/afbestil/", publication.cancel, "cancel"),
            step("<int:pk>/traek-tilbage/", publication.withdraw, "withdraw"),
            step("<int:pk>/kladde/", preview, "preview"),
            re_path(
                r"^(?P<pk>[0-9]+)/kladde/(?P<rest>.+)$",
                self.admin_site.admin_view(preview),
                name="rankings_edition_preview_page",
            ),
            step("vejledning/", home.guide, "guide"),
            step("aar/<int:year>/kilde/<int:pk>/", home.source, "source"),
            step("aar/<int:year>/fordel/", require_POST(home.share_out), "share_out"),
            step("<int:pk>/slet-kladde/", require_POST(self.delete_draft), "delete_draft"),
            step("<int:pk>/link/", require_POST(self.link), "link"),
            step("link/<int:pk>/luk/", require_POST(self.close_link), "close_link"),
            step("virkning/<int:upload>/", self.impact, "impact"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with what may be begun from it."""
        newest = Edition.objects.newest_first().first()
        steps = {
            "title": _("Udgaver"),
            "may_compute": request.user.has_perm(COMPUTE),
            "may_publish": request.user.has_perm(PUBLISH),
            "next_year": newest.year + 1 if newest else timezone.now().year,
            "published": [*Edition.objects.published().newest_first(), *_only_withdrawn()],
        }
        return super().changelist_view(request, {**steps, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The page of an edition."""
        edition = self.asked_for(request, object_id)
        if edition is None:
            return redirect("admin:rankings_edition_changelist")
        links = [
            (link, request.build_absolute_uri(reverse("embargo", args=[token_of(link)])))
            for link in PressLink.objects.filter(edition=edition).newest_first()
        ]
        follow_ups = Job.objects.filter(about=edition.release).exclude(kind=COMPUTING)
        computing = _computing(edition)
        drafted = draft_page(edition, person(request)) if edition.is_open and edition.computed_at else {}
        points = readiness(edition, person(request), timezone.now()) if drafted else []
        return self._show(
            request,
            "admin/editions/edition.html",
            title=f"{_('Udgave')} {edition.release}",
            original=edition,
            edition=edition,
            is_open=edition.is_open,
            points=points,
            stopping=stops(points),
            start=start_of(edition) if drafted else "",
            computing=computing,
            is_at_work=computing is not None and publication.is_at_work(computing, timezone.now()),
            links=links,
            after=[
                ({**NAMES, KIND: _("udgivelsen")}.get(job.kind, job.kind), job) for job in follow_ups.order_by("pk")
            ],
            log=LogEntry.objects.about(f"edition {edition.release}").select_related("by").newest_first(),
            may_compute=request.user.has_perm(COMPUTE),
            may_publish=request.user.has_perm(PUBLISH),
            **drafted,
        )

    def prepare(self, request: HttpRequest) -> HttpResponse:
        """Begin a year."""
        by, year = person(request, COMPUTE), request.POST.get("year", "")
        if not year.isdecimal():
            messages.error(request, _("Skriv et årstal."))
            return redirect("admin:rankings_edition_changelist")
        return self._do(
            request,
            None,
            lambda: prepare_edition(year=int(year), by=by, now=timezone.now(), origin=address(request)),
            _("Kladden er forberedt og beregnet."),
        )

    def correct(self, request: HttpRequest) -> HttpResponse:
        """Begin a correction of a public edition, with its public reason."""
        by, edition = person(request, PUBLISH), get_object_or_404(Edition, pk=posted_key(request, "edition"))
        reason, reason_en = request.POST.get("reason", ""), request.POST.get("reason_en", "")
        return self._do(
            request,
            None,
            lambda: correct_edition(
                year=edition.year,
                reason=reason,
                reason_en=reason_en,
                by=by,
                now=timezone.now(),
                origin=address(request),
            ),
            _("Rettelsen er begyndt som en kladde."),
        )

    def compute(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the worker compute an open edition from what holds now."""
        by, edition = person(request, COMPUTE), get_object_or_404(Edition, pk=pk)
        publication.order_computation(edition=edition, by=by, now=timezone.now(), origin=address(request))
        return redirect("admin:rankings_edition_change", pk)

    def hearing(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a draft to hearing."""
        by, edition = person(request, PUBLISH), get_object_or_404(Edition, pk=pk)
        return self._do(
            request,
            edition,
            lambda: send_to_hearing(edition=edition, by=by, now=timezone.now(), origin=address(request)),
            _("Udgaven er i høring."),
        )

    def look(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that somebody has looked at the computation that was on the screen."""
        by, edition = person(request, VIEW), get_object_or_404(Edition, pk=pk)
        checksum, now = request.POST.get("checksum", ""), timezone.now()
        try:
            look_at_draft(edition=edition, checksum=checksum, by=by, now=now, origin=address(request))
        except EditionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Noteret: du har set denne beregning."))
        return redirect("admin:rankings_edition_change", pk)

    def delete_draft(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete a draft that was never public, with a reason."""
        by, edition = person(request, COMPUTE), get_object_or_404(Edition, pk=pk)
        reason, now = request.POST.get("reason", ""), timezone.now()
        try:
            publication.refuse_while_ordered(edition)
            delete_draft(edition=edition, reason=reason, by=by, now=now, origin=address(request))
        except EditionError as error:
            messages.error(request, str(error))
            return redirect("admin:rankings_edition_change", pk)
        messages.success(request, _("Kladden er slettet."))
        return redirect("admin:rankings_edition_changelist")

    def link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a preview link for one recipient."""
        by, edition = person(request, PUBLISH), get_object_or_404(Edition, pk=pk)
        now = timezone.now()
        recipient = request.POST.get("recipient", "")
        try:
            link = make_press_link(edition=edition, recipient=recipient, until=now + LINK_FOR, by=by, now=now)
        except EmbargoError as error:
            messages.error(request, str(error))
        else:
            what = f"edition {edition.release}"
            details = {"recipient": link.recipient, "expires": link.expires_at.isoformat()}
            record(action=Action.PREVIEW_LINK_MADE, what=what, by=by, now=now, origin=address(request), details=details)
            messages.success(request, _("Linket er lavet. Det gælder i syv dage og kan lukkes før."))
        return redirect("admin:rankings_edition_change", pk)

    def close_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close a preview link."""
        person(request, PUBLISH)
        link = withdraw_press_link(link=get_object_or_404(PressLink, pk=pk), now=timezone.now())
        return redirect("admin:rankings_edition_change", link.edition_id)

    def impact(self, request: HttpRequest, upload: int) -> HttpResponse:
        """Which municipalities a file would move, how far, and because of which indicator. Stores nothing."""
        person(request, "indicators.view_upload")
        found = get_object_or_404(Upload, pk=upload)
        try:
            impact = impact_of(cells_of(found, now=timezone.now()))
        except UploadError as error:
            messages.error(request, str(error))
            return redirect("admin:indicators_upload_change", upload)
        return self._show(
            request, "admin/editions/impact.html", title=_("Hvem flytter sig?"), upload=found, impact=impact
        )

    def _do(self, request: HttpRequest, edition: Edition | None, act: Callable[[], Edition], done: str) -> HttpResponse:
        """Take a step, say how it went, and show the edition."""
        try:
            edition = act()
        except (EditionError, ValueError) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        if edition is None:
            return redirect("admin:rankings_edition_changelist")
        return redirect("admin:rankings_edition_change", edition.pk)

    def _show(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": Edition._meta}
        return TemplateResponse(request, template, {**shared, **context})


def _computing(edition: Edition) -> Job | None:
    """The order to compute a draft, until it was computed in another way since."""
    job = job_of(edition, COMPUTING) if edition.is_open else None
    is_old = job and job.ended_at and edition.computed_at and job.ended_at < edition.computed_at
    return None if is_old else job


def _only_withdrawn() -> list[Edition]:
    """The newest withdrawn revision of each year that has none that is public: a correction begins with it."""
    public = Edition.objects.published().values("year")
    rows = Edition.objects.withdrawn().exclude(year__in=public).newest_first()
    return list({row.year: row for row in reversed(rows)}.values())
