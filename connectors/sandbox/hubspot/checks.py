"""What a write must bring: values that fit their properties, and name what exists."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.hubspot.errors import Problem, invalid_values
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.pipelines import Pipeline, pipelines_of
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.hubspot.values import Kept, check_value
from connectors.sandbox.store import Store


def check_values(
    store: Store, object_type: ObjectType, given: Mapping[str, Any]
) -> dict[str, Kept]:
    """Return given values as they are kept, None for cleared ones; a null is left out.

    Raises:
        Refusal: with every value that is not valid.
    """
    known, checked, problems = properties(store, object_type.name), {}, []
    for name, value in given.items():
        if name not in known:
            message = f'Property "{name}" does not exist'
            problems.append(Problem("PROPERTY_DOESNT_EXIST", name, message))
        elif value is not None:
            result = check_value(known[name], value)
            if isinstance(result, Problem):
                problems.append(result)
            else:
                checked[name] = result
    problems += _dangling(store, object_type, checked)
    if problems:
        raise invalid_values(problems)
    return checked


def _dangling(store: Store, object_type: ObjectType, checked: Mapping[str, Kept]) -> list[Problem]:
    """Return a problem for each value that names an owner, pipeline or stage that is not there."""
    owner = checked.get("hubspot_owner_id")
    problems = []
    if owner is not None and not _is_owner(store, owner):
        problems.append(_not_an_option("hubspot_owner_id", owner, ()))
    if object_type.in_pipelines is not None and not checked.keys().isdisjoint(
        object_type.in_pipelines
    ):
        problems += _out_of_pipelines(store, object_type, checked, *object_type.in_pipelines)
    return problems


def _out_of_pipelines(
    store: Store,
    object_type: ObjectType,
    checked: Mapping[str, Kept],
    pipeline_name: str,
    stage_name: str,
) -> list[Problem]:
    living = [entry for entry in pipelines_of(store, object_type.name) if not entry.archived]
    options: Mapping[str, Sequence[Pipeline]] = {entry.id: (entry,) for entry in living}
    pipeline, stage = checked.get(pipeline_name), checked.get(stage_name)
    problems = []
    if pipeline is not None and pipeline not in options:
        problems.append(_not_an_option(pipeline_name, pipeline, tuple(options)))
    in_question = options.get(str(pipeline), living)
    stages = [known.id for entry in in_question for known in entry.stages]
    if stage is not None and stage not in stages:
        problems.append(_not_an_option(stage_name, stage, stages))
    return problems


def _is_owner(store: Store, owner_id: Kept) -> bool:
    return bool(store.value("select 1 from hubspot_owners where id = ?", owner_id))


def _not_an_option(name: str, value: Kept, options: Sequence[str]) -> Problem:
    message = f"{value} was not one of the allowed options: [{', '.join(options)}]"
    return Problem("INVALID_OPTION", name, message, str(value))
