"""Packages: a zip of package.xml and what it names, in the metadata format.

Source: Metadata API Developer Guide, "File-Based Calls"; the texts are as deployments report them.
"""

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.salesforce.metadata.components import KINDS
from connectors.sandbox.salesforce.metadata.reading import read_component
from connectors.sandbox.salesforce.xml import Node, XmlError, read_xml

MANIFEST = "package.xml"
_DESTRUCTIVE = (
    "destructiveChangesPre.xml",
    "destructiveChanges.xml",
    "destructiveChangesPost.xml",
)
_FILE_LIMIT = 400_000_000
"""Bytes that a package may hold when it is unpacked."""
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError),
    # For unknown kinds of compression, and for files that are encrypted.
    *(NotImplementedError, RuntimeError),
)
"""What a zip that is broken, or made otherwise than Salesforce takes it, can raise."""
_MEMBERS = {"fields": "CustomField", "listViews": "ListView"}
"""Parts of an object that are components themselves."""


class PackageError(Exception):
    """A package that can't be looked at."""


@dataclass(frozen=True)
class Component:
    """One component of a package, and where it stands; with a problem when it can't be read."""

    kind: str
    full_name: str
    file: str
    line: int = 0
    column: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    removes: bool = False


def read_package(content: bytes) -> list[Component]:
    """Return the components of a package: those it removes first, then those it brings.

    Raises:
        PackageError: it is no zip, has no package.xml, or one that can't be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(_Files(archive))
    except _UNREADABLE as error:
        raise PackageError(f"UNKNOWN_EXCEPTION: {error}") from error


class _Files:
    """The files of a package, unpacked one at a time."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        listed = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
        if sum(entry.file_size for entry in listed.values()) > _FILE_LIMIT:
            raise PackageError("Maximum size of request reached")
        if MANIFEST not in listed:
            # Some clients zip the folder rather than what is in it.
            listed = {name.partition("/")[2]: entry for name, entry in listed.items()}
        self.names = sorted(listed)
        self._entries = listed

    def read(self, name: str) -> bytes:
        return self._archive.read(self._entries[name])


def _read(files: _Files) -> list[Component]:
    if MANIFEST not in files.names:
        raise PackageError(f"No {MANIFEST} found")
    wanted = _manifest(MANIFEST, files.read(MANIFEST))
    brought = [part for name in files.names for part in _components(name, files)]
    removed = [
        Component(kind, member, name, removes=True)
        for name in _DESTRUCTIVE
        if name in files.names
        for kind, members in _manifest(name, files.read(name)).items()
        for member in members
    ]
    return [*removed, *_listed(wanted, brought)]


def _manifest(name: str, content: bytes) -> dict[str, list[str]]:
    try:
        root = read_xml(content)
    except XmlError as error:
        raise PackageError(f"Error parsing {name}: {error.message}") from error
    listed: dict[str, list[str]] = {}
    for entry in root.each("types"):
        members = [member.text.strip() for member in entry.each("members")]
        listed.setdefault(entry.value("name"), []).extend(members)
    unknown = [kind for kind in listed if kind not in KINDS]
    if unknown:
        raise PackageError(f"Unknown type name '{unknown[0]}' specified in {name}")
    return listed


def _listed(wanted: dict[str, list[str]], brought: list[Component]) -> list[Component]:
    """Return the components that are both named and there, and failures for the others."""
    listed = [part for part in brought if part.problem or _is_named(wanted, part)]
    strays = [
        Component(part.kind, part.full_name, part.file, problem=f"Not in {MANIFEST}")
        for part in brought
        if not part.problem and not _is_named(wanted, part) and part.kind != "CustomObject"
    ]
    there = {(part.kind, part.full_name) for part in brought}
    absent = [
        Component(
            *("", name, MANIFEST),
            problem=f"An object '{name}' of type {kind} was named in {MANIFEST}, but was not found "
            "in zipped directory",
        )
        for kind, members in wanted.items()
        for name in members
        if name != "*" and (kind, name) not in there and not _is_broken(brought, kind, name)
    ]
    return [*listed, *strays, *absent]


def _is_named(wanted: dict[str, list[str]], part: Component) -> bool:
    members = wanted.get(part.kind, ())
    if part.full_name in members or ("*" in members and part.kind != "CustomObject"):
        return True
    # An object brings along all that its file holds.
    owner = part.full_name.partition(".")[0]
    objects = wanted.get("CustomObject", ())
    return KINDS[part.kind].folder == "objects" and (owner in objects or "*" in objects)


def _is_broken(brought: list[Component], kind: str, name: str) -> bool:
    file = KINDS[kind].file_of(name)
    return any(part.problem and part.file == file for part in brought)


def _components(name: str, files: _Files) -> Iterator[Component]:
    folder, _, file = name.rpartition("/")
    stem, _, suffix = file.rpartition(".")
    kinds = [k for k in KINDS.values() if (k.folder, k.suffix) == (folder, suffix)]
    if not kinds:
        return
    kind = kinds[0].name
    try:
        yield from _file_components(kind, stem, name, read_xml(files.read(name)))
    except XmlError as error:
        problem = f"Error parsing file: {error.message}"
        yield Component(kind, stem, name, error.line, error.column, problem=problem)


def _file_components(kind: str, stem: str, name: str, root: Node) -> Iterator[Component]:
    if root.name != kind:
        message = f"Root element {root.name} does not match type {kind}"
        raise XmlError(message, root.line, root.column)
    whole = read_component(root, kind)
    own = {part: value for part, value in whole.items() if part not in _MEMBERS}
    yield Component(kind, stem, name, root.line, root.column, own)
    for part, member in _MEMBERS.items() if kind == "CustomObject" else ():
        for node in root.each(part):
            metadata = read_component(node, member)
            full_name = f"{stem}.{metadata.get('fullName', '')}"
            yield Component(member, full_name, name, node.line, node.column, metadata)
