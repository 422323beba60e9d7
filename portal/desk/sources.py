""" "Hent fra kilden": what is new at the publishers, fetching it, and the raw answers behind each fetch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.admin.read_only import ReadOnlyAdmin
from indicators.admin.uploads import ADD, person
from indicators.models import Indicator, Job, Measurement, UploadState
from indicators.services.compare import cells_of
from indicators.services.queue import enqueue_follow_up
from indicators.services.receive import UploadError
from indicators.sources.models import ConfirmedRecipe, Fetch, FetchState, SourceAnswer, SourceTable
from indicators.sources.recipes import Recipe, recipes_of_the_catalogue
from indicators.sources.services import EYES, fingerprint, is_new, mark_seen, unseen_by
from portal.desk.fetching import ALL, SOURCE_NAMES, SOURCE_WORK, key_of
from portal.language import formatting
from rankings.restating import Restated, restated_by


@dataclass(frozen=True, slots=True)
class Line:
    """A recipe on the page: its indicator, what the publisher has and what we have, and what is the matter."""

    indicator: Indicator
    recipe: Recipe
    tables: tuple[SourceTable, ...]
    last: Fetch | None
    confirmed: str
    is_new: bool

    @property
    def problem(self) -> str:
        """Why it cannot be looked at or fetched; "" where nothing is known to be wrong."""
        if self.recipe.waits_for:
            return self.recipe.waits_for
        return next((table.problem for table in self.tables if table.problem), "")

    @property
    def would_change(self) -> str:
        """What the figures that were fetched last would change, while they wait for a yes; "" else."""
        upload = self.last.upload if self.last else None
        if upload is None or upload.state != UploadState.CHECKED:
            return ""
        counts = {name: upload.report.get(name, 0) for name in ("added", "changed", "unchanged")}
        return _("venter på et ja: %(added)d nye tal, %(changed)d ændrede, %(unchanged)d ens") % counts


def lines() -> list[Line]:
    """Every recipe of the catalogue, in the catalogue's order."""
    recipes = recipes_of_the_catalogue().recipes
    confirmed = {c.indicator_id: c for c in ConfirmedRecipe.objects.select_related("fetch")}
    tables = {(table.publisher, table.table): table for table in SourceTable.objects.all()}
    last: dict[int, Fetch] = {}
    for row in Fetch.objects.select_related("upload").order_by("asked_at", "pk"):
        last[row.indicator_id] = row
    return [
        Line(
            indicator=indicator,
            recipe=(recipe := recipes[indicator.code]),
            tables=tuple(t for name in recipe.tables if (t := tables.get((recipe.publisher, name)))),
            last=last.get(indicator.pk),
            confirmed=_confirmed(confirmed.get(indicator.pk), recipe),
            is_new=not recipe.waits_for and is_new(recipe),
        )
        for indicator in Indicator.objects.in_catalogue_order().filter(code__in=recipes)
    ]


def _confirmed(found: ConfirmedRecipe | None, recipe: Recipe) -> str:
    if found is None or found.recipe != fingerprint(recipe):
        return _("ubekræftet")
    return _("bekræftet i en prøve") if found.fetch.is_trial else _("bekræftet")


