"""The commands around the rules: `leadcycle rules presets`, `use` and `check`."""

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from pipelines.cli_output import command, people
from pipelines.crms import extract_rules
from pipelines.rules.compiler import read_rules
from pipelines.rules.models import Lifecycle
from pipelines.rules.presets import preset_in, preset_lifecycle, preset_names, use_preset
from pipelines.rules.seeds import render
from pipelines.settings import Settings, load_settings
from pipelines.syncs import configured_syncs

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def rules() -> None:
    """The rules of the lifecycle: begin from a preset, check what you edited."""


@rules.command()
@command
def presets() -> dict[str, Any]:
    """List the lifecycles to begin with, and which of them is in use unedited."""
    used = preset_in(load_settings().revops_dir)
    found = [_described(name, preset_lifecycle(name)) for name in preset_names()]
    table = Table("preset", "what it is", "stages", box=None)
    for each in found:
        mark = " (in use)" if each["name"] == used else ""
        table.add_row(f"{each['name']}{mark}", each["title"], ", ".join(each["stages"]))
    people.print(table)
    return {"presets": found, "in_use": used}


@rules.command()
@click.argument("name")
@click.option("--into", type=_FOLDER, help="Folder of the rules; LEADCYCLE_REVOPS if not given.")
@click.option("--replace", is_flag=True, help="Also where files were edited; copies are kept.")
@command
def use(name: str, into: Path | None, replace: bool) -> dict[str, Any]:
    """Begin from preset NAME. Files that somebody edited are not written over."""
    settings = load_settings()
    folder = into or settings.revops_dir
    done = use_preset(name, folder, replace=replace)
    for path in done.written:
        people.print(f"written  {path}", markup=False)
    for path in done.kept:
        people.print(f"kept     {path}: what you had edited", markup=False)
    if folder.resolve() != settings.revops_dir.resolve():
        people.print(f"To use it: LEADCYCLE_REVOPS={folder.resolve()}", markup=False)
    version, _ = render(read_rules(folder))
    told = {key: [str(path) for path in paths] for key, paths in vars(done).items()}
    return {"preset": name, "folder": str(folder), "rules_version": version, **told}


@rules.command()
@click.option("--in", "folder", type=_FOLDER, help="Folder; LEADCYCLE_REVOPS if not given.")
@command
def check(folder: Path | None) -> dict[str, Any]:
    """Check every file of the rules as a build does, and build nothing."""
    settings = load_settings()
    if folder is not None:
        settings = settings.model_copy(update={"revops_dir": folder})
    checked = read_rules(settings.revops_dir)
    syncs, _ = configured_syncs(settings), extract_rules(settings)
    version, _ = render(checked)
    return _told(settings, checked.lifecycle, version, len(syncs))


def _told(settings: Settings, lifecycle: Lifecycle, version: str, syncs: int) -> dict[str, Any]:
    preset = preset_in(settings.revops_dir)
    people.print(f"{settings.revops_dir}: well; rules version {version}", markup=False)
    paths = {}
    for path in lifecycle.paths:
        stages = [stage for stage in lifecycle.stages if stage.path == path.key]
        paths[path.key] = [stage.key for stage in sorted(stages, key=lambda stage: stage.rank)]
        people.print(f"  {path.key} ({path.whose}): {', '.join(paths[path.key])}", markup=False)
    return {
        "folder": str(settings.revops_dir),
        "rules_version": version,
        "preset": preset,
        "paths": paths,
        "syncs": syncs,
    }


def _described(name: str, lifecycle: Lifecycle) -> dict[str, Any]:
    title = lifecycle.title
    stages = sorted(lifecycle.stages, key=lambda stage: stage.rank)
    success = lifecycle.keys_of("person", "success")
    return {
        "name": name,
        "title": title.en if title else "",
        "title_zh": title.zh if title else "",
        "stages": [stage.label.en for stage in stages if stage.key in success],
    }
