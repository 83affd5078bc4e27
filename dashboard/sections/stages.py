"""Where people and accounts stand now."""

from collections.abc import Sequence
from typing import get_args

import streamlit as st

from dashboard.drawing import section, show_chart
from dashboard.published import Snapshot, read_rows
from dashboard.rows import StageStock
from dashboard.stage_figures import detours_figure, stages_figure
from dashboard.stages import Counted, accounts_only_note, phase_totals, stages_of


def show(snapshot: Snapshot) -> None:
    """Show people or accounts per phase as numbers, and per stage as bars, detours apart."""
    with section("In each stage now"):
        stocks = read_rows(snapshot, "marts.stage_stocks", StageStock)
        if not stocks:
            st.info("No stage is configured in this snapshot.")
            return
        counted = st.segmented_control("Count", get_args(Counted), default="People", required=True)
        stocks = stages_of(stocks, counted)
        show_totals(stocks, counted)
        path, beside = st.columns([2, 1], gap="large")
        with path:
            st.markdown("**On the path**, by phase")
            show_chart(stages_figure(stocks, counted), f"{counted} in each stage of the path")
            if note := accounts_only_note(stocks):
                st.caption(note)
            if counted == "Accounts":
                st.caption(
                    "An account stands where the person of it stands who is furthest on; once it"
                    " has bought, in a stage of customers."
                )
        with beside:
            st.markdown("**On detours**, beside the path")
            show_chart(detours_figure(stocks, counted), f"{counted} on each detour")


def show_totals(stocks: Sequence[StageStock], counted: Counted) -> None:
    """Show the headline numbers, side by side where there is room."""
    with st.container(horizontal=True):
        for total in phase_totals(stocks, counted):
            label, members = f"{total.label} · {counted.lower()}", ", ".join(total.stage_labels)
            st.metric(label, f"{total.count:,}", help=members, border=True)
