from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, lines, make, refusal, values

SNAPSHOT = ("StageName", "Amount", "Probability", "CloseDate", "ForecastCategory")


def test_what_follows_from_the_stage_follows_it(salesforce: Salesforce, admin: Admin) -> None:
    deal = make(salesforce, "Opportunity", StageName="Proposal")
    names = ("Probability", "ForecastCategory", "IsClosed", "IsWon", "LastStageChangeDate")
    began = "2026-06-30T12:00:00.000+0000"
    assert values(salesforce, deal, "Opportunity", *names) == (50, "BestCase", False, False, began)
    admin.advance(60)
    change(salesforce, "Opportunity", deal, StageName="Closed Won")
    moved = "2026-06-30T12:01:00.000+0000"
    assert values(salesforce, deal, "Opportunity", *names) == (100, "Closed", True, True, moved)


def test_a_probability_given_with_the_stage_stays(salesforce: Salesforce) -> None:
    deal = make(salesforce, "Opportunity", Probability=35)
    change(salesforce, "Opportunity", deal, Amount=10)
    assert values(salesforce, deal, "Opportunity", "Probability") == (35,)


def test_every_change_of_the_forecast_is_kept(salesforce: Salesforce) -> None:
    deal = make(salesforce, "Opportunity", Amount=1000)
    change(salesforce, "Opportunity", deal, Amount=1500.5, StageName="Negotiation")
    change(salesforce, "Opportunity", deal, Name="Bigger deal")
    assert lines(salesforce, "OpportunityHistory", deal, *SNAPSHOT) == [
        ("Prospecting", 1000, 10, "2026-09-30", "Pipeline"),
        ("Negotiation", 1500.5, 75, "2026-09-30", "Forecast"),
    ]


def test_tracked_fields_of_an_opportunity_have_a_history_of_their_own(
    salesforce: Salesforce,
) -> None:
    deal = make(salesforce, "Opportunity")
    change(salesforce, "Opportunity", deal, Amount=10, StageName="Closed Lost")
    names = ("Field", "DataType", "OldValue", "NewValue")
    assert lines(salesforce, "OpportunityFieldHistory", deal, *names) == [
        ("created", "Text", None, None),
        ("StageName", "Text", "Prospecting", "Closed Lost"),
        ("Amount", "Currency", None, 10),
    ]


def test_a_stage_that_the_process_does_not_have_is_refused(salesforce: Salesforce) -> None:
    code = refusal(salesforce, "Opportunity", StageName="Hoping")
    assert code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_an_org_lists_its_stages_the_inactive_ones_too(salesforce: Salesforce) -> None:
    names = "ApiName, IsActive, IsClosed, IsWon, DefaultProbability, ForecastCategoryName"
    found = salesforce.query(f"SELECT {names} FROM OpportunityStage ORDER BY SortOrder")
    assert [tuple(row.values()) for row in found] == [
        ("Prospecting", True, False, False, 10, "Pipeline"),
        ("Qualification", True, False, False, 20, "Pipeline"),
        ("Needs Analysis", False, False, False, 35, "Pipeline"),
        ("Proposal", True, False, False, 50, "Best Case"),
        ("Negotiation", True, False, False, 75, "Commit"),
        ("Closed Won", True, True, True, 100, "Closed"),
        ("Closed Lost", True, True, False, 0, "Omitted"),
    ]
    code = refusal(salesforce, "Opportunity", StageName="Needs Analysis")
    assert code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_stages_are_only_read_and_nothing_tells_of_their_deletion(salesforce: Salesforce) -> None:
    described = salesforce("GET", "sobjects/OpportunityStage/describe").json()
    does = ("queryable", "retrieveable", "createable", "updateable", "replicateable")
    assert [described[name] for name in does] == [True, True, False, False, False]
    span = "start=2026-06-30T11:00:00Z&end=2026-06-30T11:30:00Z"
    for kind in ("updated", "deleted"):
        answer = salesforce("GET", f"sobjects/OpportunityStage/{kind}/?{span}")
        assert answer.json()[0]["errorCode"] == "INVALID_TYPE_FOR_OPERATION"


def test_a_role_needs_both_an_opportunity_and_a_contact(salesforce: Salesforce) -> None:
    deal, person = make(salesforce, "Opportunity"), make(salesforce, "Contact")
    assert refusal(salesforce, "OpportunityContactRole", ContactId=person) == (
        "REQUIRED_FIELD_MISSING"
    )
    swapped = {"OpportunityId": person, "ContactId": deal}
    assert refusal(salesforce, "OpportunityContactRole", **swapped) == (
        "INVALID_CROSS_REFERENCE_KEY"
    )
    make(salesforce, "OpportunityContactRole", OpportunityId=deal, ContactId=person)
