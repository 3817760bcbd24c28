"""A council keeps its minutes in a language of its own; orders of a year are found by the day of the decision."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Minutes were kept in Kyrgyz until now."""
    op.create_index("ix_decision_decided_on", "decision", ["decided_on"], unique=False)
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default="ky"))
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.alter_column("language", existing_type=sa.String(), server_default=None)


def downgrade() -> None:
    """Without both."""
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.drop_column("language")
    op.drop_index("ix_decision_decided_on", table_name="decision")
