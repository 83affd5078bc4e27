"""Single records of every object, and pages of them."""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.authors import author_of
from connectors.sandbox.hubspot.blocklist import block
from connectors.sandbox.hubspot.checks import check_values
from connectors.sandbox.hubspot.errors import PageNotFound, bad_input, not_found
from connectors.sandbox.hubspot.making import make_record
from connectors.sandbox.hubspot.merges import merge_records
from connectors.sandbox.hubspot.numbers import id_of
from connectors.sandbox.hubspot.object_types import CONTACTS, ObjectType
from connectors.sandbox.hubspot.paging import next_page
from connectors.sandbox.hubspot.records import Record, find_record, read_record
from connectors.sandbox.hubspot.removal import erase_contact
from connectors.sandbox.hubspot.requests import (
    is_true,
    json_object,
    known_object_type,
    object_of,
    page_limit,
    values_of,
    whole_number,
)
from connectors.sandbox.hubspot.unique import find_by
from connectors.sandbox.hubspot.views import Asked, changed_view, created_view, record_views
from connectors.sandbox.hubspot.writes import archive_record, change_record
from connectors.sandbox.web import Answer, Call, Endpoint

PAGE, PAGE_WITH_HISTORY = 100, 50


def list_records(sandbox: Sandbox, call: Call) -> Answer:
    """GET objects: by id; `after` is the id of the next record."""
    object_type, asked = object_of(sandbox, call), _asked(sandbox, call)
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
    views = record_views(sandbox, object_type, records[:limit], asked)
    if len(records) <= limit:
        return Answer(200, {"results": views})
    return Answer(200, {"results": views, "paging": next_page(call, str(records[limit].id))})


def read_one(sandbox: Sandbox, call: Call) -> Answer:
    """GET objects/ID?idProperty=: what is not there is a page of HTML."""
    object_type, asked = object_of(sandbox, call), _asked(sandbox, call)
    record = _addressed(sandbox, call, object_type, is_true(call.one("archived")))
    if record is None:
        raise PageNotFound
    return Answer(200, record_views(sandbox, object_type, [record], asked)[0])


def _asked(sandbox: Sandbox, call: Call) -> Asked:
    associated = [known_object_type(sandbox, name) for name in call.many("associations")]
    names, with_history = call.many("properties"), call.many("propertiesWithHistory")
    return Asked(names, with_history, associated, call.base_url)


def create(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects, with associations to records that exist."""
    object_type, body = object_of(sandbox, call), json_object(call)
    values = check_values(sandbox.store, object_type, values_of(body))
    record = make_record(sandbox, object_type, values, body, author_of(call))
    return Answer(201, created_view(sandbox, record))


def update(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH objects/ID?idProperty=."""
    object_type = object_of(sandbox, call)
    record = _addressed(sandbox, call, object_type)
    if record is None:
        raise not_found("resource not found")
    given = values_of(json_object(call))
    values = check_values(sandbox.store, object_type, given, record.kept)
    changed = change_record(sandbox, record, values, author_of(call))
    return Answer(200, changed_view(sandbox, changed, values))


def archive(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE objects/ID: an archived record stays so, and an id that nobody has is no error."""
    object_type = object_of(sandbox, call)
    record = find_record(sandbox.store, object_type, id_of(call.arguments["id"]))
    if record is not None:
        archive_record(sandbox, record, author_of(call))
    return Answer(204)


def merge(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/merge: {"primaryObjectId", "objectIdToMerge"}."""
    object_type, body = object_of(sandbox, call), json_object(call)
    primary, other = (id_of(str(body.get(key, ""))) for key in _MERGED)
    survivor = merge_records(sandbox, object_type, primary, other, author_of(call))
    return Answer(200, record_views(sandbox, object_type, [survivor], Asked())[0])


_MERGED = ("primaryObjectId", "objectIdToMerge")


def erase(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/contacts/gdpr-delete: {"objectId", "idProperty"}; also an archived contact.

    An address that no contact has is blocked all the same.
    """
    object_type, body = object_of(sandbox, call), json_object(call)
    key, id_property = str(body.get("objectId") or ""), str(body.get("idProperty") or "")
    if object_type != CONTACTS or not key:
        raise bad_input("gdpr-delete needs the objectId of a contact")
    contact = find_by(sandbox.store, CONTACTS, id_property, key)
    if contact is None and id_property == "":
        contact = find_record(sandbox.store, CONTACTS, id_of(key), archived=True)
    if contact is not None:
        erase_contact(sandbox, contact, author_of(call))
    elif id_property == "email":
        block(sandbox.store, [key])
    else:
        raise not_found("resource not found")
    return Answer(204)


def _addressed(
    sandbox: Sandbox, call: Call, object_type: ObjectType, archived: bool = False
) -> Record | None:
    return find_by(
        sandbox.store, object_type, call.one("idProperty"), call.arguments["id"], archived
    )


_OBJECTS = "/crm/v3/objects/{object}"
ENDPOINTS = (
    Endpoint("GET", _OBJECTS, list_records),
    Endpoint("POST", _OBJECTS, create, "write"),
    Endpoint("POST", f"{_OBJECTS}/merge", merge, "write"),
    Endpoint("POST", f"{_OBJECTS}/gdpr-delete", erase, "write"),
    Endpoint("GET", f"{_OBJECTS}/{{id}}", read_one),
    Endpoint("PATCH", f"{_OBJECTS}/{{id}}", update, "write"),
    Endpoint("DELETE", f"{_OBJECTS}/{{id}}", archive, "write"),
)
