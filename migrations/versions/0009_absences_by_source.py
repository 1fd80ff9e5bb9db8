"""From where it is known that somebody is out of office."""

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import changed, words

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SOURCE = "ck_absences_source"


def upgrade() -> None:
    source = words(SOURCE, "own", "slack", "calendar")
    with changed("absences") as absences:
        absences.add_column(sa.Column("source", source, nullable=False, server_default="own"))
        absences.add_column(
            sa.Column("source_key", sa.String(200), nullable=False, server_default="")
        )


def downgrade() -> None:
    """What other sources said is forgotten: nobody entered it."""
    absences = sa.table("absences", sa.column("source"))
    op.execute(absences.delete().where(absences.c.source != "own"))
    with changed("absences") as table:
        table.drop_constraint(op.f(SOURCE), type_="check")
        table.drop_column("source")
        table.drop_column("source_key")
