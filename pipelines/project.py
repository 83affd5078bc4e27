"""The dbt project, its manifest, and dbt itself in this process.

dbt is imported where it runs: it costs each command a second, and few of them need it.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from google.protobuf.json_format import MessageToDict

from pipelines.failures import kind_of, what_failed
from pipelines.rules.presets import DEFAULT_PRESET, compile_preset
from pipelines.rules.seeds import HEADERS
from pipelines.settings import PROJECT_ROOT, Target
from pipelines.spark import lake_shapes, spark_environment, spark_run

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest
    from dbt.contracts.graph.nodes import SeedNode
    from dbt_common.events.base_types import EventMsg

DBT_DIR = PROJECT_ROOT / "dbt_project"
SEEDS_DIR = DBT_DIR / "seeds"
"""The default preset's seeds, for parsing and for dbt's unit tests. A build reads its home's."""
MANIFEST_PATH = DBT_DIR / "target" / "manifest.json"
_PARSE = "partial_parse.msgpack"
_PARSED_FOR = MANIFEST_PATH.with_name("warehouse.duckdb")
"""No such file: dbt takes its name for the database's, and parses anew where a path is another."""

_MEMORY = "LEADCYCLE_BUILD_MEMORY"
_MOST_MEMORY, _MB = 6_000_000_000, 1_000_000
"""A million people, 5 million stage events and 20 million activities are built in as much:
the process holds 6.6 GB at most (2026-11-22). DuckDB would take 80 % of the machine."""

IMPORTED = "tag:imported"
"""Selects the models of imported histories, which have warehouses of their own."""

OnEvent = Callable[[dict[str, Any]], None]
"""Called with each result event of dbt as `--log-format json` would print it."""

Prepare = Callable[["Manifest"], Mapping[str, object]]

RESULT_EVENTS = frozenset({"LogModelResult", "LogSeedResult", "LogTestResult", "NodeFinished"})
"""What Dagster and we make something of: turning all 30 events of a node into dicts cost 4 s a run
(2026-11-22, 300 nodes)."""

_OPERATION_FAILED = "RunningOperationCaughtError"


class BuildError(Exception):
    """dbt could not build the warehouse; what was published before still stands."""


def run_dbt(
    warehouse: Path,
    target_dir: Path,
    command: Sequence[str],
    variables: Mapping[str, object],
    on_event: OnEvent = lambda _: None,
    *,
    seeds_dir: Path = SEEDS_DIR,
    prepare: "Prepare" = lambda _: {},
    target: Target = "duckdb",
) -> None:
    """Parse the project, then run one dbt command on the warehouse, in this process.

    The project is parsed without variables, for no warehouse and no rules of its own, so that dbt
    keeps its parse from run to run and from home to home (a changed variable or path would make it
    parse anew: 7 s instead of 1); the command gets them.

    Args:
        warehouse: The DuckDB file.
        target_dir: dbt's own folder.
        command: dbt's command with its options.
        variables: What the models ask for by `var`.
        on_event: Called with each result.
        seeds_dir: Folder of the compiled rules that the command's seeds are loaded from.
        prepare: Called with the parsed project before the command; returns more variables.
        target: The engine. Spark's tables stand beside the warehouse, which then has views of them.

    Raises:
        BuildError: naming the models and tests that failed, how, and where to look.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - as above

    operations: list[str] = []

    def listen(event: "EventMsg") -> None:
        if event.info.name == _OPERATION_FAILED:
            message = MessageToDict(event)["info"].get("msg", "")
            operations.append(kind_of(message) or "an operation")
        if event.info.name in RESULT_EVENTS:
            on_event(MessageToDict(event, preserving_proto_field_name=True))

    manifest = parse_project(target_dir, target)
    take_seeds_from(seeds_dir, manifest)
    with _environment(warehouse, target):
        told = {**_told(variables, target), **prepare(manifest)}
        runner = dbtRunner(manifest=manifest, callbacks=[listen])
        done = runner.invoke([*command, *_flags(target_dir, target), "--vars", json.dumps(told)])
        _check(done, operations)


def main() -> None:
    """Parse the project if need be, so that processes that start together need not."""
    load_manifest()


def load_manifest() -> dict[str, Any]:
    """Return the parsed project; parse it first where no parse is kept or a file is newer."""
    if not MANIFEST_PATH.exists() or _newest_source() > MANIFEST_PATH.stat().st_mtime:
        compile_preset(DEFAULT_PRESET, SEEDS_DIR)
        parse_project(MANIFEST_PATH.parent)
        MANIFEST_PATH.touch()
    manifest: dict[str, Any] = json.loads(MANIFEST_PATH.read_text("utf-8"))
    return manifest


def parse_project(target_dir: Path, target: Target = "duckdb") -> "Manifest":
    """Parse the project, only what changed since the parse that this folder or the checkout keeps.

    Raises:
        BuildError: a file of the project is no dbt.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - as above

    if target == "duckdb":
        _begin_from_kept_parse(target_dir)
    if not all((SEEDS_DIR / f"{name}.csv").exists() for name in HEADERS):
        compile_preset(DEFAULT_PRESET, SEEDS_DIR)
    with _environment(_PARSED_FOR, "duckdb"):
        parsed = dbtRunner().invoke(["parse", *_flags(target_dir, target)])
        _check(parsed, [])
    return cast("Manifest", parsed.result)


