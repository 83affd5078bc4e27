"""What the sandbox's own API does: clock, counts, dump, faults, settings, what people do.

All of it is told in JSON; `connectors.sandbox.admin` has the HTTP around it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec

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
from connectors.sandbox.orders import (
    Certificate,
    ClockMove,
    Consent,
    Conversion,
    Days,
    Edit,
    EndOfSessions,
    Merge,
    Nothing,
    Purge,
    Restoration,
    Usage,
)
from connectors.sandbox.passing import let_time_pass
from connectors.sandbox.salesforce.currencies import change_currencies
from connectors.sandbox.salesforce.quota import use_calls
from connectors.sandbox.salesforce.rule_checks import check_rules_of_org
from connectors.sandbox.salesforce.sessions.codes import give_code
from connectors.sandbox.salesforce.sessions.keys import upload_certificate
from connectors.sandbox.setting_checks import check_names_of_account


class Action(NamedTuple):
    """What is done with the decoded body of a request, and what is answered."""

    do: Callable[[Sandbox, Any], Any]
    takes: Any = Nothing
    """The type that the body is decoded into."""
    is_transaction: bool = True


def find_action(method: str, path: str) -> Action | None:
    """Return what is done for a method and a path, or None."""
    return ACTIONS.get((method, path))


def perform(sandbox: Sandbox, action: Action, raw: bytes) -> Any:
    """Carry out an action, as a whole or not at all, and return what to answer.

    Args:
        sandbox: Where.
        action: What to do.
        raw: The body of the request, JSON; without one it is an empty object.

    Raises:
        ValueError: the body is wrong, or a CRM refuses.
    """
    body = _decoded(raw or b"{}", action.takes)
    if not action.is_transaction:
        return action.do(sandbox, body)
    with sandbox.store.transaction():
        sandbox.row_locks.begin()
        return action.do(sandbox, body)


def _decoded(raw: bytes, wanted: Any) -> Any:
    try:
        return msgspec.json.decode(raw, type=wanted)
    except RecursionError as error:
        raise ValueError("the body is nested too deeply") from error


def _tell_clock(sandbox: Sandbox, _: Any) -> Any:
    return {"now": instant(sandbox.clock.now)}


def _move_clock(sandbox: Sandbox, body: ClockMove) -> Any:
    if body.now is not None:
        sandbox.clock.advance_to(parse_instant(body.now))
    elif body.advance_seconds is not None:
        sandbox.clock.advance_by(body.advance_seconds)
    else:
        raise ValueError("the body lacks now or advance_seconds")
    let_time_pass(sandbox)
    return _tell_clock(sandbox, None)


def _live(sandbox: Sandbox, body: Days) -> Any:
    return live(sandbox, body.days)


def _tell_calls(sandbox: Sandbox, _: Any) -> Any:
    return sandbox.calls.report()


def _reset_calls(sandbox: Sandbox, _: Any) -> Any:
    sandbox.calls.reset()
    return sandbox.calls.report()


def _order_faults(sandbox: Sandbox, body: list[dict[str, Any]]) -> Any:
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


def _change_settings(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    changed = sandbox.settings.changed(body)
    check_rules_of_org(sandbox.store, body)
    check_names_of_account(sandbox.store, body)
    sandbox.use_settings(changed)
    if "salesforce_currencies" in body:
        change_currencies(sandbox)
    if changed.hubspot_search_lag_seconds == 0:
        catch_up(sandbox.store)
    return vars(sandbox.settings)


def _edit(sandbox: Sandbox, body: Edit) -> Any:
    record_id, who = str(body.record_id), body.user
    return edit_record(sandbox, body.crm, record_id, body.values, user=who, object_name=body.object)


def _merge(sandbox: Sandbox, body: Merge) -> Any:
    winner, losers = str(body.winner), [str(loser) for loser in body.losers]
    return merge(sandbox, body.crm, body.object, winner, losers, user=body.user)


def _restore(sandbox: Sandbox, body: Restoration) -> Any:
    return restore(sandbox, body.crm, body.object, str(body.record_id))


def _convert(sandbox: Sandbox, body: Conversion) -> Any:
    return convert(sandbox, body.lead_id, body.opportunity, body.user)


def _use_up(sandbox: Sandbox, body: Usage) -> Any:
    """Leave a CRM's client so many requests of the day."""
    limits = {
        "salesforce": sandbox.settings.salesforce_daily_limit,
        "hubspot": sandbox.settings.hubspot_daily_limit,
    }
    if body.crm not in limits:
        raise ValueError("requests are counted by salesforce and hubspot")
    used = limits[body.crm] - body.left
    if used < 0:
        raise ValueError(f"a day has {limits[body.crm]} requests, of which no more can be left")
    if body.crm == "salesforce":
        use_calls(sandbox, used)
    else:
        zone = sandbox.settings.hubspot_time_zone
        use_today(sandbox.store, sandbox.clock, body.crm, used, zone)
    return {"left": body.left}


