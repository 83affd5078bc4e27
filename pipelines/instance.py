"""The Dagster instance of a home folder, as `dagster.yaml` describes it."""

from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from dagster._core.instance.ref import InstanceRef

from pipelines.settings import PROJECT_ROOT, Settings


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """Return the instance whose runs are kept under the home folder."""
    folder = settings.home / "dagster"
    write_instance_file(settings)
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(folder.absolute())))


def write_instance_file(settings: Settings) -> Path:
    """Write the home's `dagster.yaml` (the project's own, kept in that folder); return the folder.

    The folder can serve as DAGSTER_HOME.
    """
    folder = (settings.home / "dagster").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((PROJECT_ROOT / "dagster.yaml").read_text("utf-8"))
    (folder / "dagster.yaml").write_text(yaml.safe_dump(_under(config, folder)), "utf-8")
    return folder


def _under(config: dict[str, Any], folder: Path) -> dict[str, Any]:
    place = {"base_dir": str(folder)}
    local = {
        name: config[name] | {"config": place}
        for name in ("local_artifact_storage", "compute_logs")
    }
    return config | local | {"storage": {"sqlite": place}}
