"""Tables of base for what a company has made itself: no model can know them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipelines.project import BuildError, run_dbt
from pipelines.settings import Target


def keep_custom_objects(
    warehouse: Path,
    target_dir: Path,
    variables: Mapping[str, object],
    streams: Iterable[str],
    target: Target = "duckdb",
) -> dict[str, str]:
    """Make the table of each stream anew where the lake has newer loads of it.

    Each by an operation of its own: one that fails keeps none of the others from being built.

    Args:
        warehouse: The file, whose models are built.
        target_dir: dbt's own folder.
        variables: As for the models.
        streams: `<crm>__<object>` of those that no model covers.
        target: As for the models.

    Returns:
        By stream, why its table could not be made; it stands as it was.
    """
    failed: dict[str, str] = {}
    for stream in streams:
        command = ["run-operation", "keep_custom_object", "--args", json.dumps({"stream": stream})]
        try:
            run_dbt(warehouse, target_dir, command, variables, target=target)
        except BuildError as error:
            failed[stream] = str(error)
    return failed
