"""The office's page of questionnaire waves: how far each is, open it, close it, take its result out as a file."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.admin.uploads import person
from indicators.surveys.models import Instrument, Wave, WaveState
from indicators.surveys.sealing import SealError
from indicators.surveys.services.questionnaires import SurveyError
from indicators.surveys.services.waves import close_wave, open_wave, tickets_left
from portal.desk.hearings import StepAdmin

RUN = "surveys.change_wave"


@admin.register(Wave)
class WaveAdmin(StepAdmin):
    """Waves: state, who answered, and the steps between planned and closed."""

    list_display = ("__str__", "state", "opens_at", "closes_at", "closed_at", "upload")
    list_select_related = ("upload",)
    list_filter = ("instrument", "state")
    ordering = ("-year", "instrument")

    def get_urls(self) -> list[URLPattern]:
        """The steps of a wave, each its own address."""
        return [
            self.step("<int:pk>/aabn/", require_POST(self.open), "surveys_wave_open"),
            self.step("<int:pk>/luk/", require_POST(self.close), "surveys_wave_close"),
            self.step("<int:pk>/resultat.csv", self.result, "surveys_wave_result"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The page of a wave. Of members only the whole country is counted."""
        wave = self.asked_for(request, object_id)
        if wave is None:
            return redirect("admin:surveys_wave_changelist")
        return self.show(
            request,
            "admin/surveys/wave.html",
            title=str(wave),
            original=wave,
            wave=wave,
            counts=_counts(wave),
            frames=_frames(wave),
            is_draft=wave.state == WaveState.DRAFT,
            is_open=wave.state == WaveState.OPEN,
            is_closed=wave.state == WaveState.CLOSED,
            may_run=request.user.has_perm(RUN),
        )

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open a planned wave: its form is frozen, and each municipality gets its task."""
        by, wave = person(request, RUN), get_object_or_404(Wave, pk=pk)

        def where(frame: int) -> str:
            return reverse("survey-answers", kwargs={"frame": frame})

        return self._step(
            request, wave, lambda: open_wave(wave=wave, by=by, now=timezone.now(), address=where), _("Runden er åben.")
        )

    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close a wave: its figures are made once, as a file that goes in as every file does."""
        by, wave = person(request, RUN), get_object_or_404(Wave, pk=pk)
        done = _("Runden er lukket. Hent resultatet, og indberet filen som alle andre.")
        return self._step(request, wave, lambda: close_wave(wave=wave, by=by, now=timezone.now()), done)

    def result(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the result of a closed wave in the upload format."""
        person(request, RUN)
        wave = get_object_or_404(Wave.objects.closed(), pk=pk)
        response = HttpResponse(bytes(wave.result), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="runde-{wave.year}-{wave.instrument}.csv"'
        return response

    def _step(self, request: HttpRequest, wave: Wave, act: Callable[[], object], done: str) -> HttpResponse:
        try:
            act()
        except (SurveyError, SealError) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return redirect("admin:surveys_wave_change", wave.pk)


def _counts(wave: Wave) -> list[tuple[str, int]]:
    """Asked and answered over the whole country: members by their used tickets, administrations by their signatures."""
    frames = wave.frames.aggregate(
        asked=Sum("asked", default=0),
        answered=Sum("answered", default=0),
        approved=Count("pk", filter=Q(approved_at__isnull=False)),
    )
    if wave.instrument == Instrument.ADMINISTRATIONS:
        begun = wave.frames.filter(replies__isnull=False).distinct().count()
        return [(_("Spurgte"), frames["asked"]), (_("Begyndt"), begun), (_("Godkendt"), frames["approved"])]
    if wave.state == WaveState.CLOSED:
        return [(_("Spurgte"), frames["asked"]), (_("Svar"), frames["answered"])]
    return [(_("Spurgte"), frames["asked"]), (_("Mangler at svare"), tickets_left(wave))]


def _frames(wave: Wave) -> list[Any]:
    """Of administrations, which are not anonymous: how far each is."""
    if wave.instrument != Instrument.ADMINISTRATIONS:
        return []
    frames = wave.frames.select_related("municipality").annotate(given=Count("replies"))
    return list(frames.order_by("municipality__sort_key"))
