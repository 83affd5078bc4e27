"""Flows: a change of one field sets others, at once or a while later, and nobody edited anything.

What a flow sets moves the SystemModstamp and not the LastModifiedDate, so that a reader who goes by
the latter misses it.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.derived import derived_values
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.history import record_changes
from connectors.sandbox.salesforce.org_rules import Automation, rules_for
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.person_accounts import keep_person_contact, person_values
from connectors.sandbox.salesforce.rules import check_unique_fields
from connectors.sandbox.salesforce.schema import ObjectType, object_types, type_of_id
from connectors.sandbox.salesforce.stages import record_stage
from connectors.sandbox.salesforce.storing import find_values, write_values
from connectors.sandbox.salesforce.times import stamp


def start_automation(
    sandbox: Sandbox, known: ObjectType, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Start the flows that a write sets off; those without delay are done on return.

    Args:
        sandbox: Where the record is, and the flows among the settings.
        known: Its object.
        before: Its values before the write, empty for a new one.
        after: All its values after the write.
    """
    for flow in rules_for(sandbox.settings.salesforce_automation, Automation, known.name):
        target = after.get(flow.through or "Id")
        if target is None or before.get(flow.when_changed) == after.get(flow.when_changed):
            continue
        if flow.after_seconds:
            due = stamp(sandbox.clock.now + timedelta(seconds=flow.after_seconds))
            sandbox.store.run(
                "insert into salesforce_flows (due_at, record_id, sets) values (?, ?, ?)",
                due,
                target,
                json.dumps(flow.sets),
            )
        else:
            _apply(sandbox, target, flow.sets, stamp(sandbox.clock.now))


def run_due_flows(sandbox: Sandbox) -> None:
    """Do what flows have put off until now or earlier; each change bears its own time."""
    now = stamp(sandbox.clock.now)
    due = sandbox.store.rows(
        "select * from salesforce_flows where due_at <= ? order by due_at, number", now
    )
    for flow in due:
        # Nobody waits for the answer: a flow that fails changes nothing.
        with suppress(Refusal), sandbox.store.savepoint():
            _apply(sandbox, flow["record_id"], json.loads(flow["sets"]), flow["due_at"])
    sandbox.store.run("delete from salesforce_flows where due_at <= ?", now)


def _apply(sandbox: Sandbox, record_id: str, sets: Mapping[str, Any], moment: str) -> None:
    """Set fields of a record, with all that follows from them, as of a moment.

    Raises:
        Refusal: what follows can't be.
    """
    standard = type_of_id(sandbox.store, record_id)
    known = None if standard is None else object_types(sandbox.store)[standard.name]
    before = None if known is None else find_values(sandbox.store, known, record_id)
    if known is None or before is None or before.get("IsDeleted"):
        return
    # A field may have been deleted since the flow was made.
    there = {name: value for name, value in sets.items() if name in known.fields}
    values = {name: moment if value == "$now" else value for name, value in there.items()}
    if "SystemModstamp" in known.fields:
        values["SystemModstamp"] = max(moment, before["SystemModstamp"])
    values |= person_values(known, before, values)
    values |= derived_values(known, before, {**before, **values})
    check_unique_fields(sandbox, known, values, before["Id"])
    write_values(sandbox.store, known, before["Id"], values)
    record_changes(sandbox, known, before, values, INTEGRATION_USER, at=moment)
    after = {**before, **values}
    if known.name == "Opportunity":
        record_stage(sandbox, before, after, INTEGRATION_USER, at=moment)
    if known.name == "Account":
        keep_person_contact(sandbox, after)
