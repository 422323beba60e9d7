"""What an organisation is to do, by when, and the letters that tell it."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .organisations import Invitation, MemberRole, Membership, Organisation


class TaskState(models.TextChoices):
    """Whether a task is still to be done. Dropped: it fell away, nobody did it."""

    OPEN = "open", _("åben")
    DONE = "done", _("udført")
    DROPPED = "dropped", _("bortfaldet")


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks."""

    def still_open(self) -> Self:
        """Those that somebody still has to do."""
        return self.filter(state=TaskState.OPEN)

    def about(self, what: str) -> Self:
        """Those about one thing, as "hearing 2026.1"."""
        return self.filter(about=what)

    def for_member(self, user: User | AnonymousUser, now: dt.datetime) -> Self:
        """What a person has to do: given to it, or to its organisation and nobody else, in its role or in any."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.current(now).filter(user=user)
        where = Q(pk__in=[])
        for organisation, role in mine.values_list("organisation", "role"):
            where |= Q(organisation=organisation, role__in=["", role])
        return self.filter(where & (Q(assignee__isnull=True) | Q(assignee=user)))

    def soonest_first(self) -> Self:
        """Sort by when they are due; those without a day last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "pk")


class Task(models.Model):
    """What an organisation is to do, by when, and about what (opgave).

    ``kind`` is the word of the room that made it ("hearing-response"), ``about`` the thing ("hearing 2026.1"): the same
    task is open at most once. ``role`` "" is for every member, ``assignee`` for one person alone. ``address`` is the
    path where it is done.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("organisation")
    )
    role = models.CharField(_("rolle"), max_length=12, choices=MemberRole.choices, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("hvem"),
    )
    kind = models.SlugField(_("slags"), max_length=50)
    about = models.CharField(_("om hvad"), max_length=100)
    title = models.CharField(_("hvad"), max_length=200)
    address = models.CharField(_("hvor"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("givet"))
    due_at = models.DateTimeField(_("frist"), null=True, blank=True)
    state = models.CharField(_("tilstand"), max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    ended_at = models.DateTimeField(_("slut"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("udført af"),
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("opgave")
        verbose_name_plural = _("opgaver")
        constraints = [
            models.UniqueConstraint(
                name="task_open_once",
                fields=["organisation", "kind", "about", "role", "assignee"],
                condition=Q(state=TaskState.OPEN),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="task_role_known", condition=Q(role__in=["", *MemberRole.values])),
            models.CheckConstraint(
                name="task_done_says_who_and_when",
                condition=Q(state=TaskState.OPEN, ended_at__isnull=True, ended_by__isnull=True)
                | Q(state=TaskState.DONE, ended_at__isnull=False, ended_by__isnull=False)
                | Q(state=TaskState.DROPPED, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="task_due_after_it_was_given", condition=Q(due_at__isnull=True) | Q(due_at__gte=F("opened_at"))
            ),
        ]
        indexes = [models.Index(name="task_about", fields=["about", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Reminders."""

    def to_be_sent(self, now: dt.datetime) -> Self:
        """Those whose moment has come and whose task is still to be done."""
        return self.filter(written_at__isnull=True, at__lte=now, task__state=TaskState.OPEN)


class Reminder(models.Model):
    """That a task is to be reminded of, once, so many days before it is due (påmindelse)."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("opgave"))
    days_before = models.PositiveSmallIntegerField(_("dage før fristen"))
    at = models.DateTimeField(_("hvornår"))
    written_at = models.DateTimeField(_("skrevet"), null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("påmindelse")
        verbose_name_plural = _("påmindelser")
        constraints = [
            models.UniqueConstraint(name="reminder_once_a_day_before", fields=["task", "days_before"]),
            models.CheckConstraint(
                name="reminder_written_when_due", condition=Q(written_at__isnull=True) | Q(written_at__gte=F("at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} -{self.days_before}"


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters."""

    def waiting(self) -> Self:
        """Those that have neither gone nor been given up."""
        return self.filter(sent_at__isnull=True, refused_at__isnull=True)

    def came_back(self) -> Self:
        """Those that did not arrive: refused at once, or returned later."""
        return self.filter(Q(refused_at__isnull=False) | Q(bounced_at__isnull=False))


class Letter(models.Model):
    """A letter by e-mail (brev): written with what it tells of, in one transaction, sent afterwards, never twice.

    One with a way in (``secret``) loses its text when it has gone.
    """

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("organisation"),
    )
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("opgave")
    )
    invitation = models.ForeignKey(
        Invitation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("invitation"),
    )
    kind = models.SlugField(_("slags"), max_length=50)
    about = models.CharField(_("om hvad"), max_length=100, blank=True)
    email = models.EmailField(_("til"))
    subject = models.CharField(_("emne"), max_length=200)
    body = models.TextField(_("tekst"))
    secret = models.BooleanField(_("indeholder en adgang"), default=False)
    written_at = models.DateTimeField(_("skrevet"))
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("forsøg"), default=0)
    refused_at = models.DateTimeField(_("afvist"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("kom tilbage"), null=True, blank=True)
    trouble = models.CharField(_("hvad postserveren svarede"), max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("brev")
        verbose_name_plural = _("breve")
        constraints = [
            models.CheckConstraint(
                name="letter_with_a_way_in_is_emptied",
                condition=Q(secret=False) | Q(sent_at__isnull=True, refused_at__isnull=True) | Q(body=""),
            ),
            models.CheckConstraint(
                name="letter_sent_or_refused_not_both",
                condition=Q(sent_at__isnull=True) | Q(refused_at__isnull=True),
            ),
            models.CheckConstraint(
                name="letter_came_back_after_it_went",
                condition=Q(bounced_at__isnull=True) | Q(sent_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="letter_about", fields=["about", "kind"]),
            models.Index(
                name="letter_waiting", fields=["written_at"], condition=Q(sent_at__isnull=True, refused_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
