"""When records last joined a list and left it, as searches for lists tell.

Worked out when a search asks, from who was on the list at the search before: whatever put a record
on a list or took it off, a filter, a merge or a removal among them, moves a stamp.
"""

from dataclasses import dataclass

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.lists.members import count_members, on_list
from connectors.sandbox.hubspot.lists.record_lists import RecordList


@dataclass(frozen=True)
class Moves:
    """How many are on a list, and when the last one joined and left: ms since 1970, 0 for never."""

    size: int
    added_at: int
    removed_at: int

    def to_json(self) -> dict[str, str]:
        """Return it as searches show it: all as text, and what never was is left out."""
        told = {
            "hs_list_size": str(self.size),
            "hs_last_record_added_at": str(self.added_at or ""),
            "hs_last_record_removed_at": str(self.removed_at or ""),
        }
        return {name: value for name, value in told.items() if value}


def moves_of(sandbox: Sandbox, known: RecordList) -> Moves:
    """Look who is on a list by now, and note when the last one joined and left."""
    found, store = on_list(sandbox, known), sandbox.store
    joined = store.value(_JOINED.format(on_list=found.text), *found.values, known.id)
    left = store.run(_FORGET.format(on_list=found.text), known.id, *found.values)
    if joined is not None:
        store.run(_NOTE.format(on_list=found.text), known.id, *found.values)
    held = store.row("select * from hubspot_list_moves where list_id = ?", known.id)
    added_at, removed_at = (held["added_at"], held["removed_at"]) if held else (0, 0)
    # The clock stands still until someone moves it: a later move is a millisecond later at least.
    if joined is not None:
        added_at = max(joined, added_at + 1)
    if left:
        removed_at = max(sandbox.clock.now_ms, removed_at + 1)
    row = (known.id, added_at, removed_at)
    store.run("insert or replace into hubspot_list_moves values (?, ?, ?)", *row)
    return Moves(count_members(sandbox, known), added_at, removed_at)


_JOINED = """
select max(since) from ({on_list})
where id not in (select record_id from hubspot_list_seen where list_id = ?)
"""
_FORGET = """
delete from hubspot_list_seen
where list_id = ? and record_id not in (select id from ({on_list}))
"""
_NOTE = "insert or ignore into hubspot_list_seen select ?, id from ({on_list})"
