"""The barest clients of the two CRMs: requests, and nothing that could hide an answer."""

from typing import Any

import requests

from connectors.sandbox.server import RunningSandbox

PORTAL = "24681357"


class Admin:
    """The sandbox's own API."""

    def __init__(self, running: RunningSandbox) -> None:
        self.url = running.url

    def __call__(self, method: str, path: str, body: Any = None) -> requests.Response:
        return requests.request(method, f"{self.url}/__sandbox/{path}", json=body, timeout=10)

    def setting(self, **changes: Any) -> None:
        self("PATCH", "settings", changes).raise_for_status()

    def advance(self, seconds: int) -> None:
        self("POST", "clock", {"advance_seconds": seconds}).raise_for_status()

    def dump(self) -> dict[str, Any]:
        found: dict[str, Any] = self("GET", "dump").json()
        return found


class Salesforce:
    """A session of the API user, with paths below the versioned root."""

    def __init__(self, running: RunningSandbox) -> None:
        self.url = running.url
        keys = running.credentials["salesforce"]
        self.login = (keys["client_id"], keys["client_secret"])
        self.session = requests.Session()
        self.session.headers["Sforce-Auto-Assign"] = "FALSE"
        self.log_in()

    def log_in(self) -> None:
        form = {"grant_type": "client_credentials"}
        url = f"{self.url}/services/oauth2/token"
        token = requests.post(url, form, auth=self.login, timeout=10).json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        root = "" if path.startswith("/services") else "/services/data/v66.0/"
        return self.session.request(method, f"{self.url}{root}{path}", timeout=10, **options)

    def query(self, soql: str, everything: bool = False) -> list[dict[str, Any]]:
        answer = self("GET", "queryAll" if everything else "query", params={"q": soql})
        answer.raise_for_status()
        return [_plain(record) for record in answer.json()["records"]]

    def refusal(self, soql: str) -> dict[str, Any]:
        answer = self("GET", "query", params={"q": soql})
        assert answer.status_code == 400
        found: dict[str, Any] = answer.json()[0]
        return found

    def lead_ids(self, count: int = 3) -> list[str]:
        soql = f"SELECT Id FROM Lead WHERE IsConverted = false ORDER BY Id LIMIT {count}"
        return [record["Id"] for record in self.query(soql)]

    def lead(self, lead_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self("GET", f"sobjects/Lead/{lead_id}").json()
        return found

    def update(self, *records: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
        typed = [{"attributes": {"type": "Lead"}, **record} for record in records]
        answer = self("PATCH", "composite/sobjects", json={"records": typed, **options})
        assert answer.status_code == 200
        results: list[dict[str, Any]] = answer.json()
        return results

    def add_field(self, name: str = "Score__c", **metadata: Any) -> requests.Response:
        number = {"type": "Number", "precision": 18, "scale": 2}
        metadata = {"label": "Score", **({} if "type" in metadata else number), **metadata}
        body = {"FullName": f"Lead.{name}", "Metadata": metadata}
        return self("POST", "tooling/sobjects/CustomField", json=body)

    def grant(self, *names: str, edit: bool = True) -> None:
        """Let the API user see fields of Lead, and edit them."""
        user_id = self("GET", "/services/oauth2/userinfo").json()["user_id"]
        body = {"Name": f"Set{len(names)}{edit}", "Label": "Set"}
        set_id = self("POST", "sobjects/PermissionSet", json=body).json()["id"]
        for name in names:
            grant = {
                "ParentId": set_id,
                "SobjectType": "Lead",
                "Field": f"Lead.{name}",
                "PermissionsRead": True,
                "PermissionsEdit": edit,
            }
            self("POST", "sobjects/FieldPermissions", json=grant).raise_for_status()
        assigned = {"AssigneeId": user_id, "PermissionSetId": set_id}
        self("POST", "sobjects/PermissionSetAssignment", json=assigned).raise_for_status()


class HubSpot:
    """Requests with the account's service key."""

    def __init__(self, running: RunningSandbox) -> None:
        self.url = running.url
        self.session = requests.Session()
        token = running.credentials["hubspot"]["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, self.url + path, timeout=10, **options)

    def contacts(self, count: int = 3, **params: Any) -> list[dict[str, Any]]:
        params = {"limit": count, **params}
        found: list[dict[str, Any]] = self("GET", CONTACTS, params=params).json()["results"]
        return found

    def create(self, **properties: Any) -> str:
        answer = self("POST", CONTACTS, json={"properties": properties})
        answer.raise_for_status()
        return str(answer.json()["id"])

    def patch(self, contact_id: str, **properties: Any) -> requests.Response:
        return self("PATCH", f"{CONTACTS}/{contact_id}", json={"properties": properties})

    def read(self, contact_id: str, *names: str) -> dict[str, Any]:
        params = {"properties": list(names)}
        answer = self("GET", f"{CONTACTS}/{contact_id}", params=params)
        found: dict[str, Any] = answer.json()["properties"]
        return found

    def history(self, contact_id: str, name: str) -> list[dict[str, Any]]:
        params = {"propertiesWithHistory": name}
        answer = self("GET", f"{CONTACTS}/{contact_id}", params=params).json()
        found: list[dict[str, Any]] = answer["propertiesWithHistory"][name]
        return found

    def search(self, *filters: dict[str, Any], **body: Any) -> requests.Response:
        body = {"filterGroups": [{"filters": list(filters)}], **body}
        return self("POST", f"{CONTACTS}/search", json=body)

    def batch(self, verb: str, inputs: list[Any], **body: Any) -> requests.Response:
        return self("POST", f"{CONTACTS}/batch/{verb}", json={"inputs": inputs, **body})

    def form(self, name: str) -> str:
        forms = self("GET", "/marketing/v3/forms/").json()["results"]
        return str(next(form["id"] for form in forms if form["name"] == name))

    def submit(self, form_id: str, **values: str) -> requests.Response:
        """Send a form as a visitor does: without a key."""
        fields = [{"objectTypeId": "0-1", "name": n, "value": v} for n, v in values.items()]
        url = f"{self.url}/submissions/v3/integration/submit/{PORTAL}/{form_id}"
        body = {"fields": fields, "context": {"pageUri": "https://www.sandbox.example/demo"}}
        return requests.post(url, json=body, timeout=10)


CONTACTS = "/crm/v3/objects/contacts"


def filtered(name: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    """Return a filter of a HubSpot search."""
    given = {"propertyName": name, "operator": operator, **more}
    return given if value is None else {**given, "value": value}


def codes(answer: requests.Response) -> list[tuple[str, str]]:
    """Return what HubSpot refuses of a write: code and property."""
    assert answer.status_code == 400
    assert answer.json()["category"] == "VALIDATION_ERROR"
    return [(e["code"], e["context"]["propertyName"][0]) for e in answer.json()["errors"]]


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "attributes"}
