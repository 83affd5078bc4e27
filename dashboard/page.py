"""The page "Lifecycle": where people stand, how fast they move, and what was last synced."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import get_args

import plotly.graph_objects as go
import streamlit as st

from dashboard import people, stages, syncs, velocity
from dashboard.columns import COLUMNS
from dashboard.published import (
    NothingPublishedError,
    PublishedError,
    Snapshot,
    TableNotPublishedError,
    open_snapshot,
    read_rows,
    version_of,
)
from dashboard.rows import StageStock, SyncPlan, VelocityMonth
from dashboard.stage_figures import detours_figure, stages_figure
from dashboard.velocity_figure import velocity_figure

CHART_CONFIG = {"displayModeBar": False, "scrollZoom": False}
MONTHS_SHOWN = (12, 24, 36)
LOOK_AGAIN = "5s"


def show(folder: Path) -> None:
    """Draw the page from the snapshot that is current now, and again at the next publish."""
    st.title("Lifecycle")
    draw_again_when_published(folder, version_of(folder))
    try:
        snapshot = open_snapshot(folder)
    except NothingPublishedError as error:
        st.info(str(error))
        return
    except PublishedError as error:
        st.warning(str(error))
        return
    st.caption(f"As of **{when(snapshot.as_of)}** by the CRMs' clock · snapshot {snapshot.name}")
    show_stages(snapshot)
    show_velocity(snapshot)
    show_scores(snapshot)
    show_syncs(snapshot)


@st.fragment(run_every=LOOK_AGAIN)
def draw_again_when_published(folder: Path, drawn: tuple[object, ...]) -> None:
    """Draw the whole page again once something newer is published than it was drawn from."""
    if version_of(folder) != drawn:
        st.rerun()


def when(instant: datetime) -> str:
    """Say an instant (UTC) to the minute."""
    return f"{instant:%d %b %Y %H:%M} UTC"


@contextmanager
def section(title: str) -> Iterator[None]:
    """Head one part of the page; a table it cannot read costs only this part."""
    st.subheader(title)
    try:
        yield
    except PublishedError as error:
        st.warning(str(error))


def show_stages(snapshot: Snapshot) -> None:
    """Show people per phase as numbers, and per stage as bars, detours apart."""
    with section("People in each stage now"):
        stocks = read_rows(snapshot, "marts.stage_stocks", StageStock)
        if not stocks:
            st.info("No stage is configured in this snapshot.")
            return
        totals = stages.phase_totals(stocks)
        with st.container(horizontal=True):
            for total in totals:
                members = ", ".join(total.stage_labels)
                st.metric(f"{total.label} · people", f"{total.people:,}", help=members, border=True)
        path, beside = st.columns([2, 1], gap="large")
        with path:
            st.markdown("**On the path**, by phase")
            show_chart(stages_figure(stocks), "People in each stage of the path")
        with beside:
            st.markdown("**On detours**, beside the path")
            show_chart(detours_figure(stocks), "People on each detour")


def show_velocity(snapshot: Snapshot) -> None:
    """Show average days of completed moves by month, and who is not in these averages."""
    with section("Days from stage to stage, by month of the move"):
        rows = read_rows(snapshot, "marts.velocity_monthly", VelocityMonth)
        if not any(row.n for row in rows):
            st.info("Nobody has moved from one stage to the next yet.")
            return
        view = choose_view(snapshot)
        chosen = choose_transitions(rows, view)
        if not chosen:
            st.info("Choose a transition to draw its line.")
            return
        show_chart(velocity_figure(rows, chosen, view), f"{view.measure} days by month")
        st.caption(velocity_note(snapshot, chosen))
        show_table(velocity.table_of(velocity.within(rows, view.months), chosen))


def choose_view(snapshot: Snapshot) -> velocity.View:
    """Let the reader choose the average and how many months until as_of are shown."""
    left, right = st.columns(2)
    measure = left.segmented_control(
        "Average", get_args(velocity.Measure), default="Mean", required=True
    )
    count = right.segmented_control("Months", MONTHS_SHOWN, default=MONTHS_SHOWN[0], required=True)
    as_of = snapshot.as_of.date()
    return velocity.View(measure or "Mean", velocity.months_until(as_of, count), as_of)


def choose_transitions(rows: list[VelocityMonth], view: velocity.View) -> list[velocity.Transition]:
    """Let the reader choose among all transitions, beginning with the well-travelled ones."""
    return st.multiselect(
        "Transitions",
        velocity.transitions(rows),
        default=velocity.default_transitions(rows, view.as_of),
        format_func=lambda transition: transition.label,
    )


def velocity_note(snapshot: Snapshot, chosen: list[velocity.Transition]) -> str:
    """Say what the averages leave out: they look best exactly when things slow down."""
    stocks = read_rows(snapshot, "marts.stage_stocks", StageStock)
    still_open = velocity.people_still_open(stocks, chosen)
    return (
        f"Completed moves only: {still_open:,} people still open in these stages are not in"
        f" these averages. Hollow points: fewer than {velocity.FEW_MOVES} moves that month."
        f" The last month runs to {snapshot.as_of:%d %b %Y} only."
    )


def show_scores(snapshot: Snapshot) -> None:
    """Show the highest scores by person id: names and reasons are in the CRM."""
    with section("Highest scores"):
        rows = people.highest_scores(snapshot)
        if not rows:
            st.info("Nobody has a score yet.")
            return
        st.caption("Points by person id; open the person in your CRM for name and reasons.")
        show_table(rows)


def show_syncs(snapshot: Snapshot) -> None:
    """Show what the last sync into each CRM object did, where syncs publish their plans."""
    with section("Last sync into each CRM"):
        try:
            plans = read_rows(snapshot, "state.plans", SyncPlan)
        except TableNotPublishedError:
            plans = []
        if not plans:
            st.info("No sync has been planned yet.")
            return
        show_table(syncs.table_of(syncs.latest(plans)))


def show_table(rows: list[dict[str, object]]) -> None:
    """Draw rows as a table that scrolls by itself."""
    st.dataframe(rows, hide_index=True, column_config=COLUMNS, placeholder="–")


def show_chart(figure: go.Figure, alt: str) -> None:
    """Draw a figure as wide as its column, without Plotly's tool bar."""
    st.plotly_chart(figure, config=CHART_CONFIG, alt=alt)
