import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, make, refusal

NOW = "2026-06-30T12:01:00.000+0000"
SECURITY = (
    "Please check the security settings of this field and verify that it is read/write for your "
    "profile or permission set."
)


@pytest.fixture
def lead_id(salesforce: Salesforce, admin: Admin) -> str:
    """A Lead of a minute ago."""
    body = {"LastName": "Probe", "Company": "Probe", "Status": "New"}
    created = salesforce("POST", "sobjects/Lead", json=body)
    assert created.status_code == 201
    admin.advance(60)
    return str(created.json()["id"])


def test_a_write_moves_the_stamps_even_when_nothing_changes(
    salesforce: Salesforce, lead_id: str
) -> None:
    salesforce.update({"id": lead_id, "Status": "New"})
    lead = salesforce.lead(lead_id)
    assert (lead["SystemModstamp"], lead["LastModifiedDate"]) == (NOW, NOW)
    assert lead["CreatedDate"] == "2026-06-30T12:00:00.000+0000"


def test_only_a_real_change_of_a_tracked_field_makes_history(
    salesforce: Salesforce, lead_id: str
) -> None:
    salesforce.update({"id": lead_id, "Status": "New", "Title": "CEO"})
    salesforce.update({"id": lead_id, "Status": "Working"})
    soql = (
        f"SELECT Field, OldValue, NewValue FROM LeadHistory WHERE LeadId = '{lead_id}' ORDER BY Id"
    )
    assert [tuple(entry.values()) for entry in salesforce.query(soql)] == [
        ("created", None, None),
        ("Status", "New", "Working"),
    ]


def test_a_change_of_owner_makes_a_line_of_names_and_a_line_of_ids(
    salesforce: Salesforce, lead_id: str
) -> None:
    users = salesforce.query("SELECT Id, Name FROM User ORDER BY Id LIMIT 3")
    salesforce.update({"id": lead_id, "OwnerId": users[2]["Id"]})
    soql = f"SELECT NewValue FROM LeadHistory WHERE LeadId = '{lead_id}' AND Field = 'Owner'"
    values = {entry["NewValue"] for entry in salesforce.query(soql)}
    assert values == {users[2]["Id"], users[2]["Name"]}


def test_a_write_without_the_header_reassigns_the_lead(
    salesforce: Salesforce, lead_id: str
) -> None:
    before = salesforce.lead(lead_id)["OwnerId"]
    salesforce("PATCH", f"sobjects/Lead/{lead_id}", json={"Title": "a"})
    assert salesforce.lead(lead_id)["OwnerId"] == before
    del salesforce.session.headers["Sforce-Auto-Assign"]
    salesforce("PATCH", f"sobjects/Lead/{lead_id}", json={"Title": "b"})
    assert salesforce.lead(lead_id)["OwnerId"] != before


