"""Whose rows are made anew is decided by a fingerprint: of all that those rows are made of.

A model that begins to read something the fingerprint does not know would keep old rows for people
of whom only that has news. Read from dbt's manifest.
"""

from typing import Any

import pytest
from dbt.artifacts.resources.types import NodeType

from tests.dbt.warehouse import Project

FINGERPRINTS = {
    "person_id": {"int_person_inputs", "int_opportunity_inputs"},
    "touch_id": {"int_changed_touches"},
}
"""Models that tell whose rows have to be made anew, by whose rows they are."""

TOUCHED = {"int_touched_people", "int_changed_touches"}
"""Which rows those are."""

IN_OTHER_WORDS = {
    "touch_id": {
        # Every row of theirs is named by the load it came with.
        "stg_hubspot__calls", "stg_hubspot__emails", "stg_hubspot__form_submissions",
        "stg_hubspot__meetings", "stg_hubspot__notes", "stg_hubspot__tasks",
        "stg_hubspot__association_readings",
        # News of these name the activities that mention them.
        "stg_salesforce__campaigns", "stg_salesforce__contacts", "stg_salesforce__leads",
    },
    "person_id": {
        # The records of `int_person_records` before anybody says whose they are.
        "int_crm_records",
        # Only its state is read, which `int_opportunity_states` tells.
        "opportunities",
    },
}  # fmt: skip
"""Models that a fingerprint knows without reading them."""


@pytest.mark.parametrize("key", sorted(FINGERPRINTS))
def test_what_rows_are_made_of_is_in_their_fingerprint(project: Project, key: str) -> None:
    assert unknown(project, key) == set()


def test_what_no_fingerprint_knows_is_found(project: Project) -> None:
    found = unknown(project, "person_id", {"int_person_inputs"})

    assert ("int_opportunity_states", "stg_salesforce__opportunity_histories") in found


def unknown(
    project: Project, key: str, fingerprints: set[str] | None = None
) -> set[tuple[str, str]]:
    """Return the staging models that rows are made of unknown to a fingerprint, with the reader."""
    models = {node.name: node for node in project.manifest.nodes.values() if _is_model(node)}
    recomputed = {name for name, node in models.items() if _is_recomputed(node, key)}
    assert len(recomputed) > 3
    ways = fingerprints or FINGERPRINTS[key]
    known = {read for way in ways for read in _reads(project, models[way])}
    known |= ways | recomputed | IN_OTHER_WORDS[key] | TOUCHED

    found, asked, seen = set[tuple[str, str]](), sorted(recomputed), set(recomputed)
    while asked:
        reader = asked.pop()
        for read in _reads(project, models[reader]) & set(models) - known:
            if models[read].schema == "staging":
                found.add((reader, read))
            elif read not in seen:
                seen.add(read)
                asked.append(read)
    return found


def _reads(project: Project, model: Any) -> set[str]:
    return {project.manifest.nodes[key].name for key in model.depends_on.nodes}


def _is_model(node: Any) -> bool:
    return bool(node.resource_type == NodeType.Model)


def _is_recomputed(model: Any, key: str) -> bool:
    config = model.config
    return config.get("incremental_strategy") == "recomputed" and config.get("unique_key") == key
