"""Retrieving components: a zip of their files, as it would be deployed again.

Source: Metadata API Developer Guide, "retrieve()" and "checkRetrieveStatus()".
"""

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id, new_id
from connectors.sandbox.salesforce.metadata.components import KINDS
from connectors.sandbox.salesforce.metadata.writing import write_xml
from connectors.sandbox.store import Store

Members = Mapping[str, list[str]]
Files = dict[str, dict[str, Any]]
_FOLDER = "unpackaged"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
_PARTS = {"CustomField": "fields", "ListView": "listViews"}


def start_retrieve(sandbox: Sandbox, members: Members, version: str) -> str:
    """Take down what is wanted and return the id of the job.

    Raises:
        Refusal: an unknown kind of component.
    """
    for kind in members:
        if kind not in KINDS:
            raise Refusal("INVALID_TYPE", f"Unknown type:{kind}")
    job_id = new_id(sandbox.store, "09S")
    wanted = json.dumps({"members": members, "version": version})
    sandbox.store.run("insert into salesforce_retrieves values (?, ?)", job_id, wanted)
    return job_id


def check_retrieve(sandbox: Sandbox, job_id: str, with_zip: bool) -> dict[str, Any]:
    """Return the RetrieveResult: the components as they are now, and what was not found.

    Raises:
        Refusal: nobody's id.
    """
    text = sandbox.store.value(
        "select wanted from salesforce_retrieves where id = ?", full_id(job_id)
    )
    if text is None:
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", 404)
    wanted = json.loads(text)
    files, absent = _files(sandbox.store, wanted["members"])
    return {
        "done": True,
        "id": full_id(job_id),
        "messages": [
            {
                "fileName": f"{_FOLDER}/package.xml",
                "problem": f"Entity of type '{kind}' named '{name}' cannot be found",
            }
            for kind, name in absent
        ],
        "status": "Succeeded",
        "success": True,
        "zipFile": _zipped(files, wanted) if with_zip else None,
    }


def _files(store: Store, members: Members) -> tuple[Files, list[tuple[str, str]]]:
    files: Files = {}
    absent = []
    for kind, name in _named(store, members):
        component = KINDS[kind].read(store, name)
        if component is None:
            absent.append((kind, name))
            continue
        held = files.setdefault(KINDS[kind].file_of(name), {})
        if kind in _PARTS:
            own = {**component, "fullName": name.partition(".")[2]}
            held.setdefault(_PARTS[kind], []).append(own)
        else:
            held.update(component)
            held.pop("fullName", None)
    return files, absent


def _named(store: Store, members: Members) -> Iterator[tuple[str, str]]:
    """Yield kinds and names, a star as all there are."""
    for kind, names in members.items():
        every = [one.full_name for one in KINDS[kind].list(store)] if "*" in names else names
        yield from ((kind, name) for name in every)


def _zipped(files: Files, wanted: Mapping[str, Any]) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in sorted(files.items()):
            root = next(kind.name for kind in KINDS.values() if name.endswith(f".{kind.suffix}"))
            _write(archive, name, root, held)
        types = [
            {"members": names, "name": kind} for kind, names in sorted(wanted["members"].items())
        ]
        _write(archive, "package.xml", "Package", {"types": types, "version": wanted["version"]})
    return base64.b64encode(packed.getvalue()).decode()


def _write(archive: zipfile.ZipFile, name: str, root: str, held: Mapping[str, Any]) -> None:
    inner = "".join(write_xml(part, held[part]) for part in sorted(held))
    # A time of its own for every file would make other bytes of the same components.
    entry = zipfile.ZipInfo(f"{_FOLDER}/{name}")
    archive.writestr(entry, f"{_HEAD}<{root} {_NAMESPACE}>{inner}</{root}>")
