"""Fields that `extract.yml` names: in any case, and told of where the CRM has none such."""

from pathlib import Path

import pytest

from pipelines.doctor import examine
from tests.survival.world import World

RULES = """
salesforce: {streams: {leads: {exclude: [fax, Nmae__c]}}}
hubspot: {streams: {contacts: {include: [City, citty], histories: [jobtitel]}}}
"""


@pytest.fixture
def choosy(world: World, tmp_path: Path) -> World:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "extract.yml").write_text(RULES, "utf-8")
    world.settings_beside = {"LEADCYCLE_REVOPS": rules}
    return world


def test_what_is_left_out_is_not_read_in_whatever_case_it_is_written(choosy: World) -> None:
    result = choosy.extract("salesforce", "leads", "fields")
    [leads] = [one for one in result.streams if one.stream == "leads"]
    read = choosy.lake.current("salesforce", "leads", ("Salutation", "Fax"))
    assert read.column_names[3:] == ["Salutation"]
    assert (leads.status, leads.unknown_fields) == ("whole", ("Nmae__c",))


def test_the_doctor_names_what_is_mistyped_before_it_is_read(choosy: World) -> None:
    found = {s.subject: s for _, s in examine(choosy.settings) if s.subject.endswith(": fields")}
    assert {subject: (one.state, one.what) for subject, one in found.items()} == {
        "leads: fields": (
            "warning",
            "extract.yml names Nmae__c: our user sees no such field",
        ),
        "contacts: fields": (
            "warning",
            "extract.yml names citty, jobtitel: our user sees no such field",
        ),
    }
