"""A standalone Spark cluster on loopback: a master and two workers, each a process of its own."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

HOST = "127.0.0.1"
WORKERS = 2
_SECONDS_TO_COME_UP = 180
_SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m"
"""Each build is a Java process of minutes: it ends before its code, compiled better, has paid.

Room for code has to be asked for: 48 MB are full after 160 s, and nothing more is compiled."""
_DEPLOY = "org.apache.spark.deploy"


class ClusterError(Exception):
    """The cluster did not come up; its own words are in the folder of its logs."""


@contextmanager
def running_cluster(folder: Path) -> Iterator[str]:
    """Start a master and two workers of one core and 2 GB each; yield the master's address.

    Args:
        folder: Where logs and the workers' files go.

    Raises:
        ClusterError: it was not up after three minutes, or Java is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port, page = _free_port(), _free_port()
    address = f"spark://{HOST}:{port}"
    master = ["Master", "--host", HOST, "--port", str(port), "--webui-port", str(page)]
    worker = ["Worker", "--host", HOST, "--cores", "1", "--memory", "2g", "--webui-port", "0"]
    started = [_start(folder, "master", master)]
    try:
        _wait(folder / "master.log", "New state: ALIVE")
        for number in range(1, WORKERS + 1):
            name = f"worker{number}"
            started.append(_start(folder, name, [*worker, "-d", str(folder / name), address]))
        for number in range(1, WORKERS + 1):
            _wait(folder / f"worker{number}.log", "Successfully registered with master")
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def driver_environment(address: str, folder: Path) -> dict[str, str]:
    """Return what a driver needs to meet the cluster on loopback, as environment variables."""
    settings = {
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.driver.memory": "2g",
        "spark.executor.memory": "1536m",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # A few hundred people need no 200 parts, each of which is a task.
        "spark.sql.shuffle.partitions": "2",
        # Nor a plan that is made anew after each of its steps.
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.extraJavaOptions": f"{_SHORT_LIVED} -Dderby.system.durability=test",
        "spark.executor.extraJavaOptions": _SHORT_LIVED,
    }
    conf = folder / "conf"
    conf.mkdir(exist_ok=True)
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    (conf / "spark-defaults.conf").write_text(lines, "utf-8")
    (conf / "log4j2.properties").write_text(_QUIET, "utf-8")
    return {
        "LEADCYCLE_SPARK_MASTER": address,
        "SPARK_LOCAL_IP": HOST,
        "SPARK_CONF_DIR": str(conf),
    }


_QUIET = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = console
logger.hive.name = org.apache.hadoop.hive
logger.hive.level = off
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
"""


def _start(folder: Path, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
    home = _spark_home()
    role, *others = arguments
    words = [str(home / "bin" / "spark-class"), f"{_DEPLOY}.{role.lower()}.{role}", *others]
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": "512m",
        # A configuration of the caller's own may keep quiet what is waited for.
        "SPARK_CONF_DIR": str(folder),
    }
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(words, stdout=log, stderr=log, env=environment)


def _spark_home() -> Path:
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise ClusterError("pyspark is not installed: pip install -e '.[spark]'")
    return Path(found.origin).parent


def _wait(log: Path, words: str) -> None:
    until = time.monotonic() + _SECONDS_TO_COME_UP
    while time.monotonic() < until:
        if words in log.read_text("utf-8", errors="replace"):
            return
        time.sleep(0.2)
    raise ClusterError(f"Not up after {_SECONDS_TO_COME_UP} s: see {log}. Is Java 17 installed?")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
