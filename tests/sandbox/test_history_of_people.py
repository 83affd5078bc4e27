"""What the CRMs hold must tell the truth the people were drawn with."""

from typing import Any

import pytest

from connectors.sandbox.clock import START
from connectors.sandbox.hubspot.seed import STAGE
from connectors.sandbox.people import Person, draw_people
from connectors.sandbox.salesforce.seed import STATUS
from tests.sandbox.clients import Admin
from tests.sandbox.conftest import PEOPLE, SEED


@pytest.fixture
def dump(admin: Admin) -> dict[str, Any]:
    return admin.dump()


def drawn_people(*systems: str) -> list[Person]:
    return [person for person in draw_people(PEOPLE, SEED, START) if person.systems in systems]


def test_a_lead_stands_where_its_path_and_its_history_end(dump: dict[str, Any]) -> None:
    people = drawn_people("salesforce", "both")
    for person, lead in zip(people, dump["salesforce"]["Lead"], strict=True):
        changes = [
            entry["NewValue"]
            for entry in dump["salesforce"]["LeadHistory"]
            if entry["LeadId"] == lead["Id"] and entry["Field"] == "Status"
        ]
        assert lead["Status"] == STATUS[person.steps[-1].stage]
        assert lead["Status"] == ["New", *changes][-1]


def test_lead_history_is_a_chain(dump: dict[str, Any]) -> None:
    for lead in dump["salesforce"]["Lead"]:
        held = "New"
        for entry in dump["salesforce"]["LeadHistory"]:
            if entry["LeadId"] == lead["Id"] and entry["Field"] == "Status":
                assert entry["OldValue"] == held
                held = entry["NewValue"]


def test_a_contact_stands_where_its_path_and_its_history_end(dump: dict[str, Any]) -> None:
    ids = {contact["email"]: contact["id"] for contact in dump["hubspot"]["contacts"]}
    for person in drawn_people("hubspot", "both"):
        entries = [
            entry["value"]
            for entry in dump["hubspot"]["history"]
            if entry["contact_id"] == ids[person.email] and entry["property"] == "lifecyclestage"
        ]
        assert entries[-1] == STAGE[person.steps[-1].stage]


def test_every_form_of_a_person_is_a_submission(dump: dict[str, Any]) -> None:
    forms = [t for p in drawn_people("hubspot", "both") for t in p.touches if t.kind == "form"]
    assert len(dump["hubspot"]["submissions"]) == len(forms)


def test_every_other_touch_is_a_task(dump: dict[str, Any]) -> None:
    tasks = [t for p in drawn_people("salesforce", "both") for t in p.touches if t.kind != "form"]
    subjects = sorted(task["Subject"] for task in dump["salesforce"]["Task"])
    assert subjects == sorted(touch.what for touch in tasks)
