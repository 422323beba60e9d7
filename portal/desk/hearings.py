"""The office in a hearing: plan it, see who answers, rule, look at what readers and organisations write, invite."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.admin.read_only import ReadOnlyAdmin
from indicators.admin.uploads import address, administrator, person
from indicators.danish import NoSuchTimeError, at_clock
from indicators.models import Measurement, Upload
from indicators.people.models import Letter, MemberRole, Membership, Organisation
from indicators.people.services.members import PeopleError, end_membership, forget_person, invite
from indicators.personal_data import names_of_children
from portal.operating.security import posted_key
from portal.workbench.hearing_views import as_download
from portal.workbench.letters import address as of_workbench
from portal.workbench.letters import letter_of_invitation
from rankings.hearing.models import (
    RESPONSE_WORDS,
    Attachment,
    Flag,
    Hearing,
    Outcome,
    Remark,
    Response,
    ResponseState,
    Ruling,
    Voice,
)
from rankings.hearing.publication import hindrances
from rankings.hearing.services.hearings import open_hearing, plan_hearing, write_invitations
from rankings.hearing.services.ruling import name_upload, rule
from rankings.hearing.services.speaking import HearingError
from rankings.hearing.services.statements import decline_flag, refuse_voice, show_voice, take_up_flag
from rankings.models import Edition

PLAN, RULE, MODERATE, INVITE = (
    "hearing.plan_hearing",
    "hearing.rule_remark",
    "hearing.moderate_statement",
    "people.invite_member",
)


def _moment(day: str, time: str) -> dt.datetime:
    """A day and a clock time of the form. Raises HearingError in words."""
    try:
        return at_clock(dt.date.fromisoformat(day), dt.time.fromisoformat(time))
    except NoSuchTimeError as error:
        raise HearingError(str(error)) from error
    except ValueError as error:
        raise HearingError(_("Skriv dato og klokkeslæt.")) from error


class StepAdmin(ReadOnlyAdmin):
    """A read-only list whose pages have steps of their own."""

    def step(self, route: str, view: Callable[..., Any], name: str) -> URLPattern:
        """One step's address, behind the admin's sign-in."""
        return path(route, self.admin_site.admin_view(view), name=name)

    def do(self, request: HttpRequest, act: Callable[[], object], done: str) -> bool:
        """Take a step all or none, and say how it went; whether it was taken."""
        try:
            with transaction.atomic():
                act()
        except (HearingError, PeopleError) as error:
            messages.error(request, str(error))
            return False
        messages.success(request, done)
        return True

    def show(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        """A page in the admin's frame."""
        shared = {**self.admin_site.each_context(request), "opts": self.model._meta}
        return TemplateResponse(request, template, {**shared, **context})


