"""A PostgreSQL server of the tests' own: in a temporary folder, on loopback, on a free port."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

USER = "postgres"
_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_OPTIONS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    # Nothing of it outlives the tests.
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)
_READY_SECONDS = 60


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, None where it is not installed."""
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else next(iter(_PLACES), None)


def unfit() -> str:
    """Return why no server can be started here, empty where one can."""
    if programs() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0 and USER not in [user.pw_name for user in pwd.getpwall()]:
        return "PostgreSQL refuses root, and there is no user postgres"
    return ""


@dataclass(frozen=True)
class PostgresServer:
    """A server that runs."""

    port: int

    def address(self, database: str, driver: str = "pg8000") -> str:
        """Return SQLAlchemy's address of a database."""
        return f"postgresql+{driver}://{USER}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, like: str = "template0") -> Iterator[str]:
        """Make a database, and remove it afterwards, whoever is still in it; yield its name.

        Args:
            like: A database that nobody is in; the new one begins as its copy.
        """
        name = f"t_{uuid4().hex[:12]}"
        self._run(f"create database {name} template {like}")
        try:
            yield name
        finally:
            self._run(f"drop database {name} with (force)")

    def is_ready(self) -> bool:
        """Tell whether it answers."""
        with contextlib.suppress(sa.exc.SQLAlchemyError, OSError):
            self._run("select 1")
            return True
        return False

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(
            self.address("postgres"), poolclass=sa.NullPool, isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def running() -> Iterator[PostgresServer]:
    """Start a server; end it and remove its folder afterwards."""
    folder, found = Path(tempfile.mkdtemp(prefix="leadcycle-postgres-")), programs()
    if found is None:
        raise RuntimeError(unfit())
    is_root = os.geteuid() == 0
    if is_root:
        shutil.chown(folder, USER, USER)
    user = {"user": USER, "group": USER, "extra_groups": []} if is_root else {}
    data, log = folder / "data", folder / "log"
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, **user}
    begin = [found / "initdb", "-D", data, "-U", USER, "--auth=trust", "--no-sync", "-E", "UTF8"]
    subprocess.run([*begin, "--locale=C"], check=True, **quiet)  # type: ignore[call-overload]
    server = PostgresServer(_free_port())
    options = [part for option in (*_OPTIONS, f"port={server.port}") for part in ("-c", option)]
    with log.open("wb") as errors:
        process = subprocess.Popen(  # type: ignore[call-overload]
            [found / "postgres", "-D", data, *options], stderr=errors, **quiet
        )
    try:
        _wait_for(server, process, log)
        yield server
    finally:
        process.send_signal(2)  # "Fast": it ends its clients' connections.
        process.wait(30)
        shutil.rmtree(folder)


def _wait_for(server: PostgresServer, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _READY_SECONDS
    while not server.is_ready():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
