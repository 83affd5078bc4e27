"""Groups of tied records: what SQL finds equals a plain union of sets, whatever the order."""

import random
from collections.abc import Iterable
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from tests.dbt.warehouse import PROJECT

ROUNDS = 10
Edge = tuple[int, int]


def query() -> str:
    """Return the macro as the models use it, over a table `told_edges`."""
    macro = (PROJECT / "macros" / "connected_labels.sql").read_text("utf-8")
    template = Environment(autoescape=False).from_string(
        f"{macro} with {{{{ default__connected_labels('from told_edges', {ROUNDS}) }}}}"
        " select node, label from labels"
    )
    return template.render(computed_once=lambda: "materialized")


def labels(edges: Iterable[Edge]) -> dict[int, int]:
    with duckdb.connect() as db:
        db.execute("create table told_edges (node bigint, neighbour bigint)")
        ends = [list(end) for end in zip(*edges, strict=True)]
        db.execute("insert into told_edges select unnest(?), unnest(?)", ends)
        return dict(db.execute(query()).fetchall())


def expected(edges: Iterable[Edge]) -> dict[int, int]:
    group: dict[int, set[int]] = {}
    for one, other in edges:
        joined = group.get(one, {one}) | group.get(other, {other})
        group |= dict.fromkeys(joined, joined)
    return {node: min(nodes) for node, nodes in group.items()}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=45))
def test_groups_are_those_of_a_plain_union_of_sets(edges: list[Edge]) -> None:
    assert labels(edges) == expected(edges)


@pytest.mark.parametrize("seed", range(3))
def test_a_chain_of_500_records_in_any_order_is_one_group(seed: int) -> None:
    nodes = list(range(500))
    random.Random(seed).shuffle(nodes)

    assert set(labels(pairwise(nodes)).values()) == {0}
