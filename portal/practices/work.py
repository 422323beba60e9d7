"""The workbench about practices: a municipality proposes and asks, editors assess, another publishes.

Nobody sees a draft but its organisation, editors and those who publish. A refusal shows the form again with what was
written in it: nothing is lost.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from indicators.models import Indicator
from indicators.people.models import WRITERS, Membership, Organisation
from indicators.people.models.organisations import OrganisationQuerySet
from portal.practices.forms import CircleForm, EnquiryForm, PracticeForm
from portal.practices.steps import OF_A_PRACTICE, OF_AN_ENQUIRY, Step, Who
from rankings.practices.models import Enquiry, Practice, PracticeState
from rankings.practices.services import exchange, proposing
from rankings.practices.services.assessing import ASSESS, PUBLISH
from rankings.practices.services.proposing import PracticeError

REFUSED = 422
SECTION = {"section": "practices"}


def _who(request: HttpRequest) -> Who:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return Who(user, timezone.now())


def _mine(who: Who) -> OrganisationQuerySet:
    """The organisations that somebody writes for."""
    held = Membership.objects.current(who.now).filter(user=who.user).with_role(*WRITERS)
    return Organisation.objects.filter(pk__in=held.values("organisation")).in_danish_order()


def _visible(who: Who) -> QuerySet[Practice]:
    """The practices that somebody may see here; editors and publishers see what has been sent."""
    own = Q(organisation__in=_mine(who))
    if who.user.has_perm(ASSESS) or who.user.has_perm(PUBLISH):
        return Practice.objects.filter(own | ~Q(state=PracticeState.DRAFT))
    return Practice.objects.filter(own)


def _enquiries(who: Who) -> QuerySet[Enquiry]:
    mine = _mine(who)
    return Enquiry.objects.filter(Q(asker__in=mine) | Q(asked__in=mine)).select_related("asker", "asked", "practice")


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show what there is to do: one's own practices, those to assess, enquiries got and sent."""
    who = _who(request)
    visible = _visible(who).select_related("organisation").order_by("-drafted_at")
    page = {
        "mine": visible.filter(organisation__in=_mine(who)),
        "queue": Practice.objects.filter(pk__in=visible).waiting_for_assessment() if _judges(who) else (),
        "public": Practice.objects.alive().filter(pk__in=visible) if _judges(who) else (),
        "enquiries": _enquiries(who).order_by("-sent_at")[:50],
        "may_propose": _mine(who).exists(),
    }
    return render(request, "practices/workbench/home.html", {"page": page, **SECTION})


def _judges(who: Who) -> bool:
    return bool(who.user.has_perm(ASSESS) or who.user.has_perm(PUBLISH))


def _refuse(form: forms.BaseForm, error: PracticeError | ValidationError) -> None:
    """Put a refusal beside its field where the form has it, else at the top."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for field, errors in error.error_dict.items():
            form.add_error(field if field in form.fields else None, errors)
    else:
        form.add_error(None, error if isinstance(error, ValidationError) else str(error))


def _form_page(request: HttpRequest, form: forms.BaseForm, title: str, button: str, **more: Any) -> HttpResponse:
    status = REFUSED if form.is_bound and form.errors else 200
    page = {"form": form, "title": title, "button": button, **more}
    return render(request, "practices/workbench/form.html", {"page": page, **SECTION}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Write a new practice for one of one's own organisations."""
    organisation = _mine(_who(request)).filter(pk=_number(request.GET.get("organisation", ""))).first()
    organisation = organisation or _mine(_who(request)).first()
    if organisation is None:
        raise Http404
    return _written(request, Practice(organisation=organisation), proposing.propose_practice, _("Ny praksis"))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the texts of a draft."""
    practice = get_object_or_404(_visible(_who(request)), slug=slug, state=PracticeState.DRAFT)
    return _written(request, practice, proposing.change_practice, practice.title)


def _written(request: HttpRequest, practice: Practice, service: Any, title: str) -> HttpResponse:
    initial = {"municipalities": practice.municipalities.all()} if practice.pk else {}
    form = PracticeForm(request.POST or None, instance=practice, initial=initial)
    if request.method == "POST" and form.is_valid():
        who, places = _who(request), form.cleaned_data["municipalities"]
        try:
            saved = service(practice=form.save(commit=False), municipalities=places, by=who.user, now=who.now)
        except (PracticeError, ValidationError) as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Kladden er gemt."))
            return redirect("work-practice", slug=saved.slug)
    return _form_page(request, form, title, _("Gem kladde"), organisation=practice.organisation)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@never_cache
@login_required
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a practice with everything that this person may do with it now."""
    return _practice_page(request, get_object_or_404(_visible(_who(request)), slug=slug))


