"""The composition root: everything Dagster sees."""

from pathlib import Path

import dagster as dg

from pipelines.resources import LeadcycleResource


@dg.definitions
def defs() -> dg.Definitions:
    """Load the defs folder and give its assets their one resource."""
    loaded = dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
    return dg.Definitions.merge(
        loaded, dg.Definitions(resources={"leadcycle": LeadcycleResource()})
    )
