"""The associations API, v4 and date-based: reading in batches and singly, setting and removing."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.clock import instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.associations import (
    Association,
    AssociationType,
    associate,
    association_types,
    associations_of,
    dissociate,
    target_type,
    type_between,
)
from connectors.sandbox.hubspot.errors import PageNotFound, bad_input, no_associations
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.records import Record, find_record
from connectors.sandbox.hubspot.requests import (
    id_of,
    inputs_of,
    json_object,
    object_of,
    page_limit,
    whole_number,
)
from connectors.sandbox.web import Answer, Call

INPUTS, PAGE = 1_000, 500
View = dict[str, Any]


def read_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST associations/FROM/TO/batch/read: records without any make the answer a 207."""
    from_type, to_type = object_of(call), object_of(call, "to_object")
    results, errors = [], []
    for entry in inputs_of(json_object(call), INPUTS):
        text = str(entry.get("id", ""))
        record = find_record(sandbox.store, from_type, id_of(text))
        after = whole_number(str(entry.get("after") or ""), "after", 0)
        page = {} if record is None else _page(sandbox, call, record, to_type, after)
        if record is None or not page:
            errors.append(no_associations(from_type.singular, text, to_type.singular))
        else:
            results.append({"from": {"id": str(record.id)}, **page})
    random.Random(f"{sandbox.seed}:{len(results)}").shuffle(results)  # noqa: S311 - to mix, not to hide
    body = _batch(sandbox, results)
    if not errors:
        return Answer(200, body)
    return Answer(207, {**body, "numErrors": len(errors), "errors": errors})


def list_associations(sandbox: Sandbox, call: Call) -> Answer:
    """GET objects/FROM/ID/associations/TO."""
    record, to_type = _from(sandbox, call), object_of(call, "to_object")
    page_limit(call, PAGE, PAGE)
    page = _page(sandbox, call, record, to_type, whole_number(call.one("after"), "after", 0))
    shown: View = {"results": page.get("to", [])}
    return Answer(200, {**shown, "paging": page["paging"]} if "paging" in page else shown)


def _page(sandbox: Sandbox, call: Call, record: Record, to_type: ObjectType, after: int) -> View:
    """Return one page of a record's associations, empty when there are none."""
    most = whole_number(call.one("limit"), "limit", sandbox.settings.hubspot_association_page_size)
    found = associations_of(sandbox.store, record, to_type, after, most + 1)
    shown = list(found)[:most]
    if not shown:
        return {}
    view: View = {"to": [_target(call, to_id, found[to_id]) for to_id in shown]}
    if len(found) > most:
        view["paging"] = {"next": {"after": str(shown[-1])}}
    return view


def _target(call: Call, to_id: int, kept: Sequence[Association]) -> View:
    # v4 answers with a number where the date-based versions have a text.
    shown = to_id if "/v4/" in call.path else str(to_id)
    types = [{"category": a.category, "typeId": a.type_id, "label": a.label} for a in kept]
    return {"toObjectId": shown, "associationTypes": types}


def set_default(sandbox: Sandbox, call: Call) -> Answer:
    """PUT objects/FROM/ID/associations/default/TO/ID: the unlabelled association."""
    record, other = _from(sandbox, call), _to(sandbox, call)
    kind = type_between(record.object_type.name, other.object_type.name)
    if kind is None:
        pair = f"{record.object_type.singular} and {other.object_type.singular}"
        raise bad_input(f"No default association type exists between {pair}")
    associate(sandbox.store, kind, record.id, other.id)
    back = association_types()[kind.back]
    results = [_made(kind, record.id, other.id), _made(back, other.id, record.id)]
    return Answer(200, _batch(sandbox, results))


def set_labelled(sandbox: Sandbox, call: Call) -> Answer:
    """PUT objects/FROM/ID/associations/TO/ID: of the types in the body."""
    record, other = _from(sandbox, call), _to(sandbox, call)
    specs = call.json()
    if not isinstance(specs, list) or not specs:
        raise bad_input("Invalid input JSON: a list of association types is required")
    kinds = [_type_of(spec, record.object_type) for spec in specs]
    for kind in kinds:
        associate(sandbox.store, kind, record.id, other.id)
    labels = [kind.label for kind in kinds if kind.label is not None]
    body = {
        "fromObjectTypeId": record.object_type.type_id,
        "fromObjectId": record.id,
        "toObjectTypeId": other.object_type.type_id,
        "toObjectId": other.id,
        "labels": labels,
    }
    return Answer(201, body)


def remove(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE objects/FROM/ID/associations/TO/ID: every association of the two records."""
    record, other = _from(sandbox, call), _to(sandbox, call)
    dissociate(sandbox.store, record.object_type.name, record.id, other.object_type.name, other.id)
    return Answer(204)


def associate_new(sandbox: Sandbox, record: Record, given: Any) -> None:
    """Keep the `associations` that a record is created with.

    Raises:
        Refusal: a type that does not start at the record's object, or a record that is not there.
    """
    for entry in given or ():
        to_id = str((entry.get("to") or {}).get("id", ""))
        for spec in entry.get("types") or ():
            kind = _type_of(spec, record.object_type)
            other = find_record(sandbox.store, target_type(kind), id_of(to_id))
            if other is None:
                raise bad_input(f"Invalid association: no {kind.to_type} have the id {to_id}")
            associate(sandbox.store, kind, record.id, other.id)


def _type_of(spec: Mapping[str, Any], from_type: ObjectType) -> AssociationType:
    type_id = spec.get("associationTypeId")
    kind = association_types().get(type_id) if isinstance(type_id, int) else None
    if kind is None or kind.from_type != from_type.name:
        raise bad_input(f"invalid association type id {type_id} for {from_type.singular}")
    return kind


def _made(kind: AssociationType, from_id: int, to_id: int) -> View:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": kind.id}
    return {"from": {"id": str(from_id)}, "to": {"id": str(to_id)}, "associationSpec": spec}


def _from(sandbox: Sandbox, call: Call) -> Record:
    return _living(sandbox, object_of(call), call.arguments["id"])


def _to(sandbox: Sandbox, call: Call) -> Record:
    return _living(sandbox, object_of(call, "to_object"), call.arguments["to_id"])


def _living(sandbox: Sandbox, object_type: ObjectType, text: str) -> Record:
    found = find_record(sandbox.store, object_type, id_of(text))
    if found is None:
        raise PageNotFound
    return found


def _batch(sandbox: Sandbox, results: list[View]) -> View:
    now = instant(sandbox.clock.now)
    return {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
