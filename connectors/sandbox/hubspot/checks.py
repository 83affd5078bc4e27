"""What a write must bring: values that fit their properties, and name what exists."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from connectors.sandbox.hubspot.errors import Problem, bad_input, invalid_values
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.pipelines import pipelines_of
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.hubspot.values import Kept, check_value, is_empty
from connectors.sandbox.store import Store


def check_values(
    store: Store,
    object_type: ObjectType,
    given: Mapping[str, Any],
    held: Mapping[str, Kept] = MappingProxyType({}),
) -> dict[str, Kept]:
    """Return given values as they are kept, None for cleared ones; a null is left out.

    `held` is what the record holds already, by which a stage or a pipeline alone is judged.

    Raises:
        Refusal: one is a list or an object; or with every value that is not valid.
    """
    for name, value in given.items():
        if isinstance(value, list | dict):
            raise bad_input(f"Invalid input JSON: the value of {name} must be a text")
    known, checked, problems = properties(store, object_type.name), {}, []
    for name, value in given.items():
        if name not in known:
            problems.append(_unknown(name))
        elif value is not None:
            result = check_value(known[name], value)
            if isinstance(result, Problem):
                problems.append(result)
            else:
                checked[name] = result
    problems += _dangling(store, object_type, checked, held)
    if problems:
        raise invalid_values(problems)
    return checked


def check_known(
    store: Store, object_type: ObjectType, several: Iterable[Mapping[str, Any]]
) -> None:
    """Let the values of a batch's inputs pass that are of properties of the object.

    Raises:
        Refusal: with every other name.
    """
    known = properties(store, object_type.name)
    given = dict.fromkeys(name for values in several for name in values)
    problems = [_unknown(name) for name in given if name not in known]
    if problems:
        raise invalid_values(problems)


def _unknown(name: str) -> Problem:
    return Problem("PROPERTY_DOESNT_EXIST", name, f'Property "{name}" does not exist')


def _dangling(
    store: Store, object_type: ObjectType, checked: Mapping[str, Kept], held: Mapping[str, Kept]
) -> list[Problem]:
    """Return a problem for each value that names an owner, pipeline or stage that is not there."""
    owner = checked.get("hubspot_owner_id")
    problems = []
    if owner is not None and not _is_owner(store, owner):
        problems.append(_not_an_option("hubspot_owner_id", owner, ()))
    if object_type.in_pipelines is not None and not checked.keys().isdisjoint(
        object_type.in_pipelines
    ):
        after = {**held, **checked}
        problems += _out_of_pipelines(store, object_type, after, *object_type.in_pipelines)
    return problems


def _out_of_pipelines(
    store: Store,
    object_type: ObjectType,
    after: Mapping[str, Kept],
    pipeline_name: str,
    stage_name: str,
) -> list[Problem]:
    known = {entry.id: entry for entry in pipelines_of(store, object_type.name)}
    pipeline, stage = after.get(pipeline_name), after.get(stage_name)
    problems = []
    if not is_empty(pipeline) and pipeline not in known:
        problems.append(_not_an_option(pipeline_name, pipeline, tuple(known)))
    in_question = [known[str(pipeline)]] if pipeline in known else known.values()
    stages = [one.id for entry in in_question for one in entry.stages]
    if not is_empty(stage) and stage not in stages:
        problems.append(_not_an_option(stage_name, stage, stages))
    return problems


def _is_owner(store: Store, owner_id: Kept) -> bool:
    return bool(store.value("select 1 from hubspot_owners where id = ?", owner_id))


def _not_an_option(name: str, value: Kept, options: Sequence[str]) -> Problem:
    message = f"{value} was not one of the allowed options: [{', '.join(options)}]"
    return Problem("INVALID_OPTION", name, message, str(value))
