"""The Dagster instance of a home folder, as `dagster.yaml` describes it."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from dagster._core.instance.ref import InstanceRef

from pipelines.settings import PROJECT_ROOT, Settings, SettingsError

DAGSTER_URL = "LEADCYCLE_DAGSTER_URL"
COMMAND_TAG = {"leadcycle/started_by": "command"}
"""Marks runs that live in the process of a command."""


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """Return the instance whose runs are kept under the home folder."""
    folder = settings.home / "dagster"
    write_instance_file(settings)
    if settings.dagster_url is not None:
        # It may stand in `.env` alone, where Dagster does not look.
        os.environ[DAGSTER_URL] = settings.dagster_url.get_secret_value()
        _require_package()
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(folder.absolute())))


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark runs that a killed command left behind as failed, and free what they held.

    Call it while holding the home's run lock: then no run of a command can be alive. Without this
    a killed run keeps its slot in the pool `warehouse`, and every later run waits for it for ever.
    (Runs that the daemon starts are watched by Dagster's own run monitoring.)

    Returns:
        The ids of the runs that were ended.
    """
    unfinished = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
    runs = instance.get_runs(dg.RunsFilter(statuses=unfinished, tags=COMMAND_TAG))
    for run in runs:
        instance.report_run_failed(run, "The command that ran it was killed.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in runs]


def write_instance_file(settings: Settings) -> Path:
    """Write the home's `dagster.yaml` (the project's own, kept in that folder); return the folder.

    The folder can serve as DAGSTER_HOME.
    """
    folder = (settings.home / "dagster").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((PROJECT_ROOT / "dagster.yaml").read_text("utf-8"))
    if settings.dagster_url is not None:
        # By name: the address holds a password.
        config |= {"storage": {"postgres": {"postgres_url": {"env": DAGSTER_URL}}}}
    (folder / "dagster.yaml").write_text(yaml.safe_dump(_under(config, folder)), "utf-8")
    return folder


def _under(config: dict[str, Any], folder: Path) -> dict[str, Any]:
    place = {"config": {"base_dir": str(folder)}}
    local = {name: config[name] | place for name in ("local_artifact_storage", "compute_logs")}
    if "custom" not in config["storage"]:
        return config | local
    return config | local | {"storage": {"custom": config["storage"]["custom"] | place}}


def _require_package() -> None:
    if find_spec("dagster_postgres") is None:
        raise SettingsError(
            f"{DAGSTER_URL} needs the package dagster_postgres:"
            " pip install 'leadcycle[dagster-postgres]'"
        )
