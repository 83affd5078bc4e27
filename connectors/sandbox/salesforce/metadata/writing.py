"""Values as XML: answers of the SOAP API and the files of a retrieved component."""

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

TYPE = "@type"
"""The key under which a value says which type it is."""
NOTHING: Mapping[str, Any] = {"@nil": True}
"""A thing that is asked for and not there, in a list where it has its place."""
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold."""
_STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\+0000")


def write_xml(name: str, value: Any) -> str:
    """Return an element, or several for a list; nothing for what is not there.

    Times are written with a Z, as SOAP has them.
    """
    if value is None:
        return ""
    if isinstance(value, list):
        return "".join(write_xml(name, one) for one in value)
    if value is NOTHING:
        return f'<{name} xsi:nil="true"/>'
    if isinstance(value, Mapping):
        type_name = value.get(TYPE)
        typed = f' xsi:type="{type_name}"' if type_name else ""
        inner = "".join(write_xml(key, one) for key, one in value.items() if key != TYPE)
        return f"<{name}{typed}>{inner}</{name}>"
    return f"<{name}>{_text(value)}</{name}>"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    stamped = _STAMP.fullmatch(text)
    return f"{stamped[1]}Z" if stamped else escape(_UNWRITABLE.sub("", text))
