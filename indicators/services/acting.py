"""Who acts where nobody has signed in: a command names its user, or acts as the command line itself."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management.base import CommandError

COMMAND_LINE = "kommandolinjen"


def acting_user(name: str) -> User:
    """The user of that name; for "" an account that nobody can sign in with and that the log shows.

    Raises CommandError for a name that nobody has.
    """
    users = get_user_model().objects
    if not name:
        account, created = users.get_or_create(username=COMMAND_LINE)
        if created:
            account.set_unusable_password()
            account.save(update_fields=["password"])
        return account
    user = users.filter(username=name).first()
    if user is None:
        msg = f"There is no user {name!r}."
        raise CommandError(msg)
    return user