@pytest.mark.parametrize(
    ("values", "code", "message"),
    [
        (
            {"Status": "Nope"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Status: bad value for restricted picklist field: Nope",
        ),
        (
            {"FirstName": "x" * 41},
            "STRING_TOO_LONG",
            f"First Name: data value too large: {'x' * 41} (max length=40)",
        ),
        ({"Nope__c": 1}, "INVALID_FIELD", "No such column 'Nope__c' on sobject of type Lead"),
        (
            {"SystemModstamp": NOW},
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            f"Unable to update fields: SystemModstamp. {SECURITY}",
        ),
        ({"LastName": ""}, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]"),
        ({"Email": "nobody"}, "INVALID_EMAIL_ADDRESS", "Email: invalid email address: nobody"),
        (
            {"OwnerId": "0055e0000000zzz"},
            "INVALID_CROSS_REFERENCE_KEY",
            "Owner ID: invalid cross reference id",
        ),
        ({"OwnerId": "me"}, "MALFORMED_ID", "Owner ID: id value of incorrect type: me"),
    ],
)
def test_a_value_that_salesforce_refuses_is_refused_and_its_neighbour_is_taken(
    salesforce: Salesforce, lead_id: str, values: dict[str, object], code: str, message: str
) -> None:
    [other] = salesforce.lead_ids(1)
    bad, good = salesforce.update({"id": lead_id, **values}, {"id": other, "Title": "CEO"})
    assert good == {"id": other, "success": True, "errors": []}
    assert (bad["id"], bad["success"]) == (lead_id, False)
    assert (bad["errors"][0]["statusCode"], bad["errors"][0]["message"]) == (code, message)
    assert salesforce.lead(other)["Title"] == "CEO"


def test_results_tell_of_converted_deleted_and_unknown_leads_in_the_order_they_came(
    salesforce: Salesforce, lead_id: str
) -> None:
    soql = "SELECT Id FROM Lead WHERE IsConverted = true LIMIT 1"
    converted = salesforce.query(soql)[0]["Id"]
    [deleted] = salesforce.lead_ids(1)
    salesforce("DELETE", f"sobjects/Lead/{deleted}")
    ids = [converted, deleted, "00Q5e0000000zzzEAA", lead_id]
    results = salesforce.update(*({"id": known, "Title": "CEO"} for known in ids))
    codes = [error["statusCode"] for result in results for error in result["errors"]]
    assert codes == [
        "CANNOT_UPDATE_CONVERTED_LEAD",
        "ENTITY_IS_DELETED",
        "INVALID_CROSS_REFERENCE_KEY",
    ]
    assert [result["id"] for result in results] == ids


def test_all_or_none_undoes_every_record(salesforce: Salesforce, lead_id: str) -> None:
    other = next(one for one in salesforce.lead_ids(2) if one != lead_id)
    records = [{"id": lead_id, "Title": "CEO"}, {"id": other, "Status": "Nope"}]
    results = salesforce.update(*records, allOrNone=True)
    assert [result["success"] for result in results] == [False, False]
    assert results[0]["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert salesforce.lead(lead_id)["Title"] is None


def test_more_than_two_hundred_records_are_too_many(salesforce: Salesforce, lead_id: str) -> None:
    records = [{"attributes": {"type": "Lead"}, "id": lead_id}] * 201
    answer = salesforce("PATCH", "composite/sobjects", json={"records": records})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "EXCEEDED_ID_LIMIT")


def test_many_are_read_in_the_asked_order_with_null_for_the_unknown(
    salesforce: Salesforce,
) -> None:
    ids = [*salesforce.lead_ids(2)[::-1], "00Q5e0000000zzzEAA"]
    body = {"ids": ids, "fields": ["Id"]}
    found = salesforce("POST", "composite/sobjects/Lead", json=body).json()
    assert [record and record["Id"] for record in found] == [*ids[:2], None]


def test_many_are_not_read_with_a_field_that_nobody_may_see(salesforce: Salesforce) -> None:
    body = {"ids": salesforce.lead_ids(1), "fields": ["Id", "Nope__c"]}
    answer = salesforce("POST", "composite/sobjects/Lead", json=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_FIELD")


def test_many_are_created_and_deleted(salesforce: Salesforce) -> None:
    record = {"attributes": {"type": "Lead"}, "LastName": "A", "Company": "B"}
    body = {"records": [record, {**record, "Company": None}]}
    created, refused = salesforce("POST", "composite/sobjects", json=body).json()
    assert refused["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    gone = salesforce("DELETE", f"composite/sobjects?ids={created['id']}").json()
    assert gone == [{"id": created["id"], "success": True, "errors": []}]
    assert salesforce("GET", f"sobjects/Lead/{created['id']}").status_code == 404


@pytest.mark.parametrize(("second", "status"), [(59, 412), (60, 204)])
def test_a_conditional_write_stops_at_a_newer_record(
    salesforce: Salesforce, lead_id: str, second: int, status: int
) -> None:
    salesforce.update({"id": lead_id, "Title": "CEO"})
    since = f"Tue, 30 Jun 2026 12:0{second // 60}:{second % 60:02d} GMT"
    headers = {"If-Unmodified-Since": since}
    answer = salesforce("PATCH", f"sobjects/Lead/{lead_id}", json={"City": "Oslo"}, headers=headers)
    assert answer.status_code == status


def test_a_deleted_lead_takes_its_tasks_and_history_along(salesforce: Salesforce) -> None:
    lead_id = make(salesforce, "Lead")
    make(salesforce, "Task", WhoId=lead_id, Subject="Call")
    change(salesforce, "Lead", lead_id, Status="Working")
    salesforce("DELETE", f"composite/sobjects?ids={lead_id}")
    for name, key in (("Task", "WhoId"), ("LeadHistory", "LeadId")):
        soql = f"SELECT IsDeleted FROM {name} WHERE {key} = '{lead_id}'"
        assert {entry["IsDeleted"] for entry in salesforce.query(soql, everything=True)} == {True}


def test_a_task_that_is_done_says_when(salesforce: Salesforce) -> None:
    body = {"WhoId": salesforce.lead_ids(1)[0], "Subject": "Call", "Status": "Completed"}
    task_id = salesforce("POST", "sobjects/Task", json=body).json()["id"]
    task = salesforce("GET", f"sobjects/Task/{task_id}").json()
    assert (task["IsClosed"], task["CompletedDateTime"]) == (True, "2026-06-30T12:00:00.000+0000")


def test_history_can_not_be_written(salesforce: Salesforce) -> None:
    answer = salesforce("POST", "sobjects/LeadHistory", json={"Field": "Status"})
    assert answer.json()[0]["errorCode"] == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    line = salesforce.query("SELECT Id FROM LeadHistory LIMIT 1")[0]["Id"]
    answer = salesforce("DELETE", f"sobjects/LeadHistory/{line}")
    assert answer.json()[0]["errorCode"] == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"


def test_several_options_are_kept_once_and_in_their_order(salesforce: Salesforce) -> None:
    options = [{"fullName": name, "label": name, "default": False} for name in ("a", "b", "c")]
    values = {"restricted": True, "valueSetDefinition": {"value": options}}
    kind = {"type": "MultiselectPicklist", "visibleLines": 3, "valueSet": values}
    assert salesforce.add_field("Several__c", **kind).status_code == 201
    salesforce.grant("Several__c")
    lead_id = make(salesforce, "Lead", Several__c="c; b;c")
    assert salesforce.lead(lead_id)["Several__c"] == "b;c"
    code = refusal(salesforce, "Lead", Several__c="b;d")
    assert code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_an_activity_is_not_about_a_converted_lead(salesforce: Salesforce, admin: Admin) -> None:
    [lead] = salesforce.query("SELECT Id FROM Lead WHERE IsConverted = true LIMIT 1")
    for kind, field in (("Task", "WhoId"), ("CampaignMember", "LeadId")):
        campaign = {"CampaignId": make(salesforce, "Campaign")} if kind != "Task" else {}
        code = refusal(salesforce, kind, **{field: lead["Id"]}, **campaign)
        assert code == "CANNOT_UPDATE_CONVERTED_LEAD"
    admin.setting(salesforce_edits_converted_leads=True)
    assert make(salesforce, "Task", WhoId=lead["Id"])


def test_an_id_whose_end_does_not_fit_is_none(salesforce: Salesforce, lead_id: str) -> None:
    wrong = lead_id[:15] + ("AAA" if lead_id[15:] != "AAA" else "BBB")
    [result] = salesforce.update({"id": wrong, "Title": "CEO"})
    assert result["errors"][0]["statusCode"] == "MALFORMED_ID"
    assert salesforce("GET", f"sobjects/Lead/{wrong}").status_code == 404


def test_an_owner_who_is_none_is_refused_though_assignment_takes_over(
    salesforce: Salesforce, lead_id: str
) -> None:
    del salesforce.session.headers["Sforce-Auto-Assign"]
    nobody = "003000000000000"
    assert refusal(salesforce, "Lead", OwnerId=nobody) == "INVALID_CROSS_REFERENCE_KEY"
    [result] = salesforce.update({"id": lead_id, "OwnerId": nobody})
    assert result["errors"][0]["statusCode"] == "INVALID_CROSS_REFERENCE_KEY"
