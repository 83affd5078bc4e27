"""Accept the graph as it is now: `python -m tests.definitions.write_graph`."""

import yaml

from pipelines.definitions import defs
from tests.definitions.test_definitions import GRAPH, graph_of

if __name__ == "__main__":
    GRAPH.write_text(yaml.safe_dump(graph_of(defs()), sort_keys=False))
