"""Bulk API 2.0 ingest."""

from tests.sandbox.bulk import INGEST, ingested, refusal, results
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import make, values

TWO_LEADS = "LastName,Company,Title\nAdams,Probe,CEO\nBaker,Probe,\n"
INPUT, LF = "ClientInputError :", "Current LineEnding setting is LF"
WIDTH = "line 2 has 1 columns, but the header has 2"
BAD_STATUS = (
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:Status: bad value for restricted picklist field: "
    "Nope:Status --"
)


def test_an_open_job_says_where_its_data_go(salesforce: Salesforce) -> None:
    body = {"object": "Lead", "operation": "insert", "contentType": "CSV"}
    job = salesforce("POST", INGEST, json=body).json()
    user_id = salesforce("GET", "/services/oauth2/userinfo").json()["user_id"]
    assert job == {
        "id": job["id"],
        "operation": "insert",
        "object": "Lead",
        "createdById": user_id,
        "createdDate": "2026-06-30T12:00:00.000+0000",
        "systemModstamp": "2026-06-30T12:00:00.000+0000",
        "state": "Open",
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": 66.0,
        "contentUrl": f"services/data/v66.0/jobs/ingest/{job['id']}/batches",
        "lineEnding": "LF",
        "columnDelimiter": "COMMA",
    }


