"""What is left alone and refused, pauses, undo, jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("plans") as plans:
        plans.add_column(
            sa.Column("kind", sa.String(length=16), nullable=False, server_default="sync")
        )
        plans.add_column(sa.Column("undoes", sa.Integer()))
        plans.add_column(sa.Column("held_back", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("plan_changes") as changes:
        changes.add_column(sa.Column("parent", sa.String(length=64)))
    with op.batch_alter_table("intents") as intents:
        intents.add_column(sa.Column("job_id", sa.String(length=64)))
    op.create_index("ix_receipts_plan_id", "receipts", ["plan_id"])
    op.create_table(
        "refusals",
        sa.Column("crm", sa.String(length=40), nullable=False),
        sa.Column("object_name", sa.String(length=120), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("wanted", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("crm", "object_name", "record_id"),
    )
    op.create_table(
        "left_alone",
        sa.Column("sync", sa.String(length=120), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("field_name", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("now_value", sa.Text()),
        sa.Column("wanted_value", sa.Text()),
        sa.Column("since", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sync", "record_id", "field_name"),
    )
    op.create_table(
        "pauses",
        sa.Column("sync", sa.String(length=120), nullable=False),
        sa.Column("paused_by", sa.String(length=120), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sync"),
    )
