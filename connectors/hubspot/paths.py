"""Every HubSpot path we call, in each version family that HubSpot serves.

The v1-v4 families are unsupported from 2027; date-based versions (2026-09, ...) replace them and
are supported for 18 months each. Form submissions exist as v1 only.
Source: developers.hubspot.com, "API versioning".
"""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Paths:
    """Paths of one API version: "v3", or a date-based one such as "2026-09"."""

    version: str

    def objects(self, object_name: str) -> str:
        """Return the path that lists an object's records."""
        return self._place("crm", "objects", object_name)

    def search(self, object_name: str) -> str:
        """Return the path that searches an object's records."""
        return f"{self.objects(object_name)}/search"

    def batch_read(self, object_name: str) -> str:
        """Return the path that reads records by id."""
        return f"{self.objects(object_name)}/batch/read"

    def batch_update(self, object_name: str) -> str:
        """Return the path that updates records by id."""
        return f"{self.objects(object_name)}/batch/update"

    def batch_upsert(self, object_name: str) -> str:
        """Return the path that updates or creates records by a unique property."""
        return f"{self.objects(object_name)}/batch/upsert"

    def associations(self, from_type: str, to_type: str) -> str:
        """Return the path that reads associations by the ids of the first type."""
        pair = f"{quote(from_type, safe='')}/{quote(to_type, safe='')}"
        if self.version.startswith("v"):
            # Associations of the v3 family have no labels and types; v4 is their successor only.
            return f"/crm/v4/associations/{pair}/batch/read"
        return f"/crm/associations/{self.version}/{pair}/batch/read"

    def pipelines(self, object_name: str) -> str:
        """Return the path that lists an object's pipelines with their stages."""
        return self._place("crm", "pipelines", object_name)

    def owners(self) -> str:
        """Return the path that lists owners."""
        return self._place("crm", "owners", "").rstrip("/")

    def teams(self) -> str:
        """Return the path that lists teams with their users."""
        return self._place("settings", "users", "teams")

    def list_search(self) -> str:
        """Return the path that searches lists of records."""
        return self._place("crm", "lists", "search")

    def list_members(self, list_id: str) -> str:
        """Return the path that lists the records on a list."""
        return f"{self._place('crm', 'lists', list_id)}/memberships"

    def properties(self, object_name: str) -> str:
        """Return the path of an object's properties."""
        return self._place("crm", "properties", object_name)

    def property_groups(self, object_name: str) -> str:
        """Return the path of the groups of an object's properties."""
        return f"{self.properties(object_name)}/groups"

    def forms(self) -> str:
        """Return the path that lists forms."""
        return self._place("marketing", "forms", "").rstrip("/")

    def form_submissions(self, form_id: str) -> str:
        """Return the path that lists a form's submissions, newest first."""
        return f"/form-integrations/v1/submissions/forms/{quote(form_id, safe='')}"

    def token(self) -> str:
        """Return the path that gives an app its tokens."""
        return f"/oauth/{self.version}/token"

    def account(self) -> str:
        """Return the path that tells of the account; it needs no scope of any object."""
        return f"/account-info/{self.version}/details"

    def _place(self, area: str, kind: str, object_name: str) -> str:
        name = quote(object_name, safe="")
        if self.version.startswith("v"):
            return f"/{area}/{self.version}/{kind}/{name}"
        return f"/{area}/{kind}/{self.version}/{name}"
