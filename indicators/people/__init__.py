"""Who has something to do, and by when: organisations, memberships, contacts, tasks, reminders, letters."""
