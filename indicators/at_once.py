"""The tables of an empty database at once: what a chain of migrations comes to, without its steps.

Django renders nearly every model anew after every single step of a migration: 11 000 models for our 340 steps, nine
tenths of the time that an empty database takes. A migration that replaces a chain (`replaces`) and has one `AtOnce`
renders once. The chain stays the only place that says what the tables are: a site that has begun with it goes on
with it, and tests/portal/management/test_migrate.py compares both ways.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AtOnce(Operation):
    """Make the tables that ``steps`` end with, then run ``rules``: what a model cannot say, in SQL. Left out, the SQL
    among the steps."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, steps: Sequence[Operation], rules: Sequence[RunSQL] | None = None) -> None:
        self.steps = steps
        self.rules = sql_of(steps) if rules is None else rules

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Take all steps before anything is rendered: rendered models would be rendered anew after each."""
        state.__dict__.pop("apps", None)
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the tables, as they end, and run the rules. Foreign keys come with the migration's end."""
        for model in self._models(app_label, schema_editor, to_state):
            schema_editor.create_model(model)
        for rule in self.rules:
            rule.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Take the rules back, then the tables."""
        for rule in reversed(self.rules):
            rule.database_backwards(app_label, schema_editor, from_state, to_state)
        for model in reversed(self._models(app_label, schema_editor, from_state)):
            schema_editor.delete_model(model)

    def describe(self) -> str:
        """What it does, for ``migrate`` and ``sqlmigrate``."""
        return f"Make at once what {len(self.steps)} steps come to"

    def _models(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState) -> list[Any]:
        rendered = state.apps.get_app_config(app_label).get_models()
        return [model for model in rendered if self.allow_migrate_model(schema_editor.connection.alias, model)]


def chain(package: str, names: Sequence[str]) -> list[Operation]:
    """The steps of the migrations of a package with these names, in order."""
    return [step for name in names for step in import_module(f"{package}.{name}").Migration.operations]


def sql_of(steps: Sequence[Operation]) -> list[RunSQL]:
    """The SQL among steps."""
    return [step for step in steps if isinstance(step, RunSQL)]
