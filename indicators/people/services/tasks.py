"""Tasks: given, reminded of at the same Danish clock time so many days before, finished or dropped."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.contrib.auth.models import User
from django.db import transaction

from indicators.danish import days_before
from indicators.people.models import (
    Letter,
    MemberRole,
    Membership,
    Organisation,
    Purpose,
    Reminder,
    Task,
    TaskState,
)

from .letters import LetterKind, address_of, write_letter

Words = Callable[[Task, int], tuple[str, str]]
"""Subject and text of a reminder, from the task and the days that are left: written by the room that gave the task."""


@transaction.atomic
def give_task(  # noqa: PLR0913  what a task is
    *,
    organisation: Organisation,
    kind: str,
    about: str,
    title: str,
    now: dt.datetime,
    due_at: dt.datetime | None = None,
    role: MemberRole | str = "",
    assignee: User | None = None,
    address: str = "",
    remind_days: Sequence[int] = (),
) -> Task:
    """Give an organisation something to do; where the same is open already, that one gets the new deadline.

    ``remind_days``: how many days before the deadline to remind; moments that are past are left out.
    """
    task, created = Task.objects.select_for_update().get_or_create(
        organisation=organisation,
        kind=kind,
        about=about,
        role=role,
        assignee=assignee,
        state=TaskState.OPEN,
        defaults={"title": title, "address": address, "opened_at": now, "due_at": due_at},
    )
    if not created:
        task.title, task.address, task.due_at = title, address, due_at
        task.save(update_fields=["title", "address", "due_at"])
        task.reminders.filter(written_at__isnull=True).delete()
    if due_at is not None:
        moments = {days: days_before(due_at, days) for days in remind_days}
        Reminder.objects.bulk_create(
            [Reminder(task=task, days_before=days, at=at) for days, at in moments.items() if at > now],
            ignore_conflicts=True,  # one that was written before the deadline moved is not written again
        )
    return task


@transaction.atomic
def give_task_to_each(  # noqa: PLR0913  what a task is
    *,
    organisations: Sequence[Organisation],
    kind: str,
    about: str,
    title: str,
    now: dt.datetime,
    due_at: dt.datetime,
    address: str = "",
    remind_days: Sequence[int] = (),
) -> list[Task]:
    """Give many organisations the same new task at once, a few statements for all; those that have it keep theirs."""
    has = Task.objects.still_open().about(about).filter(kind=kind, role="", assignee=None).values("organisation")
    known = set(has.values_list("organisation", flat=True))
    tasks = Task.objects.bulk_create(
        [
            Task(organisation=one, kind=kind, about=about, title=title, address=address, opened_at=now, due_at=due_at)
            for one in organisations
            if one.pk not in known
        ]
    )
    moments = [(days, days_before(due_at, days)) for days in remind_days]
    Reminder.objects.bulk_create(
        [Reminder(task=task, days_before=days, at=at) for task in tasks for days, at in moments if at > now]
    )
    return tasks


@transaction.atomic
def finish_task(*, organisation: Organisation, kind: str, about: str, by: User, now: dt.datetime) -> int:
    """Note that an open task has been done, whoever it was given to; return how many."""
    tasks = Task.objects.still_open().about(about).filter(organisation=organisation, kind=kind)
    return tasks.update(state=TaskState.DONE, ended_at=now, ended_by=by)


@transaction.atomic
def drop_tasks(*, about: str, now: dt.datetime, kind: str = "") -> int:
    """Let every open task about something fall away, of one kind or of all; return how many."""
    tasks = Task.objects.still_open().about(about)
    return (tasks.filter(kind=kind) if kind else tasks).update(state=TaskState.DROPPED, ended_at=now)


@transaction.atomic
def remind(*, kind: str, purpose: Purpose, words: Words, now: dt.datetime) -> list[Letter]:
    """Write the reminders of a kind of task that are due, each once, to everyone who has the task; return the letters.

    Of several that came due together (nobody ran this for days) only the last is written; the others are noted.
    """
    due = Reminder.objects.to_be_sent(now).filter(task__kind=kind).select_for_update(of=("self",))
    due = due.select_related("task__organisation", "task__assignee").order_by("task", "days_before")
    letters: list[Letter] = []
    told: set[int] = set()
    for reminder in due:
        if reminder.task_id not in told:
            subject, body = words(reminder.task, reminder.days_before)
            letters += [
                _letter(reminder.task, email, subject, body, now) for email in addresses_of(reminder.task, purpose, now)
            ]
            told.add(reminder.task_id)
        reminder.written_at = now
        reminder.save(update_fields=["written_at"])
    return letters


def _letter(task: Task, email: str, subject: str, body: str, now: dt.datetime) -> Letter:
    return write_letter(
        kind=LetterKind.REMINDER,
        email=email,
        subject=subject,
        body=body,
        about=task.about,
        organisation=task.organisation,
        task=task,
        now=now,
    )


def addresses_of(task: Task, purpose: Purpose | None, now: dt.datetime) -> list[str]:
    """The addresses of those who have a task: its assignee, else the members in its role and the mailbox of a purpose.

    Without ``purpose`` the members alone.
    """
    if task.assignee is not None:
        return [task.assignee.email] if task.assignee.email else []
    members = Membership.objects.current(now).filter(organisation=task.organisation)
    members = members.filter(role=task.role) if task.role else members.exclude(role=MemberRole.OBSERVER)
    found = set(members.exclude(user__email="").values_list("user__email", flat=True))
    if purpose is not None and (mailbox := address_of(task.organisation, purpose)):
        found.add(mailbox)
    return sorted(found)
