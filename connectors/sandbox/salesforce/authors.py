"""Who writes, and what the request lets them do."""

from dataclasses import dataclass

from connectors.sandbox.salesforce.permissions import INTEGRATION_USER


@dataclass(frozen=True)
class Author:
    """Who writes, and what their request says of assignment and of duplicates."""

    user_id: str = INTEGRATION_USER
    assigns: bool = False
    """Whether Leads are to be assigned by rule."""
    sees_all_fields: bool = False
    """Whether it is a person of the company on a page, who may do everything there."""
    saves_duplicates: bool = False
    wants_duplicates: bool = False
    """Whether a refused duplicate is to be shown the fields of the record it is one of."""
    root: str = "/services/data/v68.0"
    """The versioned path of the request, for links in refusals."""
