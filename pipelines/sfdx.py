"""Our fields in Salesforce as deployable source: `python -m pipelines.sfdx` writes `salesforce/`.

The same fields as `leadcycle provision` makes, for those who deploy by a pipeline of their own, and
what it does not make: days in stage, list views, compact layouts and a permission set for sales.
Source: Metadata API Developer Guide; Salesforce DX Developer Guide, "Source format".
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from connectors.salesforce.fields import PERMISSION_SET, describe_field
from pipelines.rules.compiler import read_rules
from pipelines.rules.models import Lifecycle
from pipelines.settings import PROJECT_ROOT
from pipelines.sync.config import Sync, load_syncs

API_VERSION = "63.0"
FOLDER = "salesforce"
READERS = f"{PERMISSION_SET}_Reader"
SINCE, STAGE = "Leadcycle_Stage_Since__c", "Leadcycle_Stage__c"
DAYS = "Leadcycle_Days_In_Stage__c"
"""A formula: it changes every day without anybody's doing, so that our own user does not see it."""
STALLED_DAYS = 30
_OBJECTS = "force-app/main/default/objects"
_SETS = "force-app/main/default/permissionsets"
_NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_NAMES = {"Lead": ("FULL_NAME", "LEAD.COMPANY"), "Contact": ("FULL_NAME", "ACCOUNT.NAME")}
"""What list views call an object's name and company."""

Parts = Mapping[str, object]
"""A component as the Metadata API names its parts: texts, numbers, booleans, lists and maps."""
View = tuple[str, str, Sequence[Parts]]
"""A list view's name, label and filters."""


def package_of(syncs: Sequence[Sync], lifecycle: Lifecycle) -> Mapping[str, str]:
    """Return the files of the package, by their places in it.

    Args:
        syncs: Those of `syncs.yml`; only Salesforce's into people count.
        lifecycle: The stages, by whose labels list views go: those that are written.
    """
    files = {"sfdx-project.json": _project()}
    into = {sync.object: sync for sync in syncs if sync.crm == "salesforce"}
    views = list(_views(lifecycle))
    people = {name: into[name] for name in _NAMES if name in into}
    for name, sync in people.items():
        files |= {f"{_OBJECTS}/{name}/{path}": text for path, text in _of_object(name, sync, views)}
    own = {name: [field.name for field in sync.own_fields()] for name, sync in people.items()}
    files[f"{_SETS}/{PERMISSION_SET}.permissionset-meta.xml"] = _permissions(
        "Leadcycle",
        "For the user that Leadcycle logs in as: its fields, to be written.",
        own,
        edit=True,
    )
    shown = {name: [*names, DAYS] for name, names in own.items()}
    files[f"{_SETS}/{READERS}.permissionset-meta.xml"] = _permissions(
        "Leadcycle (read)", "For sales: Leadcycle's fields, to be read.", shown, edit=False
    )
    return dict(sorted(files.items()))


def write_package(folder: Path, files: Mapping[str, str]) -> None:
    """Write the package's files, and remove components that it has no longer."""
    for found in folder.glob("force-app/**/*-meta.xml"):
        if str(found.relative_to(folder)) not in files:
            found.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _project() -> str:
    directories = [{"path": "force-app", "default": True}]
    project = {"packageDirectories": directories, "sourceApiVersion": API_VERSION}
    return json.dumps({"name": "leadcycle", **project}, indent=2) + "\n"


def _of_object(name: str, sync: Sync, views: Sequence[View]) -> Iterator[tuple[str, str]]:
    fields = {field.name: describe_field(field) for field in sync.own_fields()} | {DAYS: _days()}
    for field, parts in fields.items():
        text = _file("CustomField", {"fullName": field, **parts})
        yield f"fields/{field}.field-meta.xml", text
    columns = [*_NAMES[name], *(field.field for field in sync.fields[:4]), DAYS]
    for view, label, filters in views:
        parts = {"fullName": view, "columns": columns, "filterScope": "Everything"}
        text = _file("ListView", {**parts, "filters": filters, "label": label})
        yield f"listViews/{view}.listView-meta.xml", text
    layout = {"fullName": "Leadcycle", "fields": ["Name", *columns[2:]], "label": "Leadcycle"}
    yield "compactLayouts/Leadcycle.compactLayout-meta.xml", _file("CompactLayout", layout)


def _days() -> Parts:
    return {
        "description": "Whole days since the stage began; a formula, never written.",
        "formula": f"IF(ISBLANK({SINCE}), NULL, FLOOR(NOW() - {SINCE}))",
        "formulaTreatBlanksAs": "BlankAsBlank",
        "label": "Leadcycle Days In Stage",
        "precision": 18,
        "scale": 0,
        "type": "Number",
    }


def _views(lifecycle: Lifecycle) -> Iterator[View]:
    """Yield the list views; stages go by the labels that are written."""
    labels = {stage.key: getattr(stage.label, lifecycle.language) for stage in lifecycle.stages}

    def at(*stages: str) -> Parts:
        return _filter(STAGE, "equals", ",".join(labels[stage] for stage in stages))

    yield "Leadcycle_Ready_For_Sales", "Ready for sales", [at("lead")]
    stalled = _filter(DAYS, "greaterOrEqual", str(STALLED_DAYS))
    yield "Leadcycle_Stalled", "Stalled", [at("lead", "sales_lead", "opportunity"), stalled]
    yield "Leadcycle_Recycled", "Recycled", [at("recycled")]


def _filter(field: str, operation: str, value: str) -> Parts:
    return {"field": field, "operation": operation, "value": value}


def _permissions(
    label: str, description: str, fields: Mapping[str, Sequence[str]], *, edit: bool
) -> str:
    grants = [
        {"editable": edit, "field": f"{name}.{field}", "readable": True}
        for name, names in sorted(fields.items())
        for field in sorted(names)
    ]
    parts = {"description": description, "fieldPermissions": grants}
    return _file("PermissionSet", {**parts, "hasActivationRequired": False, "label": label})


def _file(kind: str, parts: Parts) -> str:
    lines = [f'<{kind} xmlns="{_NAMESPACE}">', *_elements(parts, "    "), f"</{kind}>"]
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n"


def _elements(parts: Parts, indent: str) -> Iterator[str]:
    """Yield parts in the order that the schema wants: the name first, then by the alphabet."""
    for name in sorted(parts, key=lambda name: (name != "fullName", name)):
        value = parts[name]
        for one in value if isinstance(value, list) else [value]:
            yield from _element(name, one, indent)


def _element(name: str, value: object, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield f"{indent}<{name}>"
        yield from _elements(value, indent + "    ")
        yield f"{indent}</{name}>"
        return
    text = str(value).lower() if isinstance(value, bool) else str(value)
    yield f"{indent}<{name}>{escape(text)}</{name}>"


if __name__ == "__main__":
    revops = PROJECT_ROOT / "revops"
    files = package_of(load_syncs(revops), read_rules(revops).lifecycle)
    write_package(PROJECT_ROOT / FOLDER, files)
