"""What the sandbox's own API does: clock, counts, dump, faults, settings, what people do.

All of it is told in JSON; `connectors.sandbox.admin` has the HTTP around it.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from connectors.sandbox.clock import instant, parse_instant
from connectors.sandbox.company.living import live
from connectors.sandbox.context import Sandbox
from connectors.sandbox.counts import count_records
from connectors.sandbox.dump import dump_in_pieces
from connectors.sandbox.edits import convert, edit_record, merge, purge_records, restore
from connectors.sandbox.faults.asked import read_asked
from connectors.sandbox.faults.plan import Fault
from connectors.sandbox.faults.presets import ordered_fault
from connectors.sandbox.hubspot.oauth.tokens import end_access_tokens
from connectors.sandbox.hubspot.search_index import catch_up
from connectors.sandbox.hubspot.webhooks.admin import count_waiting, deliver_now
from connectors.sandbox.limits import use_today
from connectors.sandbox.passing import let_time_pass
from connectors.sandbox.salesforce.quota import use_calls
from connectors.sandbox.salesforce.rule_checks import check_rules_of_org
from connectors.sandbox.salesforce.sessions.codes import give_code
from connectors.sandbox.salesforce.sessions.keys import upload_certificate
from connectors.sandbox.setting_checks import check_names_of_account


class Action(NamedTuple):
    """What is done with the decoded body of a request, and what is answered."""

    do: Callable[[Sandbox, Any], Any]
    takes: type = dict
    """The JSON that the body is; without a body it is an empty one."""
    is_transaction: bool = True


REFUSALS = (ValueError, TypeError, KeyError, OverflowError, RecursionError)
"""What `perform` raises when a request can't be carried out as it is."""


def find_action(method: str, path: str) -> Action | None:
    """Return what is done for a method and a path, or None."""
    return ACTIONS.get((method, path))


def perform(sandbox: Sandbox, action: Action, body: Any) -> Any:
    """Carry out an action, as a whole or not at all, and return what to answer.

    Raises:
        REFUSALS: the body is wrong, or a CRM refuses.
    """
    body = action.takes() if body is None else body
    if not isinstance(body, action.takes):
        raise TypeError(f"the body is a JSON {'list' if action.takes is list else 'object'}")
    if not action.is_transaction:
        return action.do(sandbox, body)
    with sandbox.store.transaction():
        sandbox.row_locks.begin()
        return action.do(sandbox, body)


def _tell_clock(sandbox: Sandbox, _: Any) -> Any:
    return {"now": instant(sandbox.clock.now)}


def _move_clock(sandbox: Sandbox, body: Any) -> Any:
    if "now" in body:
        sandbox.clock.advance_to(parse_instant(body["now"]))
    else:
        sandbox.clock.advance_by(int(body["advance_seconds"]))
    let_time_pass(sandbox)
    return _tell_clock(sandbox, None)


def _live(sandbox: Sandbox, body: Any) -> Any:
    return live(sandbox, int(body["days"]))


def _tell_calls(sandbox: Sandbox, _: Any) -> Any:
    return sandbox.calls.report()


def _reset_calls(sandbox: Sandbox, _: Any) -> Any:
    sandbox.calls.reset()
    return sandbox.calls.report()


def _order_faults(sandbox: Sandbox, body: Any) -> Any:
    ordered = [ordered_fault(entry) for entry in body]
    for fault in ordered:
        _check_actions(fault)
    sandbox.faults.order(ordered)
    return {"ordered": len(ordered)}


def _check_actions(fault: Fault) -> None:
    """Refuse a fault that asks this API for something that it can't do."""
    for asked in map(read_asked, fault.requests):
        if asked.path.startswith("/__sandbox") and find_action(asked.method, asked.path) is None:
            raise ValueError(f"the sandbox has no {asked.method} {asked.path}")


def _list_faults(sandbox: Sandbox, _: Any) -> Any:
    return sandbox.faults.listed()


def _clear_faults(sandbox: Sandbox, _: Any) -> Any:
    sandbox.faults.clear()
    return {"ordered": 0}


def _tell_settings(sandbox: Sandbox, _: Any) -> Any:
    return vars(sandbox.settings)


def _change_settings(sandbox: Sandbox, body: Any) -> Any:
    changed = sandbox.settings.changed(body)
    check_rules_of_org(sandbox.store, body)
    check_names_of_account(sandbox.store, body)
    sandbox.use_settings(changed)
    if changed.hubspot_search_lag_seconds == 0:
        catch_up(sandbox.store)
    return vars(sandbox.settings)


