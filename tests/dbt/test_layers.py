"""Each layer reads only what stands before it. Read from dbt's manifest."""

from collections.abc import Iterator
from typing import Any

import pytest
from dbt.artifacts.resources.types import NodeType

from tests.dbt.streams import STREAMS
from tests.dbt.warehouse import PROJECT, Project

LAYERS = ["base", "staging", "intermediate", "marts", "sync"]
MAY_READ = {
    "base": set[str](),
    "staging": {"base"},
    "intermediate": {"staging", "intermediate", "cfg"},
    "marts": {"intermediate", "marts", "cfg"},
    "sync": {"staging", "intermediate", "marts"},
}
PREFIX = {"staging": "stg_", "intermediate": "int_"}


@pytest.fixture(scope="module")
def models(project: Project) -> list[Any]:
    nodes = project.manifest.nodes.values()
    return [node for node in nodes if node.resource_type == NodeType.Model]


def _references(project: Project, models: list[Any]) -> Iterator[tuple[Any, Any]]:
    for model in models:
        yield from ((model, project.manifest.nodes[key]) for key in model.depends_on.nodes)


def test_every_layer_reads_only_layers_it_may(project: Project, models: list[Any]) -> None:
    wrong = {
        f"{model.schema}.{model.name} reads {read.schema}.{read.name}"
        for model, read in _references(project, models)
        if read.schema not in MAY_READ[model.schema]
    }
    assert wrong == set()


def test_only_base_reads_the_lake(models: list[Any]) -> None:
    lake_macros = {"macro.leadcycle.landing", "macro.leadcycle.current_versions"}
    readers = {model.schema for model in models if lake_macros & set(model.depends_on.macros)}
    assert readers == {"base"}


def test_every_stream_has_its_base_model(models: list[Any]) -> None:
    assert {model.name for model in models if model.schema == "base"} == set(STREAMS)


def test_a_model_stands_in_the_folder_group_and_schema_of_its_layer(models: list[Any]) -> None:
    places = {(model.fqn[1], model.group, model.schema) for model in models}
    assert places == {(layer, layer, layer) for layer in LAYERS}


def test_names_tell_the_layer(models: list[Any]) -> None:
    wrong = {m.name for m in models if not m.name.startswith(PREFIX.get(m.schema, ""))}
    assert wrong == set()


def test_every_model_and_column_is_described(models: list[Any]) -> None:
    bare = {model.name for model in models if not model.description}
    bare |= {
        f"{model.name}.{column.name}"
        for model in models
        for column in model.columns.values()
        if not column.description
    }
    assert bare == set()


def test_every_mart_and_sync_model_has_an_enforced_contract(models: list[Any]) -> None:
    published = [model for model in models if model.schema in ("marts", "sync")]
    assert [model.name for model in published if not model.contract.enforced] == []


def test_no_model_reads_a_clock_or_recurs() -> None:
    banned = ["current_timestamp", "now()", "current_date", "recursive", "qualify"]
    code = {path.name: path.read_text().lower() for path in PROJECT.glob("m*/**/*.sql")}
    found = {(name, word) for name, text in code.items() for word in banned if word in text}
    assert found - {("connected_labels.sql", "recursive")} == set()


def test_the_docs_name_every_table_that_people_read(models: list[Any]) -> None:
    text = (PROJECT.parent / "docs" / "data-path.md").read_text("utf-8")
    tables = {model.name for model in models if model.schema in ("base", "marts")}
    assert {name for name in tables if f"`{name}`" not in text} == set()
