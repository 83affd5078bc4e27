"""The composition root: everything Dagster sees."""

from pathlib import Path

import dagster as dg

from pipelines.resources import LeadcycleResource


@dg.definitions
def defs() -> dg.Definitions:
    """Load the defs folder; give it its one resource and its executor."""
    loaded = dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
    # In one process: starting one for each of a run's seven steps costs more than the steps do.
    ours = dg.Definitions(
        resources={"leadcycle": LeadcycleResource()}, executor=dg.in_process_executor
    )
    return dg.Definitions.merge(loaded, ours)