@admin.register(Hearing)
class HearingAdmin(StepAdmin):
    """Hearings: the plan, the answers, the rulings."""

    list_display = ("__str__", "opens_at", "closes_at", "opened_at")
    ordering = ("-closes_at",)
    change_list_template = "admin/hearing/list.html"

    def get_urls(self) -> list[URLPattern]:
        """The steps of a hearing, each its own address."""
        return [
            self.step("planlaeg/", require_POST(self.plan), "hearing_plan"),
            self.step("<int:pk>/aabn/", require_POST(self.open), "hearing_open"),
            self.step("<int:pk>/inviter-igen/", require_POST(self.again), "hearing_again"),
            self.step("<int:pk>/afgoer/", require_POST(self.rule), "hearing_rule"),
            self.step("afgoerelse/<int:pk>/fil/", require_POST(self.name_upload), "hearing_name_upload"),
            self.step("afklaring/<int:pk>/", require_POST(self.flag), "hearing_flag"),
            self.step("stemme/<int:pk>/", require_POST(self.voice), "hearing_voice"),
            self.step("bilag/<int:pk>/", self.attachment, "hearing_attachment"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with the form that plans the next one, and what waits for a moderator."""
        steps = {
            "title": _("Høringer"),
            "may_plan": request.user.has_perm(PLAN),
            "may_moderate": request.user.has_perm(MODERATE),
            "drafts": Edition.objects.still_open().newest_first(),
            "waiting": [(one, names_of_children(one.text)) for one in Flag.objects.waiting().order_by("asked_at")],
            "voices": [(one, names_of_children(one.text)) for one in Voice.objects.waiting().order_by("written_at")],
        }
        return super().changelist_view(request, {**steps, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The page of a hearing."""
        hearing = self.asked_for(request, object_id)
        if hearing is None:
            return redirect("admin:hearing_hearing_changelist")
        now, edition = timezone.now(), hearing.edition
        responses = list(Response.objects.filter(hearing=hearing))
        states = Counter(one.state(hearing.closes_at) for one in responses)
        uploads = _corrections(hearing)
        remarks = Remark.objects.of(hearing).received().select_related("indicator", "response__organisation", "ruling")
        return self.show(
            request,
            "admin/hearing/hearing.html",
            title=_("Høring om udgave %(release)s") % {"release": edition.release},
            original=hearing,
            hearing=hearing,
            states=[(RESPONSE_WORDS[state], states[state]) for state in ResponseState],
            asked=len(responses),
            hindrances=hindrances(edition, now) if edition.is_open else [],
            unruled=remarks.without_ruling().in_order().prefetch_related("attachments"),
            ruled=remarks.filter(ruling__isnull=False).in_order(),
            settled=Flag.objects.about_year(edition.year)
            .filter(ruling__isnull=False)
            .select_related("municipality", "indicator", "ruling"),
            own=Ruling.objects.filter(upload__in=uploads, remarks__isnull=True, flags__isnull=True)
            .select_related("upload")
            .order_by("ruled_at"),
            flags=Flag.objects.public().about_year(edition.year).select_related("municipality", "indicator"),
            lacking=Ruling.objects.filter(changes_figure=True, upload__isnull=True).order_by("pk"),
            outcomes=Outcome.choices,
            uploads=uploads,
            typed=request.POST,  # into a ruling that was refused
            chosen=[int(one) for name in ("remark", "flag") for one in request.POST.getlist(name) if one.isdecimal()],
            letters=Letter.objects.filter(about=hearing.about).came_back().select_related("organisation"),
            today=timezone.localdate(),
            may_plan=request.user.has_perm(PLAN),
            may_rule=request.user.has_perm(RULE),
        )

    def plan(self, request: HttpRequest) -> HttpResponse:
        """Plan the hearing of a draft for two clock times."""
        by, form = person(request, PLAN), request.POST
        edition = get_object_or_404(Edition, pk=form.get("edition") or 0)

        def act() -> None:
            opens = _moment(form.get("opens_on", ""), form.get("opens_at", ""))
            closes = _moment(form.get("closes_on", ""), form.get("closes_at", ""))
            now, origin = timezone.now(), address(request)
            plan_hearing(edition=edition, opens_at=opens, closes_at=closes, by=by, now=now, origin=origin)

        self.do(request, act, _("Høringen er planlagt. Den åbner af sig selv."))
        return redirect("admin:hearing_hearing_changelist")

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open a hearing whose moment has come, without waiting for the clock's own round."""
        person(request, PLAN)
        hearing = get_object_or_404(Hearing, pk=pk)
        where = of_workbench("workbench-hearing")
        self.do(
            request,
            lambda: open_hearing(hearing=hearing, address=where, now=timezone.now()),
            _("Høringen er åbnet, og alle er inviteret."),
        )
        return redirect("admin:hearing_hearing_change", pk)

    def again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the invitation again to those who have not opened the hearing."""
        person(request, PLAN)
        hearing = get_object_or_404(Hearing, pk=pk)
        silent = Organisation.objects.filter(responses__hearing=hearing, responses__opened_at__isnull=True)
        where = of_workbench("workbench-hearing")
        self.do(
            request,
            lambda: write_invitations(hearing=hearing, organisations=silent, address=where, now=timezone.now()),
            _("Invitationen er sendt igen til dem, der ikke har åbnet."),
        )
        return redirect("admin:hearing_hearing_change", pk)

    def rule(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Rule on the chosen remarks and flags together."""
        by, form = person(request, RULE), request.POST
        hearing = get_object_or_404(Hearing, pk=pk)
        remarks = Remark.objects.of(hearing).filter(pk__in=form.getlist("remark"))
        flags = Flag.objects.about_year(hearing.edition.year).filter(pk__in=form.getlist("flag"))
        upload = Upload.objects.filter(pk=form.get("upload") or 0).first()

        def act() -> None:
            if form.get("outcome") not in Outcome.values:
                raise HearingError(_("Vælg et udfald."))
            rule(
                remarks=list(remarks), flags=list(flags), outcome=Outcome(form["outcome"]),
                reason=form.get("reason", ""), changes_figure="changes" in form, upload=upload, by=by,
                now=timezone.now(), origin=address(request),
            )  # fmt: skip

        if not self.do(request, act, _("Afgørelsen er gemt. Kommunen ser den.")):
            return self.change_view(request, str(pk))
        return redirect("admin:hearing_hearing_change", pk)

    def name_upload(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say which upload corrected what a ruling changes."""
        person(request, RULE)
        ruling = get_object_or_404(Ruling, pk=pk)
        upload = get_object_or_404(Upload, pk=posted_key(request, "upload"))
        self.do(request, lambda: name_upload(ruling=ruling, upload=upload), _("Filen er knyttet til afgørelsen."))
        remark = ruling.remarks.select_related("response").first()
        if remark is None:
            return redirect("admin:hearing_hearing_changelist")
        return redirect("admin:hearing_hearing_change", remark.response.hearing_id)

    def flag(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take up a reader's question, or decline it with a reason."""
        by, flag = person(request, MODERATE), get_object_or_404(Flag, pk=pk)
        if "take" in request.POST:
            now, origin = timezone.now(), address(request)
            self.do(request, lambda: take_up_flag(flag=flag, by=by, now=now, origin=origin), _("Under afklaring."))
        else:
            because = request.POST.get("because", "")
            self.do(request, lambda: decline_flag(flag=flag, because=because, by=by), _("Ikke taget op."))
        return redirect("admin:hearing_hearing_changelist")

    def voice(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a voice as it is, or refuse it with a reason."""
        by, voice, now = person(request, MODERATE), get_object_or_404(Voice, pk=pk), timezone.now()
        if "show" in request.POST:
            self.do(request, lambda: show_voice(voice=voice, by=by, now=now), _("Teksten vises."))
        else:
            because = request.POST.get("because", "")
            self.do(
                request, lambda: refuse_voice(voice=voice, because=because, by=by, now=now), _("Teksten er afvist.")
            )
        return redirect("admin:hearing_hearing_changelist")

    def attachment(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Give a remark's evidence to whoever rules."""
        person(request, RULE)
        return as_download(get_object_or_404(Attachment, pk=pk))


def _corrections(hearing: Hearing) -> list[Upload]:
    """The files of figures that were brought since the hearing opened, the newest first."""
    if hearing.opened_at is None:
        return []
    of_figures = Exists(Measurement.objects.filter(upload=OuterRef("pk")))
    rows = Upload.objects.applied().filter(of_figures, applied_at__gte=hearing.opened_at)
    return list(rows.newest_first()[:100])


@admin.register(Organisation)
class OrganisationAdmin(StepAdmin):
    """Organisations: who speaks for each, and the invitation of the first of them."""

    list_display = ("name", "kind", "municipality")
    list_filter = ("kind",)
    search_fields = ("name",)
    ordering = ("sort_key",)

    def get_urls(self) -> list[URLPattern]:
        """The steps of an organisation."""
        return [
            self.step("<int:pk>/inviter/", require_POST(self.invite), "people_invite"),
            self.step("medlemskab/<int:pk>/slut/", require_POST(self.end), "people_end"),
            self.step("medlemskab/<int:pk>/slet-person/", require_POST(self.forget), "people_forget"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The page of an organisation."""
        organisation = self.asked_for(request, object_id)
        if organisation is None:
            return redirect("admin:people_organisation_changelist")
        members = Membership.objects.filter(organisation=organisation).select_related("user")
        return self.show(
            request,
            "admin/hearing/organisation.html",
            title=organisation.name,
            original=organisation,
            organisation=organisation,
            members=members.order_by("-since"),
            now=timezone.now(),
            invitations=organisation.invitations.order_by("-invited_at"),
            contacts=organisation.contacts.order_by("-added_at"),
            letters=Letter.objects.filter(organisation=organisation).order_by("-written_at")[:30],
            roles=MemberRole.choices,
            may_invite=request.user.has_perm(INVITE),
            may_forget=request.user.is_superuser,
        )

    def invite(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Invite a named person by letter."""
        by, form, organisation = person(request, INVITE), request.POST, get_object_or_404(Organisation, pk=pk)

        def act() -> None:
            if form.get("role") not in MemberRole.values:
                raise PeopleError(_("Vælg en rolle."))
            found = invite(
                organisation=organisation, name=form.get("name", ""), email=form.get("email", ""),
                role=MemberRole(form["role"]), by=by, now=timezone.now(), origin=address(request),
            )  # fmt: skip
            letter_of_invitation(found)

        self.do(request, act, _("Invitationen er sendt."))
        return redirect("admin:people_organisation_change", pk)

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End a membership at once."""
        by, membership = person(request, INVITE), get_object_or_404(Membership, pk=pk)
        now, origin = timezone.now(), address(request)
        self.do(
            request,
            lambda: end_membership(membership=membership, by=by, now=now, origin=origin),
            _("Medlemskabet er afsluttet."),
        )
        return redirect("admin:people_organisation_change", membership.organisation_id)

    def forget(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a person's name and address away for good, as they may ask: an administrator, with a reason."""
        by = administrator(request)
        membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
        because, now, origin = request.POST.get("because", ""), timezone.now(), address(request)
        self.do(
            request,
            lambda: forget_person(user=membership.user, because=because, by=by, now=now, origin=origin),
            _("Navn og adresse er slettet."),
        )
        return redirect("admin:people_organisation_change", membership.organisation_id)
