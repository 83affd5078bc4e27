"""Forms, living and archived."""

from collections.abc import Iterator, Sequence

from connectors.hubspot.answers import Form, FormPage
from connectors.hubspot.catalogs.parts import Entry, Page, Part
from connectors.hubspot.client import HubSpotClient, Params
from connectors.hubspot.paging import read_pages
from connectors.hubspot.streams.shape import ObjectStream

PAGE_SIZE = 100


def form_parts(client: HubSpotClient, _objects: Sequence[ObjectStream]) -> Iterator[Part]:
    """Yield the one part that all forms make."""
    yield Part("", _pages(client))


def list_forms(client: HubSpotClient) -> list[Form]:
    """Return every form, living or archived, in order of id."""
    found: dict[str, Form] = {}
    for archived in ("false", "true"):
        params: Params = {"limit": PAGE_SIZE, "formTypes": "all", "archived": archived}
        for page in read_pages(client, client.paths.forms(), params, FormPage):
            # A form that is archived between the two lists stands in both.
            found |= {form.id: form for form in page.results}
    return [found[form_id] for form_id in sorted(found)]


def _pages(client: HubSpotClient) -> Iterator[Page]:
    yield Page(map(_entry, list_forms(client)), client.latest_time())


def _entry(form: Form) -> Entry:
    return form.id, {
        "form_id": form.id,
        "name": form.name,
        "form_type": form.form_type,
        "is_archived": form.archived,
        "created_at": form.created_at,
        "updated_at": form.updated_at,
    }
