"""The profiles of the org's users: who may do what, as far as clients ask for the name of it."""

from connectors.sandbox.salesforce.ids import make_id
from connectors.sandbox.store import Store

_SINCE = "2024-06-12T12:00:00.000+0000"
_NAMES = ("System Administrator", "Standard User", "Minimum Access - API Only Integrations")


def add_profiles(store: Store) -> None:
    """Fill the table of profiles, unless it is."""
    numbered = enumerate(_NAMES, start=1)
    rows = [(make_id("00e", number), name, *[_SINCE] * 3) for number, name in numbered]
    store.run_many(_ADD, rows)


_ADD = """
insert or ignore into salesforce_Profile (
    Id, Name, UserType, CreatedDate, LastModifiedDate, SystemModstamp
) values (?, ?, 'Standard', ?, ?, ?)
"""
