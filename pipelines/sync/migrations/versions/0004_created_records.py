"""Which records a plan creates."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("plan_changes") as changes:
        changes.add_column(
            sa.Column("is_new", sa.Boolean(), nullable=False, server_default=sa.false())
        )
