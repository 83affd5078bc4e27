"""What a bulk query reads, as SQL: which columns, from where, in which order."""

from dataclasses import dataclass, replace

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.query.cells import cell_sql
from connectors.sandbox.salesforce.bulk.query.refusals import (
    check_fields,
    check_object,
    check_query,
)
from connectors.sandbox.salesforce.queries import parse_query
from connectors.sandbox.salesforce.soql.complexity import check_complexity
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.salesforce.soql.plan import Output, Plan, plan_query
from connectors.sandbox.salesforce.soql.sql import Sql, joined

_ASKED_ORDER_SINCE = 50
"""The first version in which columns come as asked for; before they came by name."""


@dataclass(frozen=True)
class Selection:
    """A query as it is run, and the columns of its result."""

    plan: Plan
    outputs: tuple[Output, ...]

    @property
    def object_name(self) -> str:
        """The object whose records it reads."""
        return self.plan.known.name

    @property
    def names(self) -> list[str]:
        """The header of the result."""
        return [output.header for output in self.outputs]

    def between(self, first_id: str, end_id: str) -> "Selection":
        """Return the same of the records with ids from `first_id` up to `end_id`, if given."""
        if not end_id:
            return self
        record_id = self.plan.scope.root.id_sql
        bounds = Sql(f"{record_id} >= ? and {record_id} < ?", (first_id, end_id))
        return replace(
            self, plan=replace(self.plan, where=joined([self.plan.where, bounds], "and"))
        )

    def cells(self, scientific_numbers: bool) -> list[str]:
        """Return the SQL of the columns, each value written out as a cell of CSV."""
        return [cell_sql(output.value, scientific_numbers) for output in self.outputs]

    def in_milliseconds(self) -> Plan:
        """Return the query with moments and days in milliseconds since 1970."""
        return replace(self.plan, outputs=tuple(map(_in_milliseconds, self.outputs)))


def _in_milliseconds(output: Output) -> Output:
    if output.value.field.type not in ("date", "datetime"):
        return output
    text = f"1000 * unixepoch(substr({output.value.text}, 1, 19))"
    return replace(output, value=replace(output.value, text=text))


def select(sandbox: Sandbox, soql: str, everything: bool, api_version: float) -> Selection:
    """Return what a query reads; `everything` also means deleted and archived records.

    Raises:
        Refusal: SOQL that is wrong, or that the Bulk APIs don't run.
    """
    query = parse_query(sandbox, soql)
    check_object(sandbox.settings, query.source.text)
    check_query(query)
    plan = plan_query(Org(sandbox, hidden_too=everything), soql, query)
    check_fields(output.value.field for output in plan.outputs)
    check_complexity(sandbox.store, plan.select([output.value.text for output in plan.outputs]))
    outputs = plan.outputs
    if api_version < _ASKED_ORDER_SINCE:
        outputs = tuple(sorted(outputs, key=lambda output: output.header))
    return Selection(plan, outputs)