def take_seeds_from(seeds_dir: Path, manifest: "Manifest") -> None:
    """Let the seeds of a parsed project be read from another folder.

    A seed path of the project's own would do the same, and cost each home a parse from nothing.
    dbt writes what it ran to the path of the node within its target: an absolute one would be the
    seed's own file.
    """
    folder = str(seeds_dir.absolute())
    for node in manifest.nodes.values():
        if str(node.resource_type) == "seed":
            seed = cast("SeedNode", node)
            seed.root_path, seed.original_file_path = folder, f"{seed.name}.csv"
            # dbt-duckdb's fast way puts the path between quotation marks as it is.
            seed.config["fast"] = "'" not in folder


def _begin_from_kept_parse(target_dir: Path) -> None:
    """Give a folder without a parse the checkout's; dbt parses anew what it finds outdated in it.

    A file that another process is writing is no parse to dbt, which then begins from nothing.
    """
    kept, own = (folder / _PARSE for folder in (MANIFEST_PATH.parent, target_dir))
    if kept.exists() and not own.exists():
        target_dir.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept, own)


def _newest_source() -> float:
    """Return when a file that decides the manifest last changed, in seconds since 1970."""
    patterns = ("models/**/*", "macros/**/*", "tests/**/*", "*.yml")
    files = (path for pattern in patterns for path in DBT_DIR.glob(pattern))
    return max(path.stat().st_mtime for path in files if path.is_file())


def _told(variables: Mapping[str, object], target: Target) -> Mapping[str, object]:
    """Return what the models ask for, with what they ask for on Spark alone."""
    if target == "duckdb" or not variables:
        return variables
    loads = cast("Mapping[str, Sequence[str]]", variables["lake_loads"])
    return {**variables, "lake_shapes": lake_shapes(loads)}


def _flags(target_dir: Path, target: Target) -> list[str]:
    places = ["--project-dir", str(DBT_DIR), "--profiles-dir", str(DBT_DIR), "--target", target]
    logs = ["--target-path", str(target_dir.absolute()), "--log-path", str(target_dir.absolute())]
    return [*places, *logs, "--quiet", "--log-level", "none", "--log-level-file", "none"]


@contextmanager
def _environment(warehouse: Path, target: Target) -> Iterator[None]:
    """Give dbt's profile its settings by the environment, and take them back."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415 - as above

    settings = {
        "LEADCYCLE_WAREHOUSE": str(warehouse.absolute()),
        # Opening the file anew for each of 300 nodes took 6 s of a run (2026-11-22).
        "LEADCYCLE_KEEP_OPEN": "True",
        _MEMORY: os.environ.get(_MEMORY) or _fair_memory(),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
        "DO_NOT_TRACK": "1",
        **(spark_environment(warehouse) if target == "spark" else {}),
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        with spark_run(warehouse) if target == "spark" else nullcontext():
            yield
    finally:
        # The file is let go of with its last connection: whoever reads it next finds no lock.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _fair_memory() -> str:
    """Return what DuckDB may hold before it uses the disk: 6 GB, or half of a small machine's."""
    has = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{min(_MOST_MEMORY, has // 2) // _MB}MB"


def _check(result: "dbtRunnerResult", operations: list[str]) -> None:
    if result.success:
        return
    if result.exception is not None:
        raise BuildError(f"dbt stopped: {result.exception}") from result.exception
    results = getattr(result.result, "results", [])
    raise BuildError(what_failed(results, operations))


if __name__ == "__main__":
    main()
