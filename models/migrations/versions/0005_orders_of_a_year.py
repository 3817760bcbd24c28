"""Orders of a year are looked for when a number is given: by the day of the decision."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index."""
    op.create_index("ix_decision_decided_on", "decision", ["decided_on"], unique=False)


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_decision_decided_on", table_name="decision")
