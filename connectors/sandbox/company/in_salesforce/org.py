"""What Salesforce holds beside people: the org, its users and queues, campaigns and Accounts."""

from datetime import datetime, time, timedelta
from typing import Any

from connectors.sandbox.company.calendar import HISTORY, RUNS_FOR, Campaign, campaigns
from connectors.sandbox.company.firms import Firm
from connectors.sandbox.company.in_salesforce.dossier import OPERATIONS_USER
from connectors.sandbox.company.in_salesforce.ids import QUEUES, account_id, campaign_id, queue_id
from connectors.sandbox.company.in_salesforce.ledger import blank_row
from connectors.sandbox.company.rows import Row, Rows, add_row
from connectors.sandbox.company.staff import LEFT_BEFORE_START, Colleague, sellers, staff
from connectors.sandbox.salesforce.ids import make_id, user_id
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.sessions.tokens import ORGANIZATION
from connectors.sandbox.salesforce.times import stamp

_INTEGRATION = Colleague(-1, "Leadcycle", "Integration", "integration", machine=True)


def render_org(start: datetime, moment: datetime) -> Rows:
    """Return the org, its users, queues and campaigns, at a moment."""
    founded = _founded(start)
    rows: Rows = {}
    _add(
        rows, "Organization", founded, {"Id": ORGANIZATION, "Name": "Leadcycle Sandbox"} | _EDITION
    )
    _add(rows, "User", founded, _user_values(_INTEGRATION) | {"Id": INTEGRATION_USER})
    for colleague in staff():
        _add_user(rows, colleague, founded, start - LEFT_BEFORE_START)
    for name in QUEUES:
        developer_name = name.replace(" ", "_")
        queue = {"Id": queue_id(name), "Name": name, "DeveloperName": developer_name}
        _add(rows, "Group", founded, queue | {"Type": "Queue"})
    _add_members(rows, founded)
    for campaign in campaigns(start):
        _add_campaign(rows, campaign, moment)
    return rows


def render_account(start: datetime, firm: Firm) -> Row:
    """Return the Account of a firm that people work for."""
    return _row("Account", _founded(start) + timedelta(hours=firm.number % 4000), _account(firm))


def _founded(start: datetime) -> datetime:
    return start - HISTORY - timedelta(days=200)


_EDITION = {"OrganizationType": "Enterprise Edition", "IsSandbox": True, "TimeZoneSidKey": "UTC"}


def _add(rows: Rows, name: str, created: datetime, values: Row) -> None:
    add_row(rows, f"salesforce_{name}", _row(name, created, values))


def _row(name: str, created: datetime, values: Row) -> Row:
    row = blank_row(name) | values
    by = values.get("OwnerId", OPERATIONS_USER)
    changed = stamp(created)
    stamps = {"CreatedDate": changed, "LastModifiedDate": changed, "SystemModstamp": changed}
    stamps |= {"CreatedById": by, "LastModifiedById": by}
    return row | {column: value for column, value in stamps.items() if column in row}


def _add_user(rows: Rows, colleague: Colleague, founded: datetime, left: datetime) -> None:
    values = _user_values(colleague) | {"Id": user_id(colleague.number)}
    _add(rows, "User", founded, values)
    if colleague.left:
        change = {"IsActive": False, "SystemModstamp": stamp(left), "LastModifiedDate": stamp(left)}
        rows["salesforce_User"][(values["Id"],)] |= change


def _user_values(colleague: Colleague) -> dict[str, Any]:
    return {
        "Username": colleague.email,
        "Email": colleague.email,
        "FirstName": colleague.first,
        "LastName": colleague.last,
        "Name": colleague.name,
        "Title": colleague.title,
        "Department": f"Sales {colleague.team}" if colleague.team else None,
        "IsActive": True,
        "UserType": "Standard",
        "TimeZoneSidKey": "UTC",
    }


def _add_members(rows: Rows, founded: datetime) -> None:
    """Let everybody who sells take Leads from every queue."""
    selling = [one for one in staff() if one.team and not one.left]
    pairs = [(name, colleague) for name in QUEUES for colleague in selling]
    for number, (name, colleague) in enumerate(pairs, start=1):
        member = {"GroupId": queue_id(name), "UserOrGroupId": user_id(colleague.number)}
        _add(rows, "GroupMember", founded, member | {"Id": make_id("011", number)})


def _add_campaign(rows: Rows, campaign: Campaign, moment: datetime) -> None:
    """Add a campaign as it stands: planned two weeks ahead, its cost known at its end."""
    begins = datetime.combine(campaign.starts, time(7), moment.tzinfo)
    announced, ends = begins - timedelta(days=14), begins + RUNS_FOR
    if announced > moment:
        return
    status = "Completed" if ends <= moment else "In Progress" if begins <= moment else "Planned"
    values = {
        "Id": campaign_id(campaign.number),
        "Name": campaign.name,
        "Type": campaign.type,
        "Status": status,
        "StartDate": campaign.starts.isoformat(),
        "EndDate": campaign.ends.isoformat(),
        "IsActive": status == "In Progress",
        "BudgetedCost": campaign.budget,
        "ActualCost": campaign.cost if status == "Completed" else None,
        "OwnerId": OPERATIONS_USER,
    }
    _add(rows, "Campaign", announced, values)
    changed = stamp(max(at for at in (announced, begins, ends) if at <= moment))
    stamps = {"SystemModstamp": changed, "LastModifiedDate": changed}
    rows["salesforce_Campaign"][(values["Id"],)] |= stamps


def _account(firm: Firm) -> dict[str, Any]:
    team = sellers(firm.territory, with_former=False)
    return {
        "Id": account_id(firm.number),
        "Name": firm.name,
        "Type": "Prospect",
        "Website": f"https://www.{firm.domain}",
        "Phone": firm.phone,
        "BillingCity": firm.city,
        "BillingCountry": firm.country,
        "Industry": firm.industry,
        "NumberOfEmployees": firm.employees,
        "AnnualRevenue": firm.revenue,
        "Territory__c": firm.territory,
        "OwnerId": user_id(team[firm.number % len(team)]),
    }
