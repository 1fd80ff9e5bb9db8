"""Days off that were entered too late for something, and who accepted them."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from migrations.vocabulary import MOMENT, changed, forget_kinds, index, maybe

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ACCEPTED = "ck_absences_accepted_by"
BY_WHOM = "fk_absences_workspace_id_accepted_by_id"
EXCUSES = {
    "coverage_talks": ("person_off", "person_left", "asked_left", "trial"),
    "forecasts": ("trial", "nobody"),
}


def upgrade() -> None:
    """What stands was looked at: nobody is asked about days long gone."""
    with changed("absences") as absences:
        _keep_default(absences)
        absences.add_column(maybe("looked_at", MOMENT))
        absences.add_column(maybe("accepted_at", MOMENT))
        absences.add_column(maybe("accepted_by_id", sa.Integer()))
        absences.create_check_constraint(
            op.f(ACCEPTED), "(accepted_at IS NULL) = (accepted_by_id IS NULL)"
        )
        absences.create_foreign_key(
            op.f(BY_WHOM), "people", ["workspace_id", "accepted_by_id"], ["workspace_id", "id"]
        )
    absences_ = sa.table("absences", sa.column("looked_at"), sa.column("entered_at"))
    op.execute(absences_.update().values(looked_at=absences_.c.entered_at))
    index("ix_absences_looked_at", "absences", "looked_at")
    for table, known in EXCUSES.items():
        _may_be(table, *known, "asked_off")


def downgrade() -> None:
    """What was accepted stays excused, for the reason that is nearest."""
    forget_kinds("absence.late", "one_on_one.changed_coach", "review.deciding_over")
    for table, instead in (("coverage_talks", "asked_left"), ("forecasts", "nobody")):
        rows = sa.table(table, sa.column("excuse"))
        op.execute(rows.update().where(rows.c.excuse == "asked_off").values(excuse=instead))
        _may_be(table, *EXCUSES[table])
    op.drop_index(op.f("ix_absences_looked_at"), "absences")
    with changed("absences") as absences:
        _keep_default(absences)
        absences.drop_constraint(op.f(BY_WHOM), type_="foreignkey")
        absences.drop_constraint(op.f(ACCEPTED), type_="check")
        for column in ("accepted_by_id", "accepted_at", "looked_at"):
            absences.drop_column(column)


def _keep_default(absences: BatchOperations) -> None:
    """SQLite, which builds the table anew, would write an empty default in parentheses."""
    absences.alter_column("source_key", existing_type=sa.String(200), server_default="")


def _may_be(table: str, *excuses: str) -> None:
    name, listed = f"ck_{table}_excuse", ", ".join(f"'{one}'" for one in excuses)
    with changed(table) as batch:
        batch.drop_constraint(op.f(name), type_="check")
        batch.create_check_constraint(op.f(name), f"excuse IN ({listed})")
