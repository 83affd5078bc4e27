"""What all branches of an `or` have in common, so that an index can serve it.

A client that pages by (stamp, id) asks for `stamp > X or (stamp = X and id > Y)`. Every branch says
that the stamp is at least X, which the database does not find out by itself.
"""

from connectors.sandbox.salesforce.soql.syntax import Comparison, Condition, Junction, Operator

_INCLUSIVE: dict[Operator, Operator] = {">": ">=", ">=": ">=", "<": "<=", "<=": "<="}


def common_bound(junction: Junction) -> Comparison | None:
    """Return a comparison that holds wherever a junction of branches does, or None."""
    if junction.word != "or":
        return None
    branches = [_said_by(branch) for branch in junction.parts]
    for said in (one for branch in branches for one in branch):
        bound = _loosened(said)
        if bound and all(any(_implies(one, bound) for one in branch) for branch in branches):
            return bound
    return None


def _said_by(branch: Condition) -> list[Comparison]:
    """Return comparisons that hold wherever a branch does."""
    if isinstance(branch, Comparison):
        return [branch]
    if isinstance(branch, Junction) and branch.word == "and":
        return [part for part in branch.parts if isinstance(part, Comparison)]
    return []


def _loosened(said: Comparison) -> Comparison | None:
    operator = _INCLUSIVE.get(said.operator)
    return None if operator is None else Comparison(said.left, operator, said.constants)


def _implies(said: Comparison, bound: Comparison) -> bool:
    alike = said.operator == "=" or _INCLUSIVE.get(said.operator) == bound.operator
    same = said.left.path.text.lower() == bound.left.path.text.lower()
    plain = not said.left.function
    return alike and same and plain and said.constants == bound.constants
