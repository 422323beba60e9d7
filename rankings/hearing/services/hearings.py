"""A hearing is planned for two moments on the Danish clock, opens by itself, invites all, and reminds."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.template.defaultfilters import date as worded
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from indicators.copying import copy_rows
from indicators.danish import COPENHAGEN, danish
from indicators.models import Action
from indicators.people.models import Contact, Letter, MemberRole, Membership, Organisation, Purpose, Task
from indicators.people.services.letters import letter, write_letters
from indicators.people.services.members import found_organisations_of_municipalities
from indicators.people.services.tasks import drop_tasks, give_task_to_each, remind
from indicators.services.log import record
from rankings.hearing.models import FigureInHearing, Hearing, Response
from rankings.models import Edition, EditionState, Follower, Level, Placement

from .speaking import HearingError

TASK, APPROVAL = "hearing-response", "hearing-approval"
INVITATION, WITHDRAWAL = "hearing-invitation", "edition-withdrawn"
REMIND_DAYS = (14, 3, 1)


def clock_words(moment: dt.datetime) -> str:
    """A moment as it is said in Denmark: "fredag den 11. september 2026 kl. 12.00"."""
    return str(worded(moment.astimezone(COPENHAGEN), r"l \d\e\n j. F Y \k\l. H.i"))


@transaction.atomic
def plan_hearing(
    *, edition: Edition, opens_at: dt.datetime, closes_at: dt.datetime, by: User, now: dt.datetime, origin: str = ""
) -> Hearing:
    """Plan the hearing of a computed draft, or move one that has not opened.

    It lasts at least HEARING_LEAST_DAYS days by the Danish calendar and clock, whatever the clock does in between.
    Raises HearingError.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if not edition.is_open or edition.computed_at is None:
        msg = _("Udgave %(release)s er ikke en beregnet kladde. Kun en kladde kan sendes i høring.")
        raise HearingError(msg % {"release": edition.release})
    if opens_at < now - dt.timedelta(minutes=5):
        raise HearingError(_("Høringen kan ikke åbne, før den er planlagt. Vælg et senere tidspunkt."))
    lasts = danish(closes_at).replace(tzinfo=None) - danish(opens_at).replace(tzinfo=None)
    if lasts < dt.timedelta(days=settings.HEARING_LEAST_DAYS):
        msg = _("En høring varer mindst %(days)d dage. Fra %(opens)s til %(closes)s er kortere.")
        words = {"opens": clock_words(opens_at), "closes": clock_words(closes_at)}
        raise HearingError(msg % {"days": settings.HEARING_LEAST_DAYS, **words})
    planned = Hearing.objects.select_for_update().filter(edition=edition).first()
    if planned is not None and planned.opened_at is not None:
        raise HearingError(_("Høringen er åbnet. Fristen flyttes ikke, mens nogen svarer."))
    hearing = planned or Hearing(edition=edition)
    hearing.opens_at, hearing.closes_at, hearing.planned_by = opens_at, closes_at, by
    hearing.save()
    details = {"opens": opens_at.isoformat(), "closes": closes_at.isoformat()}
    what = f"edition {edition.release}"
    record(action=Action.HEARING_PLANNED, what=what, by=by, now=now, origin=origin, details=details)
    return hearing


