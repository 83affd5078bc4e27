"""Making records from what a request brings: values, and associations to records that exist."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.associations import associations_of
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.links import associate_new
from connectors.sandbox.hubspot.object_types import CONTACTS, LEADS, ObjectType
from connectors.sandbox.hubspot.records import Record, Source
from connectors.sandbox.hubspot.requests import objects_of
from connectors.sandbox.hubspot.values import Kept
from connectors.sandbox.hubspot.writes import create_record


def make_record(
    sandbox: Sandbox,
    object_type: ObjectType,
    values: Mapping[str, Kept],
    entry: Mapping[str, Any],
    source: Source,
) -> Record:
    """Create a record from checked values, with the `associations` of its input.

    Raises:
        Refusal: a value or an association is refused, or a lead would belong to no contact.
    """
    record = create_record(sandbox, object_type, values, source)
    associate_new(sandbox, record, objects_of(entry, "associations"))
    if object_type == LEADS and not associations_of(sandbox.store, record, CONTACTS):
        raise bad_input("Error creating LEAD. A lead must be associated with an existing contact.")
    return record
