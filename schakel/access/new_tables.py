"""Many tables of a room made in one step of a migration: Django draws its models once for all, not anew for each."""

from collections.abc import Sequence

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class NewTables(Operation):
    """Tables that belong together, in an order in which each points at earlier ones or at itself.

    After each change of its state Django makes classes anew of all models that are joined to what changed; thirty
    tables that point at each other are then made hundreds of times.
    """

    category = OperationCategory.ADDITION
    reversible = True

    def __init__(self, tables: Sequence[CreateModel]) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Tell the state of all tables before it draws one of them."""
        drawn = state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)
        if isinstance(drawn, Apps):
            _ = state.apps  # drawn whole again: from here on each change counts on it

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the tables."""
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Take them away, the last one first."""
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def references_model(self, name: str, app_label: str) -> bool:
        """Whether a table of these is that model, or points at it."""
        return any(table.references_model(name, app_label) for table in self.tables)

    def describe(self) -> str:
        """What it does, in the words that `migrate --plan` uses."""
        return f"Create the tables {', '.join(table.name for table in self.tables)}"