@transaction.atomic
def open_hearing(*, hearing: Hearing, address: str, now: dt.datetime) -> Hearing:
    """Open a hearing whose moment has come: every municipality is asked, in one step. Opening again changes nothing.

    ``address`` is where a municipality answers; it stands in the letters. What each is shown is kept, so that whatever
    changes afterwards is found. Whoever planned the hearing stands in the log for it.
    """
    hearing = Hearing.objects.select_for_update().select_related("edition", "planned_by").get(pk=hearing.pk)
    if hearing.opened_at is not None:
        return hearing
    if now < hearing.opens_at:
        raise HearingError(_("Høringen åbner %(when)s.") % {"when": clock_words(hearing.opens_at)})
    edition = hearing.edition
    if not edition.is_open:
        raise HearingError(_("Udgave %(release)s er offentliggjort.") % {"release": edition.release})
    hearing.opened_at = now
    hearing.save(update_fields=["opened_at"])
    if edition.state == EditionState.DRAFT:
        edition.state = EditionState.HEARING
        edition.save(update_fields=["state"])
        action, by = Action.EDITION_SENT_TO_HEARING, hearing.planned_by
        record(action=action, what=f"edition {edition.release}", by=by, now=now)
    _keep_what_is_shown(hearing)
    found_organisations_of_municipalities(now=now)
    asked = list(_asked(edition))
    Response.objects.bulk_create([Response(hearing=hearing, organisation=one, asked_at=now) for one in asked])
    give_task_to_each(
        organisations=asked,
        kind=TASK,
        about=hearing.about,
        title=_("Svar på høringen om udgave %(year)d") % {"year": edition.year},
        address=address,
        due_at=hearing.closes_at,
        remind_days=REMIND_DAYS,
        now=now,
    )
    write_invitations(hearing=hearing, organisations=asked, address=address, now=now)
    return hearing


def _asked(edition: Edition) -> Iterable[Organisation]:
    """The municipalities of the edition: how many there are is a property of it."""
    placed = Placement.objects.of(edition).overall().values("municipality")
    return Organisation.objects.of_municipalities().filter(municipality__in=placed).in_danish_order()


def _keep_what_is_shown(hearing: Hearing) -> None:
    figures = Placement.objects.of(hearing.edition).filter(level=Level.INDICATOR)
    rows = figures.values_list("municipality_id", "indicator_id", "measurement_id", "data_year")
    copy_rows(
        [
            FigureInHearing(hearing=hearing, municipality_id=who, indicator_id=what, measurement_id=key, data_year=year)
            for who, what, key, year in rows
        ]
    )


@transaction.atomic
def write_invitations(
    *, hearing: Hearing, organisations: Iterable[Organisation], address: str, now: dt.datetime
) -> list[Letter]:
    """Write to each municipality that it may answer: to its mailbox and its members. Again: the same letters again.

    One without any address is not written to; its answer stands as not opened, and the office's page names it.
    """
    by_organisation = _addresses(organisations, now)
    year = hearing.edition.year
    letters = []
    for organisation, emails in by_organisation.items():
        words = {
            "organisation": organisation,
            "year": year,
            "opens": clock_words(hearing.opened_at or hearing.opens_at),
            "closes": clock_words(hearing.closes_at),
            "address": address,
        }
        subject = _("Høring om Socialt Indeks %(year)d: svar senest %(closes)s") % words
        body = _invitation_text() % words
        letters += [
            letter(
                kind=INVITATION,
                email=email,
                subject=subject,
                body=body,
                about=hearing.about,
                organisation=organisation,
                now=now,
            )
            for email in sorted(emails)
        ]
    return write_letters(letters)


def write_of_withdrawal(*, edition: Edition, now: dt.datetime) -> list[Letter]:
    """Tell the municipalities' mailboxes and members, and whoever had a letter of the edition, that it was taken back,
    why, and what is current now. The letters go with the next ``send_letters``, and not if the withdrawal fails."""
    home = Organisation.objects.of_municipalities().active(danish(now).date())
    written: list[tuple[str, Organisation | None, str]] = [
        (email, organisation, "da")
        for organisation, emails in _addresses(home, now).items()
        for email in sorted(emails)
    ]
    known = {email for email, _organisation, _language in written}
    told = Follower.objects.filter(told__edition=edition).order_by("email").values_list("email", "language").distinct()
    written += [(email, None, language) for email, language in told if email not in known]
    letters = []
    for email, organisation, language in written:
        with override(language):
            words = {
                "release": edition.release,
                "why": _reason(edition, language),
                "address": settings.SITE_ADDRESS,
            }
            subject = _("Socialt Indeks: udgave %(release)s er trukket tilbage") % words
            body = _(
                "Udgave %(release)s af Socialt Indeks er trukket tilbage. Brug ikke tal fra den.\n\n"
                "Begrundelse: %(why)s\n\nDet, der gælder nu, står på %(address)s"
            )
        letters.append(
            letter(
                kind=WITHDRAWAL,
                email=email,
                subject=subject,
                body=body % words,
                about=f"edition {edition.release}",
                organisation=organisation,
                now=now,
            )
        )
    return write_letters(letters)


