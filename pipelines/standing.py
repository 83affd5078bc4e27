"""What the warehouse's tables stand at: whether a build may write only what changed into them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_STRATEGY = "recomputed"
_ENGINES = ("duckdb", "dbt-core", "dbt-duckdb")
_STANDING = "select standing_key = ? and as_of <= ? from standing.builds"


def standing_key(manifest: "Manifest", rules_version: str) -> str:
    """Return what stands for the rules and the code that a warehouse's tables are made by.

    A model is told from others by dbt's checksum of its text, a macro by its own, the engines by
    their versions: a function that they mended gives other rows.
    """
    told = hashlib.sha256(rules_version.encode())
    told.update("".join(f"{name} {version(name)}\n" for name in _ENGINES).encode())
    for name, node in sorted(manifest.nodes.items()):
        if str(node.resource_type) == "model":
            told.update(f"{name} {node.checksum.checksum}\n".encode())
    for name, macro in sorted(manifest.macros.items()):
        if macro.package_name == manifest.metadata.project_name:
            told.update(f"{name} {macro.macro_sql}\n".encode())
    return told.hexdigest()


def stands_at(warehouse: Path, key: str, as_of: datetime) -> bool:
    """Tell whether every table stands at a state that these rules and this code made.

    One that was seen from later than `as_of` (UTC) is none to go on from: what time alone brought
    about since then would stay.
    """
    if not warehouse.exists():
        return False
    # No such table, one of an older version, or a view of Spark's tables, which are gone.
    try:
        with duckdb.connect(str(warehouse), read_only=True) as db:
            return db.execute(_STANDING, [key, as_of]).fetchall() == [(True,)]
    except (duckdb.CatalogException, duckdb.BinderException, duckdb.IOException):
        return False


def choose_rows(manifest: "Manifest", *, is_anew: bool) -> None:
    """Let the models that keep untouched rows be made from nothing, or not; the rules' tables, too.

    A table of rules that another version made may lack a column of this one's.
    """
    from dbt.contracts.graph.nodes import ModelNode, SeedNode  # noqa: PLC0415 - dbt costs a second

    for node in manifest.nodes.values():
        if isinstance(node, SeedNode) or (
            isinstance(node, ModelNode) and node.config.incremental_strategy == _STRATEGY
        ):
            node.config.full_refresh = is_anew


def prepare_build(
    manifest: "Manifest",
    warehouse: Path,
    rules_version: str,
    as_of: datetime,
    *,
    is_whole: bool,
    is_anew: bool,
) -> Mapping[str, object]:
    """Return dbt's variables that say what a build writes: everything, or only what changed.

    Args:
        manifest: The parsed project; its models are told, too.
        warehouse: The DuckDB file.
        rules_version: Version of the rules that the build reads.
        as_of: The instant (UTC) that the build looks from.
        is_whole: Whether the build has all models: only then can the tables stand at its state.
        is_anew: Whether everything must be written, whatever the tables stand at.
    """
    key = standing_key(manifest, rules_version)
    stands = not is_anew and stands_at(warehouse, key, as_of)
    choose_rows(manifest, is_anew=not stands)
    return {"standing": stands} | ({"standing_key": key} if is_whole else {})
