"""Objects and fields as the schema files list them."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.salesforce.formulas.pieces import ROW
from connectors.sandbox.salesforce.object_types import Field, ObjectType
from connectors.sandbox.store import quoted


def listed_type(name: str, entry: Mapping[str, Any]) -> ObjectType:
    """Return an object that a file lists: its attributes, `fields` and `tracked` among them."""
    own = {key: value for key, value in entry.items() if key not in ("fields", "tracked")}
    fields = {listed["name"]: listed_field(listed) for listed in entry["fields"]}
    return ObjectType(name=name, fields=fields, tracked=tuple(entry.get("tracked", ())), **own)


def listed_field(listed: Mapping[str, Any]) -> Field:
    """Return a field that a file lists.

    Beyond the attributes of a Field: `system` is kept by Salesforce alone, `required` may not be
    empty, `fixed` is never changed, and `sql` computes it, with {row} for the record.
    """
    entry = dict(listed)
    system, required = entry.pop("system", False), entry.pop("required", False)
    fixed, computed = entry.pop("fixed", False), "formula" in entry
    sql, is_id = entry.pop("sql", ""), entry["type"] in ("id", "reference")
    return Field(
        createable=entry.pop("createable", not system and not computed),
        updateable=not system and not fixed and not computed,
        nillable=entry.pop("nillable", not system and not required),
        length=entry.pop("length", 18 if is_id else 0),
        options=tuple(entry.pop("options", ())),
        refers_to=tuple(entry.pop("refers_to", ())),
        expression=sql.replace("{row}", quoted(ROW)),
        **entry,
    )
