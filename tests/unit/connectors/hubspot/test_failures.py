"""Single records that HubSpot fails at each time: all others come, and those are named."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from connectors.errors import FailedRecordsError, UnavailableError, UnreadableAnswerError
from connectors.hubspot import association_sets, failures, lookups
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.people import CONTACTS
from connectors.records import Batch, Cursor, Field
from connectors.values import format_datetime
from tests.unit.connectors.hubspot import portal
from tests.unit.connectors.hubspot.portal import CLOCK, OBJECTS, Portal, at, contact
from tests.unit.connectors.scripted import Answer, Asked, Script

FIELDS = tuple(Field(n, "string") for n in ("hs_object_id", "email"))
IDS = [str(n) for n in range(1, 7)]


@pytest.fixture(autouse=True)
def _large_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "PAGE", len(IDS))


@dataclass
class Failing(Portal):
    """A portal of six contacts that fails at some of them each time."""

    lost: Collection[str] = ()
    far: Collection[str] = ()
    """Those whose associations it fails at."""
    alone: Answer | None = None
    """What it answers to a batch of nobody else, instead of naming them."""
    is_wide: bool = False
    """Whether its lists take no properties."""

    def list(self, asked: Asked) -> Answer:
        if self.is_wide and "properties" in asked.query:
            return Answer("<html>too long</html>", 414)
        return super().list(asked)

    def read(self, asked: Asked) -> Answer:
        is_bin = asked.query.get("archived") == "true"
        held = Portal(self.archived if is_bin else self.living)
        return self._spoilt(asked, held.read(asked).body, self.lost)

    def associations(self, asked: Asked) -> Answer:
        return self._spoilt(asked, super().associations(asked).body, self.far)

    def _spoilt(self, asked: Asked, body: dict[str, Any], lost: Collection[str]) -> Answer:
        ids = [entry["id"] for entry in asked.json()["inputs"]]
        failed = [one for one in ids if one in lost]
        if not failed:
            return Answer(body)
        if self.alone and failed == ids:
            return self.alone
        results = [one for one in body["results"] if one.get("id") not in failed]
        told = [error for error in body["errors"] if "fromObjectId" in error["context"]]
        for error in told:
            error["context"]["fromObjectId"] = [one for one in ids if one not in failed]
        named = {"ids" if lost is self.lost else "fromObjectId": failed}
        errors = [*told, {"category": "INTERNAL_ERROR", "context": named}]
        return Answer({**body, "results": results, "errors": errors}, 207)


def fail_at(script: Script, *lost: str, part: str = "lost", changed: int = 6, **more: Any) -> None:
    """Let HubSpot fail at these of six contacts of one minute, or at a part of them."""
    failing = Failing([contact(n, 31 if n <= changed else 1) for n in range(1, 7)], **more)
    setattr(failing, part, lost)
    failing.attach(script)


def come(batches: Iterable[Batch], name: str = "contacts") -> tuple[list[str], set[str]]:
    """Return the ids of the rows that came, and of the records that HubSpot failed at."""
    ids: list[str] = []
    failed: set[str] = set()
    for batch in batches:
        failed |= batch.failed
        ids += batch.tables[name]["_record_id"].to_pylist() if name in batch.tables else []
    return sorted(ids), failed


def others(*lost: str) -> list[str]:
    return [one for one in IDS if one not in lost]


def by_id(client: HubSpotClient, ids: Collection[str] = IDS) -> Iterable[Batch]:
    return HubSpotSource(client).read_records(CONTACTS.stream, FIELDS, list(ids))


@pytest.mark.parametrize("category", ["INTERNAL_ERROR", ""])
def test_what_hubspot_fails_to_read_again_and_again_is_not_gone(
    script: Script, client: HubSpotClient, category: str
) -> None:
    error = {"category": category, "context": {"ids": ["1"]}}
    script.on("POST", f"{OBJECTS}/batch/read", Answer({"results": [], "errors": [error]}, 207))
    assert come(by_id(client, ["1"])) == ([], {"1"})


def test_records_that_hubspot_fails_at_are_named_beside_the_others(
    script: Script, client: HubSpotClient
) -> None:
    fail_at(script, "5", "6")
    assert come(by_id(client)) == (others("5", "6"), {"5", "6"})
    asked = [len(one.json()["inputs"]) for one in script.asked_for(f"{OBJECTS}/batch/read")]
    assert asked == [6, 2, 2]


NO_NAMES = [
    Answer({"category": "INTERNAL_ERROR"}, 500),
    Answer({"results": [], "errors": [{"category": "INTERNAL_ERROR"}]}, 207),
]


@pytest.mark.parametrize(("part", "answer"), [("lost", NO_NAMES[0]), ("far", NO_NAMES[1])])
def test_asked_for_them_alone_hubspot_may_answer_as_it_likes(
    script: Script, client: HubSpotClient, part: str, answer: Answer
) -> None:
    fail_at(script, "5", "6", part=part, alone=answer)
    kept = others("5", "6") if part == "lost" else IDS
    assert come(by_id(client)) == (kept, {"5", "6"})


@pytest.mark.parametrize("answer", NO_NAMES, ids=["none", "no names"])
@pytest.mark.parametrize("part", ["lost", "far"])
def test_a_record_that_was_asked_for_alone_needs_no_name(
    script: Script, client: HubSpotClient, part: str, answer: Answer
) -> None:
    fail_at(script, "5", part=part, alone=answer)
    assert come(by_id(client, ["5"]))[1] == {"5"}


@pytest.mark.parametrize("part", ["lost", "far"])
def test_an_increment_names_what_hubspot_fails_at_and_its_cursor_goes_on(
    script: Script, client: HubSpotClient, part: str
) -> None:
    fail_at(script, "2", part=part)
    batches = list(HubSpotSource(client).read(CONTACTS.stream, FIELDS, Cursor(at(30))))
    kept = others("2") if part == "lost" else IDS
    assert come(batches) == (kept, {"2"})
    assert batches[-1].cursor == Cursor(at(31), read_at=CLOCK)


def test_an_increment_of_nothing_else_goes_on_as_well(
    script: Script, client: HubSpotClient
) -> None:
    fail_at(script, *IDS)
    batches = list(HubSpotSource(client).read(CONTACTS.stream, FIELDS, Cursor(at(30))))
    assert come(batches) == ([], set(IDS))
    assert batches[-1].cursor == Cursor(at(30), read_at=CLOCK)


@pytest.mark.parametrize(("part", "kept"), [("lost", []), ("far", ["1", "2"])])
def test_a_window_of_a_few_that_hubspot_gives_no_answer_to_ends_no_increment(
    script: Script, client: HubSpotClient, part: str, kept: list[str]
) -> None:
    fail_at(script, "1", "2", part=part, changed=2, alone=NO_NAMES[0])
    batches = list(HubSpotSource(client).read(CONTACTS.stream, FIELDS, Cursor(at(30))))
    assert come(batches) == (kept, {"1", "2"})


@pytest.mark.parametrize("part", ["lost", "far"])
def test_a_window_of_more_without_any_answer_is_an_outage(
    script: Script, client: HubSpotClient, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(lookups, "FEW", 1)
    monkeypatch.setattr(association_sets, "FEW", 1)
    fail_at(script, "1", "2", part=part, changed=2, alone=NO_NAMES[0])
    with pytest.raises(UnavailableError):
        list(HubSpotSource(client).read(CONTACTS.stream, FIELDS, Cursor(at(30))))


def test_a_second_look_names_what_hubspot_fails_at(script: Script, client: HubSpotClient) -> None:
    fail_at(script, "3")
    looks = HubSpotSource(client).reread(CONTACTS.stream, FIELDS, at(30), at(40))
    assert come(looks) == (others("3"), {"3"})


def test_a_record_that_hubspot_fails_at_costs_no_other_where_it_is_a_batch_alone(
    script: Script, client: HubSpotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "LIST_SIZE", 3)
    monkeypatch.setattr(lookups, "HISTORY_SIZE", 3)
    fail_at(script, "4")
    assert come(by_id(client, IDS[:4])) == (["1", "2", "3"], {"4"})


@pytest.mark.parametrize("part", ["lost", "far"])
def test_more_failures_than_single_records_can_be_at_fault_for_end_the_reading(
    script: Script, client: HubSpotClient, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(failures, "MOST_FAILED", 1)
    fail_at(script, "1", "2", part=part)
    with pytest.raises(UnreadableAnswerError, match="fails at 2 records, such as 1"):
        list(by_id(client))


def test_a_record_whose_associations_hubspot_fails_at_has_no_row_of_them(
    script: Script, client: HubSpotClient
) -> None:
    fail_at(script, "5", part="far")
    found = HubSpotSource(client).read_details(CONTACTS.stream, ["contact_associations"], IDS)
    rows = [f"contacts:{one}:companies" for one in others("5")]
    assert come(found, "contact_associations") == (rows, {"5"})


def test_histories_that_hubspot_fails_at_cost_no_associations(
    script: Script, client: HubSpotClient
) -> None:
    fail_at(script, "5")
    names = ["contact_histories", "contact_associations"]
    found = HubSpotSource(client).read_details(CONTACTS.stream, names, IDS)
    assert len(come(found, "contact_associations")[0]) == len(IDS)


def test_the_list_of_an_object_of_many_properties_is_read_on_behind_a_failure(
    script: Script, client: HubSpotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails at the whole first page, and at what begins another."""
    monkeypatch.setattr(portal, "PAGE", 2)
    lost = ("1", "2", "5")
    fail_at(script, *lost, is_wide=True)
    batches = list(HubSpotSource(client).read(CONTACTS.stream, FIELDS, None))
    assert come(batches) == (others(*lost), set(lost))
    assert batches[-1].cursor == Cursor(at(31), read_at=CLOCK)


def test_a_survey_tells_of_all_others_first(script: Script, client: HubSpotClient) -> None:
    fail_at(script, "5", is_wide=True)
    told = HubSpotSource(client).survey(CONTACTS.stream, FIELDS)
    assert next(told)["_record_id"].to_pylist() == others("5")
    with pytest.raises(FailedRecordsError, match="These did not come: 5") as failure:
        next(told)
    assert failure.value.record_ids == {"5"}


def test_a_removal_needs_no_values_of_what_hubspot_fails_at(
    script: Script, client: HubSpotClient
) -> None:
    bin_ = [{**contact(n, 31), "archivedAt": format_datetime(at(n))} for n in (1, 2)]
    Failing([], bin_, lost=("1",), is_wide=True).attach(script)
    batches = list(HubSpotSource(client).deletions(CONTACTS.stream, FIELDS, at(0)))
    assert come(batches) == (["1", "2"], set())
    [table] = [batch.tables["contacts"] for batch in batches]
    assert table["_modified_at"].to_pylist() == [at(1), at(2)]
    assert table["hs_object_id"].to_pylist() == [None, "2"]
