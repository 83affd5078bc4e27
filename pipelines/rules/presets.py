"""Lifecycles to begin with: each preset is its own files over those that all presets share."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.rules.checks import STAGE_MAP
from pipelines.rules.compiler import RulesVersion, compile_rules, read_rules
from pipelines.rules.lifecycle_checks import LIFECYCLE
from pipelines.rules.models import Lifecycle
from pipelines.rules.problems import nearest
from pipelines.settings import PROJECT_ROOT

PRESETS_DIR = PROJECT_ROOT / "revops" / "presets"
DEFAULT_PRESET = "jon_miller_9"
_SHARED = "common"
OWN_FILES = (LIFECYCLE, STAGE_MAP)
"""What differs from preset to preset; a folder's other files are left as they are."""


class UnknownPresetError(Exception):
    """No preset has this name."""

    def __init__(self, name: str) -> None:
        near = nearest(name, preset_names())
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"No preset is called {name!r}: {', '.join(preset_names())}.{hint}")


class EditedRulesError(Exception):
    """Files that somebody edited would be written over."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        named = ", ".join(str(file) for file in files)
        super().__init__(
            f"{named}: edited, so nothing was written. --replace takes the preset's and keeps each "
            "edited file beside it; --into FOLDER begins a folder of its own"
        )


@dataclass(frozen=True)
class Used:
    """What taking a preset did to a folder."""

    written: tuple[Path, ...]
    left: tuple[Path, ...]
    """Files that were there and stay: the same as the preset's, or none of its business."""
    kept: tuple[Path, ...]
    """Copies of edited files that were replaced."""


def preset_names() -> tuple[str, ...]:
    """Return the presets, in the order of the alphabet."""
    folders = (path for path in PRESETS_DIR.iterdir() if path.is_dir() and path.name != _SHARED)
    return tuple(sorted(folder.name for folder in folders))


def preset_lifecycle(name: str) -> Lifecycle:
    """Return a preset's lifecycle; raises UnknownPresetError."""
    return read_rules(_folder(name), PRESETS_DIR / _SHARED).lifecycle


def compile_preset(name: str, seeds_dir: Path) -> RulesVersion:
    """Write a preset as seeds, as `compile_rules` does; raises UnknownPresetError."""
    return compile_rules(_folder(name), seeds_dir, PRESETS_DIR / _SHARED)


def preset_in(folder: Path) -> str | None:
    """Return the preset whose files a folder has unedited, None where it has its own."""
    return next(
        (
            name
            for name in preset_names()
            if all(_same(folder / file, path) for file, path in _own_files(name).items())
        ),
        None,
    )


def use_preset(name: str, folder: Path, *, replace: bool = False) -> Used:
    """Put a preset's files into a folder, and what presets share where the folder lacks it.

    A file that somebody edited is never written over: nothing is written then, or with `replace` a
    copy of it is kept beside. A file that is some preset's, unedited, gives way.

    Raises:
        UnknownPresetError: there is no such preset.
        EditedRulesError: naming the files that were edited; nothing was written.
    """
    own = {folder / file: path for file, path in _own_files(name).items()}
    edited = tuple(target for target in own if target.exists() and not _is_of_a_preset(target))
    if edited and not replace:
        raise EditedRulesError(edited)
    folder.mkdir(parents=True, exist_ok=True)
    kept = tuple(_keep(target) for target in edited)
    shared = {folder / path.name: path for path in sorted((PRESETS_DIR / _SHARED).iterdir())}
    missing = {target: path for target, path in shared.items() if not target.exists()}
    outdated = {target: path for target, path in own.items() if not _same(target, path)}
    return Used(_copied(outdated | missing), _others(own | shared, outdated | missing), kept)


def _folder(name: str) -> Path:
    if name not in preset_names():
        raise UnknownPresetError(name)
    return PRESETS_DIR / name


def _own_files(name: str) -> dict[str, Path]:
    return {file: _folder(name) / file for file in OWN_FILES}


def _is_of_a_preset(target: Path) -> bool:
    return any(_same(target, PRESETS_DIR / name / target.name) for name in preset_names())


def _same(one: Path, other: Path) -> bool:
    """Tell whether two files say the same; a sheet or an editor may have changed line ends."""
    if not (one.is_file() and other.is_file()):
        return False
    return one.read_bytes().splitlines() == other.read_bytes().splitlines()


def _keep(target: Path) -> Path:
    numbers = range(1, 10_000)
    copies = (target.with_name(f"{target.name}.kept-{number}") for number in numbers)
    copy = next(copy for copy in copies if not copy.exists())
    shutil.copyfile(target, copy)
    return copy


def _copied(files: Mapping[Path, Path]) -> tuple[Path, ...]:
    for target, path in files.items():
        shutil.copyfile(path, target)
    return tuple(files)


def _others(files: Mapping[Path, Path], written: Mapping[Path, Path]) -> tuple[Path, ...]:
    return tuple(target for target in files if target not in written)
