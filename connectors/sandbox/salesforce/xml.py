"""Reading XML from strangers: a tree that knows its places, and nothing declared or fetched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

_SEPARATOR = " "
DEEPEST = 100
"""Elements within one another; those of components are a dozen."""


class XmlError(Exception):
    """A document that can't be read, and where; lines and columns count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass
class Node:
    """An element, named without its namespace, and where it starts."""

    name: str
    attributes: Mapping[str, str]
    line: int
    column: int
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def child(self, name: str) -> "Node | None":
        """Return the first child of a name in any case, or None."""
        folded = name.lower()
        return next((node for node in self.children if node.name.lower() == folded), None)

    def each(self, name: str) -> Iterator["Node"]:
        """Yield the children of a name."""
        return (node for node in self.children if node.name == name)

    def value(self, name: str) -> str:
        """Return the text of a child, or an empty one."""
        found = self.child(name)
        return "" if found is None else found.text.strip()


def read_xml(document: bytes) -> Node:
    """Return the root of a document.

    Raises:
        XmlError: it is not well-formed, too deep, in an unknown encoding, or declares a
            document type.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(document, True)
    except expat.ExpatError as error:
        what = expat.errors.messages.get(error.code, "not well-formed")
        raise XmlError(what, error.lineno, error.offset + 1) from error
    except (LookupError, ValueError) as error:
        # What Python has for encodings that it does not know, or that have no table of bytes.
        raise XmlError("unsupported encoding", 1, 1) from error
    return reader.root.children[0]


class _Reader:
    def __init__(self) -> None:
        self.root = Node("", {}, 0, 0)
        self._open = [self.root]
        self._texts: list[list[str]] = [[]]
        self.parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        plain = {_local(key): value for key, value in attributes.items()}
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        if len(self._open) > DEEPEST:
            raise XmlError(f"more than {DEEPEST} elements within one another", line, column)
        node = Node(_local(name), plain, line, column)
        self._texts.append([])
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def _text(self, text: str) -> None:
        self._texts[-1].append(text)

    def _refuse(self, *_: object) -> None:
        # Entities are declared here: a document without any can't grow or reach out.
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        raise XmlError("DOCTYPE is disallowed", line, column)


def _local(name: str) -> str:
    return name.rpartition(_SEPARATOR)[2]
