"""Merging records: the losers' belongings move to the winner, the losers go to the recycle bin.

Source: SOAP API Developer Guide, `merge()`.
"""

import json
from collections.abc import Mapping, Sequence

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.history import record_event
from connectors.sandbox.salesforce.records import living_record, stamps_of
from connectors.sandbox.salesforce.relationships import MASTERS
from connectors.sandbox.salesforce.removal import Child, remove
from connectors.sandbox.salesforce.schema import ObjectType, standard_types
from connectors.sandbox.salesforce.storing import write_values
from connectors.sandbox.salesforce.times import stamp

LOSERS_LIMIT = 2
"""How many records may be merged into another in one go."""

_ACTIVITIES = (Child("Task", "WhoId"), Child("Event", "WhoId"))
_ACTIVITIES_ABOUT = (Child("Task", "WhatId"), Child("Event", "WhatId"))
_MOVED: Mapping[str, Sequence[Child]] = {
    "Lead": (Child("CampaignMember", "LeadId"), *_ACTIVITIES),
    "Contact": (
        Child("CampaignMember", "ContactId"),
        Child("OpportunityContactRole", "ContactId"),
        Child("Lead", "ConvertedContactId"),
        Child("Case", "ContactId"),
        *_ACTIVITIES,
    ),
    "Account": (
        Child("Contact", "AccountId"),
        Child("Opportunity", "AccountId"),
        Child("Lead", "ConvertedAccountId"),
        Child("Case", "AccountId"),
        *_ACTIVITIES_ABOUT,
    ),
    "Case": (Child("Case", "ParentId"), *_ACTIVITIES_ABOUT),
}


def merge_records(
    sandbox: Sandbox, known: ObjectType, winner_id: str, loser_ids: Sequence[str], author: Author
) -> None:
    """Merge up to two records into another of the same object; the winner's values stay.

    Raises:
        Refusal: an object that can't be merged, too many losers, or one that is not alive.
    """
    winner = living_record(sandbox, known, winner_id)
    losers = [living_record(sandbox, known, loser_id)["Id"] for loser_id in loser_ids]
    if not known.mergeable or not 1 <= len(losers) <= LOSERS_LIMIT or winner["Id"] in losers:
        raise Refusal("INVALID_OPERATION", f"can not merge these records of {known.label}")
    stamps = stamps_of(sandbox, known, author, creating=False)
    for child in _MOVED[known.name]:
        _drop_twins(sandbox, child, winner["Id"], losers, stamps["SystemModstamp"])
        move_children(sandbox, child, losers, winner["Id"])
    remove(sandbox.store, known, losers, {"MasterRecordId": winner["Id"], **stamps})
    write_values(sandbox.store, known, winner["Id"], stamps)
    record_event(sandbox, known, winner["Id"], author.user_id, f"{known.name.lower()}Merged")


def move_children(
    sandbox: Sandbox, child: Child, parents: Sequence[str], new_parent: str, column: str = ""
) -> None:
    """Let what refers to some records refer to another; only the SystemModstamp moves.

    Args:
        sandbox: Where the records are.
        child: The referring object and its reference.
        parents: Ids of the records that are referred to now.
        new_parent: Id of the record that is to be referred to.
        column: Another reference to set instead, if the old one is to stay.
    """
    kind = standard_types()[child.object_name]
    sandbox.store.run(
        f"update {kind.table} set {column or child.reference} = ?, SystemModstamp = ? "  # noqa: S608 - names of our schema
        f"where not IsDeleted and {child.reference} in (select value from json_each(?))",
        new_parent,
        stamp(sandbox.clock.now),
        json.dumps(list(parents)),
    )


def _drop_twins(
    sandbox: Sandbox, child: Child, winner_id: str, losers: Sequence[str], now: str
) -> None:
    once_per = MASTERS.get(child.object_name)
    if once_per is None:
        return
    kind = standard_types()[child.object_name]
    # Of several losers' rows for one campaign, the first created is the one that moves.
    sql = f"""
    select Id from (
        select Id, {child.reference} as parent, row_number() over (
            partition by {once_per} order by {child.reference} = ? desc, CreatedDate, Id
        ) as place
        from {kind.table}
        where not IsDeleted and {child.reference} in (select value from json_each(?))
    ) where place > 1 and parent <> ?
    """  # noqa: S608 - names of our schema
    family = json.dumps([winner_id, *losers])
    twins = [row["Id"] for row in sandbox.store.rows(sql, winner_id, family, winner_id)]
    remove(sandbox.store, kind, twins, {"SystemModstamp": now})