@admin.register(Fetch)
class FetchAdmin(ReadOnlyAdmin):
    """What was fetched and what is new."""

    list_display = ("indicator", "year", "publisher", "tables", "state", "is_trial", "asked_at", "asked_by")
    list_filter = ("state", "is_trial", "publisher")
    list_select_related = ("indicator", "asked_by")
    ordering = ("-asked_at", "-pk")
    change_list_template = "admin/sources/list.html"

    def get_urls(self) -> list[URLPattern]:
        """Each step its own address."""

        def step(route: str, view: Callable[..., Any], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"sources_fetch_{name}")

        return [
            step("kilder/", self.sources, "sources"),
            step("bestil/", require_POST(self.order), "order"),
            step("<int:pk>/set/", require_POST(self.seen), "seen"),
            step("<int:pk>/svar/<int:answer>/", self.answer, "answer"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Every fetch."""
        return super().changelist_view(request, {"title": _("Hentninger"), **(extra_context or {})})

    def sources(self, request: HttpRequest) -> HttpResponse:
        """What is new at the publishers, what is confirmed, and what may be fetched."""
        person(request, "sources.view_fetch")
        jobs = Job.objects.filter(kind__in=SOURCE_WORK).newest_first()[:5]
        return self._show(
            request,
            "admin/sources/sources.html",
            title=_("Hent fra kilden"),
            lines=lines(),
            publishers=recipes_of_the_catalogue().publishers.values(),
            jobs=[(SOURCE_NAMES.get(job.kind, job.kind), job) for job in jobs],
            may_fetch=request.user.has_perm(ADD),
        )

    def order(self, request: HttpRequest) -> HttpResponse:
        """Have the worker look, say what would change, or fetch: one indicator's figures or all."""
        by, code = person(request, ADD), request.POST.get("indicator", "")
        kind = request.POST.get("step", "fetch")
        if code and code not in recipes_of_the_catalogue().recipes:
            messages.error(request, _("Der er ingen opskrift på %(code)s.") % {"code": code})
        elif kind not in SOURCE_WORK:
            messages.error(request, _("Du kan se efter, sammenligne eller hente. Der er ikke gjort noget."))
        elif kind == "compare":
            enqueue_follow_up(kind=kind, about=key_of(code) if code else ALL, by=by)
            messages.success(request, _("Bestilt. Svaret kommer under Seneste arbejde; der gemmes ingen tal."))
        else:
            enqueue_follow_up(kind=kind, about=key_of(code) if code else ALL, by=by)
            messages.success(request, _("Bestilt. Det, der hentes, venter på et ja under Indberetninger."))
        return redirect("admin:sources_fetch_sources")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The page of a fetch: what was asked, what came, what to look at, whom it would move."""
        row = self.asked_for(request, object_id)
        if row is None:
            return redirect("admin:sources_fetch_changelist")
        return self._show(
            request,
            "admin/sources/fetch.html",
            title=f"{row.indicator.name_da}, {row.year}",
            original=row,
            row=row,
            answers=row.answers.order_by("pk"),
            seen=row.upload.seen.select_related("by").order_by("at") if row.upload else [],
            eyes=EYES,
            restated=_restated(row),
            figures=_figures(row),
        )

    def seen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that somebody has looked at the figures, and lead on to the next that they have not."""
        by, row = person(request, "sources.view_fetch"), get_object_or_404(Fetch, pk=pk)
        if row.upload is not None:
            mark_seen(upload=row.upload, by=by, now=timezone.now())
        left = unseen_by(by)
        following = left.filter(pk__gt=pk).first() or left.first()
        if following is None:
            messages.success(request, _("Noteret. Du har set alle de tal, der blev indlæst uden et menneskes hånd."))
            return redirect("admin:sources_fetch_change", pk)
        messages.success(request, _("Noteret. Her er de næste tal; du mangler %(count)d.") % {"count": left.count()})
        return redirect("admin:sources_fetch_change", following.pk)

    def answer(self, request: HttpRequest, pk: int, answer: int) -> FileResponse:
        """A raw answer, byte for byte."""
        person(request, "sources.view_fetch")
        kept = get_object_or_404(SourceAnswer, pk=answer, fetches=pk)
        name = f"{kept.publisher}-{kept.sha256[:12]}.txt"
        return FileResponse(kept.file.open("rb"), as_attachment=True, filename=name, content_type="text/plain")

    def _show(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole)


def _figures(row: Fetch) -> list[tuple[str, str, str]]:
    """What was applied, in the order of Danish names: the municipality, its figure or why there is none, the year
    before's. Empty while the file waits: its report shows them."""
    indicator, years = row.indicator, (row.year - 1, row.year)
    stored = Measurement.objects.filter(indicator=indicator, year__in=years).select_related("municipality")
    told: dict[str, dict[int, str]] = {}
    for one in stored.order_by("municipality__sort_key"):
        if one.year != row.year or one.upload_id == row.upload_id:
            written = "" if one.value is None else formatting.with_unit(one.value, indicator.unit, indicator.decimals)
            told.setdefault(one.municipality.name, {})[one.year] = written or str(one.get_missing_display())
    return [(name, of[row.year], of.get(row.year - 1, "–")) for name, of in told.items() if row.year in of]


def _restated(row: Fetch) -> list[Restated]:
    if row.state != FetchState.FETCHED or row.upload is None or not row.upload.report.get("changed"):
        return []
    try:
        return restated_by(cells_of(row.upload, now=timezone.now()))
    except UploadError:
        return []
