"""Tables of the state store: plans, what became of them, the ledger, approvals, clocks, marks."""

import sqlalchemy as sa

metadata = sa.MetaData()

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("plan_id", sa.Integer, primary_key=True),
    sa.Column("sync", sa.String(120), nullable=False, index=True),
    sa.Column("crm", sa.String(40), nullable=False),
    sa.Column("object_name", sa.String(120), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False, server_default="sync"),
    sa.Column("undoes", sa.Integer),
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
    sa.Column("held_back", sa.Integer, nullable=False, server_default="0"),
    sa.Column("written", sa.Integer),
    sa.Column("rejected", sa.Integer),
    sa.Column("deferred", sa.Integer),
)
"""One row a plan.

`kind`: sync, or undo, which takes back what the plan `undoes` wrote.
`status`: ready, waiting (for a person), approved, shadow (never sent), applied, stopped (by a pause
or the reserve of calls, the rest deferred), cut_off (by a crash), cancelled, superseded.
`source` is unchanged, kept_human, no_match, held_back and planned; planned is written, rejected and
deferred.
"""

plan_changes = sa.Table(
    "plan_changes",
    metadata,
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("record_id", sa.String(64), nullable=False),
    sa.Column("person_id", sa.String(64), nullable=False),
    sa.Column("parent", sa.String(64)),
    sa.Column("is_new", sa.Boolean, nullable=False, server_default=sa.false()),
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
    sa.Column("job_id", sa.String(64)),
    sa.Column("settled", sa.Boolean, nullable=False, default=False, index=True),
)
"""What was about to be sent, kept before it was sent; settled once its receipts are kept.

`job_id`: of the CRM's job that does it, where there is one.
"""

receipts = sa.Table(
    "receipts",
    metadata,
    sa.Column("receipt_id", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("crm", sa.String(40), nullable=False),
    sa.Column("object_name", sa.String(120), nullable=False),
    sa.Column("record_id", sa.String(64), nullable=False),
    sa.Column("field_name", sa.String(120), nullable=False),
    sa.Column("value", sa.Text),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("code", sa.String(120), nullable=False, default=""),
    sa.Column("as_of", sa.String(32), nullable=False),
)
"""One row a field sent.

`state`: written (read back), cleared (emptied on the way to a value that did not come), rejected,
lost (sent, not found there).
"""

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

refusals = sa.Table(
    "refusals",
    metadata,
    sa.Column("crm", sa.String(40), primary_key=True),
    sa.Column("object_name", sa.String(120), primary_key=True),
    sa.Column("record_id", sa.String(64), primary_key=True),
    sa.Column("code", sa.String(120), nullable=False),
    sa.Column("wanted", sa.String(64), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", sa.String(32), nullable=False),
)
"""Records whose last write was refused, and when the same values are sent again."""

left_alone = sa.Table(
    "left_alone",
    metadata,
    sa.Column("sync", sa.String(120), primary_key=True),
    sa.Column("record_id", sa.String(64), primary_key=True),
    sa.Column("field_name", sa.String(120), primary_key=True),
    sa.Column("person_id", sa.String(64), nullable=False),
    sa.Column("plan_id", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(120), nullable=False),
    sa.Column("now_value", sa.Text),
    sa.Column("wanted_value", sa.Text),
    sa.Column("since", sa.String(32), nullable=False),
)
"""What each sync's last plan did not write though it is not as wanted, and why.

One row a field, or a record, its `field_name` empty. `state`: kept_human, no_match, rejected,
deferred. `since`: the as_of at which the same state and value were first met (UTC).
"""

pauses = sa.Table(
    "pauses",
    metadata,
    sa.Column("sync", sa.String(120), primary_key=True),
    sa.Column("paused_by", sa.String(120), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("paused_at", sa.String(32), nullable=False),
)
"""Syncs that plan and send nothing until somebody lets them."""

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
