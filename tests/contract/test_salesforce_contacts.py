"""Our fields on Salesforce's contacts, which the suite exercises on leads."""

from connectors.changes import ProvisionResult, RecordChange, WriteResult
from tests.contract.cases import SALESFORCE, Connection, salesforce
from tests.contract.conftest import Sandbox


def living_contact(crm: Connection) -> str:
    stream = next(s for s in crm.source.streams() if s.name == "contacts")
    [batch, *_] = crm.source.read(stream, crm.source.fields(stream), None)
    rows = batch.tables["contacts"].to_pylist()
    return next(str(row["_record_id"]) for row in rows if not row["_is_deleted"])


def test_a_contact_holds_what_is_written_to_fields_of_ours(clean_sandbox: Sandbox) -> None:
    crm = salesforce(clean_sandbox)
    crm.destination.provision("Contact", SALESFORCE.own_fields)
    change = RecordChange(living_contact(crm), {SALESFORCE.stage: "Customer"})
    assert crm.destination.write("Contact", [change]) == [WriteResult(change.record_id, "accepted")]
    held = crm.destination.read_current("Contact", [change.record_id], [SALESFORCE.stage])
    assert held == {change.record_id: change.values}


def test_fields_of_a_contact_are_provisioned_once(clean_sandbox: Sandbox) -> None:
    crm = salesforce(clean_sandbox)
    crm.destination.provision("Contact", SALESFORCE.own_fields)
    again = crm.destination.provision("Contact", SALESFORCE.own_fields)
    assert again == [ProvisionResult(own.name, "present") for own in SALESFORCE.own_fields]
