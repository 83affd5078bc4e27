"""Out of the recycle bin: back to life, or gone for good."""

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import make, values


def restore(admin: Admin, kind: str, record_id: str) -> int:
    body = {"crm": "salesforce", "object": kind, "record_id": record_id}
    return admin("POST", "restores", body).status_code


def test_a_restored_record_is_back_with_what_went_along(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead_id = make(salesforce, "Lead")
    early, late = (make(salesforce, "Task", WhoId=lead_id, Subject=s) for s in ("Early", "Late"))
    salesforce("DELETE", f"sobjects/Task/{early}")
    admin.advance(60)
    salesforce("DELETE", f"sobjects/Lead/{lead_id}")
    admin.advance(60)
    assert restore(admin, "Lead", lead_id) == 200
    stamps = values(salesforce, lead_id, "Lead", "IsDeleted", "SystemModstamp", "LastModifiedDate")
    assert stamps == (False, "2026-06-30T12:02:00.000+0000", "2026-06-30T12:01:00.000+0000")
    found = [values(salesforce, task, "Task", "IsDeleted") for task in (early, late)]
    assert found == [(True,), (False,)]


def test_only_what_is_in_the_bin_is_restored(salesforce: Salesforce, admin: Admin) -> None:
    winner, loser = make(salesforce, "Lead"), make(salesforce, "Lead")
    merge = {"crm": "salesforce", "object": "Lead", "winner": winner, "losers": [loser]}
    admin("POST", "merges", merge).raise_for_status()
    assert [restore(admin, "Lead", one) for one in (winner, loser)] == [400, 400]


def test_a_purged_record_is_nowhere_but_in_the_delete_log(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead_id = make(salesforce, "Lead")
    make(salesforce, "Task", WhoId=lead_id, Subject="Call")
    salesforce("DELETE", f"sobjects/Lead/{lead_id}")
    admin.advance(60)
    admin("POST", "purges", {"object": "Lead", "record_ids": [lead_id]}).raise_for_status()
    for kind, key in (("Lead", "Id"), ("Task", "WhoId"), ("LeadHistory", "LeadId")):
        soql = f"SELECT Id FROM {kind} WHERE {key} = '{lead_id}'"
        assert not salesforce.query(soql, everything=True)
    span = {"start": "2026-06-30T11:00:00Z", "end": "2026-06-30T13:00:00Z"}
    found = salesforce("GET", "sobjects/Lead/deleted/", params=span).json()["deletedRecords"]
    deleted = {"id": lead_id, "deletedDate": "2026-06-30T12:00:00.000+0000"}
    assert [entry for entry in found if entry["id"] == lead_id] == [deleted]


def test_the_bin_is_emptied_after_fifteen_days(salesforce: Salesforce, admin: Admin) -> None:
    lead_id = make(salesforce, "Lead")
    salesforce("DELETE", f"sobjects/Lead/{lead_id}")
    soql = f"SELECT Id FROM Lead WHERE Id = '{lead_id}'"
    found = []
    for seconds in (15 * 86_400, 1):
        admin.advance(seconds)
        salesforce.log_in()
        found.append(len(salesforce.query(soql, everything=True)))
    assert found == [1, 0]


def test_only_what_is_in_the_bin_is_purged_by_an_id_of_either_length(
    salesforce: Salesforce, admin: Admin
) -> None:
    living, gone = make(salesforce, "Lead"), make(salesforce, "Lead")
    task = make(salesforce, "Task", WhoId=living, Subject="Call")
    for path in (f"Task/{task}", f"Lead/{gone}"):
        salesforce("DELETE", f"sobjects/{path}")
    body = {"object": "Lead", "record_ids": [living, gone[:15], "nonsense"]}
    assert admin("POST", "purges", body).json() == {"purged": 1}
    assert values(salesforce, task, "Task", "IsDeleted") == (True,)
    assert not salesforce.query(f"SELECT Id FROM Lead WHERE Id = '{gone}'", everything=True)
