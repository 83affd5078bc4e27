import pytest

from connectors.errors import UnreadableAnswerError
from connectors.hubspot.answers import RecordPage
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.paging import read_pages
from tests.unit.connectors.scripted import Answer, Script

OWNERS = "/crm/v3/owners"


def page(after: str = "") -> Answer:
    paging = {"paging": {"next": {"after": after}}} if after else {}
    return Answer({"results": [], **paging})


def test_a_list_is_followed_to_the_page_that_names_no_other(
    script: Script, client: HubSpotClient
) -> None:
    script.on("GET", OWNERS, page("b"), page("c"), page())
    assert len(list(read_pages(client, OWNERS, {}, RecordPage))) == 3
    assert [asked.query.get("after") for asked in script.asked] == [None, "b", "c"]


@pytest.mark.parametrize("circle", ["a", "ba", "cba"])
def test_pages_that_lead_back_to_an_earlier_one_are_an_error(
    script: Script, client: HubSpotClient, circle: str
) -> None:
    script.on("GET", OWNERS, *[page(place) for place in circle * 5], page())
    with pytest.raises(UnreadableAnswerError, match="begins where another one did"):
        list(read_pages(client, OWNERS, {}, RecordPage, after="a"))
    assert len(script.asked) == len(circle)
