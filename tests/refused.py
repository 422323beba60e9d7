"""One wrong row for each constraint of an app's models; a constraint without a try fails."""

from collections.abc import Callable, Mapping

import pytest
from django.apps import apps
from django.db import IntegrityError

Act = Callable[[], object]


def constraints_of(app: str) -> set[str]:
    """The names of every constraint of an app's models."""
    models = apps.get_app_config(app).get_models()
    return {constraint.name for model in models for constraint in model._meta.constraints}


def refused(name: str, wrong: Mapping[str, Act]) -> None:
    """Try a wrong row; the database must name that very constraint."""
    with pytest.raises(IntegrityError) as error:
        wrong[name]()
    assert error.value.__cause__ is not None
    assert getattr(error.value.__cause__, "diag").constraint_name == name  # noqa: B009  psycopg's errors have it