def _practice_page(request: HttpRequest, row: Practice, refused: dict[str, Any] | None = None) -> HttpResponse:
    who = _who(request)
    page = {
        "practice": row,
        "steps": _steps(OF_A_PRACTICE, row, who, refused),
        "aims": row.aims.select_related("indicator"),
        "evidence": row.evidence.all(),
        "elements": row.elements.all(),
        "assessments": row.assessments.select_related("organisation") if _judges(who) or row.is_public else (),
        "may_change": row.state == PracticeState.DRAFT and who.speaks_for(row.organisation),
    }
    return render(
        request, "practices/workbench/practice.html", {"page": page, **SECTION}, status=REFUSED if refused else 200
    )


def _steps(steps: Sequence[Step], row: Any, who: Who, refused: dict[str, Any] | None) -> list[dict[str, Any]]:
    shown = [step for step in steps if step.shown(row, who)]
    return [
        refused
        if refused and refused["name"] == step.name
        else dict(name=step.name, title=step.title, form=_empty(step, row))
        for step in shown
    ]


def _empty(step: Step, row: Any) -> forms.BaseForm:
    """A form with nothing sent; that of the elements shows the links there are."""
    links = {one.kind: one.url for one in row.elements.all()} if step.name == "elementer" else None
    return step.form(prefix=step.name, initial=links)


@never_cache
@login_required
@require_POST
def act(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Take one step with a practice."""
    row = get_object_or_404(_visible(_who(request)), slug=slug)
    refused = _taken(request, OF_A_PRACTICE, step, row)
    return _practice_page(request, row, refused) if refused else redirect("work-practice", slug=slug)


def _taken(request: HttpRequest, steps: Sequence[Step], name: str, row: Any) -> dict[str, Any] | None:
    """Call the step's service; the step with its refused form where it refuses. Http404 for an unknown step."""
    found = next((step for step in steps if step.name == name), None)
    if found is None:
        raise Http404
    who, form = _who(request), found.form(request.POST, prefix=found.name)
    if form.is_valid():
        try:
            found.do(row, form.cleaned_data, who.user, who.now)
        except (PracticeError, ValidationError) as error:
            _refuse(form, error)
        else:
            messages.success(request, str(found.said))
            return None
    if not found.shown(row, who):  # what it may not do is not shown as a form: said at the top
        messages.error(request, " ".join(str(one) for one in form.non_field_errors()) or _("Det kan ikke gøres nu."))
    return dict(name=found.name, title=found.title, form=form)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the municipality behind a public practice."""
    row = get_object_or_404(Practice.objects.alive(), slug=slug)
    return _asking(request, Enquiry(practice=row, asked=row.organisation), row.title)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def ask_about(request: HttpRequest, code: str, organisation: int) -> HttpResponse:
    """Ask a municipality that does better about an indicator."""
    indicator = get_object_or_404(Indicator.objects.of_the_index(), code=code)
    asked = get_object_or_404(Organisation.objects.of_municipalities(), pk=organisation)
    return _asking(request, Enquiry(indicator=indicator, asked=asked), indicator.name_da)


def _asking(request: HttpRequest, enquiry: Enquiry, about: str) -> HttpResponse:
    who = _who(request)
    form = EnquiryForm(request.POST or None, instance=enquiry, mine=_mine(who).of_municipalities())
    if request.method == "POST" and form.is_valid():
        try:
            sent = exchange.send_enquiry(enquiry=form.save(commit=False), by=who.user, now=who.now)
        except (PracticeError, ValidationError) as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Henvendelsen er sendt."))
            return redirect("work-enquiry", number=sent.pk)
    title = _("Spørg %(asked)s om %(about)s") % {"asked": enquiry.asked, "about": about}
    return _form_page(request, form, title, _("Send"), between=True)


@never_cache
@login_required
def enquiry(request: HttpRequest, number: int) -> HttpResponse:
    """Show an enquiry to the two it is between."""
    return _enquiry_page(request, get_object_or_404(_enquiries(_who(request)), pk=number))


def _enquiry_page(request: HttpRequest, row: Enquiry, refused: dict[str, Any] | None = None) -> HttpResponse:
    page = {"enquiry": row, "steps": _steps(OF_AN_ENQUIRY, row, _who(request), refused)}
    return render(
        request, "practices/workbench/enquiry.html", {"page": page, **SECTION}, status=REFUSED if refused else 200
    )


@never_cache
@login_required
@require_POST
def act_on_enquiry(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Take one step with an enquiry."""
    row = get_object_or_404(_enquiries(_who(request)), pk=number)
    refused = _taken(request, OF_AN_ENQUIRY, step, row)
    return _enquiry_page(request, row, refused) if refused else redirect("work-enquiry", number=number)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def circle(request: HttpRequest) -> HttpResponse:
    """Begin a circle of municipalities on one indicator."""
    form = CircleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        who, members = _who(request), list(form.cleaned_data["members"])
        try:
            exchange.open_circle(circle=form.save(commit=False), members=members, by=who.user, now=who.now)
        except (PracticeError, ValidationError) as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Kredsen er begyndt, og dens mål er registreret."))
            return redirect("work-practices")
    return _form_page(request, form, _("Begynd en kreds"), _("Registrér mål og begynd"))
