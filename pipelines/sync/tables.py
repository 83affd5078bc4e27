"""Tables of the state store: plans, intents, receipts, ledger, approvals, clocks, marks."""

import sqlalchemy as sa

metadata = sa.MetaData()

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("plan_id", sa.Integer, primary_key=True),
    sa.Column("sync", sa.String(120), nullable=False, index=True),
    sa.Column("crm", sa.String(40), nullable=False),
    sa.Column("object_name", sa.String(120), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, index=True),
    sa.Column("as_of", sa.String(32), nullable=False),
    sa.Column("snapshot", sa.String(32), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("findings", sa.Text, nullable=False, default=""),
    sa.Column("source", sa.Integer, nullable=False),
    sa.Column("planned", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),
    sa.Column("kept_human", sa.Integer, nullable=False),
    sa.Column("no_match", sa.Integer, nullable=False),
    sa.Column("written", sa.Integer),
    sa.Column("rejected", sa.Integer),
    sa.Column("deferred", sa.Integer),
)
"""One row a plan.

`status`: ready, waiting (for a person), approved, applied, cut_off (by a crash), superseded.
"""

plan_changes = sa.Table(
    "plan_changes",
    metadata,
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("record_id", sa.String(64), nullable=False),
    sa.Column("person_id", sa.String(64), nullable=False),
    sa.Column("column_name", sa.String(120), nullable=False),
    sa.Column("field_name", sa.String(120), nullable=False),
    sa.Column("field_type", sa.String(16), nullable=False),
    sa.Column("old_value", sa.Text),
    sa.Column("new_value", sa.Text),
    sa.Column("policy", sa.String(32), nullable=False),
    sa.Column("reason", sa.String(120), nullable=False),
)

intents = sa.Table(
    "intents",
    metadata,
    sa.Column("intent_id", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("record_ids", sa.JSON, nullable=False),
    sa.Column("settled", sa.Boolean, nullable=False, default=False, index=True),
)
"""What was about to be sent, kept before it was sent; settled once its receipts are kept."""

receipts = sa.Table(
    "receipts",
    metadata,
    sa.Column("receipt_id", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False),
    sa.Column("crm", sa.String(40), nullable=False),
    sa.Column("object_name", sa.String(120), nullable=False),
    sa.Column("record_id", sa.String(64), nullable=False),
    sa.Column("field_name", sa.String(120), nullable=False),
    sa.Column("value", sa.Text),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("code", sa.String(120), nullable=False, default=""),
    sa.Column("as_of", sa.String(32), nullable=False),
)
"""One row a field sent. `state`: written (read back), rejected, lost (sent, not found there)."""

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("crm", sa.String(40), primary_key=True),
    sa.Column("object_name", sa.String(120), primary_key=True),
    sa.Column("record_id", sa.String(64), primary_key=True),
    sa.Column("field_name", sa.String(120), primary_key=True),
    sa.Column("value", sa.Text),
)
"""The last value we wrote into each field."""

approvals = sa.Table(
    "approvals",
    metadata,
    sa.Column("approval_id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, index=True),
    sa.Column("approved_by", sa.String(120), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("approved_at", sa.String(32), nullable=False),
)

crm_clocks = sa.Table(
    "crm_clocks",
    metadata,
    sa.Column("crm", sa.String(40), primary_key=True),
    sa.Column("clock", sa.String(32), nullable=False),
    sa.Column("receipt_mark", sa.Integer, nullable=False),
)
"""Each CRM's own time (UTC) after its last extraction, and our last receipt before it."""

reading_marks = sa.Table(
    "reading_marks",
    metadata,
    sa.Column("crm", sa.String(40), primary_key=True),
    sa.Column("stream", sa.String(120), primary_key=True),
    sa.Column("name", sa.String(120), primary_key=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("note", sa.Text, nullable=False, default=""),
)
"""How far each reading beside the increments has come (UTC, the CRM's clock), and what it found.

What is lost of them costs a reading, never a row. The row without a stream tells of which lake they
are, and which run may change them.
"""
