"""The package of Salesforce source: what `provision` makes, and sound by the official schema."""

from pathlib import Path

import pytest
import simple_salesforce
from lxml import etree

from connectors.salesforce.fields import describe_field
from pipelines.rules.compiler import read_rules
from pipelines.settings import PROJECT_ROOT
from pipelines.sfdx import DAYS, FOLDER, package_of, write_package
from pipelines.sync.config import load_syncs

SYNCS = load_syncs(PROJECT_ROOT / "revops")
LIFECYCLE = read_rules(PROJECT_ROOT / "revops").lifecycle
FILES = package_of(SYNCS, LIFECYCLE)
COMPONENTS = sorted(name for name in FILES if name.endswith("-meta.xml"))
TNS = "{http://soap.sforce.com/2006/04/metadata}"
XSD = "{http://www.w3.org/2001/XMLSchema}"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The schema of Salesforce's Metadata WSDL v63.0, with its types as documents."""
    wsdl = etree.parse(Path(simple_salesforce.__file__).with_name("metadata.wsdl"))
    found = wsdl.getroot().find(f".//{XSD}schema")
    assert found is not None
    for kind in ("CustomField", "ListView", "CompactLayout", "PermissionSet"):
        etree.SubElement(found, f"{XSD}element", name=kind, type=f"tns:{kind}")
    return etree.XMLSchema(etree.fromstring(etree.tostring(found)))


def test_the_folder_is_what_the_syncs_say() -> None:
    """To accept a change: `python -m pipelines.sfdx`."""
    folder = PROJECT_ROOT / FOLDER
    kept = {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*.*")
        if path.is_file()
    }

    assert kept == FILES


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_is_sound_by_the_official_schema(
    schema: etree.XMLSchema, name: str
) -> None:
    schema.assertValid(etree.fromstring(FILES[name].encode()))


def test_a_component_that_is_not_sound_is_found(schema: etree.XMLSchema) -> None:
    (name,) = [name for name in COMPONENTS if name.endswith(f"Lead/fields/{DAYS}.field-meta.xml")]
    wrong = FILES[name].replace("<type>Number</type>", "<type>Numbr</type>")

    assert not schema.validate(etree.fromstring(wrong.encode()))


def test_the_fields_are_those_that_provisioning_makes() -> None:
    for sync in [sync for sync in SYNCS if sync.crm == "salesforce"]:
        for field in sync.own_fields():
            path = (
                f"force-app/main/default/objects/{sync.object}/fields/{field.name}.field-meta.xml"
            )
            root = etree.fromstring(FILES[path].encode())
            parts = {one.tag.removeprefix(TNS): one.text for one in root}
            told = {name: str(value) for name, value in describe_field(field).items()}
            assert parts == {"fullName": field.name, **told}


def test_our_user_is_not_shown_days_in_stage_which_change_every_day() -> None:
    ours, readers = (
        FILES[f"force-app/main/default/permissionsets/{name}.permissionset-meta.xml"]
        for name in ("Leadcycle", "Leadcycle_Reader")
    )

    assert DAYS not in ours
    assert f"Lead.{DAYS}" in readers
    assert "<editable>true</editable>" not in readers


def test_list_views_name_stages_as_they_are_written() -> None:
    in_chinese = package_of(SYNCS, LIFECYCLE.model_copy(update={"language": "zh"}))
    view = "force-app/main/default/objects/Lead/listViews/Leadcycle_Stalled.listView-meta.xml"

    assert "<value>Lead,Sales Lead,Opportunity</value>" in FILES[view]
    assert "<value>线索,销售线索,商机</value>" in in_chinese[view]


def test_components_that_are_no_longer_made_are_removed(tmp_path: Path) -> None:
    write_package(tmp_path, FILES)
    stale = tmp_path / "force-app/main/default/objects/Lead/fields/Old__c.field-meta.xml"
    stale.write_text("<CustomField/>")

    write_package(tmp_path, FILES)

    assert not stale.exists()
