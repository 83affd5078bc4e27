"""What formulas make of changes to the fields they read."""

from dataclasses import replace

from connectors.sandbox.salesforce.columns import change_custom_field
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.formulas.syntax import FormulaError
from connectors.sandbox.salesforce.schema import ObjectType, added_fields, compiled, object_types
from connectors.sandbox.store import Store


def recompile_formulas(store: Store) -> None:
    """Compile the formulas of custom fields anew, since they hold those of the fields they read.

    Raises:
        Refusal: one no longer fits the types of its fields.
    """
    for known in object_types(store).values():
        for field in added_fields(known):
            if not field.formula:
                continue
            try:
                made = compiled(field, known, object_types(store))
            except FormulaError as error:
                raise Refusal("FIELD_INTEGRITY_EXCEPTION", str(error)) from error
            if made != field:
                change_custom_field(store, known.name, made)


def check_unused(store: Store, owner: ObjectType, name: str) -> None:
    """Check that no formula needs a field.

    Raises:
        Refusal: one does.
    """
    types = object_types(store)
    left = {other: field for other, field in owner.fields.items() if other != name}
    types[owner.name] = replace(owner, fields=left)
    for known in types.values():
        for field in known.fields.values():
            if field.formula and not _compiles(field.name, known, types):
                raise Refusal(
                    "DEPENDENCY_EXISTS",
                    "This custom field is referenced elsewhere in salesforce.com. Remove the usage "
                    f"and try again. : Formula Field - {known.label} {field.label}.",
                )


def _compiles(name: str, known: ObjectType, types: dict[str, ObjectType]) -> bool:
    try:
        compiled(known.fields[name], known, types)
    except FormulaError:
        return False
    return True
