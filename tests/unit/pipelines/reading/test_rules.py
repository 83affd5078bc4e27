"""`extract.yml`: every key has a default, and a wrong one is named with what was perhaps meant."""

from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.crms import CRMS, extract_rules, hubspot_objects, streams_of
from pipelines.reading.rules import (
    CrmRules,
    Every,
    ExtractRules,
    StreamRules,
    load_extract_rules,
    with_rules,
)
from pipelines.rules.problems import RulesError
from pipelines.settings import PROJECT_ROOT, Settings
from tests.unit.pipelines.reading.desk import CONTACTS


def written(folder: Path, text: str) -> Path:
    (folder / "extract.yml").write_text(text, "utf-8")
    return folder


def problems_of(folder: Path, text: str) -> str:
    with pytest.raises(RulesError) as raised:
        extract_rules(Settings(LEADCYCLE_REVOPS=written(folder, text)))
    return "\n".join(map(str, raised.value.errors))


def test_the_file_that_is_shipped_says_the_defaults() -> None:
    assert load_extract_rules(PROJECT_ROOT / "revops") == ExtractRules()


def test_without_a_file_every_key_has_its_default(tmp_path: Path) -> None:
    assert load_extract_rules(tmp_path) == ExtractRules()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("reserv: 0.2", "extract.yml:1:reserv: '0.2' is no key of this file. Did you mean reserve"),
        ("every:\n  setled: 5", "extract.yml:2:every.setled: '5' is no key of this file. Did you"),
        ("reserve: 1", "extract.yml:1:reserve: '1' Input should be less than 1"),
        ("every:\n  audit: -1", "extract.yml:2:every.audit: '-1' Input should be greater than"),
        (
            "hubspot: {streams: {contcts: {}}}",
            "'contcts' is no stream of hubspot. Did you mean con",
        ),
        (
            "salesforce: {streams: {leads: {histories: [Title]}}}",
            "salesforce.streams.leads.histories: goes with streams whose past values can be read",
        ),
        (
            "salesforce: {custom_objects: [Tasks]}",
            "salesforce.custom_objects: 'Tasks' is read already, as the stream tasks.",
        ),
        ("salesforce: {custom_objects: [task]}", "'task' is read already, as the stream tasks."),
        (
            "salesforce: {custom_objects: [Machine__c, machine__C]}",
            "salesforce.custom_objects: 'machine__C' is read already, as the stream machine__c.",
        ),
        (
            "hubspot: {custom_objects: [machines, Machines]}",
            "hubspot.custom_objects: 'Machines' is read already, as the stream machines.",
        ),
        ("every: [", "extract.yml:1: is not YAML"),
    ],
)
def test_a_wrong_key_is_named_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in problems_of(tmp_path, text)


def test_an_interval_is_a_tenth_shorter_than_said() -> None:
    assert Every(audit=60).interval("audit") == timedelta(minutes=54)
    assert Every(audit=0).interval("audit") == timedelta(0)


def test_a_stream_is_read_with_the_fields_that_the_file_chooses() -> None:
    own = StreamRules(include=frozenset({"phase", "size"}), exclude=frozenset({"size", "email"}))
    rules = CrmRules(streams={"contacts": own})

    described = {"email": "string", "phase": "string", "size": "integer", "other": "string"}
    chosen = with_rules(CONTACTS, rules).choose_fields(described)  # type: ignore[arg-type]

    assert [field.name for field in chosen] == ["email", "phase", "jobtitle"]
    assert with_rules(CONTACTS, CrmRules()) is CONTACTS


def test_the_case_of_a_chosen_field_is_no_matter() -> None:
    described = {"Phase": "string", "Notes__c": "string", "Other": "string"}
    for own in (
        StreamRules(include=frozenset({"PHASE"})),
        StreamRules(exclude=frozenset({"notes__C", "other"})),
    ):
        stream = with_rules(CONTACTS, CrmRules(streams={"contacts": own}))
        chosen = stream.choose_fields(described)  # type: ignore[arg-type]
        assert [field.name for field in chosen if field.exists] == ["Phase"]


def test_custom_objects_are_streams_like_any_other(tmp_path: Path) -> None:
    text = "salesforce: {custom_objects: [Machine__c]}\nhubspot: {custom_objects: [machines]}"
    rules = load_extract_rules(written(tmp_path, text))

    last = {crm: streams_of(crm, rules.of(crm))[-1] for crm in CRMS}

    assert {crm: stream.name for crm, stream in last.items()} == {
        "salesforce": "machine__c",
        "hubspot": "machines",
    }


@pytest.mark.parametrize("name", ["companies", "machines"])
@pytest.mark.parametrize("size", ["size", "Size"])
def test_past_values_can_be_read_of_any_object_of_hubspot_and_are_named_in_any_case(
    tmp_path: Path, name: str, size: str
) -> None:
    text = f"hubspot: {{custom_objects: [machines], streams: {{{name}: {{histories: [{size}]}}}}}}"
    rules = extract_rules(Settings(LEADCYCLE_REVOPS=written(tmp_path, text)))

    [known] = [known for known in hubspot_objects(rules.hubspot) if known.name == name]
    [stream] = [stream for stream in streams_of("hubspot", rules.hubspot) if stream.name == name]

    assert (known.histories, known.stream) == (("size",), stream)
    assert known.history_stream in stream.details
