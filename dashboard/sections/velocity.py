"""How long people take from stage to stage."""

from collections.abc import Sequence
from datetime import date
from typing import get_args

import streamlit as st

from dashboard import velocity
from dashboard.drawing import section, show_chart, show_table
from dashboard.published import Snapshot, read_rows
from dashboard.rows import StagePeople, VelocityMonth
from dashboard.velocity_figure import velocity_figure


def show(snapshot: Snapshot, months: Sequence[date]) -> None:
    """Show average days of completed moves by month, and who is not in these averages."""
    with section("Days from stage to stage, by month of the move"):
        rows = read_rows(snapshot, "marts.velocity_monthly", VelocityMonth)
        if not any(row.n for row in rows):
            st.info("Nobody has moved from one stage to the next yet.")
            return
        view = velocity.View(choose_measure(), months, snapshot.as_of.date())
        chosen = choose_transitions(rows, view)
        if not chosen:
            st.info("Choose a transition to draw its line.")
            return
        show_chart(velocity_figure(rows, chosen, view), f"{view.measure} days by month")
        st.caption(note(snapshot, chosen))
        show_table(velocity.table_of(velocity.within(rows, view.months), chosen))


def choose_measure() -> velocity.Measure:
    """Let the reader choose the average."""
    return st.segmented_control(
        "Average", get_args(velocity.Measure), default="Mean", required=True
    )


def choose_transitions(rows: list[VelocityMonth], view: velocity.View) -> list[velocity.Transition]:
    """Let the reader choose among all transitions, beginning with the well-travelled ones."""
    return st.multiselect(
        "Transitions",
        velocity.transitions(rows),
        default=velocity.default_transitions(rows, view.as_of),
        format_func=lambda transition: transition.label,
    )


def note(snapshot: Snapshot, chosen: list[velocity.Transition]) -> str:
    """Say what the averages leave out: they look best exactly when things slow down."""
    stocks = read_rows(snapshot, "marts.stage_stocks", StagePeople)
    still_open = velocity.people_still_open(stocks, chosen)
    return (
        f"Completed moves only: {still_open:,} people still open in these stages are not in"
        f" these averages. Hollow points: fewer than {velocity.FEW_MOVES} moves that month."
        f" The last month runs to {snapshot.as_of:%d %b %Y} only."
    )
