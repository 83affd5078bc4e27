"""The page "Syncs": what waits for a person, what ran, and what was not written."""

from pathlib import Path

import streamlit as st

from dashboard.drawing import section, show_table
from dashboard.published import (
    NothingPublishedError,
    PublishedError,
    Snapshot,
    open_snapshot,
    read_counts,
    read_rows,
)
from dashboard.rows import NotWritten, NotWrittenOfOwner, Pause, SyncRun
from dashboard.sync_runs import (
    success_rate,
    table_of_not_written,
    table_of_owners,
    table_of_pauses,
    table_of_runs,
    table_of_waiting,
)


def show(folder: Path) -> None:
    """Draw the page from what is published now."""
    st.title("Syncs")
    try:
        snapshot = open_snapshot(folder)
    except NothingPublishedError as error:
        st.info(str(error))
        return
    except PublishedError as error:
        st.warning(str(error))
        return
    show_runs(snapshot)
    show_not_written(snapshot)


def show_runs(snapshot: Snapshot) -> None:
    """Show plans that wait, pauses, and the last runs."""
    runs: list[SyncRun] = []
    with section("Waiting for a person"):
        runs = read_rows(snapshot, "state.plans", SyncRun) if _has(snapshot, "plans") else []
        pauses = read_rows(snapshot, "state.pauses", Pause) if _has(snapshot, "pauses") else []
        waiting = table_of_waiting(runs)
        if not (waiting or pauses):
            st.info("No plan waits, and no sync is paused.")
        if waiting:
            st.caption(
                "Look at it first: `leadcycle plan`. Or decide in Dagster: `approve_plan_job`."
            )
            show_table(waiting)
        if pauses:
            show_table(table_of_pauses(pauses))
    with section("Runs"):
        if not runs:
            st.info("No sync has been planned yet.")
            return
        rate = success_rate(runs)
        if rate is not None:
            st.metric("Written, of all records sent", f"{rate:.1%}")
        show_table(table_of_runs(runs))


def show_not_written(snapshot: Snapshot) -> None:
    """Show what the last plans did not write, by reason and by owner."""
    with section("Not written"):
        if not _has(snapshot, "left_alone"):
            st.info("No sync has been planned yet.")
            return
        counts = read_counts(snapshot, "state.left_alone", NotWritten)
        if not counts:
            st.info("Every record holds what it should.")
            return
        st.caption("Each record, with both values: `state/left_alone.parquet`.")
        show_table(table_of_not_written(counts))
        st.markdown("**By owner**")
        by_owner = read_counts(snapshot, "state.left_alone", NotWrittenOfOwner)
        show_table(table_of_owners(by_owner))


def _has(snapshot: Snapshot, name: str) -> bool:
    return f"state.{name}" in snapshot.files