def _end_sessions(sandbox: Sandbox, body: EndOfSessions) -> Any:
    """End every session or token of a CRM that can be got anew."""
    if body.crm not in _SESSIONS:
        raise ValueError(f"sessions end in one of {', '.join(_SESSIONS)}")
    return {"ended": _SESSIONS[body.crm](sandbox)}


def _empty_bin(sandbox: Sandbox, body: Purge) -> Any:
    """Take records of one object out of Salesforce's recycle bin, for good."""
    purged = purge_records(sandbox, body.object, [str(one) for one in body.record_ids])
    if body.by_admin:
        now = sandbox.clock.now.isoformat()
        sandbox.use_settings(replace(sandbox.settings, salesforce_bin_purged_at=now))
    return purged


def _give_code(sandbox: Sandbox, body: Consent) -> Any:
    """Let the API user agree to the app: the code that their browser would bring along."""
    return {"code": give_code(sandbox, body.redirect_uri, body.code_challenge)}


def _upload_certificate(sandbox: Sandbox, body: Certificate) -> Any:
    upload_certificate(sandbox, body.certificate)
    return {"uploaded": True}


_SESSIONS: Mapping[str, Callable[[Sandbox], int]] = {
    "salesforce": lambda sandbox: sandbox.store.run("delete from salesforce_sessions"),
    "hubspot": end_access_tokens,
}
ACTIONS: Mapping[tuple[str, str], Action] = {
    ("GET", "/__sandbox/clock"): Action(_tell_clock),
    ("POST", "/__sandbox/clock"): Action(_move_clock, ClockMove),
    ("POST", "/__sandbox/live"): Action(_live, Days),
    ("GET", "/__sandbox/calls"): Action(_tell_calls),
    ("POST", "/__sandbox/calls/reset"): Action(_reset_calls),
    ("GET", "/__sandbox/counts"): Action(lambda sandbox, _: count_records(sandbox)),
    ("GET", "/__sandbox/dump"): Action(lambda sandbox, _: dump_in_pieces(sandbox)),
    ("GET", "/__sandbox/faults"): Action(_list_faults),
    ("POST", "/__sandbox/faults"): Action(_order_faults, list[dict[str, Any]]),
    ("DELETE", "/__sandbox/faults"): Action(_clear_faults),
    ("GET", "/__sandbox/settings"): Action(_tell_settings),
    ("POST", "/__sandbox/purges"): Action(_empty_bin, Purge),
    ("POST", "/__sandbox/oauth-codes"): Action(_give_code, Consent),
    ("POST", "/__sandbox/certificates"): Action(_upload_certificate, Certificate),
    ("PATCH", "/__sandbox/settings"): Action(_change_settings, dict[str, Any]),
    ("POST", "/__sandbox/edits"): Action(_edit, Edit),
    ("POST", "/__sandbox/merges"): Action(_merge, Merge),
    ("POST", "/__sandbox/restores"): Action(_restore, Restoration),
    ("POST", "/__sandbox/conversions"): Action(_convert, Conversion),
    ("POST", "/__sandbox/usage"): Action(_use_up, Usage),
    ("POST", "/__sandbox/sessions/end"): Action(_end_sessions, EndOfSessions),
    ("GET", "/__sandbox/webhooks"): Action(lambda sandbox, _: count_waiting(sandbox)),
    ("POST", "/__sandbox/webhooks/deliver"): Action(
        lambda sandbox, _: deliver_now(sandbox), is_transaction=False
    ),
}
