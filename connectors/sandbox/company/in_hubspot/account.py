"""What HubSpot holds beside people: owners with their teams, forms, and companies."""

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
from connectors.sandbox.company.rows import Row, Rows, add_row
from connectors.sandbox.company.staff import LEFT_BEFORE_START, Colleague, sellers, staff
from connectors.sandbox.company.words import generator, words
from connectors.sandbox.hubspot.values import Kept


def render_account(start: datetime) -> Rows:
    """Return the owners and the forms."""
    founded = _founded(start)
    rows: Rows = {}
    for colleague in staff():
        if not colleague.machine:
            _add_owner(rows, colleague, founded, start - LEFT_BEFORE_START)
    for key, form in words()["forms"].items():
        row = {"id": form_id(key), "name": form["name"], "form_type": "hubspot"}
        row |= {"lifecycle_stage": form["stage"], "created_at": to_ms(founded)}
        add_row(rows, "hubspot_forms", row)
    return rows


def render_company(start: datetime, firm: Firm) -> Row:
    """Return the company of a firm that people work for."""
    is_synced = firm.number % 10 < 7
    link: dict[str, Kept] = {"salesforceaccountid": account_id(firm.number)} if is_synced else {}
    return _company(firm, _founded(start) + timedelta(hours=firm.number % 4000), link)


def render_visitor(seed: int, start: datetime, firm: Firm) -> Row:
    """Return the company of a firm of which nobody is known: it only visits the site."""
    rng = generator(seed, "visit", firm.number)
    seen = start - HISTORY * rng.random()
    visits: dict[str, Kept] = {"hs_analytics_num_page_views": str(rng.randrange(2, 60))}
    visits["hs_analytics_first_timestamp"] = to_ms(seen)
    return _company(firm, seen, visits)


def _founded(start: datetime) -> datetime:
    return start - HISTORY - timedelta(days=200)


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


def _company(firm: Firm, created: datetime, others: dict[str, Kept]) -> Row:
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
    return {
        "object_type": "companies",
        "id": company_id(firm.number),
        "created_at": when,
        "updated_at": when,
        "archived_at": None,
        "email": None,
        "properties": properties | others,
    }
