"""The office's own people: who has access, with which roles, and the help that a second administrator gives."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from indicators.admin.read_only import ReadOnlyAdmin
from indicators.admin.uploads import address
from indicators.models import LogEntry
from portal.operating import staff
from portal.operating.roles import ROLE_WORDS
from rankings.models import PressLink, PressLinkOpening

for package in ("django.contrib.auth", "allauth.account", "allauth.mfa", "allauth.socialaccount"):
    import_module(f"{package}.admin")  # they register first, whatever the order of the apps
# Roles come with the code, second factors and addresses stand on a person's page, accounts elsewhere are not kept.
for theirs in (User, Group, Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(theirs):
        admin.site.unregister(theirs)


class AccessForm(forms.Form):
    """What somebody may do."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roller"), choices=ROLE_WORDS.items(), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_administrator = forms.BooleanField(label=gettext_lazy("Administrator"), required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"))


class ChangedAccessForm(AccessForm):
    """The same, with why."""

    reason = forms.CharField(label=gettext_lazy("Begrundelse"), max_length=300)


class InvitationForm(AccessForm):
    """Somebody new."""

    username = forms.SlugField(label=gettext_lazy("Brugernavn"), max_length=50)
    name = forms.CharField(label=gettext_lazy("Navn"), max_length=100)
    field_order = ("username", "name", "email", "roles", "is_administrator")


@admin.register(User)
class StaffAdmin(ReadOnlyAdmin):
    """Accounts of the office. Only an administrator sees them."""

    list_display = ("username", "name", "email", "role_words", "is_active", "last_login", "has_second_factor")
    list_filter = ("is_active", "groups")
    search_fields = ("username", "email", "first_name", "last_name")
    ordering = ("username",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Staff: members of organisations have their own page."""
        every: QuerySet[User] = super().get_queryset(request)
        return every.filter(is_staff=True).prefetch_related("groups")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only an administrator invites."""
        return bool(request.user.is_superuser)

    @admin.display(description=gettext_lazy("navn"))
    def name(self, user: User) -> str:
        """The person's name."""
        return user.get_full_name()

    @admin.display(description=gettext_lazy("roller"))
    def role_words(self, user: User) -> str:
        """The roles in the language of the page."""
        own = [str(ROLE_WORDS[group.name]) for group in user.groups.all() if group.name in ROLE_WORDS]
        return ", ".join([_("administrator"), *own] if user.is_superuser else own) or "–"

    @admin.display(description=gettext_lazy("andet trin"), boolean=True)
    def has_second_factor(self, user: User) -> bool:
        """Whether there is one."""
        return bool(Authenticator.objects.filter(user=user, type__in=["totp", "webauthn"]).exists())

    def get_urls(self) -> list[URLPattern]:
        """Each step its own address."""

        def step(route: str, view: Callable[..., Any], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"auth_user_{name}")

        return [step("<int:pk>/hjaelp/", require_POST(self.help), "help"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list."""
        return super().changelist_view(request, {"title": _("Medarbejdere"), **(extra_context or {})})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Invite somebody by mail."""
        by = _administrator(request)
        form = InvitationForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                user = staff.invite_staff(**form.cleaned_data, by=by, now=timezone.now(), origin=address(request))
            except staff.StaffError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Inviteret: brevet er sendt til %(to)s.") % {"to": user.email})
                return redirect("admin:auth_user_change", user.pk)
        return self._show(request, "admin/people/invite.html", title=_("Invitér en medarbejder"), form=form)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Somebody's access, what was done to it, and the help that can be given."""
        user = self.asked_for(request, object_id)
        if user is None:
            return redirect("admin:auth_user_changelist")
        by = _administrator(request)
        initial = {"roles": staff.roles_of(user), "is_administrator": user.is_superuser, "email": user.email}
        form = ChangedAccessForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            done = _("Ændret.")
            return self._do(request, user, done, staff.change_roles, by=by, **form.cleaned_data)
        return self._show(
            request,
            "admin/people/person.html",
            title=user.get_full_name() or user.username,
            original=user,
            somebody=user,
            role_words=self.role_words(user),
            form=form,
            is_own=user.pk == by.pk,
            is_locked=staff.is_locked(user),
            has_second_factor=self.has_second_factor(user),
            log=LogEntry.objects.about(staff.name_of(user)).select_related("by").newest_first()[:50],
        )

    def help(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One of the steps that a second administrator takes for somebody."""
        by, user = _administrator(request), get_object_or_404(User, pk=pk, is_staff=True)
        step, reason = request.POST.get("step", ""), request.POST.get("reason", "")
        match step:
            case "link":
                return self._do(request, user, _("Linket er sendt."), staff.send_password_link, by=by, reason=reason)
            case "factor":
                done = _("Det andet trin er fjernet.")
                return self._do(request, user, done, staff.remove_second_factor, by=by, reason=reason)
            case "unlock":
                return self._do(request, user, _("Låst op."), staff.unlock, by=by)
            case "close" | "open":
                done, is_open = _("Gemt."), step == "open"
                return self._do(request, user, done, staff.open_or_close, by=by, reason=reason, is_open=is_open)
        return redirect("admin:auth_user_change", pk)

    def _do(self, request: HttpRequest, user: User, done: str, act: Callable[..., object], **how: Any) -> HttpResponse:
        try:
            act(user=user, now=timezone.now(), origin=address(request), **how)
        except staff.StaffError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return redirect("admin:auth_user_change", user.pk)

    def _show(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.model._meta}
        return TemplateResponse(request, template, {**shared, **context})


def _administrator(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied for whoever is no administrator."""
    if not isinstance(request.user, User) or not request.user.is_superuser:
        raise PermissionDenied
    return request.user


@admin.register(PressLinkOpening)
class PressLinkOpeningAdmin(ReadOnlyAdmin):
    """When links to a draft's sheets were opened, and which attempts were refused."""

    list_display = ("at", "recipient", "edition", "what", "refused")
    list_filter = ("refused", "at", "link__edition")
    list_select_related = ("link__edition",)
    search_fields = ("link__recipient", "what")
    ordering = ("-at", "-pk")

    @admin.display(description=gettext_lazy("modtager"), ordering="link__recipient")
    def recipient(self, opening: PressLinkOpening) -> str:
        """For whom the link was made."""
        return opening.link.recipient

    @admin.display(description=gettext_lazy("udgave"))
    def edition(self, opening: PressLinkOpening) -> str:
        """Of which edition."""
        return opening.link.edition.release


@admin.register(PressLink)
class PressLinkAdmin(ReadOnlyAdmin):
    """The links to drafts' sheets: for whom, by whom, until when."""

    list_display = ("recipient", "edition", "created_by", "created_at", "expires_at", "withdrawn_at")
    list_filter = ("edition", "created_at")
    list_select_related = ("edition", "created_by")
    search_fields = ("recipient",)
    ordering = ("-created_at",)
