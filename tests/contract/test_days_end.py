"""What is done with the last of a day's calls, and what is said when there is none."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from connectors.errors import QuotaExhaustedError
from connectors.hubspot.answers import RecordPage
from connectors.hubspot.client import HubSpotClient
from connectors.records import Crm
from pipelines import cli_extract, crms
from pipelines.cli_output import IN_PART, people
from pipelines.crms import connect_destination, connect_source
from pipelines.loop import check_connections
from pipelines.places import store_of
from pipelines.settings import Settings
from pipelines.sync.apply import Account, apply_plan
from pipelines.sync.config import Sync
from tests.contract.conftest import Sandbox
from tests.contract.test_reading_crms import environment
from tests.unit.pipelines.builders import AS_OF, SCORE, plan_changes, row_of, silent

PLENTY: dict[Crm, int] = {"salesforce": 90_000, "hubspot": 600_000}
OF_CONTACTS = Sync.model_validate(
    {
        "name": "hubspot__contacts",
        "crm": "hubspot",
        "object": "contacts",
        "sync_model": "sync_hubspot__contacts",
        "fields": [SCORE | {"field": "reserve_score"}],
        "stamp": {"field": "reserve_stamp", "label": "Stamp"},
        "guards": {},
    }
)


@pytest.fixture
def settings(
    clean_sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    for name, value in environment(clean_sandbox, tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(people, "quiet", people.quiet)
    yield Settings(_env_file=None)
    for crm, left in PLENTY.items():
        leave(clean_sandbox, crm, left)
    for kept in (crms._salesforce_client, crms._hubspot_client):
        kept.cache_clear()


def leave(sandbox: Sandbox, crm: Crm, calls: int) -> None:
    sandbox.order("usage", {"crm": crm, "left": calls})


def contact_of(sandbox: Sandbox) -> str:
    client = HubSpotClient.connect(sandbox.hubspot["base_url"], sandbox.hubspot["access_token"])
    return client.get(client.paths.objects("contacts"), {"limit": 1}, RecordPage).results[0].id


def test_a_plan_is_carried_out_by_what_reading_leaves(
    settings: Settings, clean_sandbox: Sandbox
) -> None:
    record_id = contact_of(clean_sandbox)
    leave(clean_sandbox, "hubspot", 30_000)
    destination, store = connect_destination(settings, "hubspot"), store_of(settings)
    destination.provision("contacts", OF_CONTACTS.own_fields())
    before = {record_id: row_of(record_id)}
    plan = plan_changes(OF_CONTACTS, [row_of(record_id, score=40)], before, {})
    stored = store.keep_plan(OF_CONTACTS, plan, AS_OF, "000001", ())

    assert apply_plan(OF_CONTACTS, stored, destination, store, silent) == Account(written=1)
    assert [row["state"] for row in store.receipts_after(0)] == ["written"]


def test_the_same_account_is_not_read_with_it(settings: Settings, clean_sandbox: Sandbox) -> None:
    leave(clean_sandbox, "hubspot", 30_000)
    source = connect_source(settings, "hubspot")
    source.clock()
    with pytest.raises(QuotaExhaustedError, match="reserve of 10%"):
        source.fields(source.streams()[0])


def test_a_crm_without_a_call_left_is_read_in_part_and_the_other_one_whole(
    settings: Settings, clean_sandbox: Sandbox
) -> None:
    leave(clean_sandbox, "salesforce", 0)
    check_connections(settings)
    done = CliRunner().invoke(cli_extract.extract, ["--json"])
    document = json.loads(done.stdout)

    assert (done.exit_code, document["status"]) == (IN_PART, "partial")
    assert (document["salesforce"]["streams"], document["hubspot"]["status"]) == ({}, "whole")
    assert "wait until the rolling 24 hours" in document["salesforce"]["why"]