def _edit(sandbox: Sandbox, body: Any) -> Any:
    record_id, values, who = str(body["record_id"]), body["values"], body["user"]
    if not isinstance(values, dict):
        raise TypeError("values is an object")
    kind = body.get("object")
    return edit_record(sandbox, body["crm"], record_id, values, user=who, object_name=kind)


def _merge(sandbox: Sandbox, body: Any) -> Any:
    winner, losers = str(body["winner"]), [str(loser) for loser in body["losers"]]
    return merge(sandbox, body["crm"], body["object"], winner, losers, user=body.get("user", 0))


def _restore(sandbox: Sandbox, body: Any) -> Any:
    return restore(sandbox, body["crm"], body["object"], str(body["record_id"]))


def _convert(sandbox: Sandbox, body: Any) -> Any:
    wanted = body.get("opportunity", False)
    if not isinstance(wanted, bool):
        raise ValueError("opportunity is true or false")
    return convert(sandbox, body["lead_id"], wanted, body.get("user", 0))


def _use_up(sandbox: Sandbox, body: Any) -> Any:
    """Leave a CRM's client so many requests of the day."""
    crm, left, settings = body["crm"], int(body["left"]), sandbox.settings
    if crm == "salesforce":
        use_calls(sandbox, settings.salesforce_daily_limit - left)
    elif crm == "hubspot":
        used = settings.hubspot_daily_limit - left
        use_today(sandbox.store, sandbox.clock, crm, used, settings.hubspot_time_zone)
    else:
        raise ValueError("requests are counted by salesforce and hubspot")
    return {"left": left}


def _end_sessions(sandbox: Sandbox, body: Any) -> Any:
    """End every session or token of a CRM that can be got anew."""
    if body["crm"] not in _SESSIONS:
        raise ValueError(f"sessions end in one of {', '.join(_SESSIONS)}")
    return {"ended": _SESSIONS[body["crm"]](sandbox)}


def _empty_bin(sandbox: Sandbox, body: Any) -> Any:
    """Take records of one object out of Salesforce's recycle bin, for good."""
    return purge_records(sandbox, body["object"], [str(one) for one in body["record_ids"]])


def _give_code(sandbox: Sandbox, body: Any) -> Any:
    """Let the API user agree to the app: the code that their browser would bring along."""
    challenge = str(body.get("code_challenge", ""))
    return {"code": give_code(sandbox, str(body["redirect_uri"]), challenge)}


def _upload_certificate(sandbox: Sandbox, body: Any) -> Any:
    upload_certificate(sandbox, str(body["certificate"]))
    return {"uploaded": True}


_SESSIONS: Mapping[str, Callable[[Sandbox], int]] = {
    "salesforce": lambda sandbox: sandbox.store.run("delete from salesforce_sessions"),
    "hubspot": end_access_tokens,
}
ACTIONS: Mapping[tuple[str, str], Action] = {
    ("GET", "/__sandbox/clock"): Action(_tell_clock),
    ("POST", "/__sandbox/clock"): Action(_move_clock),
    ("POST", "/__sandbox/live"): Action(_live),
    ("GET", "/__sandbox/calls"): Action(_tell_calls),
    ("POST", "/__sandbox/calls/reset"): Action(_reset_calls),
    ("GET", "/__sandbox/counts"): Action(lambda sandbox, _: count_records(sandbox)),
    ("GET", "/__sandbox/dump"): Action(lambda sandbox, _: dump_in_pieces(sandbox)),
    ("GET", "/__sandbox/faults"): Action(_list_faults),
    ("POST", "/__sandbox/faults"): Action(_order_faults, takes=list),
    ("DELETE", "/__sandbox/faults"): Action(_clear_faults),
    ("GET", "/__sandbox/settings"): Action(_tell_settings),
    ("POST", "/__sandbox/purges"): Action(_empty_bin),
    ("POST", "/__sandbox/oauth-codes"): Action(_give_code),
    ("POST", "/__sandbox/certificates"): Action(_upload_certificate),
    ("PATCH", "/__sandbox/settings"): Action(_change_settings),
    ("POST", "/__sandbox/edits"): Action(_edit),
    ("POST", "/__sandbox/merges"): Action(_merge),
    ("POST", "/__sandbox/restores"): Action(_restore),
    ("POST", "/__sandbox/conversions"): Action(_convert),
    ("POST", "/__sandbox/usage"): Action(_use_up),
    ("POST", "/__sandbox/sessions/end"): Action(_end_sessions),
    ("GET", "/__sandbox/webhooks"): Action(lambda sandbox, _: count_waiting(sandbox)),
    ("POST", "/__sandbox/webhooks/deliver"): Action(
        lambda sandbox, _: deliver_now(sandbox), is_transaction=False
    ),
}
