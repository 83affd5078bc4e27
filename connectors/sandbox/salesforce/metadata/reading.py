"""Components from XML: typed values, with every part checked for its place."""

from typing import Any

from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.metadata.parts import (
    BOOLEANS,
    NUMBERS,
    PART_TYPES,
    PARTS,
    REPEATED,
)
from connectors.sandbox.salesforce.xml import Node, XmlError

_NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def read_component(node: Node, type_name: str) -> dict[str, Any]:
    """Return a component's parts by name.

    Args:
        node: Its element.
        type_name: What it is, such as CustomField.

    Raises:
        XmlError: a part that the type does not have, stands twice, or has no such value.
    """
    known = PARTS.get(type_name)
    parts: dict[str, Any] = {}
    for child in node.children:
        if known is not None and child.name not in known:
            message = f"Element {_NAMESPACE}{child.name} invalid at this location in type "
            raise XmlError(message + type_name, child.line, child.column)
        value = _value(child, type_name)
        if child.name in REPEATED:
            parts.setdefault(child.name, []).append(value)
        elif child.name in parts:
            message = f"Element {child.name} is duplicated at this location in type {type_name}"
            raise XmlError(message, child.line, child.column)
        else:
            parts[child.name] = value
    return parts


def _value(node: Node, type_name: str) -> Any:
    if node.children:
        return read_component(node, PART_TYPES.get(node.name, ""))
    text = node.text.strip()
    # A filter compares with any text, whatever else is called `value`.
    if node.name in BOOLEANS and type_name:
        return _truth(node, text)
    if node.name in NUMBERS and type_name:
        return _number(node, text)
    return text


def _truth(node: Node, text: str) -> bool:
    if text.lower() not in _TRUTHS:
        message = f"'{text}' is not a valid value for the type xsd:boolean"
        raise XmlError(message, node.line, node.column)
    return _TRUTHS[text.lower()]


def _number(node: Node, text: str) -> int:
    size = read_count(text.removeprefix("-"))
    if size is None:
        message = f"'{text}' is not a valid value for the type xsd:int"
        raise XmlError(message, node.line, node.column)
    return -size if text.startswith("-") else size