def test_rows_become_records_and_the_job_counts_them(salesforce: Salesforce) -> None:
    job = ingested(salesforce, "insert", TWO_LEADS)
    counts = (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"])
    assert counts == ("JobComplete", 2, 0)
    work = {"jobType", "retries", "totalProcessingTime", "apiActiveProcessingTime"}
    assert work | {"apexProcessingTime", "isPkChunkingSupported"} <= job.keys()
    made = results(salesforce, job["id"], "successfulResults")
    assert sorted(row["LastName"] for row in made) == ["Adams", "Baker"]
    assert {row["sf__Created"] for row in made} == {"true"}
    titles = [values(salesforce, row["sf__Id"], "Lead", "LastName", "Title") for row in made]
    assert sorted(titles) == [("Adams", "CEO"), ("Baker", None)]
    assert results(salesforce, job["id"], "failedResults") == []
    assert salesforce("GET", f"{INGEST}/{job['id']}/unprocessedrecords").text == (
        "LastName,Company,Title\n"
    )


def test_results_hold_the_given_columns_quoted_behind_their_own(salesforce: Salesforce) -> None:
    lead = make(salesforce, "Lead")
    job = ingested(salesforce, "update", f'Id,Title\n{lead},"a ""b"""\n')
    text = salesforce("GET", f"{INGEST}/{job['id']}/successfulResults").text
    assert text == f'"sf__Id","sf__Created","Id","Title"\n"{lead}","false","{lead}","a ""b"""\n'


def test_results_do_not_come_in_the_order_of_the_upload(salesforce: Salesforce) -> None:
    names = [f"Probe{number:02}" for number in range(30)]
    data = "LastName,Company\n" + "".join(f"{name},Probe\n" for name in names)
    job = ingested(salesforce, "insert", data)
    found = [row["LastName"] for row in results(salesforce, job["id"], "successfulResults")]
    assert (sorted(found), found == names) == (names, False)


def test_a_refused_row_says_why_and_leaves_the_others_alone(salesforce: Salesforce) -> None:
    data = "LastName,Company,Status,Email\nAdams,Probe,New,\nBaker,Probe,Nope,\nCole,,New,no\n"
    job = ingested(salesforce, "insert", data)
    assert (job["state"], job["numberRecordsFailed"]) == ("JobComplete", 2)
    failed = results(salesforce, job["id"], "failedResults")
    assert {row["LastName"]: (row["sf__Id"], row["sf__Error"]) for row in failed} == {
        "Baker": ("", BAD_STATUS),
        "Cole": ("", "INVALID_EMAIL_ADDRESS:Email: invalid email address: no:Email --"),
    }


def test_an_empty_cell_leaves_a_field_alone_and_na_empties_it(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead", Title="CEO", City="Ulm")
    ingested(salesforce, "update", f"Id,Title,City\n{lead},,#N/A\n")
    assert values(salesforce, lead, "Lead", "Title", "City") == ("CEO", None)
    admin.setting(salesforce_bulk_null="NULL")
    ingested(salesforce, "update", f"Id,Title,City\n{lead},NULL,#N/A\n")
    assert values(salesforce, lead, "Lead", "Title", "City") == (None, "#N/A")


def test_booleans_numbers_and_moments_are_read_from_text(salesforce: Salesforce) -> None:
    job = ingested(salesforce, "insert", "LastName,Company,AnnualRevenue\nA,B,1.2E6\n")
    [lead] = results(salesforce, job["id"], "successfulResults")
    assert values(salesforce, lead["sf__Id"], "Lead", "AnnualRevenue") == (1_200_000,)
    data = "Subject,StartDateTime,EndDateTime\nMeet,2026-07-01T09:00:00Z,2026-07-01T10:00:00Z\n"
    job = ingested(salesforce, "insert", data, object="Event")
    [event] = results(salesforce, job["id"], "successfulResults")
    start = values(salesforce, event["sf__Id"], "Event", "StartDateTime")
    assert start == ("2026-07-01T09:00:00.000+0000",)


def test_a_line_break_within_quotes_is_part_of_the_value(salesforce: Salesforce) -> None:
    data = 'LastName|Company|Description\r\nA|B|"one\r\ntwo|three"\r\n'
    job = ingested(salesforce, "insert", data, columnDelimiter="PIPE", lineEnding="CRLF")
    text = salesforce("GET", f"{INGEST}/{job['id']}/successfulResults").content.decode()
    assert text.endswith('"A"|"B"|"one\r\ntwo|three"\r\n')
    lead = text.splitlines()[1].split("|")[0].strip('"')
    assert values(salesforce, lead, "Lead", "Description") == ("one\r\ntwo|three",)


def test_an_upsert_goes_by_its_key_and_says_what_it_created(salesforce: Salesforce) -> None:
    salesforce.add_field("Key__c", type="Text", length=40, precision=None, scale=None,
                         externalId=True, unique=True)  # fmt: skip
    salesforce.grant("Key__c")
    known = make(salesforce, "Lead", Key__c="k1")
    data = "Key__c,LastName,Company\nk1,Adams,B\nk2,Baker,B\n"
    job = ingested(salesforce, "upsert", data, externalIdFieldName="Key__c")
    assert job["externalIdFieldName"] == "Key__c"
    done = results(salesforce, job["id"], "successfulResults")
    created = {row["Key__c"]: row["sf__Created"] for row in done}
    assert created == {"k1": "false", "k2": "true"}
    assert values(salesforce, known, "Lead", "LastName") == ("Adams",)


def test_a_reference_may_be_given_by_a_key_of_the_other_record(salesforce: Salesforce) -> None:
    lead, campaign = make(salesforce, "Lead", Email="a@b.example"), make(salesforce, "Campaign")
    data = f"CampaignId,Lead.Email\n{campaign},a@b.example\n{campaign},c@d.example\n"
    job = ingested(salesforce, "insert", data, object="CampaignMember")
    [member] = results(salesforce, job["id"], "successfulResults")
    assert values(salesforce, member["sf__Id"], "CampaignMember", "LeadId") == (lead,)
    [failed] = results(salesforce, job["id"], "failedResults")
    assert failed["sf__Error"] == (
        "INVALID_FIELD:Foreign key external ID: c@d.example not found for field Email in entity "
        "Lead:--"
    )


def test_deletes_go_to_the_recycle_bin_and_hard_deletes_past_it(
    salesforce: Salesforce, admin: Admin
) -> None:
    soft, hard = make(salesforce, "Lead"), make(salesforce, "Lead")
    ingested(salesforce, "delete", f"Id\n{soft}\n")
    assert values(salesforce, soft, "Lead", "IsDeleted") == (True,)
    body = {"object": "Lead", "operation": "hardDelete"}
    assert refusal(salesforce("POST", INGEST, json=body))[1] == "FEATURENOTENABLED"
    admin.setting(salesforce_bulk_hard_delete=True)
    ingested(salesforce, "hardDelete", f"Id\n{hard}\n")
    assert salesforce.query(f"SELECT Id FROM Lead WHERE Id = '{hard}'", everything=True) == []


def test_a_hard_delete_also_works_where_there_is_no_recycle_bin(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_bulk_hard_delete=True)
    granted = make(salesforce, "PermissionSet", Name="Gone", Label="Gone")
    binned = make(salesforce, "Lead")
    salesforce("DELETE", f"sobjects/Lead/{binned}").raise_for_status()
    for kind, record_id in (("PermissionSet", granted), ("Lead", binned)):
        job = ingested(salesforce, "hardDelete", f"Id\n{record_id}\n", object=kind)
        assert (job["state"], job["numberRecordsFailed"]) == ("JobComplete", 0)
        soql = f"SELECT Id FROM {kind} WHERE Id = '{record_id}'"
        assert salesforce.query(soql, everything=True) == []


def test_rows_obey_what_the_api_user_may_do(salesforce: Salesforce) -> None:
    salesforce.add_field("Score__c")
    hidden = ingested(salesforce, "insert", "LastName,Company,Score__c\nA,B,1\n")
    assert hidden["errorMessage"] == "InvalidBatch : Field name not found : Score__c"
    [converted] = salesforce.query("SELECT Id FROM Lead WHERE IsConverted = true LIMIT 1")
    job = ingested(salesforce, "update", f"Id,Title\n{converted['Id']},a\n")
    [failed] = results(salesforce, job["id"], "failedResults")
    message = "CANNOT_UPDATE_CONVERTED_LEAD:cannot reference converted lead:--"
    assert (failed["sf__Id"], failed["sf__Error"]) == (converted["Id"], message)
    job = ingested(salesforce, "insert", "LastName,Company,IsDeleted\nA,B,true\n")
    [failed] = results(salesforce, job["id"], "failedResults")
    assert failed["sf__Error"].startswith("INVALID_FIELD_FOR_INSERT_UPDATE:Unable to create")
    assert failed["sf__Error"].endswith(":IsDeleted --")


def test_an_insert_takes_no_ids(salesforce: Salesforce) -> None:
    job = ingested(salesforce, "insert", "Id,LastName,Company\n00Q5e0000000001,A,B\n")
    [failed] = results(salesforce, job["id"], "failedResults")
    message = "INVALID_FIELD_FOR_INSERT_UPDATE:cannot specify Id in an insert call:Id --"
    assert failed["sf__Error"] == message


def test_updates_and_deletes_need_ids_that_are_there(salesforce: Salesforce) -> None:
    gone = make(salesforce, "Lead")
    salesforce("DELETE", f"sobjects/Lead/{gone}")
    job = ingested(salesforce, "update", f"Id,Title\n,a\nnope,b\n{gone},c\n")
    failed = results(salesforce, job["id"], "failedResults")
    codes = {row["Title"]: (row["sf__Id"], row["sf__Error"].split(":")[0]) for row in failed}
    assert codes == {
        "a": ("", "MISSING_ARGUMENT"),
        "b": ("nope", "MALFORMED_ID"),
        "c": (gone, "ENTITY_IS_DELETED"),
    }


def test_leads_are_assigned_by_the_rule_of_the_job_only(salesforce: Salesforce) -> None:
    del salesforce.session.headers["Sforce-Auto-Assign"]
    owner = salesforce("GET", "/services/oauth2/userinfo").json()["user_id"]
    owners: list[str] = []
    for rule in ({}, {"assignmentRuleId": "01Q5e0000000001EAA"}):
        job = ingested(salesforce, "insert", "LastName,Company\nA,B\n", **rule)
        [lead] = results(salesforce, job["id"], "successfulResults")
        owners += values(salesforce, lead["sf__Id"], "Lead", "OwnerId")
    assert (owners[0] == owner, owners[1] == owner) == (True, False)
