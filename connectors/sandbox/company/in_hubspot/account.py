"""What HubSpot holds beside people: owners with their teams, forms, and companies."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from connectors.sandbox.clock import to_ms
from connectors.sandbox.company.calendar import HISTORY
from connectors.sandbox.company.firms import Firm
from connectors.sandbox.company.in_hubspot.ids import (
    company_id,
    form_id,
    hubspot_user_id,
    owner_id,
)
from connectors.sandbox.company.in_salesforce.ids import account_id
from connectors.sandbox.company.rows import Rows, add_row
from connectors.sandbox.company.staff import LEFT_BEFORE_START, Colleague, sellers, staff
from connectors.sandbox.company.words import generator, words
from connectors.sandbox.hubspot.values import Kept


def render_account(
    seed: int, start: datetime, firms: Iterable[Firm], visitors: Iterable[Firm]
) -> Rows:
    """Return the rows that people share; visitors are firms of whom nobody is known."""
    founded = start - HISTORY - timedelta(days=200)
    rows: Rows = {}
    for colleague in staff():
        if not colleague.machine:
            _add_owner(rows, colleague, founded, start - LEFT_BEFORE_START)
    for key, form in words()["forms"].items():
        row = {"id": form_id(key), "name": form["name"], "form_type": "hubspot"}
        row |= {"lifecycle_stage": form["stage"], "created_at": to_ms(founded)}
        add_row(rows, "hubspot_forms", row)
    for firm in firms:
        is_synced = firm.number % 10 < 7
        link = {"salesforceaccountid": account_id(firm.number)} if is_synced else {}
        _add_company(rows, firm, founded + timedelta(hours=firm.number % 4000), link)
    for firm in visitors:
        rng = generator(seed, "visit", firm.number)
        seen = start - HISTORY * rng.random()
        visits: dict[str, Kept] = {"hs_analytics_num_page_views": str(rng.randrange(2, 60))}
        visits["hs_analytics_first_timestamp"] = to_ms(seen)
        _add_company(rows, firm, seen, visits)
    return rows


def _add_owner(rows: Rows, colleague: Colleague, founded: datetime, left: datetime) -> None:
    teams = sorted({one.team for one in staff() if one.team})
    number = teams.index(colleague.team) if colleague.team else 0
    team = {"id": str(4_100_001 + number), "name": colleague.team, "primary": True}
    row = {
        "id": owner_id(colleague.number),
        "user_id": hubspot_user_id(colleague.number),
        "email": colleague.email,
        "first_name": colleague.first,
        "last_name": colleague.last,
        "archived": int(colleague.left),
        "teams": [team] if colleague.team else [],
        "created_at": to_ms(founded),
        "updated_at": to_ms(left if colleague.left else founded),
    }
    add_row(rows, "hubspot_owners", row)


def _add_company(
    rows: Rows, firm: Firm, created: datetime, others: dict[str, str] | dict[str, Kept]
) -> None:
    team, when = sellers(firm.territory, with_former=False), to_ms(created.replace(microsecond=0))
    properties = {
        "name": firm.name,
        "domain": firm.domain,
        "website": firm.domain,
        "phone": firm.phone,
        "industry": firm.industry,
        "city": firm.city,
        "country": firm.country,
        "numberofemployees": str(firm.employees),
        "annualrevenue": str(firm.revenue),
        "hubspot_owner_id": str(owner_id(team[firm.number % len(team)])),
    }
    row = {
        "object_type": "companies",
        "id": company_id(firm.number),
        "created_at": when,
        "updated_at": when,
        "archived_at": None,
        "email": None,
        "properties": properties | others,
    }
    add_row(rows, "hubspot_records", row)
