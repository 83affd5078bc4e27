"""Requests for what pages show, at the addresses that descriptions name.

Source: REST API Developer Guide, "sObject Layouts", "sObject CompactLayouts", "sObject
ApprovalLayouts" and "sObject Quick Actions": this org has neither approvals nor quick actions.
"""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.describe import MASTER_RECORD_TYPE, has_pages
from connectors.sandbox.salesforce.described_layouts import (
    describe_compact_layout,
    describe_compact_layouts,
    describe_layout,
    describe_layouts,
)
from connectors.sandbox.salesforce.errors import not_found
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.requests import object_of, root_of
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.web import Answer, Call, Endpoint

_OBJECT = "/services/data/{version}/sobjects/{object}"


def tell_layouts(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/describe/layouts."""
    known = _shown(sandbox, call)
    path = f"{root_of(call)}/sobjects/{known.name}"
    return Answer(200, describe_layouts(known, Org(sandbox).fields_of(known), path))


def tell_layout(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/describe/layouts/ID: the layout for a record type, of which there is one."""
    known = _shown(sandbox, call)
    if full_id(call.arguments["type"]) != MASTER_RECORD_TYPE:
        raise not_found()
    return Answer(200, describe_layout(known, Org(sandbox).fields_of(known)))


def tell_compact_layouts(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/describe/compactLayouts."""
    known = _shown(sandbox, call)
    path = f"{root_of(call)}/sobjects/{known.name}"
    return Answer(200, describe_compact_layouts(known, Org(sandbox).fields_of(known), path))


def tell_compact_layout(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/describe/compactLayouts/ID, or /primary: the only one."""
    known = _shown(sandbox, call)
    if call.arguments["type"] not in (MASTER_RECORD_TYPE, "primary"):
        raise not_found()
    return Answer(200, describe_compact_layout(known, Org(sandbox).fields_of(known)))


def tell_approval_layouts(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/describe/approvalLayouts."""
    _shown(sandbox, call)
    return Answer(200, {"approvalLayouts": []})


def list_quick_actions(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/quickActions."""
    _shown(sandbox, call)
    return Answer(200, [])


def _shown(sandbox: Sandbox, call: Call) -> ObjectType:
    known = object_of(sandbox, call)
    if not has_pages(known):
        raise not_found()
    return known


ENDPOINTS = (
    Endpoint("GET", f"{_OBJECT}/describe/layouts", tell_layouts),
    Endpoint("GET", f"{_OBJECT}/describe/layouts/{{type}}", tell_layout),
    Endpoint("GET", f"{_OBJECT}/describe/compactLayouts", tell_compact_layouts),
    Endpoint("GET", f"{_OBJECT}/describe/compactLayouts/{{type}}", tell_compact_layout),
    Endpoint("GET", f"{_OBJECT}/describe/approvalLayouts", tell_approval_layouts),
    Endpoint("GET", f"{_OBJECT}/quickActions", list_quick_actions),
)