def _reason(edition: Edition, language: str) -> str:
    """Why an edition was withdrawn, in English where it was said in English."""
    return (edition.withdrawn_because_en if language == "en" else "") or edition.withdrawn_because


def _addresses(organisations: Iterable[Organisation], now: dt.datetime) -> dict[Organisation, set[str]]:
    """Where each is written to: its own contact for hearings, else its general one, and the members who may answer."""
    found: dict[int, set[str]] = {}
    keys = {one.pk: one for one in organisations}
    contacts = Contact.objects.current().filter(organisation__in=keys, purpose__in=[Purpose.HEARING, Purpose.GENERAL])
    for contact in contacts.order_by("purpose"):  # "general" before "hearing": the one of its own comes last and stays
        found[contact.organisation_id] = {contact.email}
    members = Membership.objects.current(now).filter(organisation__in=keys).exclude(role=MemberRole.OBSERVER)
    for organisation, email in members.exclude(user__email="").values_list("organisation", "user__email"):
        found.setdefault(organisation, set()).add(email)
    return {keys[key]: emails for key, emails in found.items()}


def _invitation_text() -> str:
    return _(
        "Til %(organisation)s\n\n"
        "Udkastet til Socialt Indeks %(year)d er i høring fra %(opens)s til %(closes)s.\n\n"
        "I kan se alle jeres tal, rette dem, der er forkerte, og skrive den kommentar, der kommer til at stå ved dem:\n"
        "%(address)s\n\n"
        "Har I ikke svaret, når høringen lukker, står der »har ikke svaret« ved kommunen. Det tæller ikke som en "
        "godkendelse.\n\n"
        "Er byrådet ikke nået at mødes, kan I give et foreløbigt svar nu og det endelige, når det har.\n\n"
        "Har ingen hos jer en adgang, så svar på dette brev med navn og e-mail på en besvarer og en godkender.\n"
    )


@transaction.atomic
def keep_hearings(*, address: str, now: dt.datetime) -> list[str]:
    """What the clock asks for: open the hearings whose moment has come, end the tasks of those that closed, remind.

    Safe to run at any time and again; returns what was done, a line each.
    """
    done = []
    for hearing in Hearing.objects.to_be_opened(now).select_related("edition"):
        open_hearing(hearing=hearing, address=address, now=now)
        done.append(f"opened the hearing of {hearing.edition.release}")
    for hearing in Hearing.objects.filter(opened_at__isnull=False, closes_at__lte=now).select_related("edition"):
        if dropped := drop_tasks(about=hearing.about, now=now):
            done.append(f"closed {dropped} tasks of the hearing of {hearing.edition.release}")  # noqa: PERF401
    if letters := remind_of_hearings(now=now):
        done.append(f"wrote {len(letters)} reminders")
    return done


@transaction.atomic
def remind_of_hearings(*, now: dt.datetime) -> list[Letter]:
    """Write the reminders that are due to whoever has not answered."""
    return remind(kind=TASK, purpose=Purpose.HEARING, words=_reminder, now=now) + remind(
        kind=APPROVAL, purpose=Purpose.HEARING, words=_reminder, now=now
    )


def _reminder(task: Task, days: int) -> tuple[str, str]:
    closes = clock_words(task.due_at or timezone.now())
    words = {"title": task.title, "days": days, "closes": closes, "address": task.address, "who": task.organisation}
    left = _("i morgen") if days == 1 else _("om %(days)d dage") % words
    subject = _("%(title)s: fristen er %(left)s") % {**words, "left": left}
    text = _(
        "Til %(who)s\n\nFristen er %(closes)s. I har ikke svaret endnu:\n%(address)s\n\n"
        "Har I ikke svaret, når høringen lukker, står der »har ikke svaret« ved kommunen. Det tæller ikke som en "
        "godkendelse.\n"
    )
    return subject, text % words
