"""Single records of every object, and pages of them."""

from urllib.parse import urlencode

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.contacts import find_by_email
from connectors.sandbox.hubspot.errors import PageNotFound, bad_input, unknown_object_type
from connectors.sandbox.hubspot.links import associate_new
from connectors.sandbox.hubspot.merges import merge_contacts
from connectors.sandbox.hubspot.object_types import CONTACTS, ObjectType, object_type_named
from connectors.sandbox.hubspot.records import INTEGRATION, Record, find_record, read_record
from connectors.sandbox.hubspot.requests import (
    id_of,
    is_true,
    json_object,
    object_of,
    page_limit,
    values_of,
    whole_number,
)
from connectors.sandbox.hubspot.views import Asked, changed_view, record_views
from connectors.sandbox.hubspot.writes import (
    archive_record,
    change_record,
    check_values,
    create_record,
)
from connectors.sandbox.web import Answer, Call

PAGE, PAGE_WITH_HISTORY = 100, 50


def list_records(sandbox: Sandbox, call: Call) -> Answer:
    """GET objects: by id; `after` is the id of the next record."""
    object_type, asked = object_of(call), _asked(call)
    limit = page_limit(call, 10, PAGE_WITH_HISTORY if asked.with_history else PAGE)
    rows = sandbox.store.rows(
        "select * from hubspot_records "
        "where object_type = ? and id >= ? and (archived_at is not null) = ? "
        "order by id limit ?",
        object_type.name,
        whole_number(call.one("after"), "after", 0),
        is_true(call.one("archived")),
        limit + 1,
    )
    records = [read_record(object_type, row) for row in rows]
    views = record_views(sandbox.store, object_type, records[:limit], asked)
    if len(records) <= limit:
        return Answer(200, {"results": views})
    after = str(records[limit].id)
    return Answer(200, {"results": views, "paging": {"next": _next_link(call, after)}})


def _next_link(call: Call, after: str) -> dict[str, str]:
    others = [(name, value) for name, value in call.query if name != "after"]
    query = urlencode([*others, ("after", after)])
    return {"after": after, "link": f"{call.base_url}{call.path}?{query}"}


def read_one(sandbox: Sandbox, call: Call) -> Answer:
    """GET objects/ID?idProperty=."""
    object_type, asked = object_of(call), _asked(call)
    record = _addressed(sandbox, call, object_type, is_true(call.one("archived")))
    return Answer(200, record_views(sandbox.store, object_type, [record], asked)[0])


def _asked(call: Call) -> Asked:
    associated = [_association_target(name) for name in call.many("associations")]
    return Asked(call.many("properties"), call.many("propertiesWithHistory"), associated)


def _association_target(name: str) -> ObjectType:
    found = object_type_named(name)
    if found is None:
        raise unknown_object_type(name)
    return found


def create(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects, with associations to records that exist."""
    object_type, body = object_of(call), json_object(call)
    values = check_values(sandbox.store, object_type, values_of(body))
    record = create_record(sandbox, object_type, values, INTEGRATION)
    associate_new(sandbox, record, body.get("associations"))
    return Answer(201, changed_view(sandbox.store, record, values))


def update(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH objects/ID."""
    object_type = object_of(call)
    record = _addressed(sandbox, call, object_type)
    values = check_values(sandbox.store, object_type, values_of(json_object(call)))
    changed = change_record(sandbox, record, values, INTEGRATION)
    return Answer(200, changed_view(sandbox.store, changed, values))


def archive(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE objects/ID; an archived record stays so."""
    record = find_record(sandbox.store, object_of(call), id_of(call.arguments["id"]))
    if record is not None:
        archive_record(sandbox, record)
    return Answer(204)


def merge(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/merge: contacts only, here."""
    object_type, body = object_of(call), json_object(call)
    if object_type != CONTACTS:
        raise bad_input(f"This account merges contacts only, no {object_type.name}")
    ids = (id_of(str(body.get(key, ""))) for key in ("primaryObjectId", "objectIdToMerge"))
    survivor = merge_contacts(sandbox, *ids)
    return Answer(200, record_views(sandbox.store, object_type, [survivor], Asked())[0])


def _addressed(
    sandbox: Sandbox, call: Call, object_type: ObjectType, archived: bool = False
) -> Record:
    text = call.arguments["id"]
    if call.one("idProperty") == "email" and object_type == CONTACTS:
        record = find_by_email(sandbox.store, text)
    else:
        record = find_record(sandbox.store, object_type, id_of(text), archived)
    if record is None:
        raise PageNotFound
    return record
