"""Composite graphs: up to 75 graphs of requests, each of them done as a whole or not at all.

Source: REST API Developer Guide, "Composite Graph" and "Composite Graph Limits".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.composite.references import (
    DanglingError,
    references_of,
    resolved,
)
from connectors.sandbox.salesforce.composite.subrequests import (
    ROLLED_BACK,
    Dispatch,
    Subrequest,
    check_unique,
    composite_result,
    halted,
    read_subrequests,
)
from connectors.sandbox.salesforce.composite.undoing import UndoneError
from connectors.sandbox.salesforce.errors import Refusal, bad_json
from connectors.sandbox.salesforce.requests import json_object
from connectors.sandbox.web import Answer, Call, Endpoint

GRAPHS, NODES, DEPTH, KINDS, FAILURES = 75, 500, 15, 15, 14
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,39}")
_NODE = re.compile(r"/services/data/v\d+\.0/sobjects/(\w+)(/[^/]+){0,2}")
Result = dict[str, Any]


@dataclass(frozen=True)
class Graph:
    """Requests that are done as a whole, in the order given."""

    graph_id: str
    nodes: Sequence[Subrequest]


def run_graphs(dispatch: Dispatch, sandbox: Sandbox, call: Call) -> Answer:
    """POST composite/graph."""
    graphs = _read(json_object(call).get("graphs"))
    answered: list[Result] = []
    for graph in graphs:
        if sum(not done["isSuccessful"] for done in answered) > FAILURES:
            message = "Processing was halted since too many graphs failed."
            answered.append(_shown(graph, [halted(node, message) for node in graph.nodes]))
        else:
            answered.append(_shown(graph, _run(graph, sandbox, call, dispatch)))
    return Answer(200, {"graphs": answered})


def _run(graph: Graph, sandbox: Sandbox, call: Call, dispatch: Dispatch) -> list[Result]:
    try:
        with sandbox.store.savepoint():
            return _run_nodes(graph, sandbox, call, dispatch)
    except UndoneError as failed:
        last = len(failed.results) - 1
        return [
            failed.results[place] if place == last else halted(node, ROLLED_BACK)
            for place, node in enumerate(graph.nodes)
        ]


def _run_nodes(graph: Graph, sandbox: Sandbox, call: Call, dispatch: Dispatch) -> list[Result]:
    results: list[Result] = []
    answers: dict[str, Any] = {}
    for node in graph.nodes:
        try:
            answer = resolved(node, answers).sent(sandbox, call, dispatch)
        except DanglingError as error:
            raise UndoneError([*results, halted(node, str(error))]) from error
        results.append(composite_result(node, answer))
        if answer.status >= 400:
            raise UndoneError(results)
        answers[node.reference_id] = answer.body
    return results


def _shown(graph: Graph, results: list[Result]) -> Result:
    return {
        "graphId": graph.graph_id,
        "graphResponse": {"compositeResponse": results},
        "isSuccessful": all(result["httpStatusCode"] < 400 for result in results),
    }


def _read(listed: Any) -> list[Graph]:
    if not isinstance(listed, list) or not listed:
        raise bad_json("graphs: a list of graphs is required")
    graphs = [_read_graph(entry) for entry in listed]
    check_unique([graph.graph_id for graph in graphs], "graphId")
    nodes = [node for graph in graphs for node in graph.nodes]
    _check_limit(len(graphs), GRAPHS, "graphs in a request")
    _check_limit(len(nodes), NODES, "nodes in a request")
    _check_limit(len({_kind(node) for node in nodes}), KINDS, "different nodes in a request")
    for graph in graphs:
        _check_limit(_depth(graph), DEPTH, "levels in a graph")
    return graphs


def _read_graph(given: Any) -> Graph:
    entry = given if isinstance(given, dict) else {}
    graph_id = entry.get("graphId")
    if not isinstance(graph_id, str) or not _ID.fullmatch(graph_id):
        message = "graphId: up to 40 letters, digits and underscores, no underscore first"
        raise bad_json(message)
    nodes = read_subrequests(entry.get("compositeRequest"))
    for node in nodes:
        if not _NODE.fullmatch(node.path):
            message = f"The url {node.url} can not be called in a composite graph"
            raise Refusal("INVALID_URL", message)
    return Graph(graph_id, nodes)


def _kind(node: Subrequest) -> tuple[str, str]:
    """Return what makes nodes different: the method, and the version and object they name."""
    return node.method, "/".join(node.path.lower().split("/")[:6])


def _depth(graph: Graph) -> int:
    """Return the length of the longest chain of nodes that refer to one another."""
    depths: dict[str, int] = {}
    for node in graph.nodes:
        before = [depths.get(name, 0) for name in references_of(node)]
        depths[node.reference_id] = 1 + max(before, default=0)
    return max(depths.values())


def _check_limit(found: int, limit: int, what: str) -> None:
    if found > limit:
        raise Refusal("LIMIT_EXCEEDED", f"At most {limit} {what} are allowed; there are {found}")


def endpoints(dispatch: Dispatch) -> tuple[Endpoint, ...]:
    """Return the endpoint, which sends what it holds through the given dispatch."""
    path = "/services/data/{version}/composite/graph"
    return (Endpoint("POST", path, partial(run_graphs, dispatch), "write"),)
