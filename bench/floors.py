"""What is possible at best: on this machine, and within what a CRM allows."""

import json
import sqlite3
import time
from contextlib import closing
from itertools import count, islice
from pathlib import Path

from bench.client import Connection, Work, rate
from bench.processes import bare_server


def copy_seconds(source: Path, target: Path) -> float:
    """Return how long Python and SQLite take to write the same rows again, indexes at the end."""
    began = time.perf_counter()
    with (
        closing(sqlite3.connect(source)) as old,
        closing(sqlite3.connect(target, isolation_level=None)) as new,
    ):
        new.executescript("pragma journal_mode = off; pragma synchronous = off; begin")
        listed = "select sql, name from sqlite_master where type = ? and sql <> '' and name <> ?"
        for sql, name in old.execute(listed, ("table", "sqlite_sequence")):
            new.execute(sql)
            rows = old.execute(f'select * from "{name}"')
            marks = ", ".join("?" for _ in rows.description)
            new.executemany(f'insert into "{name}" values ({marks})', rows)
        for sql, _ in old.execute(listed, ("index", "")):
            new.execute(sql)
        new.execute("commit")
    return time.perf_counter() - began


def bytes_rate(body: Path, units: int, connections: int, seconds: float) -> float:
    """Return units a second when every answer is the body of a file, which holds so many."""

    def start() -> Work:
        def work(connection: Connection) -> int:
            connection.send("GET", "/")
            return units

        return work

    with bare_server(body) as port:
        return rate(lambda: Connection(port, {}), start, connections, seconds)


def update_rate(file: Path, batch: int, seconds: float) -> float:
    """Return records a second that SQLite reads, changes in Python and writes, a batch at once."""
    with closing(sqlite3.connect(file, isolation_level=None)) as store:
        store.executescript("pragma journal_mode = wal; pragma synchronous = normal")
        ids = [row[0] for row in islice(store.execute(_IDS), batch)]
        end = time.perf_counter() + seconds
        for done in count(1):
            store.execute("begin immediate")
            for record_id in ids:
                [text] = store.execute(_READ, (record_id,)).fetchone()
                changed = json.dumps({**json.loads(text), "jobtitle": f"Title {done}"})
                store.execute(_WRITE, (changed, record_id))
            store.execute("commit")
            if time.perf_counter() >= end:
                return done * len(ids) / (seconds + time.perf_counter() - end)
    raise AssertionError


def least_pages(rows: int, page: int) -> int:
    """Return how many requests bring so many rows at least."""
    return -(-rows // page)


def least_seconds(requests: int, allowed: int, window: float, latency: float) -> float:
    """Return the least time that so many requests take where a window allows so many.

    A whole allowance can be used at once, and again as soon as the window has moved past it: the
    last requests are sent when all full allowances before them are a window old, and are answered
    a latency later.

    Args:
        requests: How many are made in all.
        allowed: How many any span of the window's length may hold.
        window: Seconds.
        latency: Seconds from a request to its answer.
    """
    return (requests - 1) // allowed * window + latency


_IDS = "select id from hubspot_records where object_type = 'contacts' order by id"
_ONE = "where object_type = 'contacts' and id = ?"
_READ = f"select properties from hubspot_records {_ONE}"
_WRITE = f"update hubspot_records set properties = ?, updated_at = updated_at + 1 {_ONE}"
