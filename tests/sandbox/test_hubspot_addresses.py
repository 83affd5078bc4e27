"""How the account finds the contact that has an address."""

from contextlib import closing
from pathlib import Path

from connectors.sandbox.hubspot import contacts, tables
from connectors.sandbox.store import Store


def test_additional_addresses_are_found_by_their_index() -> None:
    with closing(Store(Path(":memory:"))) as store:
        tables.create_tables(store)
        [step] = store.rows(f"explain query plan {contacts._ADDITIONAL}", ";a@b.example;")
    assert "USING INDEX contact_more_emails" in step["detail"]
