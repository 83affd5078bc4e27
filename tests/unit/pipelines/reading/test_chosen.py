"""Fields that the rules name, against those that the CRM lists."""

from dataclasses import replace

import pytest

from connectors.arrow import Row, build_table
from connectors.records import Field
from pipelines.reading.chosen import note_unknown_fields
from pipelines.reading.extraction import Extraction
from pipelines.reading.results import StreamResult
from pipelines.reading.rules import CrmRules, ExtractRules, StreamRules
from tests.unit.pipelines.builders import AS_OF, utc
from tests.unit.pipelines.reading.desk import Desk

COLUMNS = (Field("object_name", "string"), Field("property_name", "string"))
RESULTS = (StreamResult("contacts", 3, 3, 1, ()), StreamResult("contact_histories", 1, 1, 1, ()))


def listed(desk: Desk, *names: str, gone: str = "", object_name: str = "contacts") -> None:
    rows = [
        Row(one, utc("2026-11-20"), one == gone, {"object_name": object_name, "property_name": one})
        for one in names
    ]
    desk.lake.append("hubspot", "properties", build_table(COLUMNS, rows), None, AS_OF)


@pytest.fixture
def run(desk: Desk) -> Extraction:
    own = StreamRules(
        include=frozenset({"PHASE", "sise"}), exclude=frozenset({"city"}), histories=("jobtitel",)
    )
    rules = ExtractRules(hubspot=CrmRules(streams={"contacts": own}))
    return replace(desk.run(), rules=rules)


def test_names_that_the_crm_does_not_list_are_told_as_they_are_written(
    desk: Desk, run: Extraction
) -> None:
    listed(desk, "phase", "size", "city", gone="city")
    contacts, histories = note_unknown_fields(run, [desk.stream], RESULTS)
    assert contacts.unknown_fields == ("city", "jobtitel", "sise")
    assert histories == RESULTS[1]


def test_where_the_crm_has_listed_nothing_of_an_object_nothing_is_unknown(
    desk: Desk, run: Extraction
) -> None:
    assert note_unknown_fields(run, [desk.stream], RESULTS) == RESULTS
    listed(desk, "phase", object_name="deals")
    assert note_unknown_fields(run, [desk.stream], RESULTS) == RESULTS


def test_without_choices_nothing_is_looked_up(desk: Desk) -> None:
    listed(desk, "phase")
    assert note_unknown_fields(desk.run(), [desk.stream], RESULTS) == RESULTS
