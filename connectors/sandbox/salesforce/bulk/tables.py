"""The tables of both Bulk APIs."""

from connectors.sandbox.salesforce.bulk import jobs
from connectors.sandbox.salesforce.bulk.classic import batches
from connectors.sandbox.salesforce.bulk.writing import outcomes
from connectors.sandbox.store import Store


def create_bulk_tables(store: Store) -> None:
    """Create the tables of jobs, batches, and what became of rows."""
    jobs.create_tables(store)
    batches.create_tables(store)
    outcomes.create_tables(store)
