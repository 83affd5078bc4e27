"""What a run says of itself, held against what the CRM had."""

from dataclasses import dataclass

from connectors.errors import CrmError
from connectors.records import Crm
from tests.survival.truth import Records
from tests.survival.world import World


@dataclass(frozen=True)
class Outcome:
    """How a run ended: its status, and what it told of it."""

    status: str
    why: str = ""


def run(world: World, crm: Crm, stream: str) -> Outcome:
    """Read a stream; an error that ends the run is an outcome, too."""
    try:
        result = world.extract(crm, stream)
    except CrmError as error:
        return Outcome("failed", str(error))
    return Outcome(result.status, "; ".join(one.why for one in result.streams if one.why))


def dishonesty(outcome: Outcome, known: Records, before: Records, after: Records) -> str:
    """Return what a run claims wrongly; nothing, if it tells the truth.

    Args:
        outcome: Of the run.
        known: What base has after it.
        before: What the CRM held when it began.
        after: What the CRM held when it ended.
    """
    if outcome.status != "whole":
        return "" if outcome.why else "it did not read everything and does not say why"
    if before == after:
        return "" if known == after else f"whole, but {_difference(known, after)}"
    lost = (before.keys() & after.keys()) - known.keys()
    return f"whole, but {len(lost)} are missing" if lost else ""


def _difference(known: Records, held: Records) -> str:
    missing, extra = held.keys() - known.keys(), known.keys() - held.keys()
    other = [one for one in held.keys() & known.keys() if held[one] != known[one]]
    return f"{len(missing)} missing, {len(extra)} too many, {len(other)} otherwise"
